package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

// stores are the connected stores as they are now.
func (c *Call) stores() ([]view.Store, error) { return c.App.View.Stores(c.now().UnixMilli()) }

// store returns the store called name, or the one with this id when none is called so.
func (c *Call) store(name string) (view.Store, error) {
	all, err := c.stores()
	if err != nil {
		return view.Store{}, err
	}
	var near []view.Store
	for _, s := range all {
		if s.Name == name {
			return s, nil
		}
		if strings.EqualFold(s.Name, name) {
			near = append(near, s)
		}
	}
	if len(near) == 1 {
		return near[0], nil
	}
	if id, err := strconv.ParseUint(name, 10, 32); err == nil {
		return c.storeByID(uint32(id))
	}
	if len(all) == 0 {
		return view.Store{}, notFoundf("No store is connected yet. \"evenstock store add\" connects one.")
	}
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.Name
	}
	return view.Store{}, notFoundf("There is no store %q. Connected are: %s.", name, strings.Join(names, ", "))
}

func (c *Call) storeByID(id uint32) (view.Store, error) {
	all, err := c.stores()
	if err != nil {
		return view.Store{}, err
	}
	i := slices.IndexFunc(all, func(s view.Store) bool { return s.ID == id })
	if i < 0 {
		return view.Store{}, notFoundf("There is no store number %d.", id)
	}
	return all[i], nil
}

// optionalStore is the store named by the only word of the command; the zero Store when there is none.
func (c *Call) optionalStore() (view.Store, error) {
	if len(c.Args) == 0 {
		return view.Store{}, nil
	}
	return c.store(c.Args[0])
}

func storeList(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error {
		all, err := c.stores()
		if err != nil {
			return err
		}
		return c.show(map[string][]view.Store{"stores": all}, func(w io.Writer) { listStores(w, all, c.now()) })
	}
}

func listStores(w io.Writer, all []view.Store, now time.Time) {
	if len(all) == 0 {
		fmt.Fprintln(w, "No store is connected yet. \"evenstock store add\" connects one.")
		return
	}
	t := newTable(">Id", "Store", "Channel", "Sync", "Orders read", "Numbers sent", "Listings read", ">Listings", ">Linked", ">Due", ">Held")
	for _, s := range all {
		t.add(s.ID, s.Name, s.Channel, syncWord(s), ago(s.LastOrderPull, now), ago(s.LastInventorySync, now),
			ago(s.LastListingSync, now), s.Counts.Listings, s.Counts.Linked, s.Counts.Due, s.Counts.Held)
	}
	t.write(w)
	for _, s := range all {
		texts := append([]string{s.NeedsText, s.LastError}, s.Warnings...)
		if s.KeyEnd != nil && s.KeyEnd.Soon && s.Needs == nil {
			texts = append(texts, s.KeyEnd.Sentence(now.Location()))
		}
		for _, text := range texts {
			if text != "" {
				fmt.Fprintf(w, "%s: %s\n", clean(s.Name), clean(text))
			}
		}
	}
}

func syncWord(s view.Store) string {
	if s.Paused {
		return s.Sync + ", paused"
	}
	return s.Sync
}

// account is what a shop says about itself.
type account struct {
	Store     string   `json:"store"`
	AccountID string   `json:"accountId"`
	Name      string   `json:"name"`
	URL       string   `json:"url"`
	Version   string   `json:"version"`
	Currency  string   `json:"currency"`
	Time      *int64   `json:"time"`
	Warnings  []string `json:"warnings"`
}

func storeCheck(*flag.FlagSet) action {
	return func(ctx context.Context, c *Call) error {
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		a, err := c.App.Engine.CheckStore(ctx, s.ID)
		if err != nil {
			return err
		}
		out := account{Store: s.Name, AccountID: a.ID, Name: a.Name, URL: a.URL, Version: a.Version, Currency: a.Currency,
			Warnings: a.Warnings}
		if !a.Time.IsZero() {
			ms := a.Time.UnixMilli()
			out.Time = &ms
		}
		return c.show(out, func(w io.Writer) {
			printAccount(w, s.Name, a)
			if now, err := c.storeByID(s.ID); err == nil && now.KeyEnd != nil {
				fmt.Fprintln(w, clean(now.KeyEnd.Sentence(c.now().Location())))
			}
			if len(s.Statuses) > 0 {
				fmt.Fprintf(w, "Its own order statuses, for --map-status: %s.\n", clean(strings.Join(s.Statuses, ", ")))
			}
		})
	}
}

func printAccount(w io.Writer, store string, a channel.Account) {
	fmt.Fprintf(w, "%s answers and knows the key: %s at %s, version %s.\n", clean(store), clean(a.Name), clean(a.URL), clean(a.Version))
	for _, warning := range a.Warnings {
		fmt.Fprintln(w, clean(warning))
	}
}

func storeSet(fs *flag.FlagSet) action {
	name := fs.String("name", "", "another `name`")
	drafts := fs.String("include-drafts", "", "`on|off`: sync drafts too")
	every := fs.Duration("every", 0, "time between order pulls, 1m to 10m")
	statuses, locations := pairs{}, pairs{}
	fs.Var(statuses, "map-status", "`status=booked|fulfilled|ignored`: what an order status of the shop's own means")
	fs.Var(locations, "location", "`ref=warehouse`: which warehouse a location of the store is; ref= for none")
	creds := credentialFlags(fs)
	keys := fs.Bool("keys", false, "ask for new keys")
	return func(ctx context.Context, c *Call) error {
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		p := engine.StorePatch{MapStatus: statuses, Locations: locations}
		if given(fs, "name") {
			p.Name = name
		}
		switch *drafts {
		case "":
		case "on", "off":
			on := *drafts == "on"
			p.IncludeDrafts = &on
		default:
			return usagef("--include-drafts is on or off, not %q.", *drafts)
		}
		if given(fs, "every") {
			p.Every = every
		}
		if *keys || creds.given() {
			typ, err := c.App.Channels.Lookup(s.Channel)
			if err != nil {
				return err
			}
			creds.kept = true
			if p.Fields, err = creds.read(c.Terminal, typ, *keys); err != nil {
				return err
			}
			p.Browser = c.browser()
		}
		if err := c.App.Engine.SetStore(ctx, s.ID, p); err != nil {
			return err
		}
		return c.showStore(s.ID, "The settings of %s are kept.")
	}
}

// showStore is the answer of commands that change a store; done has one verb for the store's name.
func (c *Call) showStore(id uint32, done string) error {
	s, err := c.storeByID(id)
	if err != nil {
		return err
	}
	return c.show(s, func(w io.Writer) { fmt.Fprintf(w, done+"\n", clean(s.Name)) })
}

func storeOff(*flag.FlagSet) action {
	return func(ctx context.Context, c *Call) error {
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		if err := c.App.Engine.TurnOff(ctx, s.ID); err != nil {
			return err
		}
		return c.showStore(s.ID, "Inventory sync of %s is off: its orders are not read and nothing is sent to it. What is booked stays booked.")
	}
}

func storeRemove(fs *flag.FlagSet) action {
	keep := fs.Bool("keep-booked", false, "units booked by its orders stay booked")
	release := fs.Bool("release", false, "units booked by its orders become available again")
	yes := fs.Bool("yes", false, "do it")
	return func(ctx context.Context, c *Call) error {
		if *keep == *release {
			return usagef("Give either --keep-booked or --release: what becomes of the units its orders have booked?")
		}
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		if !*yes {
			return &engine.Error{Code: engine.CodeUnconfirmed, Store: s.Name,
				Message: fmt.Sprintf("%s would be disconnected; its products, stock and history stay. Give --yes to do it.", s.Name)}
		}
		if err := c.App.Engine.RemoveStore(ctx, s.ID, *release); err != nil {
			return err
		}
		out := struct {
			Removed string `json:"removed"`
			ID      uint32 `json:"id"`
		}{s.Name, s.ID}
		return c.show(out, func(w io.Writer) { fmt.Fprintf(w, "%s is disconnected.\n", clean(s.Name)) })
	}
}

func pause(*flag.FlagSet) action {
	return pausing(true, (*engine.Engine).Pause, "Nothing is sent to %s until you resume. Orders are still read.")
}

func resume(*flag.FlagSet) action {
	return pausing(false, (*engine.Engine).Resume, "Numbers are sent to %s again.")
}

func pausing(paused bool, do func(*engine.Engine, context.Context, uint32) error, done string) action {
	return func(ctx context.Context, c *Call) error {
		s, err := c.optionalStore()
		if err != nil {
			return err
		}
		if err := do(c.App.Engine, ctx, s.ID); err != nil {
			return err
		}
		out := struct {
			Paused bool   `json:"paused"`
			Store  string `json:"store,omitempty"`
		}{paused, s.Name}
		return c.show(out, func(w io.Writer) {
			who := "any store"
			if s.Name != "" {
				who = clean(s.Name)
			} else if !paused {
				who = "all stores"
			}
			fmt.Fprintf(w, done+"\n", who)
		})
	}
}

// storeAdded is a connected store and the first reading of its listings.
type storeAdded struct {
	view.Store
	Runs []db.Run `json:"runs"`
}

func storeAdd(fs *flag.FlagSet) action {
	name := fs.String("name", "", "what the store is called here")
	address := fs.String("url", "", "the shop's `address`")
	allow := fs.Bool("allow-http", false, "accept an unencrypted, loopback or local network address")
	endpoint := fs.String("endpoint", "", "`address` in place of the vendor's, loopback only")
	noWait := fs.Bool("no-wait", false, "do not wait for the listings")
	creds := credentialFlags(fs)
	return func(ctx context.Context, c *Call) error {
		typ, err := c.App.Channels.Lookup(c.Args[0])
		if err != nil {
			return usagef("There is no channel %q. Known are: %s.", c.Args[0], strings.Join(channelNames(c.App.Channels), ", "))
		}
		if strings.TrimSpace(*name) == "" {
			return usagef("--name is missing: what is the store called here?")
		}
		if *address != "" {
			creds.fields["url"] = *address
		}
		fields, err := creds.read(c.Terminal, typ, true)
		if err != nil {
			return err
		}
		if err := c.App.Unlock(c.globals.secrets, true, c.newPassphrase(c.App.Folder)); err != nil {
			return err
		}
		s, a, err := c.App.Engine.AddStore(ctx, engine.NewStore{Channel: typ.Name, Name: *name, Fields: fields,
			AllowHTTP: *allow, Endpoint: *endpoint, Browser: c.browser()})
		if err != nil {
			return err
		}
		return c.added(ctx, s, a, *noWait)
	}
}

// added reads the listings of a store that was just connected and answers.
func (c *Call) added(ctx context.Context, s db.Store, a channel.Account, noWait bool) error {
	var runs []db.Run
	if !noWait {
		c.say("%s is connected. Reading its listings …", s.Name)
		run, err := c.App.Engine.ToTheEnd(ctx, s.ID, listingsWait, c.App.Engine.SyncListings)
		var refused *engine.Error
		if err != nil && !errors.As(err, &refused) {
			return err
		}
		if err != nil {
			c.say("%s", refused.Message) // the store is connected all the same, and the listings are read later
		} else {
			runs = append(runs, run)
		}
	}
	shown, err := c.storeByID(s.ID)
	if err != nil {
		return err
	}
	if err := c.sayLocations(shown); err != nil {
		return err
	}
	err = c.show(storeAdded{shown, runs}, func(w io.Writer) {
		printAccount(w, s.Name, a)
		fmt.Fprintf(w, "%s, %d of them linked to products. Inventory sync is off; \"evenstock store on %s --copy\" shows what it would send.\n",
			count(shown.Counts.Listings, "listing"), shown.Counts.Linked, typed(s.Name))
	})
	if err != nil {
		return err
	}
	return exitAfter(runs)
}

// typed is a name as it is typed in a shell.
func typed(name string) string {
	if strings.ContainsAny(name, " \t'\"\\$`!&|;<>()*?[]#~") {
		return "'" + strings.ReplaceAll(clean(name), "'", `'\''`) + "'"
	}
	return clean(name)
}

func channelNames(r *channel.Registry) []string {
	var names []string
	for _, t := range r.Types() {
		names = append(names, t.Name)
	}
	return names
}

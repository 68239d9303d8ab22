package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// PracticeOptions say which practice stores to serve.
type PracticeOptions struct {
	Port       int           // of the first store; the others follow. 0: any that are free
	Seed       uint64        // the same seed makes the same goods and keys
	Listings   int           // in each store, 0 for as many as a demo needs
	Version    string        // of the stores' software, "" for the latest
	DateOffset time.Duration // how far the stores' clocks are ahead
}

// PracticeStore is a practice store that answers, and what `store add` needs to connect it.
type PracticeStore struct {
	Channel  string            `json:"channel"`
	Name     string            `json:"name"`
	URL      string            `json:"url"`
	Endpoint string            `json:"endpoint,omitempty"` // for --endpoint, where the channel has an address of its own
	Fields   map[string]string `json:"fields"`             // secrets included: they open nothing but a practice store
}

// mostListings bounds --listings; a store of this size takes about a second to make and 200 MB.
const mostListings = 200_000

func practiceStores(fs *flag.FlagSet) action {
	var o PracticeOptions
	fs.IntVar(&o.Port, "port", 0, "`number` of the first store's port; without it any that is free")
	fs.Uint64Var(&o.Seed, "seed", 1, "the same seed makes the same goods and keys")
	fs.IntVar(&o.Listings, "listings", 0, "so many listings in each store")
	fs.StringVar(&o.Version, "store-version", "", "`version` of the stores' software, else the latest")
	fs.DurationVar(&o.DateOffset, "date-offset", 0, "how far the stores' clocks are ahead")
	return func(ctx context.Context, c *Call) error {
		if o.Port < 0 || o.Port > 65535 {
			return usagef("--port is between 0 and 65535.")
		}
		if o.Listings < 0 || o.Listings > mostListings {
			return usagef("--listings is between 0 and %d.", mostListings)
		}
		err := servePractice(ctx, o, c.program.Now, func(stores []PracticeStore) {
			c.show(map[string][]PracticeStore{"stores": stores}, func(w io.Writer) { printPractice(w, stores) })
		})
		if errors.Is(context.Cause(ctx), errTerminated) && (err == nil || errors.Is(err, context.Canceled)) {
			return nil
		}
		if err == nil && ctx.Err() != nil {
			return outcome(exitInterrupted)
		}
		return err
	}
}

func printPractice(w io.Writer, stores []PracticeStore) {
	fmt.Fprintf(w, "%s, until you press Ctrl-C. To connect one:\n", count(len(stores), "practice store"))
	fmt.Fprintln(w, "  evenstock store add CHANNEL --name NAME --url ADDRESS --allow-http")
	fmt.Fprintln(w, "  evenstock store add etsy --name NAME --endpoint ADDRESS")
	fmt.Fprintln(w, "  evenstock store add amazon --name NAME --endpoint ADDRESS")
	fmt.Fprintln(w, "  evenstock store add ebay --name NAME --endpoint ADDRESS")
	fmt.Fprintln(w)
	t := newTable("Channel", "Name", "Address", "Fields")
	t.whole = true // keys are copied from here
	for _, s := range stores {
		fields := ""
		for _, name := range slices.Sorted(maps.Keys(s.Fields)) {
			fields += fmt.Sprintf("%s %s  ", name, s.Fields[name])
		}
		t.add(s.Channel, s.Name, s.URL, fields)
	}
	t.write(w)
}

package bridge

import (
	"fmt"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

// Stores is the screen of the connected shops: connecting, settings, the manual buttons, the safety catch and drift.
type Stores struct{ b *Bridge }

// ChannelType is a kind of shop, as the connect form shows it.
type ChannelType struct {
	Name   string      `json:"name"`
	Title  string      `json:"title"`
	Badge  string      `json:"badge"`
	Steps  []string    `json:"steps"`
	Login  string      `json:"login"` // the field that the shop's own login page fills when it is left empty, "" without one
	Fields []FormField `json:"fields"`
}

// FormField is one thing the user enters to connect a store.
type FormField struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Help     string   `json:"help"`
	Secret   bool     `json:"secret"`
	Required bool     `json:"required"`
	Choices  []string `json:"choices"`
}

// StoreForm is the filled-in connect form.
type StoreForm struct {
	Channel   string            `json:"channel"`
	Name      string            `json:"name"`
	Fields    map[string]string `json:"fields"`
	AllowHTTP bool              `json:"allowHttp"` // the user confirmed an unencrypted, loopback or LAN address
}

// AddedStore is a store that was connected, and what its shop says about itself.
type AddedStore struct {
	Store   view.Store `json:"store"`
	Account Account    `json:"account"`
}

// Account describes the shop behind a key.
type Account struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	URL      string   `json:"url"`
	Version  string   `json:"version"`
	Currency string   `json:"currency"`
	Time     int64    `json:"time"` // the shop's own clock, Unix ms, 0 if it does not tell
	Warnings []string `json:"warnings"`
}

// SettingsPatch changes settings of a store; what is null stays as it is.
type SettingsPatch struct {
	Name          *string           `json:"name"`
	IncludeDrafts *bool             `json:"includeDrafts"`
	Every         *int64            `json:"every"`     // ms between order pulls, 1 to 10 minutes
	StatusMap     map[string]string `json:"statusMap"` // custom status → booked | fulfilled | ignored; laid over what is there
	Fields        map[string]string `json:"fields"`    // new credentials, checked before they are kept
}

// Answers are those of the turn-on wizard.
type Answers struct {
	Copy  bool     `json:"copy"`  // copy the store's numbers to products that were never counted
	OnTop bool     `json:"onTop"` // open units of products already counted come on top of the counted stock; else they are inside
	Push  string   `json:"push"`  // "" = all rows but those that go to zero, all, none, some
	Rows  []string `json:"rows"`  // with some: SKUs or listing refs
	Table uint64   `json:"table"` // the rehearsal whose ticks say which rows are sent, 0: push and rows say it
}

func (a Answers) engine() engine.TurnOn {
	return engine.TurnOn{Copy: a.Copy, OnTop: a.OnTop, Push: engine.PushChoice(a.Push), Rows: a.Rows}
}

// RunList are the runs an action made.
type RunList struct {
	Runs []db.Run `json:"runs"`
	Off  []string `json:"off"` // names of stores left out because their sync is off
}

// List returns the connected stores.
func (s *Stores) List() ([]view.Store, error) {
	return call(s.b, "Stores.List", func(d *Deps) ([]view.Store, error) { return d.View.Stores(d.Now().UnixMilli()) })
}

// Channels returns the kinds of shop that can be connected.
func (s *Stores) Channels() ([]ChannelType, error) {
	return call(s.b, "Stores.Channels", func(d *Deps) ([]ChannelType, error) {
		var out []ChannelType
		for _, t := range d.Types.Types() {
			c := ChannelType{Name: t.Name, Title: t.Title, Badge: t.Badge, Steps: t.Steps}
			if t.Login != nil {
				c.Login = t.LoginField
			}
			for _, f := range t.Fields {
				c.Fields = append(c.Fields, FormField{Name: f.Name, Label: f.Label, Help: f.Help, Secret: f.Secret,
					Required: f.Required, Choices: f.Choices})
			}
			out = append(out, c)
		}
		return out, nil
	})
}

// Add connects a store. Its keys are checked first; when they do not work nothing is kept.
func (s *Stores) Add(form StoreForm) (AddedStore, error) {
	return call(s.b, "Stores.Add", func(d *Deps) (AddedStore, error) {
		store, account, err := d.Engine.AddStore(d.Context, engine.NewStore{Channel: form.Channel, Name: form.Name,
			Fields: form.Fields, AllowHTTP: form.AllowHTTP, Browser: s.b.browser(d)})
		if err != nil {
			return AddedStore{}, err
		}
		shown, err := storeByID(d, store.ID)
		return AddedStore{Store: shown, Account: accountOf(account)}, err
	})
}

// Check asks the shop whether the keys still work.
func (s *Stores) Check(store uint32) (Account, error) {
	return call(s.b, "Stores.Check", func(d *Deps) (Account, error) {
		account, err := d.Engine.CheckStore(d.Context, store)
		return accountOf(account), err
	})
}

// Settings changes what the patch names and returns the store as it is then.
func (s *Stores) Settings(store uint32, patch SettingsPatch) (view.Store, error) {
	return call(s.b, "Stores.Settings", func(d *Deps) (view.Store, error) {
		p := engine.StorePatch{Name: patch.Name, IncludeDrafts: patch.IncludeDrafts, MapStatus: patch.StatusMap,
			Fields: patch.Fields, Browser: s.b.browser(d)}
		if patch.Every != nil {
			every := time.Duration(*patch.Every) * time.Millisecond
			p.Every = &every
		}
		if err := d.Engine.SetStore(d.Context, store, p); err != nil {
			return view.Store{}, err
		}
		return storeByID(d, store)
	})
}

// Rehearse reads the store and says what turning sync on would send. Nothing is stored in the books.
func (s *Stores) Rehearse(store uint32, answers Answers) (Table, error) {
	return call(s.b, "Stores.Rehearse", func(d *Deps) (Table, error) {
		s.b.tables.forget(tableOf{kindRehearsal, store})
		return s.b.table(kindRehearsal, store, func() (engine.Rehearsal, error) {
			return d.Engine.Rehearse(d.Context, store, answers.engine())
		})
	})
}

// TurnOn turns sync on and returns the first runs.
func (s *Stores) TurnOn(store uint32, answers Answers) (RunList, error) {
	return call(s.b, "Stores.TurnOn", func(d *Deps) (RunList, error) {
		t := answers.engine()
		if answers.Table != 0 {
			if err := s.b.tables.choice(answers.Table, store, &t); err != nil {
				return RunList{}, err
			}
		}
		runs, err := d.Engine.TurnOn(d.Context, store, t)
		return RunList{Runs: runs}, err
	})
}

// TurnOff turns sync off: nothing is read from or sent to the store until it is turned on again.
func (s *Stores) TurnOff(store uint32) error {
	return do(s.b, "Stores.TurnOff", func(d *Deps) error { return d.Engine.TurnOff(d.Context, store) })
}

// Remove disconnects a store. Its booked units are released or stay booked.
func (s *Stores) Remove(store uint32, release bool) error {
	return do(s.b, "Stores.Remove", func(d *Deps) error { return d.Engine.RemoveStore(d.Context, store, release) })
}

func storeByID(d *Deps, id uint32) (view.Store, error) {
	stores, err := d.View.Stores(d.Now().UnixMilli())
	if err != nil {
		return view.Store{}, err
	}
	for _, s := range stores {
		if s.ID == id {
			return s, nil
		}
	}
	return view.Store{}, &Failure{Code: engine.CodeNotFound, Message: fmt.Sprintf("There is no store number %d.", id)}
}

func accountOf(a channel.Account) Account {
	out := Account{ID: a.ID, Name: a.Name, URL: a.URL, Version: a.Version, Currency: a.Currency, Warnings: a.Warnings}
	if !a.Time.IsZero() {
		out.Time = a.Time.UnixMilli()
	}
	return out
}

package bridge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/bridge"
	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/db/dbtest"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

// methods yields every method of every service.
func methods(b *bridge.Bridge, fn func(name string, method reflect.Value)) {
	for _, s := range b.Services() {
		v := reflect.ValueOf(s)
		for i := range v.NumMethod() {
			fn(v.Type().Elem().Name()+"."+v.Type().Method(i).Name, v.Method(i))
		}
	}
}

// zeroCall calls a method with zero arguments and returns its error.
func zeroCall(method reflect.Value) error {
	var in []reflect.Value
	for i := range method.Type().NumIn() {
		in = append(in, reflect.Zero(method.Type().In(i)))
	}
	out := method.Call(in)
	err, _ := out[len(out)-1].Interface().(error)
	return err
}

// TestEveryTypeCrosses keeps out what does not arrive in the page as it was sent: times (any), interfaces (any), floats
// (NaN ends the process), bytes (base64 typed as numbers).
func TestEveryTypeCrosses(t *testing.T) {
	methods(bridge.New(bridge.About{}), func(name string, method reflect.Value) {
		mt := method.Type()
		if n := mt.NumOut(); n == 0 || n > 2 || mt.Out(n-1) != reflect.TypeFor[error]() {
			t.Errorf("%s does not return an error last", name)
		}
		for i := range mt.NumIn() {
			crosses(t, name, mt.In(i), map[reflect.Type]bool{})
		}
		for i := range mt.NumOut() - 1 {
			crosses(t, name, mt.Out(i), map[reflect.Type]bool{})
		}
	})
}

func crosses(t *testing.T, path string, typ reflect.Type, seen map[reflect.Type]bool) {
	t.Helper()
	if seen[typ] {
		return
	}
	seen[typ] = true
	switch typ.Kind() {
	case reflect.Float32, reflect.Float64, reflect.Interface, reflect.Func, reflect.Chan, reflect.Complex64, reflect.Complex128:
		t.Errorf("%s has a %s", path, typ)
	case reflect.Struct:
		if typ == reflect.TypeFor[time.Time]() {
			t.Errorf("%s has a time", path)
			return
		}
		for i := range typ.NumField() {
			f := typ.Field(i)
			tag := f.Tag.Get("json")
			if tag == "-" {
				continue
			}
			if tag == "" && !f.Anonymous {
				t.Errorf("%s.%s has no JSON name", path, f.Name)
			}
			crosses(t, path+"."+f.Name, f.Type, seen)
		}
	case reflect.Slice:
		if typ.Elem().Kind() == reflect.Uint8 {
			t.Errorf("%s has bytes", path)
		}
		crosses(t, path, typ.Elem(), seen)
	case reflect.Pointer, reflect.Map, reflect.Array:
		crosses(t, path, typ.Elem(), seen)
	}
}

func TestBeforeTheBooksAreOpen(t *testing.T) {
	var l log
	b := bridge.New(bridge.About{Version: "1.2.3", DataDir: "/data", Log: l.logger()})
	app := b.Services()[0].(*bridge.App)
	for _, trouble := range []string{"", "The books were written by a newer Evenstock (2.0)."} {
		if trouble != "" {
			b.Detach(trouble)
		}
		methods(b, func(name string, method reflect.Value) {
			err := zeroCall(method)
			var f *bridge.Failure
			if name == "App.State" {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			} else if !errors.As(err, &f) || f.Code != bridge.CodeStarting || trouble != "" && f.Message != trouble {
				t.Errorf("%s: %v", name, err)
			}
		})
		got, _ := app.State()
		want := bridge.AppState{Version: "1.2.3", DataDir: "/data", Trouble: trouble, State: "off", Stores: []bridge.StoreInShort{}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// needsNothing are the calls about a login that is under way, which is not in the books.
var needsNothing = map[string]bool{"Stores.Login": true, "Stores.CancelLogin": true}

// TestNoMethodPanics attaches services to nothing, so that nearly every call meets a nil pointer.
func TestNoMethodPanics(t *testing.T) {
	var l log
	b := bridge.New(bridge.About{Log: l.logger()})
	b.Attach(bridge.Deps{})
	panics := 0
	methods(b, func(name string, method reflect.Value) {
		defer func() {
			if p := recover(); p != nil {
				t.Errorf("%s panicked: %v", name, p)
			}
		}()
		err := zeroCall(method)
		var f *bridge.Failure
		if needsNothing[name] && err == nil {
			return
		}
		if !errors.As(err, &f) {
			t.Errorf("%s: %v", name, err)
			return
		}
		if f.Code == bridge.CodeInternal {
			panics++
			if strings.Contains(f.Message, "nil pointer") {
				t.Errorf("%s tells the page %q", name, f.Message)
			}
		}
	})
	if panics < 20 {
		t.Errorf("only %d calls met a nil pointer", panics)
	}
	if got := strings.Count(l.String(), "call panicked"); got != panics {
		t.Errorf("%d of %d panics are in the log", got, panics)
	}
}

func TestFormatError(t *testing.T) {
	at := time.UnixMilli(1_700_000_000_000)
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"refusal of the engine", fmt.Errorf("wrapped: %w", &engine.Error{Code: "cooldown", Message: "Hard refresh is possible again in 2:41:07.",
			Store: "Home", RetryAt: at, Err: errors.New("detail")}),
			`{"code":"cooldown","message":"Hard refresh is possible again in 2:41:07.","store":"Home","retryAt":1700000000000}`},
		{"the shop's answer", &channel.Error{Kind: channel.Auth, Code: "auth", Message: "Home refused the key.", Err: errors.New("401")},
			`{"code":"auth","message":"Home refused the key."}`},
		{"not found", fmt.Errorf("store: %w", db.ErrNotFound), `{"code":"not_found","message":"That is not in the books any more."}`},
		{"closing", context.Canceled, `{"code":"busy","message":"Evenstock is closing, so this was stopped. Nothing is lost."}`},
		{"unforeseen", errors.New("badger: secret path /home/x"), `{"code":"internal","message":"Evenstock made a mistake while doing this. ` +
			`What was saved before stays saved; the details are in the log."}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := bridge.FormatError(tc.err); got != tc.want {
				t.Errorf("%s", got)
			}
		})
	}
}

// attached are services over real books with one store and one product.
func attached(t *testing.T) *bridge.Bridge {
	t.Helper()
	d := dbtest.Open(t)
	v, err := view.Open(d)
	if err != nil {
		t.Fatal(err)
	}
	d.OnCommit(v.Update)
	err = d.Update(time.UnixMilli(5), func(tx *db.Tx) error {
		s, err := tx.PutStore(db.Store{Name: "Home", Channel: "woocommerce", Account: "a", Sync: db.SyncOn, Practice: true})
		if err != nil {
			return err
		}
		it, err := tx.PutItem(db.Item{SKU: "MUG"})
		if err != nil {
			return err
		}
		if _, err := tx.NewRun(db.Run{Store: s.ID, StoreName: s.Name, Kind: db.RunSync}); err != nil {
			return err
		}
		return tx.PutListing(db.Listing{Store: s.ID, Ref: "1", SKU: "MUG", Item: it.ID, Tracked: true})
	})
	if err != nil {
		t.Fatal(err)
	}
	var l log
	b := bridge.New(bridge.About{Version: "1", Log: l.logger()})
	b.Attach(bridge.Deps{Context: t.Context(), View: v, Now: func() time.Time { return time.UnixMilli(10) },
		Types: channel.NewRegistry(channel.Type{Name: "woocommerce", Title: "WooCommerce", Badge: "WC",
			Fields: []channel.Field{{Name: "url", Label: "Address", Required: true}}})})
	return b
}

// TestReadingOverRealBooks compares what reaches the page, so that null and [] are told apart.
func TestReadingOverRealBooks(t *testing.T) {
	b := attached(t)
	s := b.Services()
	app, stores, stock, orders, activity, health := s[0].(*bridge.App), s[1].(*bridge.Stores), s[2].(*bridge.Stock),
		s[3].(*bridge.Orders), s[4].(*bridge.Activity), s[5].(*bridge.Health)
	for _, tc := range []struct {
		name string
		call func() (any, error)
		want string
	}{
		{"state", func() (any, error) { return app.State() }, `{"version":"1","dataDir":"","ready":true,"trouble":"","firstStart":false,` +
			`"paused":false,"practice":true,"away":null,"state":"even","stores":[{"id":1,"name":"Home","channel":"woocommerce","badge":"WC","sync":"on",` +
			`"state":"even","lastOrderPull":null,"due":0,"held":0,"practice":true}]}`},
		{"channels", func() (any, error) { return stores.Channels() }, `[{"name":"woocommerce","title":"WooCommerce","badge":"WC","steps":[],"login":"",` +
			`"fields":[{"name":"url","label":"Address","help":"","secret":false,"required":true,"choices":[]}]}]`},
		{"stock", func() (any, error) { return stock.Rows(view.StockQuery{}) }, `{"total":1,"version":1,"rows":[{"id":1,"sku":"MUG","title":"",` +
			`"variant":"","inStock":null,"booked":0,"available":null,"counted":false,"oversold":0,"listings":1,"changed":null,` +
			`"stores":[{"store":1,"state":"off"}]}]}`},
		{"explain", func() (any, error) { return stock.Explain("MUG") }, `{"sku":"MUG","inStock":null,"booked":0,"available":null,"terms":[],"pushes":[]}`},
		{"over time", func() (any, error) { return stock.OverTime("MUG") }, `{"sku":"MUG","moved":0,"points":[]}`},
		{"orders", func() (any, error) { return orders.Rows(view.OrderQuery{}) }, `{"total":0,"orders":[]}`},
		{"no runs", func() (any, error) { return activity.Runs(7, 0, 9) }, `{"runs":[]}`},
		{"health", func() (any, error) { h, err := health.Get(); return h.NoSKU, err }, `[]`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := tc.call()
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, string(text)); diff != "" {
				t.Error(diff)
			}
		})
	}
	runs, err := activity.Runs(0, 0, 9)
	if err != nil || len(runs.Runs) != 1 || runs.Runs[0].Errors == nil {
		t.Errorf("%+v %v", runs, err)
	}
	if _, err := stock.Product("NOPE"); err == nil || bridge.FormatError(err) != `{"code":"not_found","message":"There is no product with the SKU \"NOPE\"."}` {
		t.Errorf("unknown product: %v", err)
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	b := attached(t)
	s := b.Services()
	stores, stock, orders := s[1].(*bridge.Stores), s[2].(*bridge.Stock), s[3].(*bridge.Orders)
	for name, call := range map[string]func() error{
		"a change without a key":    func() error { _, err := stock.Change(bridge.StockChange{SKU: "MUG", Op: "set"}); return err },
		"a change with half a key":  func() error { _, err := stock.Change(bridge.StockChange{SKU: "MUG", Key: "01J"}); return err },
		"fix nothing":               func() error { _, err := stores.FixDrift(1, []string{}); return err },
		"track nothing":             func() error { _, err := stores.Track(1, []string{}); return err },
		"an order line of no sense": func() error { return orders.Link("12", "MUG") },
		"an unknown sort":           func() error { _, err := stock.Rows(view.StockQuery{Sort: "colour"}); return err },
	} {
		var f *bridge.Failure
		if err := call(); !errors.As(err, &f) || f.Code != "invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

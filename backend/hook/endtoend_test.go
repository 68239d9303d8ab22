package hook_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/all"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/hook"
	"evenstock/backend/practice/practicetest"
)

// free is a port of this computer that nobody listens at.
func free(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// scene is an engine at work on one practice shop, and a receiver, on a clock that stands still while nobody waits.
type scene struct {
	t      *testing.T
	engine *engine.Engine
	hooks  *hook.Receiver
	clock  *practicetest.Clock
	store  uint32
	base   string            // of the receiver
	cycles chan engine.Event // as they end
	woken  atomic.Int64      // calls that took effect
	caller *http.Client      // the shop's, for its calls

	dir    string
	key    []byte
	client *http.Client // of the engine
	stop   func()

	mu    sync.Mutex
	calls []called
}

// called is a call of the shop's, to be made again.
type called struct {
	header http.Header
	path   string
	body   string
}

// RoundTrip keeps a call and makes it.
func (s *scene) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.calls = append(s.calls, called{r.Header.Clone(), r.URL.Path, string(body)})
	s.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	return http.DefaultTransport.RoundTrip(r)
}

// told are the calls that the shop made so far.
func (s *scene) told() []called {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

func play(t *testing.T, clock *practicetest.Clock, client *http.Client, n engine.NewStore) *scene {
	t.Helper()
	s := &scene{t: t, clock: clock, cycles: make(chan engine.Event, 100), dir: t.TempDir(), key: db.NewMasterKey(), client: client}
	s.caller = &http.Client{Transport: s}
	t.Cleanup(func() { s.stop() })
	s.start(func() {
		added, _, err := s.engine.AddStore(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		s.store = added.ID
		if _, err := s.engine.SyncListings(t.Context(), s.store); err != nil {
			t.Fatal(err)
		}
		if _, err := s.engine.TurnOn(t.Context(), s.store, engine.TurnOn{Copy: true}); err != nil {
			t.Fatal(err)
		}
	})
	return s
}

// start opens the books, does something and goes to work.
func (s *scene) start(before func()) {
	s.t.Helper()
	d, err := db.Open(s.dir)
	if err != nil {
		s.t.Fatal(err)
	}
	vault := db.NewVault(d, s.clock.Now, func(string, bool, func() (string, error)) ([]byte, error) { return s.key, nil }, nil)
	var running atomic.Bool
	s.engine, err = engine.New(engine.Options{DB: d, Types: all.Registry(), HTTP: s.client, Log: quiet, Secrets: vault, Now: s.clock.Now,
		Sleep: func(ctx context.Context, d time.Duration) error {
			if running.Load() { // for a lane that is at work: the clock stands still
				return engine.Sleep(ctx, time.Millisecond)
			}
			s.clock.Advance(d)
			return nil
		},
		Listen: func(e engine.Event) { s.cycles <- e }})
	if err != nil {
		s.t.Fatal(err)
	}
	s.hooks = hook.New(hook.Options{Read: s.engine.ReadHook, First: s.engine.FirstCall, Now: s.clock.Now, Log: quiet,
		Wake: func(store uint32, h channel.Hook) { s.woken.Add(1); s.engine.Hooked(store, h) },
		Keep: func(string) error { return nil }})
	before()
	port := free(s.t)
	if err := s.hooks.Set(true, port); err != nil {
		s.t.Fatal(err)
	}
	s.base = "http://127.0.0.1:" + strconv.Itoa(port)
	ctx, stop := context.WithCancel(s.t.Context())
	running.Store(true)
	var work sync.WaitGroup
	work.Go(func() { s.engine.Run(ctx) })
	s.stop = func() {
		stop()
		work.Wait()
		s.hooks.Close()
		if err := d.Close(); err != nil {
			s.t.Error(err)
		}
	}
}

// booked waits for a cycle that read changed orders. Nothing but a call makes one: the clock stands still.
func (s *scene) booked() {
	s.t.Helper()
	late := time.After(10 * time.Second) // of the real clock, reached by a failure only
	for {
		select {
		case e := <-s.cycles:
			if e.Run.OrdersChanged > 0 {
				return
			}
		case <-late:
			s.t.Fatal("the sale was not read")
		}
	}
}

// hooked is one kind of shop whose calls are tested end to end.
type hooked struct {
	name string
	// open serves a shop and returns its subscribing: to a topic for orders and one for listings at an address.
	open func(t *testing.T) (shop channeltest.Shop, s *scene, subscribe func(address, secret string))
	// key is what the seller enters, "" where it is made by us or known already.
	key string
}

// stocked opens a shop that sells tea.
func (k hooked) stocked(t *testing.T) (channeltest.Shop, channel.Ref, *scene, func(address, secret string)) {
	t.Helper()
	shop, s, subscribe := k.open(t)
	ref := shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
	if _, err := s.engine.SyncListings(t.Context(), s.store); err != nil {
		t.Fatal(err)
	}
	return shop, ref, s, subscribe
}

const clientSecret = "c11ent5ecretofthepracticeaccount"

var kinds = []hooked{
	{name: "woocommerce", open: func(t *testing.T) (channeltest.Shop, *scene, func(string, string)) {
		shop := practicetest.New(t, practicetest.Options{})
		s := play(t, shop.Clock, shop.Client, engine.NewStore{Channel: "woocommerce", Name: "Home", AllowHTTP: true,
			Fields: map[string]string{"url": shop.URL, "key": shop.Key, "secret": shop.Secret}})
		return shop, s, func(address, secret string) {
			shop.Face.CallOut(s.caller)
			for _, topic := range []string{"order.created", "product.updated"} {
				shop.Face.Subscribe(topic, address, secret)
			}
		}
	}},
	{name: "shopify, of the app", open: func(t *testing.T) (channeltest.Shop, *scene, func(string, string)) {
		shop := practicetest.NewShopify(t, practicetest.ShopifyOptions{})
		s := play(t, shop.Clock, shop.Client, engine.NewStore{Channel: "shopify", Name: "Garden", Endpoint: shop.URL, Fields: shop.Fields})
		return shop, s, func(address, _ string) {
			shop.Face.CallOut(s.caller)
			shop.Face.Subscribe("orders/create", address, "")
			shop.Face.Subscribe("products/update", address, "")
		}
	}},
	{name: "shopify, by hand", key: "51gn1ngkey", open: func(t *testing.T) (channeltest.Shop, *scene, func(string, string)) {
		shop := practicetest.NewShopify(t, practicetest.ShopifyOptions{Permanent: true})
		s := play(t, shop.Clock, shop.Client, engine.NewStore{Channel: "shopify", Name: "Garden", Endpoint: shop.URL, Fields: shop.Fields})
		return shop, s, func(address, _ string) {
			shop.Face.CallOut(s.caller)
			shop.Face.Subscribe("orders/create", address, "51gn1ngkey")
			shop.Face.Subscribe("products/update", address, "51gn1ngkey")
		}
	}},
	{name: "bigcommerce", key: clientSecret, open: func(t *testing.T) (channeltest.Shop, *scene, func(string, string)) {
		o := practicetest.BigCommerceOptions{}
		o.Secret = clientSecret
		shop := practicetest.NewBigCommerce(t, o)
		s := play(t, shop.Clock, shop.Client, engine.NewStore{Channel: "bigcommerce", Name: "Trade", Endpoint: shop.URL, Fields: shop.Fields})
		return shop, s, func(address, _ string) {
			shop.Face.CallOut(s.caller)
			shop.Face.Subscribe("store/order/*", address)
			shop.Face.Subscribe("store/product/*", address)
		}
	}},
}

// TestASaleIsReadAtOnce: orders are read every ten minutes, and the shop's call has them read now.
func TestASaleIsReadAtOnce(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			shop, ref, s, subscribe := k.stocked(t)
			s.prepare(k.key, subscribe)
			shop.Sell(channeltest.Units{Ref: ref, Quantity: 2})
			s.booked()
			if at := s.hooks.Of(s.store).LastAt; !at.Equal(s.clock.Now()) {
				t.Errorf("the last call came at %v", at)
			}
		})
	}
}

// prepare enters or makes the key and has the shop call.
func (s *scene) prepare(key string, subscribe func(address, secret string)) {
	s.t.Helper()
	sheet, err := s.engine.HookSheet(s.store)
	if err != nil {
		s.t.Fatal(err)
	}
	secret := key
	switch {
	case sheet.Setup.Made:
		if secret, err = s.engine.MakeHookSecret(s.store); err != nil {
			s.t.Fatal(err)
		}
	case key != "":
		if sheet.Ready {
			s.t.Error("calls are understood although nobody entered a key")
		}
		if err := s.engine.SetHookSecret(s.store, key); err != nil {
			s.t.Fatal(err)
		}
	}
	if sheet, err = s.engine.HookSheet(s.store); err != nil || !sheet.Ready {
		s.t.Fatalf("the store is not prepared: %+v, %v", sheet, err)
	}
	for _, step := range sheet.Setup.Steps {
		if strings.Contains(strings.ReplaceAll(step, "{path}", ""), "{path") {
			s.t.Errorf("step %q", step)
		}
	}
	subscribe(s.base+hook.Path(s.store), secret)
}

// TestARepetitionAfterARestart: a call that was seen before the program ended does nothing afterwards, and the next one does.
func TestARepetitionAfterARestart(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			shop, ref, s, subscribe := k.stocked(t)
			s.prepare(k.key, subscribe)
			shop.Sell(channeltest.Units{Ref: ref, Quantity: 2})
			s.booked()
			seen, took := s.told(), s.woken.Load()
			if len(seen) == 0 || took == 0 {
				t.Fatalf("%d calls, %d took effect", len(seen), took)
			}
			s.stop()
			s.start(func() {})
			for _, c := range seen {
				if status := s.again(c); status != http.StatusOK {
					t.Errorf("a repetition is answered %d", status)
				}
			}
			if n := s.woken.Load(); n != took {
				t.Errorf("%d repetitions took effect", n-took)
			}
			secret, err := s.engine.MakeHookSecret(s.store)
			if err != nil { // the shop makes it
				secret = k.key
			}
			subscribe(s.base+hook.Path(s.store), secret)
			s.clock.Advance(time.Minute)
			shop.Sell(channeltest.Units{Ref: ref, Quantity: 1})
			s.booked()
		})
	}
}

// again makes a call of the shop's once more.
func (s *scene) again(c called) int {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.base+c.path, strings.NewReader(c.body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header = c.header
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// TestAnEditIsReadAtOnce: a new title comes with the shop's call, not with the next minute.
func TestAnEditIsReadAtOnce(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			shop, ref, s, subscribe := k.stocked(t)
			s.prepare(k.key, subscribe)
			s.clock.Advance(5 * time.Second)
			for len(s.cycles) > 0 {
				<-s.cycles
			}
			before := shop.Calls(channeltest.ListListings)
			shop.SetSKU(ref, "COFFEE")
			for late := time.After(10 * time.Second); ; {
				select {
				case e := <-s.cycles:
					if e.Kind == "listings" && e.Run.ListingsRead > 0 {
						if shop.Calls(channeltest.ListListings) == before {
							t.Error("no listings were read")
						}
						return
					}
				case <-late:
					t.Fatal("the edit was not read")
				}
			}
		})
	}
}

// TestAWrongKeyReadsNothing: the shop signs with another key than the one that was entered.
func TestAWrongKeyReadsNothing(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			shop, ref, s, subscribe := k.stocked(t)
			if k.name == "shopify, of the app" {
				subscribe = func(address, _ string) {
					face := shop.(*practicetest.Shopify).Face
					face.CallOut(s.caller)
					face.Subscribe("orders/create", address, "another key")
				}
			}
			s.prepare(k.key, func(address, secret string) { subscribe(address, secret+"x") })
			if k.key != "" {
				if err := s.engine.SetHookSecret(s.store, k.key+"x"); err != nil {
					t.Fatal(err)
				}
			}
			shop.Sell(channeltest.Units{Ref: ref, Quantity: 2})
			if c := s.hooks.Of(s.store); c.RefusedAt.IsZero() || !c.LastAt.IsZero() {
				t.Errorf("the calls: %+v", c)
			}
			if n := s.woken.Load(); n != 0 {
				t.Errorf("%d calls took effect", n)
			}
		})
	}
}

// TestSettingsOfAStore: what the seller is told and may enter.
func TestSettingsOfAStore(t *testing.T) {
	_, s, _ := kinds[0].open(t)
	one, err := s.engine.MakeHookSecret(s.store)
	if again, _ := s.engine.MakeHookSecret(s.store); err != nil || len(one) < 20 || again != one {
		t.Errorf("made %q, then %q, %v", one, again, err)
	}
	for _, bad := range []string{"two words", strings.Repeat("k", 201), "line\nbreak"} {
		if err := s.engine.SetHookSecret(s.store, bad); err == nil {
			t.Errorf("%q was kept", bad)
		}
	}
	if err := s.engine.SetHookSecret(s.store, ""); err != nil {
		t.Fatal(err)
	}
	if sheet, err := s.engine.HookSheet(s.store); err != nil || sheet.Ready || sheet.Own {
		t.Errorf("after the key was forgotten: %+v, %v", sheet, err)
	}
	if _, err := s.engine.ReadHook(s.store, http.Header{}, nil); err == nil || channelAuth(err) {
		t.Errorf("a store without a key answers %v", err)
	}
	if _, err := s.engine.ReadHook(77, http.Header{}, nil); err == nil || channelAuth(err) {
		t.Errorf("an unknown store answers %v", err)
	}
}

func channelAuth(err error) bool { return channel.KindOf(err) == channel.Auth }

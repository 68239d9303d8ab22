package bridge_test

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"evenstock/backend/bridge"
	"evenstock/backend/channel"
	"evenstock/backend/channel/memory"
	"evenstock/backend/channel/woocommerce"
	"evenstock/backend/db"
	"evenstock/backend/db/dbtest"
	"evenstock/backend/engine"
	"evenstock/backend/hook"
	"evenstock/backend/practice/practicetest"
	"evenstock/backend/view"
)

// TestWebhooksInTheWindow: off until they are switched on, and a store's sheet says what its shop needs.
func TestWebhooksInTheWindow(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	d := dbtest.Open(t)
	v, err := view.Open(d)
	if err != nil {
		t.Fatal(err)
	}
	d.OnCommit(v.Update)
	vault := db.NewVault(d, shop.Clock.Now, func(string, bool, func() (string, error)) ([]byte, error) { return db.NewMasterKey(), nil }, nil)
	types := channel.NewRegistry(woocommerce.Type(), memory.Type(memory.New(memory.Options{ID: "m", Now: shop.Clock.Now})))
	e, err := engine.New(engine.Options{DB: d, Types: types, HTTP: shop.Client, Log: quiet, Secrets: vault, Now: shop.Clock.Now, Sleep: engine.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	r := hook.New(hook.Options{Read: e.ReadHook, First: e.FirstCall, Wake: e.Hooked, Now: shop.Clock.Now, Log: quiet, Keep: func(s string) error { kept = append(kept, s); return nil }})
	t.Cleanup(r.Close)
	b := bridge.New(bridge.About{Log: quiet})
	services := b.Services()
	stores := services[1].(*bridge.Stores)
	var settings *bridge.Settings
	for _, s := range services {
		if found, ok := s.(*bridge.Settings); ok {
			settings = found
		}
	}
	deps := bridge.Deps{Context: t.Context(), Engine: e, View: v, Types: types, Now: shop.Clock.Now, Books: d}
	b.Attach(deps)
	if _, err := settings.Hooks(); err == nil {
		t.Error("webhooks where no receiver is")
	}
	deps.Hooks = r
	b.Attach(deps)

	woo, _, err := e.AddStore(t.Context(), engine.NewStore{Channel: "woocommerce", Name: "Home", AllowHTTP: true,
		Fields: map[string]string{"url": shop.URL, "key": shop.Key, "secret": shop.Secret}})
	if err != nil {
		t.Fatal(err)
	}
	plain, _, err := e.AddStore(t.Context(), engine.NewStore{Channel: "memory", Name: "Plain", Fields: map[string]string{"id": "m"}})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := settings.Hooks(); err != nil || s != (bridge.Webhooks{Port: hook.DefaultPort}) {
		t.Errorf("at first: %+v, %v", s, err)
	}
	var failure *bridge.Failure
	if err := settings.SetHooks(true, 80); !errors.As(err, &failure) || failure.Code != engine.CodeInvalid || !strings.HasSuffix(failure.Message, ".") || len(kept) != 0 {
		t.Errorf("port 80: %v, kept %q", err, kept)
	}
	if s, err := stores.Hooks(plain.ID); err != nil || s.Able {
		t.Errorf("a channel without webhooks: %+v, %v", s, err)
	}
	for name, err := range map[string]error{"a key of a channel without webhooks": stores.SetHookSecret(plain.ID, "k"), "a store that is not there": stores.SetHookSecret(99, "k")} {
		if !errors.As(err, &failure) || failure.Code == bridge.CodeInternal {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := stores.Hooks(woo.ID)
	if err != nil || !s.Able || !s.Made || s.Ready || s.Own || s.LastAt != nil || s.RefusedAt != nil ||
		!strings.HasSuffix(s.Local, hook.Path(woo.ID)) || !strings.Contains(strings.Join(s.Steps, " "), "followed by "+hook.Path(woo.ID)) {
		t.Errorf("before there is a key: %+v, %v", s, err)
	}
	one, err := stores.MakeHookSecret(woo.ID)
	if again, _ := stores.MakeHookSecret(woo.ID); err != nil || one == "" || again != one {
		t.Errorf("the key: %q, then %q, %v", one, again, err)
	}
	if s, err = stores.Hooks(woo.ID); err != nil || !s.Ready || !s.Own {
		t.Errorf("once there is a key: %+v, %v", s, err)
	}
	if strings.Contains(strings.Join(s.Steps, " ")+s.Help+s.Local, one) {
		t.Error("the sheet shows the key without being asked")
	}
}

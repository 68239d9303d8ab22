package engine_test

import (
	"context"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// safe is a key store in memory.
type safe map[string]string

func (s safe) Get(_ uint32, field string) (string, error) {
	if v, ok := s[field]; ok {
		return v, nil
	}
	return "", db.ErrNotFound
}

func (s safe) Put(_ uint32, field, value string) error { s[field] = value; return nil }

// visitor is a browser that comes back with a code each time, or with an error.
type visitor struct {
	visits int
	fails  error
}

func (v *visitor) Visit(_ context.Context, redirect, _ string) (*url.URL, error) {
	v.visits++
	to, _ := url.Parse(redirect + "?code=" + strings.Repeat("x", v.visits))
	return to, v.fails
}

// lockedType is a shop that wants an app's secret and a token that only its page gives.
func lockedType() channel.Type {
	t := memory.Type(memory.New(memory.Options{ID: "a"}))
	t.Fields = append(t.Fields, channel.Field{Name: "secret", Secret: true, Required: true}, channel.Field{Name: "token", Secret: true},
		channel.Field{Name: "choice"})
	open := t.Open
	t.Open = func(d channel.Deps, s channel.Settings) (channel.Store, error) {
		if s.Fields["token"] == "" || s.Fields["secret"] != "app" {
			return nil, &channel.Error{Kind: channel.Auth, Code: channel.CodeAuth, Message: "Log in."}
		}
		return open(d, s)
	}
	t.LoginField = "token"
	t.Login = func(ctx context.Context, _ channel.Deps, s channel.Settings, b channel.Browser) (map[string]string, error) {
		if s.Fields["secret"] != "app" || s.Fields["token"] != "" {
			return nil, &channel.Error{Kind: channel.Invalid, Code: channel.CodeInvalid, Message: "The secret is wrong."}
		}
		back, err := b.Visit(ctx, "http://localhost:1/", "https://shop.example/")
		if err != nil {
			return nil, err
		}
		return map[string]string{"token": back.Query().Get("code")}, nil
	}
	return t
}

func TestLoginThroughTheBrowser(t *testing.T) {
	d, err := db.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	keys := safe{}
	e, err := engine.New(engine.Options{DB: d, Types: channel.NewRegistry(lockedType()), Secrets: keys,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Sleep: engine.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	add := func(secret, token string, b channel.Browser) (db.Store, error) {
		s, _, err := e.AddStore(t.Context(), engine.NewStore{Channel: "memory", Name: "A", Browser: b,
			Fields: map[string]string{"id": "a", "secret": secret, "token": token}})
		return s, err
	}
	shut := &visitor{fails: &channel.Error{Kind: channel.Auth, Code: channel.CodeAuth, Message: "Not allowed."}}
	for name, try := range map[string]func() error{
		"no browser":     func() error { _, err := add("app", "", nil); return err },
		"a wrong secret": func() error { _, err := add("no", "", &visitor{}); return err },
		"not allowed":    func() error { _, err := add("app", "", shut); return err },
	} {
		if err := try(); err == nil || len(keys) != 0 {
			t.Errorf("%s: %v, kept %v", name, err, keys)
		}
	}
	b := &visitor{}
	s, err := add("app", "", b)
	if err != nil || keys["token"] != "x" || b.visits != 1 {
		t.Fatalf("connected: %v, kept %v, %d visits", err, keys, b.visits)
	}
	patch := func(fields map[string]string) {
		t.Helper()
		if err := e.SetStore(t.Context(), s.ID, engine.StorePatch{Fields: fields, Browser: b}); err != nil {
			t.Error(err)
		}
	}
	patch(map[string]string{"choice": "other"})
	if b.visits != 1 || keys["token"] != "x" {
		t.Errorf("another setting: %d visits, kept %v", b.visits, keys)
	}
	patch(map[string]string{"secret": "app"})
	if b.visits != 2 || keys["token"] != "xx" {
		t.Errorf("new credentials: %d visits, kept %v", b.visits, keys)
	}
	patch(map[string]string{"secret": "app", "token": "own"})
	if b.visits != 2 || keys["token"] != "own" {
		t.Errorf("a token that was entered: %d visits, kept %v", b.visits, keys)
	}
	patch(map[string]string{"token": ""})
	if b.visits != 3 || keys["token"] != "xxx" || keys["secret"] != "app" {
		t.Errorf("the login alone: %d visits, kept %v", b.visits, keys)
	}
}

package engine_test

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// TestAddStoreWithoutName connects shops without saying what they are called here.
func TestAddStoreWithoutName(t *testing.T) {
	d, err := db.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, tc := range []struct{ id, calls, asked, want string }{
		{"a", "Fernhill", " ", "Fernhill"},
		{"b", "Fernhill", "", "Fernhill 2"},
		{"c", "fernhill", "", "fernhill 3"},
		{"e", "Fernhill", "Trade", "Trade"},
	} {
		shop := memory.New(memory.Options{ID: tc.id, Name: tc.calls, Now: time.Now})
		e, err := engine.New(engine.Options{DB: d, Types: channel.NewRegistry(memory.Type(shop)), Secrets: noSecrets{},
			Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Sleep: engine.Sleep})
		if err != nil {
			t.Fatal(err)
		}
		s, _, err := e.AddStore(t.Context(), engine.NewStore{Channel: "memory", Name: tc.asked, Fields: map[string]string{"id": tc.id}})
		if err != nil || s.Name != tc.want {
			t.Errorf("%+v: %q, %v", tc, s.Name, err)
		}
	}
}

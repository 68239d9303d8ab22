package engine_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// TestAStoreThatCannotBeOpened is tried in its period. A store whose account or address is missing from the books once was
// tried again at once, for ever.
func TestAStoreThatCannotBeOpened(t *testing.T) {
	for _, sync := range []db.SyncState{"", db.SyncOn} {
		synctest.Test(t, func(t *testing.T) {
			d, err := db.Open("")
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if err := d.Update(time.Now(), func(tx *db.Tx) error {
				_, err := tx.PutStore(db.Store{Name: "Lost", Channel: "memory", Account: "x", Sync: sync})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			tried := 0
			e, err := engine.New(engine.Options{DB: d, Types: channel.NewRegistry(memory.Type()), Secrets: noSecrets{},
				Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Sleep: engine.Sleep,
				Listen: func(engine.Event) { tried++ }})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			e.Run(ctx)
			if tried < 1 || tried > 30 {
				t.Errorf("sync %q: tried %d times in ten minutes", sync, tried)
			}
		})
	}
}

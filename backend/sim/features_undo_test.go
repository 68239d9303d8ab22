package sim

import (
	"testing"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// newestRun is the newest run that wrote something.
func (r *Rig) newestRun() (run db.Run) {
	r.T.Helper()
	err := r.DB.View(func(tx *db.Tx) error {
		for one := range tx.Runs() {
			if one.Written > 0 {
				run = one
				return nil
			}
		}
		return db.ErrNotFound
	})
	if err != nil {
		r.T.Fatalf("a run that wrote: %v", err)
	}
	return run
}

func TestUndoPushPutsBackWhatStillStands(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		shop := r.Shops[0]
		tea, jam, oil := r.Goods("TEA", 5), r.Goods("JAM", 6), r.Goods("OIL", 7)
		r.TurnOn(0, engine.TurnOn{Copy: true})
		if err := r.Engine.Pause(ctx, r.Stores[0]); err != nil {
			t.Fatal(err)
		}
		for sku, n := range map[string]int64{"TEA": 50, "JAM": 60, "OIL": 70} {
			r.Set(sku, n)
		}
		if err := r.Engine.Resume(ctx, r.Stores[0]); err != nil {
			t.Fatal(err)
		}
		r.Sync()
		pushed := r.newestRun()
		r.Clock.Advance(time.Minute)
		shop.SetQuantity(jam[0], 33) // a person's hand, since
		shop.Sell(units(oil[0], 1))  // a customer, since
		run, err := r.Engine.UndoPush(ctx, pushed.ID)
		if err != nil || run.Kind != db.RunUndoPush || run.Written != 1 || run.Refused != 2 || run.Outcome != db.Partly || len(run.Errors) != 2 {
			t.Fatalf("undo %+v, %v", run, err)
		}
		r.WantShops(tea, 5)
		r.WantShops(jam, 33)
		r.WantShops(oil, 69)
		r.WantStock("TEA", 50, 0) // the books know nothing of it
		r.WantStock("OIL", 70, 1) // the order was read
		r.Cycle(2 * time.Hour)
		r.WantShops(tea, 5) // paused
		if err := r.Engine.Resume(ctx, r.Stores[0]); err != nil {
			t.Fatal(err)
		}
		r.Cycle(10 * time.Minute)
		r.WantShops(tea, 50)
		r.WantShops(oil, 69)
	})
}

func TestUndoPushRefused(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		r.Goods("TEA", 5)
		r.On(0)
		_, err := r.Engine.UndoPush(ctx, 9999)
		refusedWith(t, err, engine.CodeNotFound)
		r.Clock.Advance(time.Minute)
		idle := r.run(r.Engine.Sync(ctx, r.Stores[0]))
		_, err = r.Engine.UndoPush(ctx, idle.ID)
		refusedWith(t, err, engine.CodeInvalid)
		r.Clock.Advance(time.Minute)
		r.Set("TEA", 9)
		if err := r.Engine.TurnOff(ctx, r.Stores[0]); err != nil {
			t.Fatal(err)
		}
		_, err = r.Engine.UndoPush(ctx, r.newestRun().ID)
		refusedWith(t, err, engine.CodeSyncOff)
		err = r.DB.View(func(tx *db.Tx) error {
			s, err := tx.Store(r.Stores[0])
			if s.Paused {
				t.Error("a refused undo paused the store")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

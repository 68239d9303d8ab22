package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"evenstock/backend/db"
	"evenstock/backend/ledger"
)

// sentOnce is what one run did to one number of a listing: what the shop showed before its first write, and its last.
type sentOnce struct{ before, sent int64 }

// UndoPush takes back what a run sent (product.md X2). Sending to the store is paused; then every listing that still shows
// what the run sent is given the number it had before. One that shows anything else was changed since, by an order, by a
// person or by a later run: it is left as it is and named. The books are not touched, only the shop. When sending goes on,
// the numbers of the books are sent again. The result is a run of its own.
func (e *Engine) UndoPush(ctx context.Context, id uint64) (db.Run, error) {
	run, sent, err := e.sentBy(id)
	if err != nil {
		return db.Run{}, err
	}
	l, err := e.laneOf(run.Store)
	if err != nil {
		return db.Run{}, err
	}
	if _, err := l.ready(true); err != nil { // before anything is paused
		return db.Run{}, err
	}
	if err := e.Pause(ctx, run.Store); err != nil {
		return db.Run{}, err
	}
	return e.manual(ctx, run.Store, db.RunUndoPush, true, func(*lane) work {
		return func(ctx context.Context, v *visit) error { return v.undoPush(ctx, sent) }
	})
}

// sentBy finds a run and what it sent, by number of a listing.
func (e *Engine) sentBy(id uint64) (run db.Run, sent map[string]sentOnce, err error) {
	err = e.o.DB.View(func(tx *db.Tx) error {
		for r := range tx.Runs() {
			if r.ID == id {
				run = r
				break
			}
		}
		if run.ID == 0 {
			return &Error{Code: CodeNotFound, Message: fmt.Sprintf("There is no run %d in the activity.", id)}
		}
		sent = sentIn(tx, run)
		return nil
	})
	if err == nil && len(sent) == 0 {
		err = &Error{Code: CodeInvalid, Store: run.StoreName,
			Message: fmt.Sprintf("Run %d sent no number to %s, so there is nothing to take back. Nothing was changed.", id, run.StoreName)}
	}
	return run, sent, err
}

// sentIn collects the writes of a run. A store is worked on by one run at a time, so its writes are those of its time.
func sentIn(tx *db.Tx, run db.Run) map[string]sentOnce {
	out := map[string]sentOnce{}
	seen := map[uint64]bool{}
	for l := range tx.Listings(run.Store) {
		if l.Item == 0 || seen[l.Item] {
			continue
		}
		seen[l.Item] = true
		for w := range tx.Writes(l.Item) {
			if w.At < run.StartedAt {
				break
			}
			if w.Store != run.Store || w.At > run.FinishedAt || w.Before == nil || w.Outcome == "refused" {
				continue
			}
			spot := db.Spot(w.Ref, w.Where)
			s, later := out[spot]
			if !later {
				s.sent = w.Sent
			}
			s.before = max(0, *w.Before)
			out[spot] = s
		}
	}
	return out
}

// undoPush reads the listings before and after the orders, as every push does (I7), and writes those that stood still.
func (v *visit) undoPush(ctx context.Context, sent map[string]sentOnce) error {
	rows, err := v.sentRows(sent)
	if err != nil {
		return err
	}
	before, err := v.read(ctx, rows)
	if err != nil {
		return err
	}
	if err := v.pullOrders(ctx, false); err != nil {
		return err
	}
	now, err := v.read(ctx, rows)
	if err != nil {
		return err
	}
	var back []verdict
	for _, r := range rows {
		first, has := before[r.spot()], now[r.spot()]
		switch {
		case first == nil || has == nil:
			v.left(r, fmt.Sprintf("%s could not tell its number, so it is left as it is.", v.store.Name))
		case *has == r.want && v.doubtful[r.spot()] && *first == *has: // most likely from before it was sent
			back = append(back, verdict{r, has})
		case *has == r.want:
			v.run.Checked++
			v.run.AlreadyRight++
		case *has != sent[r.spot()].sent || *first != *has:
			v.left(r, fmt.Sprintf("%s shows %d and no longer the %d that was sent, so it is left as it is.", v.store.Name, *has, sent[r.spot()].sent))
		default:
			back = append(back, verdict{r, has})
		}
	}
	v.run.Note = fmt.Sprintf("Sending to %s is paused. When you let it go on, the numbers of the books are sent again.", v.store.Name)
	return v.sendBack(ctx, back)
}

// left names a listing that an undo leaves alone.
func (v *visit) left(r row, why string) {
	v.run.Checked++
	v.run.Refused++
	v.refuse(r.listing.SKU, r.listing.Ref, CodeChangedSince, why)
}

// sentRows are the rows of an undo, a parent's together. Each wants the number from before, under a generation of its own:
// what the shop says to it never acknowledges a mark.
func (v *visit) sentRows(sent map[string]sentOnce) (rows []row, err error) {
	err = v.update(func(tx *db.Tx) error {
		rows = nil
		for spot, s := range sent {
			ref, location := db.SplitSpot(spot)
			l, err := tx.Listing(v.l.id, ref)
			if err != nil {
				return err
			}
			gen, err := tx.NextGen()
			if err != nil {
				return err
			}
			if l.Status != db.ListingActive && l.Status != db.ListingDraft || !v.store.Sends(location) {
				v.left(row{listing: l}, "It is no longer on sale in the shop, so it is left as it is.")
				continue
			}
			rows = append(rows, row{listing: l, location: location, dirty: db.Dirty{Gen: gen}, want: s.before})
		}
		return nil
	})
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.spot(), b.spot()) })
	if v.caps.PushWholeParent {
		rows = keepTogether(rows, func(r row) string { return r.listing.Parent })
	}
	return rows, err
}

// sendBack writes the numbers from before. Each listing is marked first: once sending goes on it is brought back to the
// number of the books, and a write nobody confirmed is read before anything else.
func (v *visit) sendBack(ctx context.Context, back []verdict) error {
	p := &pushing{visit: v, readings: map[string]*int64{}, gens: map[string]uint64{}}
	for _, batch := range batches(back, v.caps) {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := v.update(func(tx *db.Tx) error {
			for _, w := range batch {
				if err := ledger.MarkSpot(tx, v.store, w.spot(), db.ByShop); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := p.send(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

package engine

import (
	"context"
	"errors"
	"slices"

	"evenstock/backend/db"
	"evenstock/backend/ledger"
)

// Drift reads a store and reports the listings whose number differs from what it should be. Nothing is adopted.
func (e *Engine) Drift(ctx context.Context, id uint32) (Rehearsal, error) {
	var out Rehearsal
	err := e.inspect(ctx, id, db.RunSync, func(ctx context.Context, v *visit) error {
		rows, err := v.linkedRows()
		if err != nil {
			return err
		}
		p := preview{}
		if p.has, err = v.readAll(ctx, rows); err != nil {
			return err
		}
		if out, err = v.rehearsal(ctx, p, TurnOn{}); err != nil {
			return err
		}
		out.Rows = slices.DeleteFunc(out.Rows, func(r RehearsalRow) bool { return !r.Changes() })
		out.Totals = total(out.Rows)
		return v.stampDrift(&out)
	})
	return out, err
}

// stampDrift keeps since when each listing differs.
func (v *visit) stampDrift(r *Rehearsal) error {
	differs := map[string][]int{}
	for i, row := range r.Rows {
		differs[row.Listing] = append(differs[row.Listing], i)
	}
	now := v.l.e.now().UnixMilli()
	var moved []string
	err := v.view(func(tx *db.Tx) error {
		for l := range tx.Listings(v.l.id) {
			since := l.DriftSince
			if since == 0 {
				since = now
			}
			for _, i := range differs[l.Ref] {
				r.Rows[i].Since = &since
			}
			if (l.DriftSince != 0) != (len(differs[l.Ref]) > 0) {
				moved = append(moved, l.Ref)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(v, moved, func(tx *db.Tx, ref string) error {
		l, err := tx.Listing(v.l.id, ref)
		if err != nil {
			return err
		}
		if l.DriftSince = 0; len(differs[ref]) > 0 {
			l.DriftSince = now
		}
		return tx.PutListing(l)
	})
}

// inspect does a piece of reading for a person, holding the lane, without keeping a run. It shows as a run of that kind.
func (e *Engine) inspect(ctx context.Context, id uint32, kind string, do work) error {
	l, err := e.laneOf(id)
	if err != nil {
		return err
	}
	if err := l.acquire(ctx, acquireWait); err != nil {
		return err
	}
	defer l.release()
	s, err := l.ready(false)
	if err != nil {
		return err
	}
	ctx, end := l.work(ctx)
	defer end()
	v, err := l.visit(s, kind)
	if err != nil {
		return explain(s, err)
	}
	defer l.progress.end()
	err = do(ctx, v)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return explain(s, &stopped{"Stopped. Nothing was sent."})
	}
	return l.noted(s, err)
}

// FixDrift writes our number to the listings of the SKUs, or to all that differ when skus is nil. The person has seen
// the rows, so the safety catch lets them pass.
func (e *Engine) FixDrift(ctx context.Context, id uint32, skus []string) (db.Run, error) {
	var refs []row
	wanted := setOf(skus)
	return e.manual(ctx, id, db.RunSync, true, func(l *lane) work {
		return func(ctx context.Context, v *visit) error {
			if err := v.passBarrier(ctx); err != nil {
				return err
			}
			rows, err := v.countedRows("")
			if err != nil {
				return err
			}
			refs = slices.DeleteFunc(rows, func(r row) bool { return skus != nil && !wanted[r.listing.SKU] })
			if err := v.pullOrders(ctx, false); err != nil {
				return err
			}
			read, err := v.readAll(ctx, refs)
			if err != nil {
				return err
			}
			if err := v.markDifferent(ctx, refs, read); err != nil {
				return err
			}
			return v.pushUntilAgreed(ctx)
		}
	})
}

func (v *visit) markDifferent(ctx context.Context, rows []row, read map[string]*int64) error {
	return inSteps(ctx, v.l, phaseCompare, rows, func(tx *db.Tx, r row) error {
		has, ok := read[r.spot()]
		if !ok {
			return nil
		}
		now, pushable, err := v.rowOf(tx, r.spot(), r.dirty)
		if err != nil {
			return err
		}
		if !pushable || v.proves(now, *has) {
			v.run.AlreadyRight++
			v.run.Checked++
			return nil
		}
		return errors.Join(approve(tx, v.l.id, r.listing.SKU), ledger.MarkSpot(tx, v.store, r.spot(), db.ByShop))
	})
}

func approve(tx *db.Tx, store uint32, sku string) error {
	return tx.PutApproval(store, sku, tx.Now()+approvalLasts.Milliseconds())
}

// Held lists what the safety catch holds back in a store.
func (e *Engine) Held(id uint32) (Rehearsal, error) {
	out := Rehearsal{Rows: []RehearsalRow{}}
	err := e.o.DB.View(func(tx *db.Tx) error {
		s, err := tx.Store(id)
		if errors.Is(err, db.ErrNotFound) {
			return &Error{Code: CodeNotFound, Message: "There is no such store."}
		}
		if err != nil {
			return err
		}
		out.Store = s.Name
		for spot, d := range tx.DirtyOf(id) {
			if d.Held == "" {
				continue
			}
			ref, location := db.SplitSpot(spot)
			l, err := tx.Listing(id, ref)
			if err != nil {
				return err
			}
			aim, _, _, err := tx.AimOf(s, l, location, e.MaxQuantity(id))
			if err != nil {
				return err
			}
			row := rowFor(s, l, location)
			row.becomes(d.Has, aim.Want)
			row.Why, row.Since = d.Held, &d.Since
			out.Rows = append(out.Rows, row)
		}
		return nil
	})
	out.Totals = total(out.Rows)
	return out, err
}

// Approve lets held rows pass the safety catch for 24 hours and sends them; nil skus means all.
func (e *Engine) Approve(ctx context.Context, id uint32, skus []string) (db.Run, error) {
	_, err := e.decideHeld(ctx, id, skus, func(tx *db.Tx, r RehearsalRow, d db.Dirty) error {
		if err := approve(tx, id, r.SKU); err != nil {
			return err
		}
		d.Held = ""
		return tx.PutDirty(id, r.spot(), d)
	})
	if err != nil {
		return db.Run{}, err
	}
	return e.Sync(ctx, id)
}

// Drop leaves held rows as they are in the shop until their next change, a hard refresh or the user's release. It
// returns how many; nil skus means all.
func (e *Engine) Drop(ctx context.Context, id uint32, skus []string) (int, error) {
	return e.decideHeld(ctx, id, skus, func(tx *db.Tx, r RehearsalRow, d db.Dirty) error {
		d.Held, d.Left = "", true
		return tx.PutDirty(id, r.spot(), d)
	})
}

// decideHeld decides about held rows, each for itself: what was decided before an error stays decided.
func (e *Engine) decideHeld(ctx context.Context, id uint32, skus []string, decide func(*db.Tx, RehearsalRow, db.Dirty) error) (int, error) {
	held, err := e.Held(id)
	if err != nil {
		return 0, err
	}
	n, wanted := 0, setOf(skus)
	err = inPieces(ctx, e, held.Rows, func(tx *db.Tx, r RehearsalRow) error {
		if skus != nil && !wanted[r.SKU] {
			return nil
		}
		d, err := tx.Dirty(id, r.spot())
		if errors.Is(err, db.ErrNotFound) || err == nil && d.Held == "" {
			return nil
		}
		if err != nil {
			return err
		}
		n++
		return decide(tx, r, d)
	})
	if err == nil && n == 0 && skus != nil {
		err = &Error{Code: CodeNotFound, Store: held.Store, Message: "None of these SKUs is held."}
	}
	return n, err
}

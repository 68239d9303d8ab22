package engine

import (
	"context"
	"fmt"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/ledger"
)

// Track switches stock tracking on in the shop for listings with these SKUs, nil for all untracked ones, after the
// user's consent (L10). Number and switch travel in one call, so a listing never shows zero in between; a product that
// was never counted is therefore left alone.
func (e *Engine) Track(ctx context.Context, id uint32, skus []string) (db.Run, error) {
	return e.manual(ctx, id, db.RunSync, true, func(l *lane) work {
		return func(ctx context.Context, v *visit) error {
			tracker, ok := v.shop.(channel.Tracker)
			if !ok {
				return &Error{Code: CodeInvalid, Store: v.store.Name, Message: "Stock tracking cannot be switched on from here in this kind of shop."}
			}
			allowed, err := v.mayPush()
			if err != nil {
				return err
			}
			if !allowed {
				return &Error{Code: CodeHeld, Store: v.store.Name, Message: "Sending is paused. Let it go on, then switch tracking on."}
			}
			if err := v.pullOrders(ctx, false); err != nil {
				return err
			}
			for _, listing := range v.untracked(skus) {
				if err := v.trackOne(ctx, tracker, listing); err != nil {
					return err
				}
			}
			return nil
		}
	})
}

func (v *visit) untracked(skus []string) []db.Listing {
	var out []db.Listing
	wanted := setOf(skus)
	_ = v.view(func(tx *db.Tx) error {
		for l := range tx.Listings(v.l.id) {
			if !l.Tracked && !l.Gone && !l.Shared && l.Item != 0 && (skus == nil || wanted[l.SKU]) {
				out = append(out, l)
			}
		}
		return nil
	})
	return out
}

func (v *visit) trackOne(ctx context.Context, tracker channel.Tracker, l db.Listing) error {
	var want int64
	var sendable bool
	var why string
	where := v.store.Where()
	if len(where) == 0 {
		return v.notLinked()
	}
	location := where[0] // the others follow with the next push
	err := v.view(func(tx *db.Tx) error {
		stock, err := tx.Offer(v.store, location, l.Item)
		available, counted := stock.Available()
		tracked := l
		tracked.Tracked = true
		sendable, why = db.Pushable(v.store, tracked, counted)
		want = v.store.Target(l, available, v.caps.MaxQuantity)
		return err
	})
	if err != nil {
		return err
	}
	v.run.Checked++
	if !sendable {
		v.run.Refused++
		v.refuse(l.SKU, l.Ref, CodeUnset, why)
		return nil
	}
	err = tracker.Track(ctx, channel.StockLevel{Listing: l.Ref, Parent: l.Parent, Location: location, Available: want,
		Key: fmt.Sprintf("%d/%s/track", v.l.id, l.Ref)})
	if err != nil {
		if kind := channel.KindOf(err); kind != channel.Invalid && kind != channel.Missing {
			return err
		}
		v.run.Refused++
		v.refuse(l.SKU, l.Ref, CodeInvalid, explain(v.store, err).Message)
		return nil
	}
	v.run.Written++
	return v.update(func(tx *db.Tx) error {
		l.Tracked, l.Quantity, l.ReadAt = true, &want, tx.Now()
		if location != "" {
			l.Quantity = nil
		}
		if err := tx.PutPushed(v.l.id, db.Spot(l.Ref, location), db.Pushed{Value: want, Expect: want, At: tx.Now()}); err != nil {
			return err
		}
		if err := tx.PutWrite(l.Item, db.Write{At: tx.Now(), Store: v.l.id, Ref: l.Ref, Where: location, Sent: want, Outcome: "written"}); err != nil {
			return err
		}
		if err := tx.PutListing(l); err != nil || len(where) == 1 {
			return err
		}
		return ledger.MarkListing(tx, db.Link{Store: v.l.id, Ref: l.Ref}, db.ByLink)
	})
}

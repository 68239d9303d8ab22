package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// send writes one batch and notes what the shop said to each listing. A batch the shop refuses as a whole is halved
// until the listing at fault stands alone (I9).
func (p *pushing) send(ctx context.Context, batch []verdict) error {
	levels := make([]channel.StockLevel, len(batch))
	for i, w := range batch {
		levels[i] = channel.StockLevel{Listing: w.listing.Ref, Parent: w.listing.Parent, Location: w.location, Available: w.want, Expect: w.has,
			Key: strings.TrimSuffix(fmt.Sprintf("%d/%s/%d/%s", p.l.id, w.listing.Ref, w.dirty.Gen, w.location), "/")}
	}
	results, err := p.shop.PushStock(ctx, levels)
	switch {
	case err == nil && len(results) == len(batch):
		return p.answered(batch, results)
	case err == nil:
		err = &channel.Error{Kind: channel.Transient, Op: "send numbers", Code: channel.CodeBadAnswer}
	case ctx.Err() == nil && channel.KindOf(err) == channel.Invalid:
		if len(batch) == 1 {
			return p.answered(batch, []channel.Result{{Err: err}})
		}
		half := p.half(batch)
		if half == 0 { // a parent's listings are at fault together
			results := make([]channel.Result, len(batch))
			for i := range results {
				results[i].Err = err
			}
			return p.answered(batch, results)
		}
		if err := p.send(ctx, batch[:half]); err != nil {
			return err
		}
		return p.send(ctx, batch[half:])
	}
	return errors.Join(err, p.unknown(batch))
}

// half is where a batch is cut: in the middle, or where the next parent begins; 0 where it is all one parent's.
func (p *pushing) half(batch []verdict) int {
	parent := func(i int) string { return batch[i].listing.Parent }
	n := len(batch) / 2
	if !p.caps.PushWholeParent {
		return n
	}
	cut := func(i int) bool { return parent(i) == "" || parent(i) != parent(i-1) }
	for d := 0; d <= n; d++ {
		if i := n - d; i > 0 && cut(i) {
			return i
		}
		if i := n + d; i < len(batch) && cut(i) {
			return i
		}
	}
	return 0
}

// unknown notes that nobody knows whether a batch arrived: it is read before anything else is sent.
func (p *pushing) unknown(batch []verdict) error {
	p.run.Pending += int64(len(batch))
	return each(p.visit, batch, func(tx *db.Tx, w verdict) error {
		return p.amend(tx, w.row, func(d *db.Dirty) error {
			d.Unknown, d.Want = true, w.want
			d.Code, d.Message = "unknown_outcome", fmt.Sprintf("The shop did not confirm %d. It is read and, if need be, sent again; that does no harm.", w.want)
			return p.log(tx, w, "unknown")
		})
	})
}

// answered notes the shop's answer to every listing of a batch.
func (p *pushing) answered(batch []verdict, results []channel.Result) error {
	_, err := p.l.e.o.DB.InPieces(context.Background(), p.l.e.now, len(batch), func(tx *db.Tx, i int) error {
		if err := p.answer(tx, batch[i], results[i]); err != nil {
			return fmt.Errorf("listing %s: %w", batch[i].listing.Ref, err)
		}
		return nil
	})
	return err
}

func (p *pushing) answer(tx *db.Tx, w verdict, res channel.Result) error {
	p.run.Checked++
	if res.Err == nil && res.Pending != "" {
		return p.accepted(tx, w, res.Pending)
	}
	if res.Err == nil {
		p.wrote = true
		p.run.Written++
		want := w.want
		p.readings[w.spot()] = &want
		if err := p.log(tx, w, "written"); err != nil {
			return err
		}
		return p.acknowledge(tx, w.row, w.want, &w.want)
	}
	switch channel.KindOf(res.Err) {
	case channel.Stale:
		p.again = true
		delete(p.readings, w.spot())
		return nil
	case channel.Missing:
		p.run.Refused++
		p.refuse(w.listing.SKU, w.listing.Ref, channel.CodeMissing, fmt.Sprintf("%s no longer has this listing.", p.store.Name))
		l, err := tx.Listing(p.l.id, w.listing.Ref)
		if err != nil {
			return err
		}
		return errors.Join(p.log(tx, w, "refused"), vanish(tx, l))
	}
	p.run.Refused++
	return errors.Join(p.log(tx, w, "refused"), p.putOff(tx, w.row, res.Err))
}

// putOff keeps a listing's error with it and tries again later, without end (I9). It is no reason to stop the others.
func (v *visit) putOff(tx *db.Tx, r row, err error) error {
	return v.amend(tx, r, func(d *db.Dirty) error {
		failure := explain(v.store, err)
		d.Fails++
		d.NotBefore = tx.Now() + v.l.e.backoff(d.Fails).Milliseconds()
		d.Code, d.Message, d.Want = failure.Code, failure.Message, r.want
		v.refuse(r.listing.SKU, r.listing.Ref, d.Code, d.Message)
		return nil
	})
}

// amend changes a row's mark; one that is gone stays gone, and change is not called.
func (v *visit) amend(tx *db.Tx, r row, change func(*db.Dirty) error) error {
	d, err := tx.Dirty(v.l.id, r.spot())
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(change(&d), tx.PutDirty(v.l.id, r.spot(), d))
}

// log appends to the product's push history.
func (p *pushing) log(tx *db.Tx, w verdict, outcome string) error {
	return tx.PutWrite(w.listing.Item, db.Write{At: tx.Now(), Store: p.l.id, Ref: w.listing.Ref, Where: w.location, Before: w.has,
		Sent: w.want, Away: w.away, Outcome: outcome})
}

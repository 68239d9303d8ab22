package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/ledger"
)

// RefreshInventory is M2: every counted listing is read afresh and written where it differs. It is possible once in
// four hours; one that broke off goes on where it stopped.
func (e *Engine) RefreshInventory(ctx context.Context, id uint32) (db.Run, error) {
	return e.hard(ctx, id, db.RunInventoryRefresh, "inventory", true,
		func(l *db.Lane) *db.HardRefresh { return &l.Inventory }, (*lane).refreshInventory)
}

// RefreshListings is M4: all listings are pulled. It is possible once in four hours.
func (e *Engine) RefreshListings(ctx context.Context, id uint32) (db.Run, error) {
	return e.hard(ctx, id, db.RunListingsRefresh, "listings", false,
		func(l *db.Lane) *db.HardRefresh { return &l.Listings }, (*lane).refreshListings)
}

// hardWork is a hard refresh under way. first is called when the store gives its first answer: from then on it counts.
type hardWork func(l *lane, ctx context.Context, v *visit, from string, first func(cursor string) error) error

func (e *Engine) hard(ctx context.Context, id uint32, kind, what string, needsOn bool,
	stamp func(*db.Lane) *db.HardRefresh, do hardWork) (db.Run, error) {
	l, err := e.laneOf(id)
	if err != nil {
		return db.Run{}, err
	}
	if err := l.acquire(ctx, acquireWait); err != nil {
		return db.Run{}, err
	}
	defer l.release()
	s, err := l.ready(needsOn)
	if err != nil {
		return db.Run{}, err
	}
	var lane db.Lane
	if err := e.o.DB.View(func(tx *db.Tx) (err error) { lane, err = tx.Lane(id); return err }); err != nil {
		return db.Run{}, err
	}
	ctx, end := l.work(ctx)
	defer end()
	stamps, err := l.admit(ctx, s, *stamp(&lane), what)
	if err != nil {
		return db.Run{}, err
	}
	run := l.perform(ctx, s, kind, true, func(ctx context.Context, v *visit) error {
		if needsOn {
			if err := v.passBarrier(ctx); err != nil {
				return err
			}
		}
		keep := func(cursor string) error {
			stamps.Cursor = cursor
			return v.stamp(func(x *db.Lane) {
				*stamp(x) = stamps
				if skew, ok := skewOf(stamps); ok {
					x.Skew = skew
				}
			})
		}
		if err := do(l, ctx, v, stamps.Cursor, keep); err != nil {
			return err
		}
		stamps.Broken = false
		return keep("")
	})
	return run, nil
}

func (l *lane) refreshListings(ctx context.Context, v *visit, _ string, first func(string) error) error {
	v.firstAnswer = func() error { return first("") }
	return l.sweepListings(ctx, v)
}

// refreshInventory reads the number of every counted listing, marks those that differ and pushes them. The marks are
// kept, so nothing read is lost when it breaks off.
func (l *lane) refreshInventory(ctx context.Context, v *visit, from string, first func(string) error) error {
	if err := v.pullOrders(ctx, false); err != nil {
		return err
	}
	if err := first(from); err != nil {
		return err
	}
	if err := l.rereadBooked(ctx, v); err != nil {
		return err
	}
	rows, err := v.countedRows(from)
	if err != nil {
		return err
	}
	v.compared = map[string]compared{}
	step := max(1, v.caps.ReadBatch)
	var checked, right int64
	for start := 0; start < len(rows); start += step {
		batch := rows[start:min(len(rows), start+step)]
		if !l.pulledWithin(l.e.every(v.store)) {
			if err := v.pullOrders(ctx, false); err != nil {
				return err
			}
		}
		same, err := v.compareBatch(ctx, batch)
		if err != nil {
			return err
		}
		checked, right = checked+int64(len(batch)), right+same
		if err := first(batch[len(batch)-1].spot()); err != nil {
			return err
		}
		l.progress.step(phaseNumbers, checked, int64(len(rows)), l.e.now())
	}
	v.run.AlreadyRight += right
	// What was sold while all of it was read is no difference.
	if len(v.compared) > 0 && !l.pulledWithin(v.caps.OrderFreshness) {
		if err := v.pullOrders(ctx, false); err != nil {
			return err
		}
	}
	if err := v.pushUntilAgreed(ctx); err != nil {
		return err
	}
	v.run.Checked = checked
	return v.stamp(func(x *db.Lane) { x.InventorySync = l.e.now().UnixMilli() })
}

// pushUntilAgreed pushes whatever is due, and waits for the listings that show fewer units than expected until two
// pulls agree: a person who asked for this waits for its end.
func (v *visit) pushUntilAgreed(ctx context.Context) error {
	for range agreeRounds {
		if err := v.pushMarked(ctx); err != nil {
			return err
		}
		at, err := v.agreesAt()
		if err != nil || at == 0 {
			return err
		}
		if err := v.l.e.o.Sleep(ctx, time.UnixMilli(at).Sub(v.l.e.now())); err != nil {
			return err
		}
	}
	return nil
}

// agreeRounds is enough for two agreeing pulls even if the number moves once in between.
const agreeRounds = 6

// agreesAt is when the last of the listings that wait for a second agreeing pull may be looked at, 0 when none does.
func (v *visit) agreesAt() (at int64, err error) {
	err = v.view(func(tx *db.Tx) error {
		for _, d := range tx.DirtyOf(v.l.id) {
			if d.Code == codeUnexplained && d.Held == "" && !d.Left {
				at = max(at, d.NotBefore)
			}
		}
		return nil
	})
	return at, err
}

// pushMarked pushes whatever is due now.
func (v *visit) pushMarked(ctx context.Context) error {
	rows, err := v.duePlan()
	if err != nil || len(rows) == 0 {
		return err
	}
	ok, err := v.mayPush()
	if err != nil {
		return err
	}
	if !ok {
		v.run.Pending += int64(len(rows))
		v.run.Note = "Sending is paused. What differs is sent as soon as you let it go on."
		return nil
	}
	return v.push(ctx, rows)
}

// countedRows returns every listing that has a number, beginning after a spot. They come in the order of their spots.
func (v *visit) countedRows(from string) ([]row, error) {
	var rows []row
	err := v.view(func(tx *db.Tx) error {
		for l := range tx.Listings(v.l.id) {
			if l.Item == 0 {
				continue
			}
			for _, location := range v.store.Where() {
				spot := db.Spot(l.Ref, location)
				if from != "" && spot <= from {
					continue
				}
				d, err := tx.Dirty(v.l.id, spot)
				if err != nil && err != db.ErrNotFound {
					return err
				}
				r, ok, err := v.rowOf(tx, spot, d)
				if err != nil {
					return fmt.Errorf("listing %s: %w", l.Ref, err)
				}
				if ok {
					rows = append(rows, r)
				}
			}
		}
		return nil
	})
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.spot(), b.spot()) })
	return rows, err
}

// compareBatch reads listings afresh and marks those whose number differs. It returns how many are right.
func (v *visit) compareBatch(ctx context.Context, batch []row) (int64, error) {
	read, err := v.read(ctx, batch)
	if err != nil {
		return 0, err
	}
	var right int64
	err = v.update(func(tx *db.Tx) error {
		for _, r := range batch {
			has, ok := read[r.spot()]
			if !ok {
				continue
			}
			now, pushable, err := v.rowOf(tx, r.spot(), r.dirty)
			if err != nil {
				return err
			}
			if !pushable || v.proves(now, *has) {
				right++
				continue
			}
			if err := ledger.MarkSpot(tx, v.store, r.spot(), db.ByForced); err != nil {
				return err
			}
			d, err := tx.Dirty(v.l.id, r.spot())
			if err != nil {
				return err
			}
			v.compared[r.spot()] = compared{*has, d.Gen}
		}
		return nil
	})
	return right, err
}

// compared is what a hard refresh read of a number that differed, and the mark it left. It counts as the reading from before
// the orders (I7), so that a large store is not read for that once more.
type compared struct {
	has int64
	gen uint64
}

// holdCompared keeps back what differs where that is more than the safety catch lets pass, before anything of it is sent. It
// returns the other rows.
func (v *visit) holdCompared(rows []row, guard *catch) (rest []row, err error) {
	if guard.tripped == "" {
		return rows, nil
	}
	var held []verdict
	for _, r := range rows {
		c, ok := v.compared[r.spot()]
		if !ok || r.applying() || max(0, c.has) == r.want || r.exempt(c.has) {
			rest = append(rest, r)
			continue
		}
		held = append(held, verdict{r, &c.has})
		delete(v.compared, r.spot())
	}
	for part := range slices.Chunk(held, pushSlice) {
		if err := v.keepBack(part, guard.tripped); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

package sim

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/db"
)

// saleDay is six stores, their customers, and what everybody knows of what was sold.
type saleDay struct {
	*testing.T
	r      *Rig
	rand   *rand.Rand
	events []event
	goods  []*saleProduct
	stores []*saleStore
	byRef  map[string]*purchase
	told   int // counts what the program was told
	keys   int

	over   [causes]int64
	oldest [causes]time.Duration
}

// saleProduct is what really lies on the shelf, and what is promised of it.
type saleProduct struct {
	sku           string
	inStock, open int64
	bought        []*purchase // in the order in which it was
}

func (p *saleProduct) left() int64 { return p.inStock - p.open }

// saleStore is a store as the program has dealt with it.
type saleStore struct {
	refs         []channel.Ref     // by product
	sent         map[int]sent      // the last number the store took, by product
	lost         map[int]time.Time // the last write of unknown outcome, by product
	failed, back time.Time         // the last call that failed, and the first complete look at orders after it

	orders, pushes, levels, sold, over, soldOut int64
}

// sent is a number that a store took.
type sent struct {
	told    int       // what the program had been told when it was sent
	at      time.Time // sent
	applied time.Time
}

// purchase is an order of one line.
type purchase struct {
	store, product int
	ref            string
	units          int64
	placed, shown  time.Time // shown: answers have it from then on
	told           int       // place among what the program was told, 0 for not yet
	toldAt         time.Time
	cancelled      time.Time
	gaveBack       int // the same of its cancelling
}

// out reports whether a store did not answer lately.
func (s *saleStore) out() bool { return s.failed.After(s.back) }

// cause is why a store offered a unit that was sold elsewhere.
type cause int

const (
	hidden    cause = iota // the order elsewhere is in no answer yet
	unread                 // its store was not asked since: at most one period
	unsent                 // it is booked, the store's number is on its way
	unapplied              // the store took the number and has not applied it
	rewritten              // the store itself sold it while a number was on its way to it
	returned               // the store put a cancelled order back on sale while more is promised than there is
	unreached              // one of the two stores does not answer
	causes
)

var causeNames = [causes]string{"not shown by its store yet", "not asked for yet", "booked and not sent yet", "taken and not applied yet",
	"given back by a number on its way", "put back by the store itself", "a store out of reach"}

func skuOf(p int) string { return fmt.Sprintf("SALE-%02d", p) }

// buy has a customer buy what a store shows.
func (d *saleDay) buy(store, product int) {
	shop, s, p := d.r.Shops[store], d.stores[store], d.goods[product]
	units := min(1+d.rand.Int64N(2), shop.Quantity(s.refs[product]))
	if units < 1 {
		s.soldOut++
		return
	}
	now := d.r.Clock.Now()
	o := &purchase{store: store, product: product, units: units, placed: now, shown: now}
	d.explain(o, units-max(0, p.left()))
	o.ref = shop.Sell(channeltest.Units{Ref: s.refs[product], Quantity: units})
	if d.rand.IntN(10) == 0 {
		hide := 10*time.Second + d.within(110*time.Second)
		o.shown = now.Add(hide)
		shop.Hide(o.ref, hide)
	}
	if waits, ok := shop.(paying); ok && faces[d.r.Kinds[store]].awaits && d.rand.IntN(5) == 0 {
		waits.Await(o.ref)
	}
	p.open, p.bought = p.open+units, append(p.bought, o)
	s.orders, s.sold = s.orders+1, s.sold+units
	d.byRef[d.name(store, o.ref)] = o
	if d.rand.IntN(25) == 0 {
		d.at(now.Add(5*time.Minute+d.within(30*time.Minute)), func() { d.cancel(o) })
	} else {
		d.at(now.Add(20*time.Minute+d.within(time.Hour)), func() { d.ship(o) })
	}
}

func (d *saleDay) name(store int, ref string) string { return fmt.Sprint(store, "/", ref) }

func (d *saleDay) ship(o *purchase) {
	d.r.Shops[o.store].Fulfil(o.ref)
	d.goods[o.product].open -= o.units
	d.goods[o.product].inStock -= o.units
}

func (d *saleDay) cancel(o *purchase) {
	d.r.Shops[o.store].Cancel(o.ref)
	d.goods[o.product].open -= o.units
	o.cancelled = d.r.Clock.Now()
}

// explain says why so many units of what is being bought are sold that nobody has: what was bought last explains the most.
func (d *saleDay) explain(o *purchase, over int64) {
	if over <= 0 {
		return
	}
	d.stores[o.store].over += over
	left := over
	for _, other := range slices.Backward(d.goods[o.product].bought) {
		why, age, ok := d.why(o, other)
		if !ok {
			continue
		}
		if why != unreached && age > d.most(why) {
			d.Errorf("%s: a unit was oversold in store %d because one sold in store %d %s ago was %s", skuOf(o.product), o.store, other.store, age, causeNames[why])
		}
		n := min(left, other.units)
		d.over[why] += n
		d.oldest[why] = max(d.oldest[why], age)
		if left -= n; left == 0 {
			return
		}
	}
	d.Errorf("%s: %d of %d units were oversold in store %d at %s, and nothing explains it", skuOf(o.product), left, over, o.store, o.placed.Format(time.TimeOnly))
}

// most is how long something may keep a store from showing what was sold.
func (d *saleDay) most(why cause) time.Duration {
	switch why {
	case hidden:
		return 2 * time.Minute
	case unapplied:
		return saleApplies + time.Minute // and it is a minute until the next look
	}
	return orderGap
}

// why says what keeps the store of a purchase from showing an earlier one, and for how long; false if nothing does.
func (d *saleDay) why(o, other *purchase) (why cause, age time.Duration, ok bool) {
	here, there := d.stores[o.store], d.stores[other.store]
	shows := here.sent[o.product]
	since := func(times ...time.Time) time.Duration { return o.placed.Sub(later(times...)) }
	switch {
	case !other.cancelled.IsZero():
		unseen := other.store == o.store && (other.gaveBack == 0 || shows.told < other.gaveBack)
		return returned, since(other.cancelled), unseen
	case other.store == o.store:
		overwritten := shows.applied.After(other.placed) && !shows.applied.After(o.placed) || here.lost[o.product].After(other.placed)
		return rewritten, since(shows.applied, here.lost[o.product]), overwritten && (other.told == 0 || shows.told < other.told)
	case other.told == 0 && other.shown.After(o.placed):
		return hidden, since(other.placed), true
	case other.told == 0 && there.out():
		return unreached, since(other.placed), true
	case other.told == 0:
		return unread, since(other.shown, there.back), true
	case shows.told < other.told && here.out():
		return unreached, since(other.toldAt), true
	case shows.told < other.told:
		return unsent, since(other.toldAt, here.back), true
	case shows.applied.After(o.placed):
		return unapplied, since(shows.at), true
	}
	return 0, 0, false
}

// saleWatch looks on at the calls to a store.
type saleWatch struct {
	channel.Store
	d *saleDay
	i int
}

func (d *saleDay) watch(i int, s channel.Store) channel.Store { return &saleWatch{s, d, i} }

func (w *saleWatch) store() *saleStore { return w.d.stores[w.i] }

// leave notes a call that failed.
func (w *saleWatch) leave(err error) {
	if err != nil {
		w.store().failed = w.d.r.Clock.Now()
	}
}

func (w *saleWatch) Locations(ctx context.Context) ([]channel.Location, error) {
	return w.Store.(channel.Locator).Locations(ctx)
}

func (w *saleWatch) StoreTime(ctx context.Context) (time.Time, error) {
	return w.Store.(channel.Clock).StoreTime(ctx)
}

func (w *saleWatch) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	w.d.happen()
	readings, err := w.Store.ReadStock(ctx, refs)
	w.leave(err)
	return readings, err
}

func (w *saleWatch) Settle(ctx context.Context, handles []string) ([]channel.Result, error) {
	w.d.happen()
	results, err := w.Store.(channel.Settler).Settle(ctx, handles)
	w.leave(err)
	return results, err
}

func (w *saleWatch) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	return func(yield func(channel.Page[channel.Order], error) bool) {
		w.d.happen()
		for page, err := range w.Store.ListOrders(ctx, since) {
			if w.leave(err); !yield(page, err) || err != nil {
				return
			}
			w.tell(page.Items)
		}
		if w.store().out() {
			w.store().back = w.d.r.Clock.Now()
		}
	}
}

// tell notes that orders are booked.
func (w *saleWatch) tell(orders []channel.Order) {
	for _, told := range orders {
		o := w.d.byRef[w.d.name(w.i, told.Ref)]
		if o == nil {
			w.d.Fatalf("store %d shows order %s, which nobody placed", w.i, told.Ref)
		}
		if w.d.told++; o.told == 0 {
			o.told, o.toldAt = w.d.told, w.d.r.Clock.Now()
		}
		if !o.cancelled.IsZero() && o.gaveBack == 0 && !told.Updated.Before(o.cancelled.Truncate(time.Second)) {
			o.gaveBack = w.d.told
		}
	}
}

func (w *saleWatch) PushStock(ctx context.Context, batch []channel.StockLevel) ([]channel.Result, error) {
	w.d.happen()
	s, told, at := w.store(), w.d.told, w.d.r.Clock.Now()
	results, err := w.Store.PushStock(ctx, batch)
	w.leave(err)
	s.pushes++
	for i, level := range batch {
		product := slices.IndexFunc(s.refs, func(r channel.Ref) bool { return r.Listing == level.Listing })
		now := w.d.r.Clock.Now()
		switch {
		case err != nil:
			s.lost[product] = now
		case results[i].Err != nil:
		case results[i].Pending != "":
			s.levels++
			s.sent[product] = sent{told, at, now.Add(saleApplies)}
		default:
			s.levels++
			s.sent[product] = sent{told, at, now}
		}
	}
	return results, err
}

// rest lets the evening come and checks that everything is even.
func (d *saleDay) rest() {
	for _, shop := range d.r.Shops {
		shop.(clearing).ClearFaults()
	}
	d.r.Cycle(75 * time.Minute) // a back-off is over, and the orders are read again
	for product, p := range d.goods {
		if s := d.r.Stock(p.sku); s.OnHand != p.inStock || s.Booked != p.open {
			d.Errorf("%s: %d in stock, %d booked, want %d, %d", p.sku, s.OnHand, s.Booked, p.inStock, p.open)
		}
		for i, shop := range d.r.Shops {
			if got := shop.Quantity(d.stores[i].refs[product]); got != max(0, p.left()) {
				d.Errorf("%s shows %d in store %d, %d are left", p.sku, got, i, p.left())
			}
		}
	}
	d.r.Verify()
}

// report says in some lines how it went.
func (d *saleDay) report(lasts time.Duration) (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	var sold, over int64
	say("%-12s %6s %6s %6s %9s %6s %8s %8s %8s", "store", "orders", "units", "over", "sold out", "calls", "writes", "numbers", "refused")
	for i, s := range d.stores {
		sold, over = sold+s.sold, over+s.over
		shop := d.r.Shops[i]
		say("%-12s %6d %6d %6d %9d %6d %8d %8d %8d", d.r.Kinds[i], s.orders, s.sold, s.over, s.soldOut, shop.Calls(channeltest.AnyCall), s.pushes, s.levels, throttled(shop))
	}
	var why []string
	for c, n := range d.over {
		if n > 0 {
			why = append(why, fmt.Sprintf("%d %s (%s at most)", n, causeNames[c], d.oldest[c].Round(time.Second)))
		}
	}
	say("%s of sale: %d units sold, %d oversold: %s", lasts, sold, over, strings.Join(why, ", "))
	runs := map[string]int{}
	_ = d.r.DB.View(func(tx *db.Tx) error {
		for run := range tx.Runs() {
			runs[run.Outcome]++
		}
		return nil
	})
	say("runs: %v", runs)
	return lines
}

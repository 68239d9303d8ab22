package db

import (
	"errors"
	"fmt"
)

// maxDifferences bounds the differences a Report spells out; a person reads the first few.
const maxDifferences = 200

// progressEvery is the number of records between two calls of a progress function.
const progressEvery = 20_000

// Report is what [DB.Verify] found.
type Report struct {
	Movements   int          `json:"movements"`
	Products    int          `json:"products"`
	Listings    int          `json:"listings"`
	Orders      int          `json:"orders"`
	Lines       int          `json:"lines"`
	Total       int          `json:"total"`       // differences found
	Differences []Difference `json:"differences"` // the first 200 of them
}

// OK reports whether the books add up.
func (r Report) OK() bool { return r.Total == 0 }

// Difference is one thing in the books that contradicts another.
type Difference struct {
	Code    string `json:"code"`    // sequence, chain, balance, booking, stock, history, sku, links, order, placed, unmatched, booked, account, listing, counter, warehouse, store, record
	Message string `json:"message"` // a sentence
}

// Err is nil when the books add up, otherwise an error that names the first difference.
func (r Report) Err() error {
	if r.OK() {
		return nil
	}
	return fmt.Errorf("%d differences, the first: %s", r.Total, r.Differences[0].Message)
}

// Progress is told how many records of a part ("movements", "orders" …) were read. It must be quick.
type Progress func(part string, n int)

// Verify recomputes everything that can be recomputed and compares: the sequence and chain of the movements, every
// running balance, the projections and indexes, and the bookings against the open units of the order lines. It reads one
// moment, changes nothing and may run while the database is in use. The error is about reading; differences are in the Report.
func (db *DB) Verify(progress Progress) (Report, error) {
	c, err := db.check(progress)
	return c.report, err
}

// check is Verify with what would mend the differences.
func (db *DB) check(progress Progress) (*checker, error) {
	c := &checker{progress: progress, place: map[Place]*sums{}, open: map[booking]int64{}}
	c.report.Differences = []Difference{}
	if c.progress == nil {
		c.progress = func(string, int) {}
	}
	err := db.View(func(tx *Tx) error {
		c.tx = tx
		parts := []func() error{c.records, c.movements, c.stock, c.history, c.products, c.listings, c.orders, c.bookings,
			c.counters, c.accounts, c.marks}
		for _, part := range parts {
			if err := part(); err != nil {
				return fmt.Errorf("verify: %w", err)
			}
		}
		return nil
	})
	c.tx = nil
	return c, err
}

// checker is one verification on its way.
type checker struct {
	tx       *Tx
	report   Report
	progress Progress
	fixes    []fix
	unsound  bool // a primary record is damaged, so nothing can be recomputed from it

	last  uint64            // newest sequence number
	items []uint64          // product of movement i+1
	place map[Place]*sums   // running sums
	open  map[booking]int64 // units booked by movements and not released yet
}

// fix mends one difference of a derived record: set key to value, or delete it when value is nil and drop is true.
type fix struct {
	key, value []byte
	drop       bool
}

func (c *checker) differ(code, format string, args ...any) {
	c.report.Total++
	if len(c.report.Differences) < maxDifferences {
		c.report.Differences = append(c.report.Differences, Difference{code, fmt.Sprintf(format, args...)})
	}
}

// records looks at every key and value: known kind, readable.
func (c *checker) records() error {
	n := 0
	for item, value := range c.tx.walk(nil, true) {
		if n++; n%progressEvery == 0 {
			c.progress("records", n)
		}
		k := item.KeyCopy(nil)
		kd, ok := kindOf(k)
		if !ok {
			c.differ("record", "There is a record of a kind that this version does not know (%q).", k)
			continue
		}
		v, err := value()
		if err == nil {
			_, err = kd.parts(k)
		}
		if err == nil {
			_, err = kd.read(k, v)
		}
		if err != nil {
			c.unreadable(kd, k, err)
		}
	}
	c.progress("records", n)
	return nil
}

func (c *checker) unreadable(kd kind, k []byte, err error) {
	c.differ("record", "A %s record (%q) cannot be read: %v.", kd.name, k, err)
	switch kd.tag {
	case tagMovement, tagItem, tagListing, tagOrder, tagLine, tagStore:
		c.unsound = true
	case tagLinks, tagHistory:
		c.fixes = append(c.fixes, fix{key: k, drop: true}) // and made anew by their own check
	}
}

// eachRecord decodes what can be decoded below a tag; the rest was reported by [checker.records].
func eachRecord[T any](c *checker, tag byte, part string, fn func(k []byte, rec T) error) error {
	n := 0
	for item, value := range c.tx.walk([]byte{tag}, true) {
		if n++; n%progressEvery == 0 {
			c.progress(part, n)
		}
		v, err := value()
		if err != nil {
			return err
		}
		k := item.KeyCopy(nil)
		var rec T
		if !wellFormed(k) || decode(v, &rec) != nil {
			continue
		}
		if err := fn(k, rec); err != nil {
			return err
		}
	}
	c.progress(part, n)
	return nil
}

// compare holds the stored keys of a derived kind against those it should have; say makes the sentence about one, with
// "" for what is not there.
func (c *checker) compare(code string, tag byte, want map[string][]byte, say func(k []byte, has, want []byte) string) error {
	for item, value := range c.tx.walk([]byte{tag}, true) {
		k := item.KeyCopy(nil)
		v, err := value()
		if err != nil {
			return err
		}
		should, ok := want[string(k)]
		delete(want, string(k))
		switch {
		case !wellFormed(k): // reported as a record
			c.fixes = append(c.fixes, fix{key: k, drop: true})
		case !ok:
			c.differ(code, "%s", say(k, v, nil))
			c.fixes = append(c.fixes, fix{key: k, drop: true})
		case string(should) != string(v):
			c.differ(code, "%s", say(k, v, should))
			c.fixes = append(c.fixes, fix{key: k, value: should})
		}
	}
	for k, should := range want {
		c.differ(code, "%s", say([]byte(k), nil, should))
		c.fixes = append(c.fixes, fix{key: []byte(k), value: should})
	}
	return nil
}

func wellFormed(k []byte) bool {
	kd, ok := kindOf(k)
	if !ok {
		return false
	}
	_, err := kd.parts(k)
	return err == nil
}

// exists reports whether a record is there, readable or not.
func (c *checker) exists(k []byte) (bool, error) { return c.tx.has(k) }

// missing is err without ErrNotFound, which a check handles itself.
func missing(err error) (bool, error) {
	if errors.Is(err, ErrNotFound) {
		return true, nil
	}
	return false, err
}

package db

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/dgraph-io/badger/v4"
	"github.com/google/go-cmp/cmp"

	"evenstock/backend/domain"
)

func dumped1(t *testing.T, d *DB) string {
	t.Helper()
	var b bytes.Buffer
	must(t, d.Dump(&b))
	return b.String()
}

// raw changes the database behind the back of its own functions.
func raw(t *testing.T, d *DB, fn func(*badger.Txn) error) {
	t.Helper()
	must(t, d.badger.Update(fn))
}

type pair struct{ k, v []byte }

func pairs(t *testing.T, d *DB, tag byte) (out []pair) {
	t.Helper()
	must(t, d.View(func(tx *Tx) error {
		for k, v := range tx.scan([]byte{tag}, nil, true) {
			out = append(out, pair{k, v})
		}
		return nil
	}))
	if len(out) == 0 {
		t.Fatalf("the sample has no record of kind %q", tag)
	}
	return out
}

func TestVerifyOfSoundBooks(t *testing.T) {
	d := memory(t)
	sample(t, d)
	parts := map[string]bool{}
	r, err := d.Verify(func(part string, n int) { parts[part] = true })
	must(t, err)
	want := Report{Movements: 8, Products: 3, Listings: 6, Orders: 4, Lines: 5, Differences: []Difference{}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	if !parts["movements"] || !parts["lines"] {
		t.Errorf("progress named %v", parts)
	}
}

// TestEveryFlippedByteIsFound flips one bit in every byte of every derived key and value, one at a time.
func TestEveryFlippedByteIsFound(t *testing.T) {
	d := memory(t)
	sample(t, d)
	before := dumped1(t, d)
	for _, tag := range []byte{tagStock, tagHistory, tagSKU, tagPlaced, tagUnmatched, tagBooked, tagAccount, tagLinks} {
		for _, p := range pairs(t, d, tag) {
			for i := range p.v {
				bad := bytes.Clone(p.v)
				bad[i] ^= 0x04
				raw(t, d, func(txn *badger.Txn) error { return txn.Set(p.k, bad) })
				foundAndRebuilt(t, d, before, "value", p, i)
			}
			for i := range p.k[1:] {
				bad := bytes.Clone(p.k)
				bad[i+1] ^= 0x04
				raw(t, d, func(txn *badger.Txn) error {
					must(t, txn.Delete(p.k))
					return txn.Set(bad, p.v)
				})
				foundAndRebuilt(t, d, before, "key", p, i+1)
			}
		}
	}
}

// foundAndRebuilt is Verify and Rebuild in one, without looking twice.
func foundAndRebuilt(t *testing.T, d *DB, before, what string, p pair, i int) {
	t.Helper()
	c, err := d.check(nil)
	must(t, err)
	if c.report.OK() {
		t.Fatalf("byte %d of the %s at %q was flipped and not found", i, what, p.k)
	}
	update(t, d, func(tx *Tx) error {
		for _, f := range c.fixes {
			must(t, tx.apply(f))
		}
		return nil
	})
	if p.k[0] == tagLinks { // the order of a product's listings is kept nowhere else
		verified(t, d)
		return
	}
	if after := dumped1(t, d); after != before {
		t.Fatalf("byte %d of the %s at %q: rebuilt books differ: %s", i, what, p.k, cmp.Diff(before, after))
	}
}

func TestRebuildWithoutAnyDerivedRecord(t *testing.T) {
	d := memory(t)
	sample(t, d)
	before := dumped1(t, d)
	update(t, d, func(tx *Tx) error {
		for _, tag := range []byte{tagStock, tagHistory, tagSKU, tagPlaced, tagUnmatched, tagBooked, tagAccount, tagLinks} {
			for k := range tx.scan([]byte{tag}, nil, false) {
				must(t, tx.del(k))
			}
		}
		return tx.set(key(tagMeta, "next/seq"), key(0, uint64(1))[1:])
	})
	if r, err := d.Verify(nil); err != nil || r.OK() {
		t.Fatalf("nothing was found: %v", err)
	}
	r, err := d.Rebuild(nil)
	must(t, err, r.Err())
	if diff := cmp.Diff(before, dumped1(t, d)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryFlippedByteOfAMovementIsFoundAndNotRebuilt(t *testing.T) {
	d := memory(t)
	sample(t, d)
	for _, p := range pairs(t, d, tagMovement)[:4] {
		for i := range p.v {
			bad := bytes.Clone(p.v)
			bad[i] ^= 0x01
			raw(t, d, func(txn *badger.Txn) error { return txn.Set(p.k, bad) })
			r, err := d.Verify(nil)
			must(t, err)
			if r.OK() {
				t.Fatalf("byte %d of movement %q was flipped and not found", i, p.k)
			}
		}
		if _, err := d.Rebuild(nil); !isKind(err, ErrBroken) {
			t.Fatalf("Rebuild over a damaged movement = %v, want ErrBroken", err)
		}
		raw(t, d, func(txn *badger.Txn) error { return txn.Set(p.k, p.v) })
	}
	verified(t, d)
}

// contradictions are ways in which books can stop adding up, and the code under which they are reported.
var contradictions = []struct {
	name, code string
	spoil      func(t *testing.T, tx *Tx)
}{
	{"a movement is gone", "sequence", func(t *testing.T, tx *Tx) { must(t, tx.del(key(tagMovement, uint64(2)))) }},
	{"a movement with an absurd number", "sequence", func(t *testing.T, tx *Tx) {
		m, err := tx.Movement(2)
		must(t, err, tx.put(key(tagMovement, uint64(1)<<60), m))
	}},
	{"a balance was tampered with and chained anew", "balance", func(t *testing.T, tx *Tx) {
		m, err := tx.Movement(1)
		must(t, err)
		m.OnHandAfter = 51
		m.Chain, err = chain(nil, m)
		must(t, err, tx.put(key(tagMovement, uint64(1)), m))
	}},
	{"units in stock of a product that was never counted", "balance", func(t *testing.T, tx *Tx) {
		append1(t, tx, Movement{Item: 3, Kind: domain.Adjusted, OnHand: 1}, false)
	}},
	{"an undo of a later change", "balance", func(t *testing.T, tx *Tx) {
		append1(t, tx, Movement{Item: 1, Kind: domain.Undone, OnHand: 1, Reverses: 99}, true)
	}},
	{"booked units without a line", "booking", func(t *testing.T, tx *Tx) {
		append1(t, tx, Movement{Item: 1, Kind: domain.Booked, Booked: 2}, true)
	}},
	{"a line released without a movement", "booking", func(t *testing.T, tx *Tx) {
		l, err := tx.Line(LineRef{1, "1001", "l1"})
		must(t, err)
		l.Now = Counts(l.Now.Domain().Closed())
		must(t, tx.PutLine(l))
	}},
	{"a header that states other open units", "order", func(t *testing.T, tx *Tx) {
		o, err := tx.Order(1, "1001")
		must(t, err)
		o.Open++
		must(t, tx.PutOrder(o))
	}},
	{"a line without its order", "order", func(t *testing.T, tx *Tx) { must(t, tx.del(key(tagOrder, uint32(1), "1001"))) }},
	{"a link that no listing has", "links", func(t *testing.T, tx *Tx) { must(t, tx.Link(1, Link{1, "nowhere"})) }},
	{"a listing that is not linked back", "links", func(t *testing.T, tx *Tx) { must(t, tx.Unlink(1, Link{1, "ref-1"})) }},
	{"a listing without its store", "listing", func(t *testing.T, tx *Tx) { must(t, tx.del(key(tagStore, uint32(2)))) }},
	{"a mark without a listing", "listing", func(t *testing.T, tx *Tx) { must(t, tx.PutDirty(1, "nowhere", Dirty{Gen: 1})) }},
	{"two products with one SKU", "sku", func(t *testing.T, tx *Tx) {
		must(t, tx.put(key(tagItem, uint64(9)), Item{SKU: "A-1"}))
	}},
	{"a counter that would give a number twice", "counter", func(t *testing.T, tx *Tx) {
		must(t, tx.set(key(tagMeta, "next/item"), key(0, uint64(2))[1:]))
	}},
	{"a key that leads beyond the ledger", "sequence", func(t *testing.T, tx *Tx) { must(t, tx.PutMint("k", "i", 4711)) }},
	{"a record of a kind nobody knows", "record", func(t *testing.T, tx *Tx) { must(t, tx.set([]byte("?x"), nil)) }},
	{"a record that cannot be read", "record", func(t *testing.T, tx *Tx) { must(t, tx.set(key(tagLane, uint32(1)), []byte{1, 0xff})) }},
	{"a note about a store that is not there", "store", func(t *testing.T, tx *Tx) { must(t, tx.PutNote(9, "limits", []byte("{}"))) }},
	{"a call of a store that is not there", "store", func(t *testing.T, tx *Tx) {
		_, err := tx.NewCall(9, "c", 10, 0)
		must(t, err)
	}},
	{"a counter that would tell of two things under one number", "counter", func(t *testing.T, tx *Tx) {
		must(t, tx.set(key(tagMeta, "next/notice"), key(0, uint64(0))[1:]))
	}},
	{"the main warehouse is gone", "warehouse", func(t *testing.T, tx *Tx) { must(t, tx.del(key(tagWarehouse, DefaultLoc))) }},
}

func TestVerifyFinds(t *testing.T) {
	for _, tt := range contradictions {
		t.Run(tt.name, func(t *testing.T) {
			d := memory(t)
			sample(t, d)
			update(t, d, func(tx *Tx) error { tt.spoil(t, tx); return nil })
			r, err := d.Verify(nil)
			must(t, err)
			for _, diff := range r.Differences {
				if diff.Code == tt.code {
					if !strings.HasSuffix(diff.Message, ".") {
						t.Errorf("%q is no sentence", diff.Message)
					}
					return
				}
			}
			t.Errorf("not found; differences: %+v", r.Differences)
		})
	}
}

func TestListingsOfARemovedStoreStayLinkedUnseen(t *testing.T) {
	d := memory(t)
	sample(t, d)
	update(t, d, func(tx *Tx) error {
		s, err := tx.Store(2)
		must(t, err)
		s.Removed = true
		_, err = tx.PutStore(s)
		return err
	})
	verified(t, d)
	must(t, d.View(func(tx *Tx) error {
		for item := range uint64(3) {
			links, err := tx.Links(item + 1)
			must(t, err)
			if slices.ContainsFunc(links, func(l Link) bool { return l.Store == 2 }) {
				t.Errorf("product %d is shown with a listing of a removed store: %v", item+1, links)
			}
		}
		return nil
	}))
}

func TestDifferencesAreCappedButCounted(t *testing.T) {
	d := memory(t)
	sample(t, d)
	update(t, d, func(tx *Tx) error {
		for n := range uint64(maxDifferences + 50) {
			must(t, tx.set(key(tagHistory, uint64(77), n+100), nil))
		}
		return nil
	})
	r, err := d.Verify(nil)
	must(t, err)
	if r.Total != maxDifferences+50 || len(r.Differences) != maxDifferences {
		t.Errorf("%d differences, %d spelled out", r.Total, len(r.Differences))
	}
}

func TestDumpShowsEveryRecordButSecrets(t *testing.T) {
	d := memory(t)
	sample(t, d)
	out := dumped1(t, d)
	for _, kd := range kinds {
		has := strings.Contains(out, `{"kind":"`+kd.name+`"`)
		if want := kd.tag != tagSecret; has != want {
			t.Errorf("dump has a %s record: %v, want %v", kd.name, has, want)
		}
	}
	if want := `{"kind":"stock","key":{"item":1,"loc":1},"value":{"OnHand":49,"Booked":4`; !strings.Contains(out, want) {
		t.Errorf("dump lacks %s:\n%s", want, out)
	}
	if strings.Contains(out, `"error"`) {
		t.Errorf("dump has unreadable records:\n%s", out)
	}
}

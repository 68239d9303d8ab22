package db

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"

	"evenstock/backend/domain"
)

// Item returns a product by id.
func (tx *Tx) Item(id uint64) (Item, error) {
	it, err := get[Item](tx, key(tagItem, id))
	it.ID = id
	return it, err
}

// ItemBySKU returns a product by its exact, trimmed SKU.
func (tx *Tx) ItemBySKU(sku string) (Item, error) {
	b, err := tx.raw(key(tagSKU, sku))
	if err != nil {
		return Item{}, err
	}
	return tx.Item(u64(b))
}

// PutItem writes a product and its SKU index; an ID of 0 makes a new one. It returns the product with its id.
func (tx *Tx) PutItem(it Item) (Item, error) {
	if it.ID == 0 {
		id, err := tx.next("next/item")
		if err != nil {
			return it, err
		}
		it.ID, it.Created = id, tx.Now()
	} else if old, err := tx.Item(it.ID); err != nil {
		return it, err
	} else if old.SKU != it.SKU {
		if err := tx.del(key(tagSKU, old.SKU)); err != nil {
			return it, err
		}
	}
	tx.touched.Items[it.ID] = true
	if err := tx.set(key(tagSKU, it.SKU), key(0, it.ID)[1:]); err != nil {
		return it, err
	}
	return it, tx.put(key(tagItem, it.ID), it)
}

// Items yields all products by id.
func (tx *Tx) Items() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for k, it := range each[Item](tx, key(tagItem), nil) {
			it.ID = u64(k[1:])
			if !yield(it) {
				return
			}
		}
	}
}

// Stock returns the projection of a product in a warehouse; the zero Stock, unset, where nothing ever moved.
func (tx *Tx) Stock(item uint64, loc uint32) (Stock, error) {
	return getOr[Stock](tx, key(tagStock, item, loc))
}

// PutStock writes a projection. Only [Tx.Append] and Rebuild have a reason to call it.
func (tx *Tx) PutStock(item uint64, loc uint32, s Stock) error {
	tx.touched.Items[item] = true
	return tx.put(key(tagStock, item, loc), s)
}

// Stocks yields all projections.
func (tx *Tx) Stocks() iter.Seq2[Place, Stock] {
	return func(yield func(Place, Stock) bool) {
		for k, s := range each[Stock](tx, key(tagStock), nil) {
			if !yield(Place{u64(k[1:]), u32(k[9:])}, s) {
				return
			}
		}
	}
}

// Place is a product in a warehouse.
type Place struct {
	Item uint64
	Loc  uint32
}

// Append writes a movement with the next sequence number, its history entry and the projection it leads to, and returns
// it complete. Chain, Seq, At and the After fields are set here; the caller sets the rest. counted is the state of the
// product after the movement.
func (tx *Tx) Append(m Movement, counted bool) (Movement, error) {
	s, err := tx.Stock(m.Item, m.Loc)
	if err != nil {
		return m, err
	}
	if err := tx.readTail(); err != nil {
		return m, err
	}
	s.OnHand += m.OnHand
	s.Booked += m.Booked
	if counted && !s.Counted {
		m.First = true
	}
	s.Counted = counted
	tx.seq++
	m.Seq, m.At = tx.seq, tx.Now()
	m.OnHandAfter, m.BookedAfter, m.CountedAfter = s.OnHand, s.Booked, counted
	if m.Chain, err = chain(tx.chain, m); err != nil {
		return m, err
	}
	tx.chain = m.Chain
	s.LastSeq, s.Changed = m.Seq, m.At
	if m.Establishes() {
		s.CountedAt, s.CopyStore, s.CopyAt = m.At, 0, 0
	}
	if m.Kind == domain.Copied {
		s.CopyStore, s.CopyAt = m.Cause.Store, m.AsOf
	}
	if err := tx.put(key(tagMovement, m.Seq), m); err != nil {
		return m, err
	}
	if err := tx.set(key(tagHistory, m.Item, m.Seq), nil); err != nil {
		return m, err
	}
	if err := tx.set(key(tagMeta, "next/seq"), key(0, m.Seq)[1:]); err != nil {
		return m, err
	}
	return m, tx.PutStock(m.Item, m.Loc, s)
}

func (tx *Tx) readTail() error {
	if tx.seq != 0 {
		return nil
	}
	seq, err := tx.number("next/seq")
	if err != nil || seq == 0 {
		return err
	}
	last, err := tx.Movement(seq)
	if err != nil {
		return fmt.Errorf("last movement %d: %w", seq, err)
	}
	tx.seq, tx.chain = seq, last.Chain
	return nil
}

// chain links a movement to the one before it, so that a changed or missing one is found.
func chain(prev []byte, m Movement) ([]byte, error) {
	m.Chain = nil
	b, err := encode(m)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append(bytes.Clone(prev), b...))
	return sum[:16], nil
}

// Movement returns one movement.
func (tx *Tx) Movement(seq uint64) (Movement, error) {
	return get[Movement](tx, key(tagMovement, seq))
}

// Movements yields all movements in order, beginning with from.
func (tx *Tx) Movements(from uint64) iter.Seq[Movement] {
	return func(yield func(Movement) bool) {
		for _, m := range each[Movement](tx, key(tagMovement), key(tagMovement, from)) {
			if !yield(m) {
				return
			}
		}
	}
}

// History returns the movements of a product in order.
func (tx *Tx) History(item uint64) ([]Movement, error) {
	var seqs []uint64
	for k := range tx.scan(key(tagHistory, item), nil, false) {
		seqs = append(seqs, u64(k[9:]))
	}
	out := make([]Movement, 0, len(seqs))
	for _, seq := range seqs {
		m, err := tx.Movement(seq)
		if err != nil {
			return nil, fmt.Errorf("movement %d: %w", seq, err)
		}
		out = append(out, m)
	}
	return out, nil
}

// LastSeq is the sequence number of the newest movement, 0 when there is none.
func (tx *Tx) LastSeq() (uint64, error) { return tx.number("next/seq") }

// ErrKeyReused says that a minted key came back with another input.
var ErrKeyReused = errors.New("this key was used for something else")

// Mint looks a key up. used is true, with the sequence number it led to, when the same key and input were seen before.
func (tx *Tx) Mint(minted, input string) (seq uint64, used bool, err error) {
	rec, err := get[Minted](tx, mintedKey(minted))
	if errors.Is(err, ErrNotFound) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	if !bytes.Equal(rec.Input, inputHash(input)) {
		return 0, false, ErrKeyReused
	}
	return rec.Seq, true, nil
}

// PutMint remembers that a key and input led to seq.
func (tx *Tx) PutMint(minted, input string, seq uint64) error {
	return tx.put(mintedKey(minted), Minted{Seq: seq, Input: inputHash(input)})
}

func inputHash(input string) []byte {
	sum := sha256.Sum256([]byte(input))
	return sum[:8]
}

package db

import (
	"errors"
	"fmt"
	"strings"
)

// Aim is what one number of a store should be.
type Aim struct {
	Available int64 // of the listing's product; where several share the number, of the one that has the least to offer
	Want      int64 // the target
	Away      int64 // units that away mode holds back of it
}

// Mates are the listings of a store whose number is that of l, l among them and none that is gone; l alone where it has a
// number of its own.
func (tx *Tx) Mates(l Listing) []Listing {
	if l.Pool == "" {
		return []Listing{l}
	}
	out := []Listing{l}
	for _, m := range each[Listing](tx, key(tagListing, l.Store, l.Parent+"/"), nil) {
		if m.Store = l.Store; m.Pool == l.Pool && m.Ref != l.Ref && !m.Gone {
			out = append(out, m)
		}
	}
	return out
}

// SameNumber are the refs of the listings whose number is that of a listing, its own first.
func (tx *Tx) SameNumber(at Link) ([]string, error) {
	l, err := tx.Listing(at.Store, at.Ref)
	if errors.Is(err, ErrNotFound) {
		return []string{at.Ref}, nil
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range tx.Mates(l) {
		out = append(out, m.Ref)
	}
	return out, nil
}

// AimOf works out what the number of a listing should be at a location of store s, whose channel takes no more than limit.
// ok is false where nothing may be sent, and why says so as [Pushable] does.
//
// Listings that share one number get the least of their targets (etsy.md, 3.1), and nothing as long as one of them must not
// be sent a number: it would get it too.
func (tx *Tx) AimOf(s Store, l Listing, location string, limit int64) (aim Aim, ok bool, why string, err error) {
	alone := func(l Listing) (Aim, bool, string, error) { return tx.aimAlone(s, l, location, limit) }
	aim, ok, why, err = alone(l)
	if err != nil || !ok {
		return aim, ok, why, err
	}
	return tx.LeastOf(l, aim, alone)
}

// LeastOf brings the aim of a listing down to the least of the listings that share its number, each of which is asked for its
// own. ok is false, and why says so, where one of them may be sent none.
func (tx *Tx) LeastOf(l Listing, aim Aim, alone func(Listing) (aim Aim, ok bool, why string, err error)) (least Aim, ok bool, why string, err error) {
	for _, m := range tx.Mates(l)[1:] {
		if m.Item == 0 {
			continue // a choice without a SKU follows the others
		}
		its, ok, why, err := alone(m)
		if err != nil {
			return aim, false, "", err
		}
		if !ok {
			return aim, false, fmt.Sprintf("%s This is about %s, which shares one number with it.", why, m.SKU), nil
		}
		if its.Want < aim.Want {
			aim = its
		}
	}
	return aim, true, "", nil
}

func (tx *Tx) aimAlone(s Store, l Listing, location string, limit int64) (aim Aim, ok bool, why string, err error) {
	stock, err := tx.Offer(s, location, l.Item)
	if err != nil {
		return aim, false, "", err
	}
	available, counted := stock.Available()
	aim = Aim{Available: available, Want: s.Target(l, available, limit), Away: s.HeldBack(l, available, limit)}
	ok, why = Pushable(s, l, counted)
	return aim, ok, why, nil
}

// poolNames is how many SKUs of a shared number are named.
const poolNames = 5

// PoolText says with which others a listing shares its number, as a sentence for the seller; "" for one of its own.
func (tx *Tx) PoolText(s Store, l Listing) string {
	var names []string
	for _, m := range tx.Mates(l)[1:] {
		if m.Item != 0 {
			names = append(names, m.SKU)
		}
	}
	if len(names) == 0 {
		return ""
	}
	if more := len(names) - poolNames; more > 0 {
		names = append(names[:poolNames], "…")
	}
	return fmt.Sprintf("%s keeps one number for this and %s, so it is sent the least of what they have.", s.Name, strings.Join(names, ", "))
}

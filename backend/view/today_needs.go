package view

import (
	"cmp"
	"fmt"
	"slices"

	"evenstock/backend/db"
)

// Need is one kind of thing that waits for a person, and where: in a store, or nowhere in particular.
type Need struct {
	Kind    string `json:"kind"`
	Count   int    `json:"count"`
	StoreID uint32 `json:"storeId"` // 0 when it is not about one store
	Store   string `json:"store"`
	Text    string `json:"text"` // what the store or the system said, "" when it said nothing
	By      int64  `json:"by"`   // until when it has to be done, 0 for no such time
}

// Kinds of needs, the most urgent first.
const (
	NeedKeys      = "keys"      // a store refused its credentials
	NeedOrders    = "orders"    // a store's orders are not read
	NeedBackup    = "backup"    // the nightly backup failed
	NeedKeyEnds   = "key_ends"  // a store's credentials end soon
	NeedHeld      = "held"      // numbers the safety catch holds
	NeedRefused   = "refused"   // numbers a shop keeps refusing
	NeedOversold  = "oversold"  // products with more units promised than there are
	NeedUnmatched = "unmatched" // order lines without a product
	NeedReview    = "review"    // orders with a question
	NeedRenamed   = "renamed"   // listings whose SKU changed
	NeedUnset     = "unset"     // products that were never counted
)

var urgency = []string{NeedKeys, NeedOrders, NeedBackup, NeedKeyEnds, NeedHeld, NeedRefused, NeedOversold, NeedUnmatched, NeedReview, NeedRenamed, NeedUnset}

const (
	// staleAfter is how many periods a store's orders may be late before it is said: one may fail by chance.
	staleAfter = 3
	// mostReviewed is how many of the newest orders are asked for a question. Questions are about orders under way.
	mostReviewed = 1000
)

// needs returns what waits for a person; now, in Unix milliseconds, decides whether a store is late. The caller holds
// v.mu and has refreshed the model.
func (v *View) needs(tx *db.Tx, now int64) ([]Need, error) {
	out := []Need{}
	for _, s := range tx.Stores() {
		if s.Removed {
			continue
		}
		lane, err := tx.Lane(s.ID)
		if err != nil {
			return nil, fmt.Errorf("lane of store %d: %w", s.ID, err)
		}
		out = append(out, v.storeNeeds(v.model.shops[s.ID], lane, now)...)
	}
	n := v.model.catalogueNeeds()
	var err error
	if n[NeedUnmatched], err = unmatchedLines(tx); err != nil {
		return nil, err
	}
	if n[NeedReview], err = questions(tx); err != nil {
		return nil, err
	}
	trouble, err := tx.BackupTrouble()
	if err != nil {
		return nil, err
	}
	if trouble != "" {
		out = append(out, Need{Kind: NeedBackup, Count: 1, Text: trouble})
	}
	for kind, count := range n {
		out = append(out, Need{Kind: kind, Count: count})
	}
	out = slices.DeleteFunc(out, func(n Need) bool { return n.Count == 0 })
	slices.SortFunc(out, func(a, b Need) int {
		return cmp.Or(cmp.Compare(slices.Index(urgency, a.Kind), slices.Index(urgency, b.Kind)), cmp.Compare(a.StoreID, b.StoreID))
	})
	return out, nil
}

// storeNeeds are those of one store, counts of 0 included. A store that reads its orders just now is not late.
func (v *View) storeNeeds(s shop, lane db.Lane, now int64) []Need {
	shown := v.store(s, lane, now)
	held, refused := v.model.stuck(s)
	need := func(kind string, count int, text string) Need {
		return Need{Kind: kind, Count: count, StoreID: s.ID, Store: s.Name, Text: text}
	}
	out := []Need{need(NeedHeld, held, ""), need(NeedRefused, refused, "")}
	late := lane.OrderPull != 0 && now-lane.OrderPull > staleAfter*shown.Every
	switch {
	case s.Needs != "":
		out = append(out, need(NeedKeys, 1, s.NeedsText))
	case s.On() && shown.Activity == nil && (lane.LastError != "" || late):
		out = append(out, need(NeedOrders, 1, lane.LastError))
	}
	if k := shown.KeyEnd; k != nil && k.Soon && s.Needs == "" {
		ends := need(NeedKeyEnds, 1, k.Renew)
		ends.By = k.At
		out = append(out, ends)
	}
	return out
}

// stuck counts a store's numbers that wait for a decision and those its shop keeps refusing.
func (m *model) stuck(s shop) (held, refused int) {
	for ref := range m.marked[s.ID] {
		e := m.listings[db.Link{Store: s.ID, Ref: ref}]
		r := m.rows[e.item]
		switch e.facts.state(s, e.item, r != nil && r.countedFor(s.Store)) {
		case Held:
			held++
		case Refused:
			refused++
		}
	}
	return held, refused
}

// catalogueNeeds counts what memory knows, by kind.
func (m *model) catalogueNeeds() map[string]int {
	n := map[string]int{}
	for _, r := range m.rows {
		switch {
		case !r.counted:
			n[NeedUnset]++
		case r.available() < 0:
			n[NeedOversold]++
		}
	}
	for l, e := range m.listings {
		if e.facts&isRenamed != 0 && e.facts&isGone == 0 && !m.shops[l.Store].Removed {
			n[NeedRenamed]++
		}
	}
	return n
}

// questions counts the orders with a question among the newest.
func questions(tx *db.Tx) (int, error) {
	n, read := 0, 0
	for ref := range tx.Placed() {
		if read++; read > mostReviewed {
			break
		}
		o, err := tx.Order(ref.Store, ref.Ref)
		if err != nil {
			return 0, fmt.Errorf("order %s of store %d: %w", ref.Ref, ref.Store, err)
		}
		if o.Review != "" {
			n++
		}
	}
	return n, nil
}

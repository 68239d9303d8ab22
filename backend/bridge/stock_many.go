package bridge

import (
	"fmt"

	"github.com/oklog/ulid/v2"

	"evenstock/backend/engine"
)

// maxAtOnce is how many changes one call applies. The page makes a call for each part of a long list, so that it knows
// how far it is and stops between two of them; a part that is sent again is applied once, by its keys.
const maxAtOnce = 200

// ChangedRow is what one of many changes came to.
type ChangedRow struct {
	SKU     string `json:"sku"`
	Seq     uint64 `json:"seq"`     // 0 when it was refused
	Refused string `json:"refused"` // why, a sentence
}

// ManyChanged is what a part of a long list came to.
type ManyChanged struct {
	Rows    []ChangedRow `json:"rows"`
	Notices []string     `json:"notices"` // sentences: a store could not be asked first
}

// ManyUndone is what became of taking many changes back.
type ManyUndone struct {
	Undone  int      `json:"undone"`
	Refused []string `json:"refused"` // sentences
}

// ChangeMany changes In stock of at most 200 products, each for itself: what is refused leaves the others as they are.
func (s *Stock) ChangeMany(changes []StockChange) (ManyChanged, error) {
	return call(s.b, "Stock.ChangeMany", func(d *Deps) (ManyChanged, error) {
		if n := len(changes); n == 0 || n > maxAtOnce {
			return ManyChanged{}, invalid(fmt.Sprintf("Choose from 1 to %d products to change at once. Nothing was changed.", maxAtOnce))
		}
		asked := make([]engine.StockChange, 0, len(changes))
		for _, c := range changes {
			if _, err := ulid.ParseStrict(c.Key); err != nil {
				return ManyChanged{}, invalid("A change came without a valid key, so it could be applied twice. Nothing was changed.")
			}
			asked = append(asked, c.asked())
		}
		outcomes, notices := d.Engine.ChangeMany(d.Context, asked)
		out := ManyChanged{Notices: notices}
		for i, o := range outcomes {
			row := ChangedRow{SKU: changes[i].SKU, Seq: o.Seq}
			if o.Refused != nil {
				row.Seq, row.Refused = 0, failureOf(o.Refused).Message
			}
			out.Rows = append(out.Rows, row)
		}
		return out, nil
	})
}

// UndoMany takes at most 200 changes back, the newest first.
func (s *Stock) UndoMany(seqs []uint64) (ManyUndone, error) {
	return call(s.b, "Stock.UndoMany", func(d *Deps) (ManyUndone, error) {
		if n := len(seqs); n == 0 || n > maxAtOnce {
			return ManyUndone{}, invalid(fmt.Sprintf("Choose from 1 to %d changes to undo at once. Nothing was changed.", maxAtOnce))
		}
		undone, refused := d.Engine.UndoMany(d.Context, seqs, "you")
		out := ManyUndone{Undone: undone}
		for _, err := range refused {
			out.Refused = append(out.Refused, failureOf(err).Message)
		}
		return out, nil
	})
}

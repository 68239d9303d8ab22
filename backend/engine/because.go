package engine

import "fmt"

// Because is how a target comes about: InStock − Booked = Available, of which Away units are held back.
type Because struct {
	From      string `json:"from"` // counted, copied; "" where only Available is known
	InStock   int64  `json:"inStock"`
	Booked    int64  `json:"booked"`
	Available int64  `json:"available"`
	Away      int64  `json:"away"`
}

// Where the number in stock of a rehearsal comes from.
const (
	FromCount = "counted"
	FromStore = "copied"
)

// String says it in words.
func (b Because) String() string {
	said := fmt.Sprintf("%d available", b.Available)
	if b.From != "" {
		from := map[string]string{FromCount: "counted", FromStore: "copied from this store"}[b.From]
		said = fmt.Sprintf("%d %s − %d booked = %d", b.InStock, from, b.Booked, b.Available)
	}
	if b.Away != 0 {
		said += fmt.Sprintf(", away: −%d", b.Away)
	}
	return said
}

func (r *RehearsalRow) because(b Because) { r.Why, r.Because = b.String(), &b }

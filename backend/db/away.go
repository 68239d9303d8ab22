package db

import (
	"encoding/json"
	"fmt"

	"evenstock/backend/domain"
)

// metaAway holds AwayMode in JSON.
const metaAway = "away"

// AwayMode is away mode as the user chose it: a larger buffer of every store for a while (product.md X6). Times are Unix
// milliseconds, 0 for none.
type AwayMode struct {
	On      bool        `json:"on,omitempty"`
	Hold    domain.Away `json:"hold"`              // what is held back now, or was last
	Since   int64       `json:"since,omitempty"`   // when it was switched on or off last
	Until   int64       `json:"until,omitempty"`   // it ends then
	AtStart bool        `json:"atStart,omitempty"` // it ends when the program starts the next time
	Planned bool        `json:"planned,omitempty"` // the plan switched it on
	Rest    int64       `json:"rest,omitempty"`    // the plan does not switch it on before: the user came back earlier
	Due     bool        `json:"due,omitempty"`     // what it changes is not marked yet

	PlanHold domain.Away `json:"planHold"` // what the plan holds back
	Plan     []AwayDay   `json:"plan,omitempty"`
}

// AwayDay is a time of every week, in minutes of the day at the computer's place.
type AwayDay struct {
	Weekday int `json:"weekday"` // 0 is Sunday
	From    int `json:"from"`    // 0–1439
	To      int `json:"to"`      // 1–1440; at or before From it is on the next day
}

// Away returns away mode, the zero one at first.
func (tx *Tx) Away() (AwayMode, error) {
	if tx.away != nil {
		return *tx.away, nil
	}
	var a AwayMode
	text, err := tx.Meta(metaAway)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &a)
	}
	if err != nil {
		return a, fmt.Errorf("away mode: %w", err)
	}
	tx.away = &a
	return a, nil
}

// PutAway writes away mode. Whoever changes what is held back marks what that changes.
func (tx *Tx) PutAway(a AwayMode) error {
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("away mode: %w", err)
	}
	tx.away = &a
	return tx.SetMeta(metaAway, string(text))
}

// WithAway is a store with what is held back of it now.
func (tx *Tx) WithAway(s Store) (Store, error) {
	a, err := tx.Away()
	s.Away = domain.Away{}
	if a.On {
		s.Away = a.Hold
	}
	return s, err
}

// Target is the number a listing of s is brought to, see [domain.Target].
func (s Store) Target(l Listing, available, limit int64) int64 {
	return domain.Target(available, l.Rule.Over(s.Rule).Holding(s.Away.Holds(available)), limit)
}

// HeldBack is how much lower Target is because of away mode.
func (s Store) HeldBack(l Listing, available, limit int64) int64 {
	at := s
	at.Away = domain.Away{}
	return at.Target(l, available, limit) - s.Target(l, available, limit)
}

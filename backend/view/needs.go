package view

import (
	"time"

	"evenstock/backend/db"
)

// Needs is what waits for a person, the most urgent first; now decides whether a store is late.
func (v *View) Needs(now time.Time) (needs []Need, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.refresh(); err != nil {
		return nil, err
	}
	err = v.db.View(func(tx *db.Tx) error {
		needs, err = v.needs(tx, now.UnixMilli())
		return err
	})
	return needs, err
}

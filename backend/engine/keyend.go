package engine

import (
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// keyEndStep is by how much the end of a key has to have moved before it is written again: some vendors renew a login every
// hour.
const keyEndStep = 24 * time.Hour

// keyEndOf is what a shop knows of its credentials' end, or else what was known.
func keyEndOf(shop channel.Store, known db.KeyEnd) db.KeyEnd {
	ender, ok := shop.(channel.KeyEnder)
	if !ok {
		return db.KeyEnd{}
	}
	end, ok := ender.KeyEnd()
	if !ok {
		return known
	}
	is := db.KeyEnd{Field: end.Field, At: end.At.UnixMilli(), Warn: end.Warn.UnixMilli(), Renew: end.Renew}
	moved := time.Duration(is.At-known.At) * time.Millisecond
	if is.Field == known.Field && is.Renew == known.Renew && moved.Abs() < keyEndStep {
		return known
	}
	return is
}

// noteKeyEnd keeps when the credentials of the open shop end. Nothing is written while that stays the same.
func (l *lane) noteKeyEnd(tx *db.Tx) error {
	l.mu.Lock()
	shop := l.shop
	l.mu.Unlock()
	if shop == nil {
		return nil
	}
	s, err := tx.Store(l.id)
	if err != nil {
		return err
	}
	is := keyEndOf(shop, s.KeyEnd)
	if is == s.KeyEnd {
		return nil
	}
	s.KeyEnd = is
	_, err = tx.PutStore(s)
	return err
}

package engine

import (
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// ending is a shop whose key ends.
type ending struct {
	channel.Store
	at time.Time
}

func (e ending) KeyEnd() (channel.KeyEnd, bool) {
	return channel.KeyEnd{Field: "clientSecret", At: e.at, Warn: e.at.Add(-time.Hour), Renew: "Make another."}, !e.at.IsZero()
}

// TestKeyEndIsKept: as the shop tells it, while the shop does not know yet as it was, and without a write for a move of
// less than a day: some logins are renewed every hour.
func TestKeyEndIsKept(t *testing.T) {
	at := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	was := db.KeyEnd{Field: "clientSecret", At: at.UnixMilli(), Warn: at.Add(-time.Hour).UnixMilli(), Renew: "Make another."}
	later := at.Add(25 * time.Hour)
	for name, c := range map[string]struct {
		shop        channel.Store
		known, want db.KeyEnd
	}{
		"told":                    {ending{at: at}, db.KeyEnd{}, was},
		"not known yet":           {ending{}, was, was},
		"renewed within the day":  {ending{at: at.Add(time.Hour)}, was, was},
		"renewed by an older one": {ending{at: at}, db.KeyEnd{Field: was.Field, At: later.UnixMilli(), Renew: was.Renew}, was},
		"another key":             {ending{at: at}, db.KeyEnd{Field: "refreshToken", At: was.At, Warn: was.Warn, Renew: was.Renew}, was},
		"no key ends":             {quoted{}, was, db.KeyEnd{}},
	} {
		if got := keyEndOf(c.shop, c.known); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestKeyEndOfARun: a run writes the end of the open shop's key down once.
func TestKeyEndOfARun(t *testing.T) {
	d, err := db.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	at := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	l := &lane{}
	note := func() (touched bool) {
		t.Helper()
		err := d.Update(at, func(tx *db.Tx) error {
			if l.id == 0 {
				s, err := tx.PutStore(db.Store{Channel: "memory", Name: "A", Account: "a"})
				l.id = s.ID
				return err
			}
			before, err := tx.Store(l.id)
			if err != nil {
				return err
			}
			if err := l.noteKeyEnd(tx); err != nil {
				return err
			}
			after, err := tx.Store(l.id)
			touched = before.KeyEnd != after.KeyEnd
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return touched
	}
	note()
	if note() {
		t.Error("a shop that is not open was noted")
	}
	l.shop = ending{at: at}
	if !note() || note() {
		t.Error("the end of a key is to be written once")
	}
}

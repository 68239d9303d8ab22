package httpx

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"evenstock/backend/channel"
)

// Lifetime knows when a key ends that its vendor accepts for a fixed time. The vendor does not say when a key was made, so
// the day of its first use counts: the key ends at the latest so long after it. It may be used by several goroutines.
type Lifetime struct {
	Field string        // of the Type's Fields: which key it is
	Name  string        // under what the first use is remembered
	Lasts time.Duration // how long the vendor accepts a key
	Warns time.Duration // how long before its end the user is told
	Renew string        // what the user is to do, one sentence

	Notes channel.Notes
	Now   func() time.Time
	Log   *slog.Logger

	mu    sync.Mutex
	known firstUse
}

// firstUse is the note. Mark tells keys apart without saying them.
type firstUse struct {
	Mark string    `json:"mark"`
	At   time.Time `json:"at"`
}

// Used takes in that the vendor accepted a key. What cannot be remembered is remembered at the next use.
func (l *Lifetime) Used(key string) {
	if l.Notes == nil {
		return
	}
	sum := sha256.Sum256([]byte(l.Name + " of Evenstock:" + key))
	mark := hex.EncodeToString(sum[:6])
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known.Mark == mark {
		return
	}
	var kept firstUse
	b, err := l.Notes.Read(l.Name)
	if err == nil && json.Unmarshal(b, &kept) == nil && kept.Mark == mark {
		l.known = kept
		return
	}
	used := firstUse{mark, l.Now().UTC()}
	if b, err = json.Marshal(used); err == nil {
		err = l.Notes.Write(l.Name, b)
	}
	if err != nil {
		l.Log.Warn("first use of a key", "note", l.Name, "err", err)
		return
	}
	l.known = used
}

// End is when the key used last ends, false before one was used.
func (l *Lifetime) End() (channel.KeyEnd, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known.Mark == "" {
		return channel.KeyEnd{}, false
	}
	at := l.known.At.Add(l.Lasts)
	return channel.KeyEnd{Field: l.Field, At: at, Warn: at.Add(-l.Warns), Renew: l.Renew}, true
}

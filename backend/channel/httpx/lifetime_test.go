package httpx

import (
	"errors"
	"log/slog"
	"testing"
	"time"
)

// paper keeps notes, unless it is full.
type paper struct {
	kept map[string][]byte
	full bool
}

func (p *paper) Read(name string) ([]byte, error) { return p.kept[name], nil }

func (p *paper) Write(name string, value []byte) error {
	if p.full {
		return errors.New("no room")
	}
	p.kept[name] = value
	return nil
}

// TestLifetime: a key ends so long after its first use, however often the program starts; another key ends for itself.
func TestLifetime(t *testing.T) {
	const day = 24 * time.Hour
	born := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	now, notes := born, &paper{kept: map[string][]byte{}}
	start := func() *Lifetime {
		return &Lifetime{Field: "clientSecret", Name: "client secret", Lasts: 180 * day, Warns: 30 * day, Renew: "Make another.",
			Notes: notes, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
	}
	ends := func(what string, l *Lifetime, at time.Time) {
		t.Helper()
		end, known := l.End()
		if !known || !end.At.Equal(at) || !end.Warn.Equal(at.Add(-30*day)) || end.Field != "clientSecret" || end.Renew == "" {
			t.Errorf("%s: ends %+v, %v, want %s", what, end, known, at)
		}
	}
	l := start()
	if end, known := l.End(); known {
		t.Errorf("a key that nobody used ends %v", end)
	}
	notes.full = true
	if l.Used("a"); len(notes.kept) != 0 {
		t.Fatal("written on full paper")
	}
	if end, known := l.End(); known {
		t.Errorf("what could not be remembered is known: %v", end)
	}
	notes.full = false
	l.Used("a")
	ends("first use", l, born.Add(180*day))

	now = born.Add(100 * day)
	l = start()
	l.Used("a")
	ends("after a restart", l, born.Add(180*day))
	l.Used("b")
	ends("another key", l, now.Add(180*day))
	for name, kept := range notes.kept {
		if string(kept) == "" || name != "client secret" {
			t.Errorf("note %q: %q", name, kept)
		}
	}

	silent := start()
	silent.Notes = nil
	silent.Used("a")
	if end, known := silent.End(); known {
		t.Errorf("without notes a key ends %v", end)
	}
}

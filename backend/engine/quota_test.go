package engine

import (
	"testing"
	"time"

	"evenstock/backend/channel"
)

// quoted is a shop that tells what is left of its day.
type quoted struct {
	channel.Store
	left  channel.Quota
	known bool
}

func (q quoted) Quota() (channel.Quota, bool) { return q.left, q.known }

func TestQuotaOfAStore(t *testing.T) {
	l := &lane{id: 1}
	e := &Engine{lanes: map[uint32]*lane{1: l}}
	if q := e.Quota(1); q != nil {
		t.Errorf("a store that was not asked yet: %+v", q)
	}
	reset := time.Date(2026, 8, 18, 7, 0, 0, 0, time.UTC)
	l.shop = quoted{left: channel.Quota{Left: 312, Most: 5000, Reset: reset}, known: true}
	if q := e.Quota(1); q == nil || q.Left != 312 || q.Most != 5000 || *q.ResetAt != reset.UnixMilli() {
		t.Errorf("%+v", q)
	}
	l.shop = quoted{left: channel.Quota{Left: 5000, Most: 5000}, known: true}
	if q := e.Quota(1); q == nil || q.ResetAt != nil {
		t.Errorf("a day that was not begun: %+v", q)
	}
	l.shop = quoted{}
	if q := e.Quota(1); q != nil {
		t.Errorf("a vendor that does not tell: %+v", q)
	}
	if q := e.Quota(2); q != nil {
		t.Errorf("no store: %+v", q)
	}
}

package desktop

import (
	"slices"
	"testing"
	"time"
)

func TestNoticesAreToldOnce(t *testing.T) {
	key1, key2 := Notice{Kind: NoticeKey, Store: 1}, Notice{Kind: NoticeKey, Store: 2}
	stale, held := Notice{Kind: NoticeStale, Store: 1}, Notice{Kind: NoticeHeld, Store: 1}
	type look struct {
		after time.Duration // since the look before
		is    []Notice
		told  []Notice
	}
	for _, c := range []struct {
		name  string
		off   NoticeKind
		looks []look
	}{
		{"once, for every store", "", []look{
			{0, []Notice{key1}, []Notice{key1}}, {time.Minute, []Notice{key1, key2}, []Notice{key2}}, {24 * time.Hour, []Notice{key1, key2}, nil}}},
		{"again when it was over", "", []look{
			{0, []Notice{held}, []Notice{held}}, {time.Hour, nil, nil}, {time.Hour, []Notice{held}, []Notice{held}}}},
		{"not again when it comes and goes", "", []look{
			{0, []Notice{held}, []Notice{held}}, {time.Minute, nil, nil}, {time.Minute, []Notice{held}, nil},
			{time.Minute, nil, nil}, {time.Hour, []Notice{held}, []Notice{held}}}},
		{"stale only when it lasts", "", []look{
			{0, []Notice{stale}, nil}, {staleLasts - time.Second, []Notice{stale}, nil}, {time.Second, []Notice{stale}, []Notice{stale}},
			{time.Minute, []Notice{stale}, nil}}},
		{"stale that ends in time", "", []look{
			{0, []Notice{stale}, nil}, {staleLasts / 2, nil, nil}, {staleLasts / 2, []Notice{stale}, nil}, {staleLasts - time.Second, []Notice{stale}, nil}}},
		{"switched off", NoticeHeld, []look{{0, []Notice{held, key1}, []Notice{key1}}, {time.Hour, []Notice{held, key1}, nil}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told []Notice
			n := notices{send: func(n Notice) { told = append(told, n) }, wanted: func(k NoticeKind) bool { return k != c.off }}
			now := time.Date(2026, 8, 17, 9, 0, 0, 0, time.UTC)
			for i, l := range c.looks {
				now, told = now.Add(l.after), nil
				n.look(l.is, now)
				if !slices.Equal(told, l.told) {
					t.Errorf("look %d told %v, want %v", i, told, l.told)
				}
			}
		})
	}
}

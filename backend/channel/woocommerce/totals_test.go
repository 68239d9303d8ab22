package woocommerce

import (
	"strings"
	"testing"
	"time"
)

// TestLineTotals is the table of what a line comes to, by status. Refunds are units refunded in all, of those before the
// order was completed, and of those put back.
func TestLineTotals(t *testing.T) {
	type refunds struct{ all, early, back int64 }
	for name, c := range map[string]struct {
		st        state
		completed bool
		refunds   refunds
		held      int64
		shipped   int64
		want      lineTotals
		unsaid    int64
	}{
		"booked":                                    {booked, false, refunds{}, 4, 0, lineTotals{}, 0},
		"booked, part refunded and put back":        {booked, false, refunds{1, 0, 1}, 3, 0, lineTotals{released: 1}, 0},
		"booked, part refunded and thrown away":     {booked, false, refunds{1, 0, 0}, 4, 0, lineTotals{writtenOff: 1}, 0},
		"booked, one of each":                       {booked, false, refunds{2, 0, 1}, 3, 0, lineTotals{released: 1, writtenOff: 1}, 0},
		"booked, part shipped":                      {booked, false, refunds{}, 4, 3, lineTotals{fulfilled: 3}, 0},
		"booked, part shipped, rest refunded":       {booked, false, refunds{1, 0, 1}, 3, 3, lineTotals{fulfilled: 3, released: 1}, 0},
		"booked, part shipped, a shipped one back":  {booked, false, refunds{2, 0, 2}, 2, 3, lineTotals{fulfilled: 3, released: 1, returned: 1}, 0},
		"back on processing after completion":       {booked, true, refunds{}, 4, 0, lineTotals{}, 0},
		"completed":                                 {fulfilled, true, refunds{}, 4, 0, lineTotals{fulfilled: 4}, 0},
		"completed, then one came back":             {fulfilled, true, refunds{1, 0, 1}, 3, 0, lineTotals{fulfilled: 4, returned: 1}, 0},
		"completed, then one refunded":              {fulfilled, true, refunds{1, 0, 0}, 4, 0, lineTotals{fulfilled: 4}, 0},
		"one put back, then completed":              {fulfilled, true, refunds{1, 1, 1}, 3, 0, lineTotals{fulfilled: 3, released: 1}, 0},
		"one thrown away, then completed":           {fulfilled, true, refunds{1, 1, 0}, 4, 0, lineTotals{fulfilled: 3, writtenOff: 1}, 0},
		"one put back, completed, one came back":    {fulfilled, true, refunds{2, 1, 2}, 2, 0, lineTotals{fulfilled: 3, released: 1, returned: 1}, 0},
		"mapped to fulfilled":                       {fulfilled, false, refunds{}, 4, 0, lineTotals{fulfilled: 4}, 0},
		"cancelled":                                 {cancelled, false, refunds{}, 0, 0, lineTotals{released: 4}, 0},
		"cancelled after one was put back":          {cancelled, false, refunds{1, 0, 1}, 0, 0, lineTotals{released: 4}, 0},
		"cancelled after one was thrown away":       {cancelled, false, refunds{1, 0, 0}, 0, 0, lineTotals{released: 3, writtenOff: 1}, 0},
		"cancelled after part was shipped":          {cancelled, false, refunds{}, 0, 1, lineTotals{released: 3, fulfilled: 1}, 0},
		"cancelled after it was completed":          {cancelled, true, refunds{}, 0, 0, lineTotals{fulfilled: 4}, 0},
		"refunded, all put back":                    {refunded, false, refunds{4, 0, 4}, 0, 0, lineTotals{released: 4}, 0},
		"refunded, nothing put back":                {refunded, false, refunds{4, 0, 0}, 4, 0, lineTotals{writtenOff: 4}, 0},
		"refunded, half put back":                   {refunded, false, refunds{4, 0, 2}, 2, 0, lineTotals{released: 2, writtenOff: 2}, 0},
		"refunded by amount or status alone":        {refunded, false, refunds{}, 4, 0, lineTotals{writtenOff: 4}, 4},
		"refunded by amount after one was put back": {refunded, false, refunds{1, 0, 1}, 3, 0, lineTotals{released: 1, writtenOff: 3}, 3},
		"refunded, never taken off the number":      {refunded, false, refunds{}, 0, 0, lineTotals{released: 4}, 0},
		"refunded after completion":                 {refunded, true, refunds{4, 0, 4}, 0, 0, lineTotals{fulfilled: 4, returned: 4}, 0},
		"refunded after completion, kept":           {refunded, true, refunds{4, 0, 0}, 4, 0, lineTotals{fulfilled: 4}, 0},
		"refunded by status after completion":       {refunded, true, refunds{}, 4, 0, lineTotals{fulfilled: 4}, 0},
		"failed":                                    {failed, false, refunds{}, 4, 0, lineTotals{released: 4}, 0},
		"failed after part was shipped":             {failed, false, refunds{}, 4, 1, lineTotals{released: 3, fulfilled: 1}, 0},
		"not an order yet":                          {ignored, false, refunds{}, 0, 0, lineTotals{released: 4}, 0},
	} {
		f := lineFacts{ordered: 4, refunded: c.refunds.all, early: c.refunds.early, restored: c.refunds.back, held: c.held, shipped: c.shipped}
		got, unsaid := f.total(c.st, c.completed)
		if got != c.want || unsaid != c.unsaid {
			t.Errorf("%s: %+v and %d unsaid, want %+v and %d", name, got, unsaid, c.want, c.unsaid)
		}
	}
}

// TestDeletedRefund: a refund that put a unit back and was deleted again leaves the unit on the shelf.
func TestDeletedRefund(t *testing.T) {
	l := line{ID: 1, Quantity: number{4, true}, Meta: []meta{{metaHeld, []byte("3")}, {metaRestored, []byte("1")}}}
	got, _ := factsOf(l, nil, time.Time{}, 0).total(booked, false)
	if got != (lineTotals{released: 1}) {
		t.Errorf("totals %+v", got)
	}
}

// TestRefundInTheSecondOfCompletion counts as one of shipped goods: in the other order nobody could have shipped.
func TestRefundInTheSecondOfCompletion(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	l := line{ID: 1, Quantity: number{4, true}, Meta: []meta{{metaHeld, []byte("3")}, {metaRestored, []byte("1")}}}
	back := refund{Created: stamp{at}, Lines: []line{{Quantity: number{-1, true}, Meta: []meta{{"_refunded_item_id", []byte(`"1"`)}}}}}
	got, _ := factsOf(l, []refund{back}, at, 0).total(fulfilled, true)
	if got != (lineTotals{fulfilled: 4, returned: 1}) {
		t.Errorf("totals %+v", got)
	}
}

func TestStatuses(t *testing.T) {
	s := &Store{statuses: map[string]string{"packed": mapBooked, "collected": mapFulfilled, "quote": mapIgnored, "completed": mapBooked}}
	holding := []line{{Meta: []meta{{metaHeld, []byte(`"2"`)}}}}
	done := stamp{time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	for name, c := range map[string]struct {
		o     order
		want  state
		asked bool
	}{
		"processing":                {order{Status: "processing"}, booked, false},
		"on hold":                   {order{Status: "on-hold"}, booked, false},
		"cancelled":                 {order{Status: "cancelled"}, cancelled, false},
		"refunded":                  {order{Status: "refunded"}, refunded, false},
		"failed":                    {order{Status: "failed"}, failed, false},
		"pending":                   {order{Status: "pending"}, ignored, false},
		"checkout draft":            {order{Status: "checkout-draft"}, ignored, false},
		"auto draft":                {order{Status: "auto-draft"}, ignored, false},
		"mapped to booked":          {order{Status: "packed"}, booked, false},
		"mapped to fulfilled":       {order{Status: "collected"}, fulfilled, false},
		"mapped to ignored":         {order{Status: "quote", Lines: holding}, ignored, false},
		"even WooCommerce's own":    {order{Status: "completed"}, booked, false},
		"unknown, holding units":    {order{Status: "backordered", Lines: holding}, booked, true},
		"unknown, holding nothing":  {order{Status: "backordered"}, ignored, true},
		"unknown, after completion": {order{Status: "delivered", Lines: holding, Completed: done}, fulfilled, true},
	} {
		got, note := s.stateOf(c.o)
		if got != c.want || c.asked != strings.Contains(note, string(c.o.Status)) {
			t.Errorf("%s: %d with note %q, want %d", name, got, note, c.want)
		}
	}
}

// FuzzLineTotals: whatever a shop states, units are neither made nor lost.
func FuzzLineTotals(f *testing.F) {
	f.Add(uint8(0), false, int64(4), int64(1), int64(0), int64(1), int64(3), int64(0))
	f.Add(uint8(3), true, int64(4), int64(9), int64(9), int64(9), int64(-3), int64(9))
	f.Fuzz(func(t *testing.T, st uint8, completed bool, q, all, early, back, held, shipped int64) {
		bound := func(n int64) int64 { return min(max(n, -largest), largest) }
		at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		before, after := stamp{at.Add(-time.Hour)}, stamp{at.Add(time.Hour)}
		refundOf := func(when stamp, units int64) refund {
			return refund{Created: when, Lines: []line{{Quantity: number{bound(units) / 4, true}, Meta: []meta{{"_refunded_item_id", []byte("1")}}}}}
		}
		l := line{ID: 1, Quantity: number{bound(q), true}, Meta: []meta{
			{metaHeld, []byte(formatID(bound(held)))}, {metaRestored, []byte(formatID(bound(back)))},
		}}
		facts := factsOf(l, []refund{refundOf(before, early), refundOf(after, all)}, at, bound(shipped))
		got, unsaid := facts.total(state(st%6), completed)
		sum := got.released + got.writtenOff + got.fulfilled
		if got.released < 0 || got.writtenOff < 0 || got.fulfilled < 0 || got.returned < 0 || unsaid < 0 ||
			sum > facts.ordered || got.returned > got.fulfilled {
			t.Errorf("facts %+v of status %d: %+v", facts, st%6, got)
		}
		if state(st%6) != booked && sum != facts.ordered {
			t.Errorf("facts %+v of status %d leave units open: %+v", facts, st%6, got)
		}
	})
}

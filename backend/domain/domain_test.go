package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEffectTable(t *testing.T) {
	tests := []struct {
		name string
		from Counts
		to   Counts
		want Delta
	}{
		{"order placed", Counts{}, Counts{Ordered: 4}, Delta{0, 4}},
		{"fulfilled", Counts{Ordered: 4}, Counts{Ordered: 4, Fulfilled: 4}, Delta{-4, -4}},
		{"cancelled while unfulfilled", Counts{Ordered: 4}, Counts{Ordered: 4, Released: 4}, Delta{0, -4}},
		{"unfulfilled refunded, restocked", Counts{Ordered: 4}, Counts{Ordered: 4, Released: 1}, Delta{0, -1}},
		{"unfulfilled refunded, not restocked", Counts{Ordered: 4}, Counts{Ordered: 4, WrittenOff: 1}, Delta{-1, -1}},
		{"fulfilled refunded, restocked", Counts{Ordered: 4, Fulfilled: 4}, Counts{Ordered: 4, Fulfilled: 4, Returned: 2}, Delta{2, 0}},
		{"fulfilled refunded, not restocked", Counts{Ordered: 4, Fulfilled: 4}, Counts{Ordered: 4, Fulfilled: 4}, Delta{0, 0}},
		{"partly fulfilled, then cancelled", Counts{Ordered: 4, Fulfilled: 1}, Counts{Ordered: 4, Fulfilled: 1, Released: 3}, Delta{0, -3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.to.Effect().Minus(tt.from.Effect()); got != tt.want {
				t.Errorf("effect = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func anyCounts(t *rapid.T, label string) Counts {
	n := rapid.Int64Range(-3, 9)
	return Counts{n.Draw(t, label+"o"), n.Draw(t, label+"f"), n.Draw(t, label+"r"), n.Draw(t, label+"w"), n.Draw(t, label+"b")}.Normal()
}

func TestStepsSumToTheDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := anyCounts(t, "from"), anyCounts(t, "to")
		var sum Delta
		for _, s := range Steps(from, to) {
			sum = sum.Plus(s.Delta)
		}
		if diff := cmp.Diff(to.Effect().Minus(from.Effect()), sum); diff != "" {
			t.Fatalf("from %+v to %+v: %s", from, to, diff)
		}
		if to.Open()+to.Fulfilled+to.Released+to.WrittenOff != to.Ordered {
			t.Fatalf("units not conserved: %+v", to)
		}
		if to.Closed().Open() != 0 {
			t.Fatalf("closed line still open: %+v", to.Closed())
		}
	})
}

func TestTarget(t *testing.T) {
	tests := []struct {
		name      string
		available int64
		rule      Rule
		limit     int64
		want      int64
	}{
		{"plain", 46, Rule{}, 0, 46},
		{"oversold shows zero", -3, Rule{}, 0, 0},
		{"buffer", 46, Rule{Buffer: 6}, 0, 40},
		{"buffer never below zero", 3, Rule{Buffer: 6}, 0, 0},
		{"percent rounds down", 7, Rule{Percent: 50}, 0, 3},
		{"percent then buffer", 7, Rule{Percent: 50, Buffer: 1}, 0, 2},
		{"maximum", 46, Rule{Maximum: 5}, 0, 5},
		{"channel's cap", 4600, Rule{}, 999, 999},
		{"percent of a huge number does not overflow", 1 << 62, Rule{Percent: 50}, 0, 1 << 61},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Target(tt.available, tt.rule, tt.limit); got != tt.want {
				t.Errorf("target = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestUnsetIsNotZero(t *testing.T) {
	s := Stock{}.Apply(Delta{OnHand: -4, Booked: 2})
	if s.OnHand != 0 || s.Booked != 2 {
		t.Errorf("unset stock moved to %+v", s)
	}
	if _, ok := s.Available(); ok {
		t.Error("unset stock has an Available")
	}
}

func TestSKU(t *testing.T) {
	for in, want := range map[string]string{" A-1 ": "A-1", "a-1": "a-1", "\u00a0x\t": "x", "🍎": "🍎", "a\x00b": ""} {
		if got := TrimSKU(in); got != want {
			t.Errorf("TrimSKU(%q) = %q, want %q", in, got, want)
		}
	}
	if NearSKU("BRD-OAK-L") != NearSKU("brd oak_l") {
		t.Error("near-equal SKUs differ")
	}
}

package domain

import "testing"

func TestAwayHoldsBack(t *testing.T) {
	for _, c := range []struct {
		name              string
		away              Away
		available, target int64
	}{
		{"nothing", Away{}, 46, 46},
		{"two units", Away{Units: 2}, 46, 44},
		{"more than there are", Away{Units: 50}, 46, 0},
		{"a share, rounded up", Away{Percent: 10}, 46, 41},
		{"a share of few", Away{Percent: 1}, 1, 0},
		{"both", Away{Units: 1, Percent: 50}, 46, 22},
		{"all", Away{Percent: 100}, 46, 0},
		{"oversold", Away{Units: 2, Percent: 20}, -3, 0},
		{"many", Away{Percent: 50}, MaxQuantity, MaxQuantity / 2},
	} {
		if got := Target(c.available, Rule{}.Holding(c.away.Holds(c.available)), 0); got != c.target {
			t.Errorf("%s: %d, want %d", c.name, got, c.target)
		}
	}
	if got := Target(46, Rule{Buffer: 3, Maximum: 40}.Holding(2), 999); got != 40 {
		t.Errorf("a maximum that is reached all the same: %d", got)
	}
}

package cli

import (
	"errors"
	"slices"
	"testing"
)

func TestFindCommand(t *testing.T) {
	tests := []struct {
		args []string
		name string
		rest []string
	}{
		{[]string{"store", "list"}, "store list", nil},
		{[]string{"--data", "d", "--json", "store", "list"}, "store list", []string{"--data", "d", "--json"}},
		{[]string{"--data=d", "sync", "--json", "Fernhill"}, "sync", []string{"--data=d", "--json", "Fernhill"}},
		{[]string{"stock", "add", "A", "-3", "--note", "x"}, "stock add", []string{"A", "-3", "--note", "x"}},
		{[]string{"--dump"}, "--dump", nil},
		{[]string{"--json", "--dump"}, "--dump", []string{"--json"}},
	}
	for _, tt := range tests {
		cmd, rest, err := findCommand(tt.args)
		if err != nil || cmd == nil || cmd.name != tt.name || !slices.Equal(rest, tt.rest) {
			t.Errorf("findCommand(%q) = %+v, %q, %v", tt.args, cmd, rest, err)
		}
	}
	for _, args := range [][]string{nil, {"--hidden"}, {"--data", "d"}} {
		if cmd, _, err := findCommand(args); cmd != nil || err != nil {
			t.Errorf("findCommand(%q) = %+v, %v", args, cmd, err)
		}
	}
	for _, args := range [][]string{{"store"}, {"frobnicate"}, {"stock", "steal"}} {
		var usage *usageError
		if _, _, err := findCommand(args); !errors.As(err, &usage) {
			t.Errorf("findCommand(%q): %v", args, err)
		}
	}
}

func TestFlagsStandAnywhere(t *testing.T) {
	for _, args := range [][]string{
		{"A-1", "-3", "--note", "found", "--json", "--wait=2s"},
		{"--json", "--note", "found", "A-1", "--wait", "2s", "-3"},
		{"--wait", "2s", "-note=found", "--json", "--", "A-1", "-3"},
	} {
		_, words, g, err := lookUp("stock add").prepare(args)
		if err != nil || !g.json || !slices.Equal(words, []string{"A-1", "-3"}) {
			t.Errorf("%q: %q, %+v, %v", args, words, g, err)
		}
	}
}

func TestTypedWrongly(t *testing.T) {
	for _, args := range [][]string{
		{"stock", "set", "A-1"}, {"stock", "set", "A-1", "1", "2"}, {"stock", "set", "A-1", "1", "--frob"},
		{"sync", "--wait", "1s", "--no-wait"}, {"stock", "set", "A-1", "1", "--wait", "soon"}, {"stock", "set", "A-1", "1", "--wait"},
		{"store", "list", "--secrets", "plain"}, {"store", "set", "x", "--map-status", "foo"},
	} {
		cmd, rest, err := findCommand(args)
		if err != nil {
			t.Fatal(err)
		}
		_, _, _, err = cmd.prepare(rest)
		var usage *usageError
		if !errors.As(err, &usage) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestQuantity(t *testing.T) {
	for word, want := range map[string]int64{"0": 0, "15": 15, "-3": -3, "−3": -3, "+4": 4, "007": 7} {
		if n, err := quantity(word); err != nil || n != want {
			t.Errorf("quantity(%q) = %d, %v", word, n, err)
		}
	}
	for _, word := range []string{"", "-", "2.7", "2,7", "1e12", "abc", "0x10", "1 000", "--3", "٣", "99999999999999999999"} {
		if n, err := quantity(word); err == nil {
			t.Errorf("quantity(%q) = %d", word, n)
		}
	}
}

// Every command says how it is typed, and the table has no two commands of one name.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands() {
		if seen[c.name] || c.text == "" || c.make == nil || c.make(newFlagSet()) == nil {
			t.Errorf("command %q: seen %v, text %q", c.name, seen[c.name], c.text)
		}
		seen[c.name] = true
	}
}

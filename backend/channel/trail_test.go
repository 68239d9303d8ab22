package channel

import (
	"slices"
	"testing"
)

// TestFollow: a list is read by offset while items leave and enter it; none that stays is missed.
func TestFollow(t *testing.T) {
	for name, change := range map[string]func([]int) []int{
		"nothing moves":             func(l []int) []int { return l },
		"the first leaves":          func(l []int) []int { return l[1:] },
		"many leave":                func(l []int) []int { return l[7:] },
		"what was just read leaves": func(l []int) []int { return slices.Delete(slices.Clone(l), 4, 6) },
		"others enter in front":     func(l []int) []int { return append([]int{100, 101}, l...) },
	} {
		list := []int{}
		for i := range 20 {
			list = append(list, i)
		}
		seen := map[int]bool{}
		var at Trail[int]
		for n, last := 0, false; !last; n++ {
			if n > 40 {
				t.Fatalf("%s: it never ends", name)
			}
			var rest []int
			var end int
			var err error
			rest, end, last, err = Follow(at, 3, func(i int) int { return i }, func(offset int) ([]int, int, error) {
				from := min(offset, len(list))
				return list[from:min(from+3, len(list))], len(list), nil
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range rest {
				seen[i] = true
			}
			at = at.Passed(end, rest...)
			if n == 2 {
				list = change(list)
			}
		}
		for i := range 20 {
			if slices.Contains(list, i) && !seen[i] {
				t.Errorf("%s: %d was missed", name, i)
			}
		}
	}
}

func TestStatesAreNeverTheSame(t *testing.T) {
	a, b := NewState(), NewState()
	if a == b || len(a) != 43 {
		t.Errorf("%q, %q", a, b)
	}
}

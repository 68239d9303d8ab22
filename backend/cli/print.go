package cli

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// widest is the most cells a column takes; longer texts are cut with an ellipsis.
const widest = 60

// table is aligned text. A column whose head begins with ">" is aligned to the right.
type table struct {
	right []bool
	whole bool // nothing is cut
	rows  [][]string
}

func newTable(heads ...string) *table {
	t := &table{}
	if len(heads) == 0 {
		return t
	}
	for i, h := range heads {
		t.right = append(t.right, strings.HasPrefix(h, ">"))
		heads[i] = strings.TrimPrefix(h, ">")
	}
	t.rows = append(t.rows, heads)
	return t
}

// add appends a row of strings, numbers (int, int64, *int64) or times.
func (t *table) add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = clean(cell(c))
		if !t.whole {
			row[i] = clip(row[i])
		}
	}
	t.rows = append(t.rows, row)
}

func cell(c any) string {
	switch c := c.(type) {
	case string:
		return c
	case *int64:
		return units(c)
	case time.Time:
		return c.Local().Format("2 Jan 15:04:05")
	case bool:
		if c {
			return "yes"
		}
		return "no"
	}
	return fmt.Sprint(c)
}

// empty reports whether there is nothing under the heads.
func (t *table) empty() bool { return len(t.rows) < 2 }

func (t *table) write(w io.Writer) {
	var width []int
	for _, row := range t.rows {
		for i, c := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], uniseg.StringWidth(c))
		}
	}
	for _, row := range t.rows {
		var line strings.Builder
		for i, c := range row {
			gap := strings.Repeat(" ", width[i]-uniseg.StringWidth(c))
			if i < len(t.right) && t.right[i] {
				c, gap = gap+c, ""
			}
			line.WriteString(c + gap + "  ")
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// units is a quantity for people; unset is a dash.
func units(n *int64) string {
	if n == nil {
		return "–"
	}
	return fmt.Sprint(*n)
}

// signed is a difference for people.
func signed(n int64) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%+d", n)
}

// count is a number of things: 1 listing, 2 listings.
func count[N int | int64 | uint64](n N, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// ago is how long ago something was, in one unit.
func ago(ms *int64, now time.Time) string {
	if ms == nil {
		return "never"
	}
	d := now.Sub(time.UnixMilli(*ms))
	switch {
	case d < 2*time.Second:
		return "now"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}

// when is a point in time for people, in the computer's zone; a dash for never.
func when(ms *int64) string {
	if ms == nil || *ms == 0 {
		return "–"
	}
	return time.UnixMilli(*ms).Local().Format("2 Jan 2006 15:04:05")
}

// clean makes text from a shop harmless for a terminal: no control or direction characters, one line.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

func clip(s string) string {
	if uniseg.StringWidth(s) <= widest {
		return s
	}
	var b strings.Builder
	width := 0
	for g := uniseg.NewGraphemes(s); g.Next(); {
		if width += g.Width(); width >= widest {
			break
		}
		b.WriteString(g.Str())
	}
	return b.String() + "…"
}

// sentence begins with a capital.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

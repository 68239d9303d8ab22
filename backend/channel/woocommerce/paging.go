package woocommerce

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// identified is what a list holds: everything in WooCommerce has an id.
type identified interface{ id() int64 }

// list is a list that is read to its end.
type list struct {
	op, path string
	query    url.Values
}

// mostPages is where a list that does not end is given up: a million goods.
const mostPages = 10_000

var errEndless = errors.New("a list without an end")

// place is how far a list was read. The zero place is its beginning.
type place struct {
	Offset int   `json:"offset,omitempty"` // number of items at or before After when it was reached
	After  int64 `json:"after,omitempty"`  // id of the last item that was handled
	Total  int   `json:"total,omitempty"`  // length of the list when it was last read
}

// part is the stretch of a list that follows a place.
type part[T any] struct {
	items  []T // every one with an id greater than place.After, ascending
	offset int // of the first of items
	total  int
	last   bool
	resp   *httpx.Response
}

// read returns the part of a list behind a place.
//
// Lists move while they are read: orders are completed, goods are deleted. They are therefore read by ascending id, and
// each part begins with the item that was handled last. If that item is not there, or one before it, something left the
// list and what follows moved up: then reading steps back until it meets known ground, so that nothing is skipped. What
// is met twice does no harm.
func read[T identified](ctx context.Context, s *Store, l list, at place) (part[T], error) {
	pagesOnly := false
	s.learn(func(f *facts) { pagesOnly = f.pagesOnly })
	if pagesOnly {
		return readPage[T](ctx, s, l, at)
	}
	for offset := max(0, at.Offset-1); ; offset = max(0, offset-s.size()+1) {
		q := cloneQuery(l.query)
		q.Set("orderby", "id")
		q.Set("order", "asc")
		q.Set("per_page", strconv.Itoa(s.size()))
		if offset > 0 {
			q.Set("offset", strconv.Itoa(offset))
		}
		items, total, resp, err := fetch[T](ctx, s, l, q, offset)
		if s.tooMany(resp, err) {
			return read[T](ctx, s, l, at)
		}
		if err != nil {
			return part[T]{}, err
		}
		if offset > 0 && (len(items) == 0 || items[0].id() > at.After) {
			continue
		}
		known := knownOf(items, at.After)
		if offset > 0 && offset == at.Offset-1 && known > 1 && total <= at.Total {
			s.learn(func(f *facts) { f.pagesOnly = true }) // nothing came in front, yet it begins earlier: offsets come to nothing
			return readPage[T](ctx, s, l, at)
		}
		p := part[T]{items: items[known:], offset: offset + known, total: total, resp: resp}
		nothingNew := known == len(items) && known > 1 // perhaps because offsets come to nothing: look once more
		p.last = (len(items) < s.size() || offset+len(items) >= total) && !nothingNew
		return p, nil
	}
}

// readPage is read for shops that do not know offsets. A list that became shorter moved up: then the page before is read
// as well.
func readPage[T identified](ctx context.Context, s *Store, l list, at place) (part[T], error) {
	for page := at.Offset/s.size() + 1; ; page-- {
		offset := (page - 1) * s.size()
		q := cloneQuery(l.query)
		q.Set("orderby", "id")
		q.Set("order", "asc")
		q.Set("per_page", strconv.Itoa(s.size()))
		q.Set("page", strconv.Itoa(page))
		items, total, resp, err := fetch[T](ctx, s, l, q, offset)
		if err != nil {
			return part[T]{}, err
		}
		if moved := total < at.Total && (len(items) == 0 || items[0].id() > at.After); moved && page > 1 {
			continue
		}
		known := knownOf(items, at.After)
		p := part[T]{items: items[known:], offset: offset + len(items) - len(items[known:]), total: total, resp: resp}
		p.last = len(items) < s.size() || offset+len(items) >= total
		if len(p.items) == 0 && !p.last && total <= at.Total {
			return part[T]{}, channel.BadAnswer(l.op, fmt.Errorf("the list does not go on after %d", at.After))
		}
		return p, nil
	}
}

// knownOf counts the items at or before the one that was handled last.
func knownOf[T identified](items []T, after int64) int {
	known := 0
	for known < len(items) && items[known].id() <= after {
		known++
	}
	return known
}

// fetch reads one page and checks that it is whole.
func fetch[T identified](ctx context.Context, s *Store, l list, q url.Values, offset int) ([]T, int, *httpx.Response, error) {
	r := api(l.op, l.path, q)
	resp, err := s.ask(ctx, r)
	if err != nil {
		return nil, 0, resp, err
	}
	var items []T
	if err := resp.Decode(l.op, &items); err != nil {
		return nil, 0, resp, err
	}
	slices.SortStableFunc(items, func(a, b T) int { return cmp.Compare(a.id(), b.id()) })
	items = slices.CompactFunc(items, func(a, b T) bool { return a.id() == b.id() })
	total, err := strconv.Atoi(resp.Header.Get("X-WP-Total"))
	if err != nil { // a cache or a proxy took it away: then a page that is not full is the last
		return items, offset + len(items) + boolInt(len(items) == s.size()), resp, nil
	}
	s.dealt(resp, len(items), total)
	want := min(max(0, total-offset), s.size())
	if err := s.whole(l, q, offset, ident(items), want); err != nil {
		return nil, 0, resp, err
	}
	return items, total, resp, nil
}

// size is how many items are asked for: as many as a page holds, fewer where the shop deals out fewer.
func (s *Store) size() (n int) {
	s.learn(func(f *facts) { n = cmp.Or(f.page, s.pageSize) })
	return n
}

// dealt learns from a page that the shop deals out smaller ones than it was asked for: then it counts more pages, as many as
// pages of that size make.
func (s *Store) dealt(resp *httpx.Response, got, total int) {
	pages, err := strconv.Atoi(resp.Header.Get("X-WP-TotalPages"))
	if err == nil && got > 0 && pages > pagesOf(total, s.size()) && pages == pagesOf(total, got) {
		s.learn(func(f *facts) { f.page = got })
	}
}

// smallestPage is where asking for fewer items ends: the number WooCommerce deals out when it is told none.
const smallestPage = 10

// tooMany says whether the shop refused a page for its size, and asks for half of it from now on.
func (s *Store) tooMany(resp *httpx.Response, err error) bool {
	size := s.size()
	if !channel.IsKind(err, channel.Invalid) || !strings.Contains(string(refused(resp).Message), "per_page") || size <= smallestPage {
		return false
	}
	s.learn(func(f *facts) { f.page = max(smallestPage, size/2) })
	return true
}

// doubt is a page that held less than the shop announced.
type doubt struct {
	seen  uint64 // hash of the ids
	times int
}

// believed is how often the same gap must be met before it is taken for a fact: a shop counts things that it cannot load
// and therefore never sends, such as a product of a type whose plugin is gone.
const believed = 4

// whole checks that a page holds as many items as announced. One that does not is a bad answer, so that the cursor stays
// before it; the same gap seen again and again is the shop's own and is passed.
func (s *Store) whole(l list, q url.Values, offset int, got []int64, want int) error {
	key := fmt.Sprint(l.path, q.Get("include"), q.Get("modified_after"), q.Get("status"), offset)
	var err error
	s.learn(func(f *facts) {
		if len(got) >= want {
			delete(f.doubts, key)
			return
		}
		h := fnv.New64a()
		fmt.Fprint(h, got, want)
		d := f.doubts[key]
		if d.seen != h.Sum64() {
			d = doubt{seen: h.Sum64()}
		}
		if d.times++; d.times < believed {
			err = channel.BadAnswer(l.op, fmt.Errorf("%d items on a page of which %d were announced", len(got), want))
		}
		f.doubts[key] = d
	})
	return err
}

func ident[T identified](items []T) []int64 {
	out := make([]int64, len(items))
	for i, item := range items {
		out[i] = item.id()
	}
	return out
}

func cloneQuery(q url.Values) url.Values {
	out := url.Values{}
	for k, v := range q {
		out[k] = v
	}
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// readAll reads a list that is no longer than a few pages.
func readAll[T identified](ctx context.Context, s *Store, l list) ([]T, error) {
	var out []T
	at := place{}
	for range mostPages {
		p, err := read[T](ctx, s, l, at)
		if err != nil {
			return nil, err
		}
		out = append(out, p.items...)
		if p.last {
			return out, nil
		}
		if n := len(p.items); n > 0 {
			at.After = p.items[n-1].id()
		}
		at.Offset, at.Total = p.offset+len(p.items), p.total
	}
	return nil, channel.BadAnswer(l.op, errEndless)
}

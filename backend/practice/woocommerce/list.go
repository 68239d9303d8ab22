package woocommerce

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// sorting tells how to put a list of T in order.
type sorting[T any] struct {
	id       func(T) int64
	created  func(T) time.Time
	modified func(T) time.Time
	title    func(T) string
}

// arrange sorts a list by "orderby" and "order". The list comes by ascending id, so that the order a full pull asks for
// costs nothing. Ties are broken by id in the same direction (woocommerce-v3-addenda-2026).
func arrange[T any](c *call, list []T, by sorting[T]) {
	descending := c.query.get("order") != "asc"
	byID := func(a, b T) int { return cmp.Compare(by.id(a), by.id(b)) }
	var compare func(a, b T) int
	switch c.query.get("orderby") {
	case "id":
		compare = byID
	case "include":
		wanted := c.query.ids("include")
		compare = func(a, b T) int { return cmp.Compare(wanted[by.id(a)], wanted[by.id(b)]) }
		descending = false
	case "modified":
		compare = func(a, b T) int { return cmp.Or(seconds(by.modified(a), by.modified(b)), byID(a, b)) }
	case "title", "slug":
		compare = func(a, b T) int { return cmp.Or(strings.Compare(by.title(a), by.title(b)), byID(a, b)) }
	default:
		compare = func(a, b T) int { return cmp.Or(seconds(by.created(a), by.created(b)), byID(a, b)) }
	}
	if !slices.IsSortedFunc(list, compare) {
		slices.SortFunc(list, compare)
	}
	if descending {
		slices.Reverse(list)
	}
}

func seconds(a, b time.Time) int { return cmp.Compare(a.Unix(), b.Unix()) }

// page answers with the part of a list that "page", "per_page" and "offset" ask for, and with the totals of all of it.
func page[T any](c *call, list []T, render func(T) object) practice.Response {
	perPage := c.query.number("per_page", pageSize)
	number := c.query.number("page", 1)
	start := (number - 1) * perPage
	if offset := c.query.number("offset", 0); offset > 0 { // unverified together with page
		start = offset
	}
	pages := (len(list) + perPage - 1) / perPage
	c.header.Set("X-WP-Total", strconv.Itoa(len(list)))
	c.header.Set("X-WP-TotalPages", strconv.Itoa(pages))
	if link := c.links(number, pages); link != "" {
		c.header.Set("Link", link)
	}
	shown := list[min(start, len(list)):min(start+perPage, len(list))]
	if c.lie == practice.SkipItem && len(shown) > 0 {
		shown = slices.Delete(slices.Clone(shown), len(shown)/2, len(shown)/2+1)
	}
	items := make([]object, 0, len(shown))
	if c.r.Method != http.MethodHead {
		for _, it := range shown {
			items = append(items, render(it))
		}
	}
	res := c.respond(http.StatusOK, items)
	if c.r.Method == http.MethodHead {
		res.Body = nil
	}
	return res
}

// links is the Link header. It repeats the whole query, credentials included, as the real shop does
// (woocommerce-observed.md).
func (c *call) links(number, pages int) string {
	at := func(n int) string {
		var pairs []string
		replaced := false
		for _, name := range c.query.names {
			for _, value := range c.repeat(name) {
				if name == "page" {
					value, replaced = strconv.Itoa(n), true
				}
				pairs = append(pairs, url.QueryEscape(name)+"="+url.QueryEscape(value))
			}
		}
		if !replaced {
			pairs = append(pairs, "page="+strconv.Itoa(n))
		}
		return "<" + c.home + strings.TrimSuffix(c.face.path(c.r), "/") + "?" + strings.Join(pairs, "&") + ">"
	}
	var links []string
	if number > 1 {
		links = append(links, at(min(number-1, max(pages, 1)))+`; rel="prev"`)
	}
	if number < pages {
		links = append(links, at(number+1)+`; rel="next"`)
	}
	return strings.Join(links, ", ")
}

func (c *call) repeat(name string) []string {
	if name == "dates_are_gmt" && c.query.flag(name) {
		return []string{"1"}
	}
	return []string{c.query.get(name)}
}

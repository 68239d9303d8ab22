package woocommerce

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// query is the query string of a request, in the order it came.
type query struct {
	values url.Values
	names  []string // with "[]" and the like cut off, each once
}

func parseQuery(raw string) query {
	q := query{values: url.Values{}}
	for pair := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil || name == "" {
			continue
		}
		value, err = url.QueryUnescape(value)
		if err != nil {
			continue
		}
		q.values.Add(name, value)
		if base, _, _ := strings.Cut(name, "["); !slices.Contains(q.names, base) {
			q.names = append(q.names, base)
		}
	}
	return q
}

// get returns the values called name, those of "name[]" and "name[0]" included, joined by commas.
func (q query) get(name string) string {
	if v, ok := q.values[name]; ok {
		return strings.Join(v, ",")
	}
	var list []string
	for i := 0; ; i++ {
		v, ok := q.values[fmt.Sprintf("%s[%d]", name, i)]
		if !ok {
			break
		}
		list = append(list, v...)
	}
	return strings.Join(append(list, q.values[name+"[]"]...), ",")
}

func (q query) list(name string) []string {
	text := q.get(name)
	if text == "" {
		return nil
	}
	parts := strings.Split(text, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func (q query) ids(name string) map[int64]int {
	list := q.list(name)
	if list == nil {
		return nil
	}
	ids := map[int64]int{}
	for i, text := range list {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			ids[id] = i
		}
	}
	return ids
}

// number returns a whole number, or otherwise when there is none.
func (q query) number(name string, otherwise int) int {
	if n, err := strconv.Atoi(q.get(name)); err == nil {
		return n
	}
	return otherwise
}

func (q query) flag(name string) bool {
	v := strings.ToLower(q.get(name))
	return v == "true" || v == "1"
}

// maxPerPage is the largest page wc/v3 gives, pageSize the one it gives unasked.
const (
	maxPerPage = 100
	pageSize   = 10
)

var (
	orderings     = []string{"asc", "desc"}
	productOrders = []string{"date", "id", "include", "title", "slug", "modified", "popularity", "rating",
		"post__in", "price", "sales", "menu_order", "random"}
	orderOrders   = []string{"date", "id", "include", "title", "slug", "modified"}
	productTypes  = []string{"simple", "grouped", "external", "variable"}
	postStatuses  = []string{"any", "future", "trash", "draft", "pending", "private", "publish"}
	stockStatuses = []string{"instock", "outofstock", "onbackorder"}
	dateNames     = []string{"after", "before", "modified_after", "modified_before"}
	datePattern   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}(:?\d{2})?)?$`)
)

// collection checks the parameters that lists have in common.
func (c *call) collection(v *invalid, orderBy []string) {
	q := c.query
	if text := q.get("per_page"); text != "" {
		if n, err := strconv.Atoi(text); err != nil {
			v.wrongType("per_page", "integer")
		} else if n < 1 || n > maxPerPage {
			v.add("per_page", "rest_out_of_bounds", "per_page must be between 1 (inclusive) and 100 (inclusive)", false)
		}
	}
	if text := q.get("page"); text != "" {
		if n, err := strconv.Atoi(text); err != nil {
			v.wrongType("page", "integer")
		} else if n < 1 { // unverified wording
			v.add("page", "rest_out_of_bounds", "page must be greater than or equal to 1", false)
		}
	}
	c.oneOf(v, "orderby", orderBy)
	c.oneOf(v, "order", orderings)
	for _, name := range dateNames {
		if text := q.get(name); text != "" && !datePattern.MatchString(text) {
			v.add(name, "rest_invalid_date", "Invalid date.", false)
		}
	}
}

func (c *call) oneOf(v *invalid, name string, choices []string) {
	if text := c.query.get(name); text != "" && !slices.Contains(choices, text) {
		v.notIn(name, name, choices)
	}
}

// each checks every value of a list.
func (c *call) each(v *invalid, name string, choices []string) {
	for i, text := range c.query.list(name) {
		if !slices.Contains(choices, text) {
			v.notIn(name, fmt.Sprintf("%s[%d]", name, i), choices)
			return
		}
	}
}

// validate checks a request against the route's schema, as WordPress does before it asks who is calling.
func (c *call) validate(method string) *apiError {
	v := &invalid{}
	reads := method == http.MethodGet || method == http.MethodHead
	if reads && c.route.args != nil {
		c.route.args(c, v)
	}
	if !reads && c.route.fields != nil && method != http.MethodDelete {
		c.route.fields(c, v)
	}
	return v.err()
}

// cut is one bound in time of a list. A bound without zone is compared as it stands, with a zone it is first turned
// into the shop's own time; then it is compared with the shop-local date, or with the UTC date under dates_are_gmt.
// So a zone together with dates_are_gmt is wrong by the shop's offset (woocommerce-observed.md).
type cut struct {
	after, before time.Time // as wall clock in UTC; zero for none
	zone          *time.Location
}

func (c *call) cut(after, before string) cut {
	zone := c.face.world.Zone()
	k := cut{after: wallClock(c.query.get(after), zone), before: wallClock(c.query.get(before), zone), zone: zone}
	if c.query.flag("dates_are_gmt") {
		k.zone = time.UTC
	}
	return k
}

// holds reports whether t, in whole seconds, is strictly inside the bounds.
func (k cut) holds(t time.Time) bool {
	if k.after.IsZero() && k.before.IsZero() {
		return true
	}
	wall := asWallClock(t.In(k.zone))
	return (k.after.IsZero() || wall.After(k.after)) && (k.before.IsZero() || wall.Before(k.before))
}

func wallClock(text string, zone *time.Location) time.Time {
	if text == "" {
		return time.Time{}
	}
	text = strings.ToUpper(strings.Replace(text, " ", "T", 1))
	if t, err := time.Parse("2006-01-02T15:04:05", text); err == nil {
		return t.Truncate(time.Second)
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07"} {
		if t, err := time.Parse(layout, text); err == nil {
			return asWallClock(t.In(zone))
		}
	}
	return time.Time{}
}

func asWallClock(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// localDate and utcDate are how WordPress writes dates: no offset, whole seconds.
func (c *call) localDate(t time.Time) any { return wordPressDate(t, c.face.world.Zone()) }
func (c *call) utcDate(t time.Time) any   { return wordPressDate(t, time.UTC) }

func wordPressDate(t time.Time, zone *time.Location) any {
	if t.IsZero() {
		return nil
	}
	return t.In(zone).Format("2006-01-02T15:04:05")
}

package woocommerce

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sort"
	"strings"
)

// volatile are members whose value differs from shop to shop or from run to run; their type is compared all the same.
var volatile = map[string]string{
	"id": "a running number", "product_id": "a running number", "variation_id": "a running number",
	"parent_id": "a running number", "number": "a running number", "resource_id": "a running number", "variations": "running numbers",
	"date_created": "time", "date_created_gmt": "time", "date_modified": "time", "date_modified_gmt": "time",
	"date_paid": "time", "date_paid_gmt": "time", "date_completed": "time", "date_completed_gmt": "time",
	"order_key": "random", "payment_url": "holds the order's key", "href": "holds a running number",
	"permalink": "holds the shop's address", "store_id": "random", "description": "the vendor's prose",
	"label": "the vendor's prose", "total_sales": "the recorder sold more than it recorded", "note": "the vendor's prose", "price_html": "the theme's markup",
}

const (
	slugs  = "equal names are not numbered in addresses: no connector reads them"
	prices = "the recorder's first products had prices by a rule it did not tell"
	chance = "which products a theme proposes is chance"
)

// allowed are differences that stay, by recording ("" for all) and the end of the path, and why. One that hides nothing
// fails the test.
var allowed = []struct{ recording, end, why string }{
	{"", ".related_ids", chance},
	{"a01", ".routes", "the practice shop has the routes connectors use"},
	{"a01", "._links", "the index of the index: no connector reads it"},
	{"a02", ".environment", "the server's machine"},
	{"a02", ".database", "the server's database"},
	{"a02", ".settings", "themes and pages"},
	{"a03", "price", prices}, {"a04", "price", prices},
	{"e01", "price", prices},
	{"f02b", "", "e-mails are not sent, so they leave no notes"},
	{"i01", "[].value", "only the settings about stock are there"},
	{"i01", "[].type", "only the settings about stock are there"},
	{"i01", "[].default", "only the settings about stock are there"},
	{"g01", "", "the recorder created its products over twenty seconds"},
	{"j13", "slug", slugs}, {"j14", "slug", slugs}, {"j15", "slug", slugs}, {"j16", "slug", slugs},
}

// used tells which of allowed hid a difference.
var used = map[int]bool{}

type differences struct {
	recording string
	found     []string
}

func (d *differences) add(path, format string, args ...any) {
	for i, a := range allowed {
		if (a.recording == "" || a.recording == d.recording) && (strings.HasSuffix(path, a.end) || strings.Contains(path, a.end+".")) {
			used[i] = true
			return
		}
	}
	d.found = append(d.found, path+": "+fmt.Sprintf(format, args...))
}

// compare walks a recorded value and the one here. Objects must have the same members, lists are compared as far as
// both go, since the recorder cut them, and an empty list stands for any.
func (d *differences) compare(path string, want, got any) {
	if a, b := kindOf(want), kindOf(got); a != b {
		d.add(path, "%s %s, recorded %s %s", b, dump(got), a, dump(want))
		return
	}
	switch want := want.(type) {
	case map[string]any:
		d.compareMembers(path, want, got.(map[string]any))
	case []any:
		got := got.([]any)
		for i := range min(len(want), len(got)) {
			d.compare(path+"[]", want[i], got[i])
		}
		if len(want) > 0 && len(got) == 0 || len(want) == 0 && len(got) > 0 {
			d.add(path, "%d items, recorded %d", len(got), len(want))
		}
	default:
		name := strings.TrimSuffix(path[strings.LastIndex(path, ".")+1:], "[]")
		if volatile[name] == "" && fmt.Sprint(want) != fmt.Sprint(got) {
			d.add(path, "%s, recorded %s", dump(got), dump(want))
		}
	}
}

func (d *differences) compareMembers(path string, want, got map[string]any) {
	var names []string
	for name := range want {
		names = append(names, name)
		if _, ok := got[name]; !ok {
			d.add(path+"."+name, "missing, recorded %s", dump(want[name]))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			d.add(path+"."+name, "not recorded: %s", dump(got[name]))
		}
	}
	sort.Strings(names)
	for _, name := range names {
		if want["key"] == "_refunded_item_id" && (name == "value" || name == "display_value") {
			continue // a running number
		}
		if _, ok := got[name]; ok {
			d.compare(path+"."+name, want[name], got[name])
		}
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number, float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "list"
	}
	return "object"
}

// totals are not compared where the recorder had made more than it recorded.
var otherTotals = map[string]bool{"d17": true, "g01": true, "g03": true, "g04": true, "i05": true, "j22": true, "c25": true}

func (r *replay) compareHeaders(id string, rec recording, got http.Header) {
	r.t.Helper()
	for _, name := range []string{"X-WP-Total", "X-WP-TotalPages", "Allow", "Vary", "Content-Type", "Cache-Control", "Expires",
		"Access-Control-Expose-Headers", "X-Robots-Tag"} {
		want, _ := rec.Response.Headers[name].(string)
		if strings.HasPrefix(name, "X-WP") && otherTotals[id] {
			continue
		}
		if got.Get(name) != want {
			r.t.Errorf("%s: header %s is %q, recorded %q", rec.What, name, got.Get(name), want)
		}
	}
	link, _ := rec.Response.Headers["Link"].(string)
	for _, rel := range []string{`rel="next"`, `rel="prev"`, `rel="https://api.w.org/"`} {
		if strings.Contains(link, rel) != strings.Contains(got.Get("Link"), rel) {
			r.t.Errorf("%s: Link %q, recorded %q", rec.What, got.Get("Link"), link)
		}
	}
	if location, _ := rec.Response.Headers["Location"].(string); (location == "") != (got.Get("Location") == "") {
		r.t.Errorf("%s: Location %q, recorded %q", rec.What, got.Get("Location"), location)
	}
}

package woocommerce

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
)

// TestOrderFacts are "Orders and stock" of woocommerce-observed.md.
func TestOrderFacts(t *testing.T) { runFacts(t, Latest, "UTC", append(orderFacts, refundFacts...)) }

func (s *shop) move(order int64, status string) {
	s.t.Helper()
	s.put(fmt.Sprintf("/orders/%d", order), `{"status":"`+status+`"}`)
}

func (s *shop) refund(order int64, body string) answer {
	s.t.Helper()
	return s.call("POST", fmt.Sprintf("/orders/%d/refunds", order), body)
}

var orderFacts = []fact{
	{"created pending takes nothing", func(s *shop) {
		id := s.mug(10)
		s.sell(id, 2, "pending")
		s.equal("stock", s.stock(id), 10)
	}},
	{"processing, on-hold and completed take once and change nothing among themselves", func(s *shop) {
		id := s.mug(10)
		for _, first := range []string{"processing", "on-hold", "completed"} {
			order, _ := s.sell(id, 2, first)
			for _, next := range []string{"completed", "on-hold", "processing"} {
				s.move(order, next)
			}
			s.equal(first, s.stock(id), 8)
			s.move(order, "cancelled")
			s.equal("cancelled", s.stock(id), 10)
		}
	}},
	{"back to pending gives back", func(s *shop) {
		id := s.mug(10)
		order, _ := s.sell(id, 2, "processing")
		s.move(order, "pending")
		s.equal("stock", s.stock(id), 10)
		s.move(order, "processing")
		s.equal("again", s.stock(id), 8)
	}},
	{"status set to refunded gives nothing back and makes a refund without lines", func(s *shop) {
		id := s.mug(10)
		order, _ := s.sell(id, 2, "processing")
		s.move(order, "refunded")
		s.equal("stock", s.stock(id), 8)
		a := s.call("GET", fmt.Sprintf("/orders/%d/refunds", order), "")
		s.equal("refunds", row(a.len(), a.at(0, "amount"), a.at(0, "line_items")), "1 25.00 []")
	}},
	{"a plugin's status changes no stock", func(s *shop) {
		id := s.mug(10)
		order, _ := s.sell(id, 2, "processing")
		s.move(order, "packed")
		s.equal("stock", s.stock(id), 8)
		s.equal("shown", s.call("GET", fmt.Sprintf("/orders/%d", order), "").at("status"), "packed")
		totals := fmt.Sprint(s.call("GET", "/reports/orders/totals", "").value)
		s.equal("totals name it", strings.Contains(totals, "slug:packed"), true)
	}},
	{"trashed and deleted orders give nothing back", func(s *shop) {
		id := s.mug(10)
		order, _ := s.sell(id, 2, "processing")
		s.call("DELETE", fmt.Sprintf("/orders/%d", order), "")
		s.equal("trashed", row(s.stock(id), s.call("GET", fmt.Sprintf("/orders/%d", order), "").at("status")), "8 trash")
		s.equal("listed", s.call("GET", "/orders", "").len(), 0)
		s.equal("asked for", s.call("GET", "/orders?status=trash", "").len(), 1)
		s.call("DELETE", fmt.Sprintf("/orders/%d?force=true", order), "")
		s.equal("deleted", row(s.stock(id), s.call("GET", fmt.Sprintf("/orders/%d", order), "").status), "8 404")
	}},
	{"an edited line is followed", func(s *shop) {
		id := s.mug(20)
		order, line := s.sell(id, 2, "processing")
		path := fmt.Sprintf("/orders/%d", order)
		s.put(path, fmt.Sprintf(`{"line_items":[{"id":%d,"quantity":5}]}`, line))
		s.equal("raised", s.stock(id), 15)
		s.put(path, fmt.Sprintf(`{"line_items":[{"id":%d,"quantity":0}]}`, line))
		s.equal("removed", s.stock(id), 20)
		s.put(path, fmt.Sprintf(`{"line_items":[{"product_id":%d,"quantity":1}]}`, id))
		s.equal("added", s.stock(id), 19)
	}},
	{"5 are sold when 3 are there", func(s *shop) {
		id := s.mug(3)
		s.sell(id, 5, "processing")
		a := s.call("GET", fmt.Sprintf("/products/%d", id), "")
		s.equal("stock", row(a.at("stock_quantity"), a.at("stock_status")), "-2 outofstock")
	}},
	{"set_paid leads to processing, or to completed on delivery; it wins over a status", func(s *shop) {
		line := fmt.Sprintf(`"line_items":[{"product_id":%d,"quantity":1}]`, s.mug(9))
		for extra, want := range map[string]string{``: "processing", `,"payment_method":"bacs"`: "processing",
			`,"payment_method":"cod"`: "completed", `,"status":"on-hold"`: "processing"} {
			s.equal(extra, s.call("POST", "/orders", `{"set_paid":true,`+line+extra+`}`).at("status"), want)
		}
	}},
	{"a deleted product leaves a line with its name only", func(s *shop) {
		id := s.mug(9)
		order, _ := s.sell(id, 1, "processing")
		s.call("DELETE", fmt.Sprintf("/products/%d?force=true", id), "")
		a := s.call("GET", fmt.Sprintf("/orders/%d", order), "")
		s.equal("line", row(a.at("line_items", 0, "name"), a.at("line_items", 0, "product_id"), a.at("line_items", 0, "sku")), "Mug 0 <nil>")
	}},
	{"wc-completed is no status, lists take several", func(s *shop) {
		id := s.mug(9)
		order, _ := s.sell(id, 1, "processing")
		s.sell(id, 1, "completed")
		s.sell(id, 1, "pending")
		s.equal("prefix", s.call("PUT", fmt.Sprintf("/orders/%d", order), `{"status":"wc-completed"}`).status, 400)
		s.equal("list", s.call("GET", "/orders?status=processing,completed", "").len(), 2)
	}},
	{"a refund and an edit move the order's date, a note does not", func(s *shop) {
		id := s.mug(9)
		order, line := s.sell(id, 2, "processing")
		path := fmt.Sprintf("/orders/%d", order)
		s.now = s.now.Add(time.Minute)
		s.call("POST", path+"/notes", `{"note":"hello"}`)
		s.equal("note", s.call("GET", path, "").at("date_modified_gmt"), "2026-11-23T13:00:00")
		s.refund(order, fmt.Sprintf(`{"api_refund":false,"line_items":[{"id":%d,"quantity":1,"refund_total":1}]}`, line))
		s.equal("refund", s.call("GET", path, "").at("date_modified_gmt"), "2026-11-23T13:01:00")
	}},
}

var refundFacts = []fact{
	{"a refund of lines puts back unless api_restock is false; the last makes the order refunded", func(s *shop) {
		id := s.mug(18)
		order, line := s.sell(id, 3, "processing")
		one := fmt.Sprintf(`"line_items":[{"id":%d,"quantity":1,"refund_total":12.5}]`, line)
		s.refund(order, `{"api_refund":false,`+one+`}`)
		s.equal("restocked", s.stock(id), 16)
		s.refund(order, `{"api_refund":false,"api_restock":false,`+one+`}`)
		s.equal("not restocked", s.stock(id), 16)
		a := s.call("GET", fmt.Sprintf("/orders/%d", order), "")
		s.equal("meta", row(a.at("line_items", 0, "meta_data", 0, "value"), a.at("line_items", 0, "meta_data", 1, "value"), a.at("status")), "2 1 processing")
		s.refund(order, `{"api_refund":false,`+one+`}`)
		s.equal("status", s.call("GET", fmt.Sprintf("/orders/%d", order), "").at("status"), "refunded")
	}},
	{"a refund by amount gives nothing back", func(s *shop) {
		id := s.mug(10)
		order, _ := s.sell(id, 2, "processing")
		s.refund(order, `{"api_refund":false,"amount":"25.00"}`)
		s.equal("stock and status", row(s.stock(id), s.call("GET", fmt.Sprintf("/orders/%d", order), "").at("status")), "8 refunded")
	}},
	{"cancelled after a partial refund: only the rest comes back", func(s *shop) {
		id := s.mug(20)
		order, line := s.sell(id, 4, "processing")
		s.refund(order, fmt.Sprintf(`{"api_refund":false,"line_items":[{"id":%d,"quantity":1,"refund_total":12.5}]}`, line))
		s.equal("refunded", s.stock(id), 17)
		s.move(order, "cancelled")
		s.equal("cancelled", s.stock(id), 20)
	}},
	{"a refund of 9 when 1 was sold puts 9 back", func(s *shop) {
		id := s.mug(13)
		order, line := s.sell(id, 1, "processing")
		a := s.refund(order, fmt.Sprintf(`{"api_refund":false,"line_items":[{"id":%d,"quantity":9,"refund_total":1}]}`, line))
		s.equal("stock", row(a.status, s.stock(id)), "201 21")
	}},
	{"refusals are HTTP 500 with a bare number as data", func(s *shop) {
		id := s.mug(13)
		order, _ := s.sell(id, 1, "processing")
		a := s.refund(order, `{"api_refund":false,"amount":"900"}`)
		s.equal("too much", row(a.status, a.at("message"), a.at("data")), "500 Invalid refund amount. 500")
		a = s.refund(order, `{"amount":"1.00"}`)
		s.equal("gateway", row(a.status, a.at("code"), s.stock(id)), "500 woocommerce_rest_cannot_create_order_refund 12")
	}},
	{"refund lines are negative and name the line they refund", func(s *shop) {
		id := s.mug(13)
		order, line := s.sell(id, 2, "processing")
		s.refund(order, fmt.Sprintf(`{"api_refund":false,"line_items":[{"id":%d,"quantity":1,"refund_total":12.5}]}`, line))
		a := s.call("GET", "/refunds", "")
		s.equal("refund", row(a.at(0, "parent_id"), a.at(0, "line_items", 0, "quantity"), a.at(0, "line_items", 0, "meta_data", 0, "value")),
			row(order, -1, line))
	}},
}

// TestDateFacts are "Dates": the same bounds on shops east and west of UTC.
func TestDateFacts(t *testing.T) {
	utc := time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC).Format
	before, equal, after := utc("2006-01-02T")+"12:59:59", utc("2006-01-02T15:04:05"), utc("2006-01-02T")+"13:00:01"
	bounds := []struct {
		name, bound   string
		gmt           bool
		tokyo, newYrk int
	}{
		{"UTC with dates_are_gmt, a second before", before, true, 1, 1},
		{"UTC with dates_are_gmt, equal: strictly greater", equal, true, 0, 0},
		{"UTC with dates_are_gmt, a second after", after, true, 0, 0},
		{"UTC with Z and no flag, a second before", before + "Z", false, 1, 1},
		{"UTC with Z and no flag, a second after", after + "Z", false, 0, 0},
		{"fractions of a second pass", "2026-11-23T12:59:59.500Z", false, 1, 1},
		{"Z together with dates_are_gmt misses changes in the east and repeats hours in the west", before + "Z", true, 0, 1},
		{"Z together with dates_are_gmt, a second after", after + "Z", true, 0, 1},
		{"UTC without flag is taken as shop-local", before, false, 1, 0},
	}
	for _, b := range bounds {
		t.Run(b.name, func(t *testing.T) {
			for zone, want := range map[string]int{"Asia/Tokyo": b.tokyo, "America/New_York": b.newYrk} {
				s := openShop(t, Latest, zone)
				id := s.make("/products", `{"name":"x","manage_stock":true,"stock_quantity":5}`)
				s.world.Sell(practice.Units{Item: id, Quantity: 1})
				for _, list := range []string{"/products", "/orders"} {
					q := url.Values{"modified_after": {b.bound}}
					if b.gmt {
						q.Set("dates_are_gmt", "true")
					}
					s.equal(zone+list, s.call("GET", list+"?"+q.Encode(), "").len(), want)
				}
			}
		})
	}
	t.Run("a date alone and garbage are 400", func(t *testing.T) {
		s := openShop(t, Latest, "UTC")
		for _, bad := range []string{"2026-11-23", "yesterday"} {
			s.equal(bad, s.call("GET", "/products?modified_after="+bad, "").status, 400)
		}
	})
	t.Run("dates are local without offset and UTC without Z", func(t *testing.T) {
		s := openShop(t, Latest, "Asia/Tokyo")
		a := s.call("POST", "/products", `{"name":"x"}`)
		s.equal("dates", row(a.at("date_modified"), a.at("date_modified_gmt")), "2026-11-23T22:00:00 2026-11-23T13:00:00")
	})
}

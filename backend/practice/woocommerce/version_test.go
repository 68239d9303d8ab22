package woocommerce

import (
	"fmt"
	"testing"
)

// recordedVersions are the columns of "Differences by version" in woocommerce-observed.md.
var recordedVersions = [...]string{"7.9.0", "8.9.2", "9.4.2", "10.0.2", "11.0.1"}

// TestVersionDifferences goes through that table row by row.
func TestVersionDifferences(t *testing.T) {
	for _, r := range versionRows {
		t.Run(r.fact, func(t *testing.T) {
			for i, version := range recordedVersions {
				s := openShop(t, version, "UTC")
				s.equal(version, r.probe(s), r.want[i])
			}
		})
	}
}

var versionRows = []struct {
	fact  string
	want  [5]any
	probe func(s *shop) any
}{
	{"GET /variations", [5]any{404, 404, 404, 404, 200}, func(s *shop) any { return s.call("GET", "/variations", "").status }},
	{"GET /refunds", [5]any{404, 404, 200, 200, 200}, func(s *shop) any { return s.call("GET", "/refunds", "").status }},
	{"write manage_stock parent", [5]any{400, 400, 400, 400, 200}, func(s *shop) any {
		parent, _, medium := s.tee()
		return s.call("PUT", fmt.Sprintf("/products/%d/variations/%d", parent, medium), `{"manage_stock":"parent"}`).status
	}},
	{"failed restores stock", [5]any{8, 8, 8, 8, 10}, func(s *shop) any {
		id := s.mug(10)
		order, _ := s.sell(id, 2, "processing")
		s.move(order, "failed")
		return s.stock(id)
	}},
	{"a line edit is followed", [5]any{18, 18, 15, 15, 15}, func(s *shop) any {
		id := s.mug(20)
		order, line := s.sell(id, 2, "processing")
		s.put(fmt.Sprintf("/orders/%d", order), fmt.Sprintf(`{"line_items":[{"id":%d,"quantity":5}]}`, line))
		return s.stock(id)
	}},
	{"a removed line gives back", [5]any{18, 18, 20, 20, 20}, func(s *shop) any {
		id := s.mug(20)
		order, line := s.sell(id, 2, "processing")
		s.put(fmt.Sprintf("/orders/%d", order), fmt.Sprintf(`{"line_items":[{"id":%d,"quantity":0}]}`, line))
		return s.stock(id)
	}},
	{"a line added to a reduced order takes", [5]any{18, 18, 18, 17, 17}, func(s *shop) any {
		id := s.mug(20)
		order, _ := s.sell(id, 2, "processing")
		s.put(fmt.Sprintf("/orders/%d", order), fmt.Sprintf(`{"line_items":[{"product_id":%d,"quantity":1}]}`, id))
		return s.stock(id)
	}},
	{"a variation read under a wrong parent", [5]any{200, 200, 404, 404, 404}, func(s *shop) any {
		_, small, _ := s.tee()
		return s.call("GET", fmt.Sprintf("/products/%d/variations/%d", s.mug(1), small), "").status
	}},
	{"the SKU of a trashed product reused", [5]any{201, 201, 400, 400, 400}, func(s *shop) any {
		s.call("DELETE", fmt.Sprintf("/products/%d", s.make("/products", `{"name":"x","sku":"D"}`)), "")
		return s.call("POST", "/products", `{"name":"y","sku":"D"}`).status
	}},
	{"include_types and exclude_status", [5]any{2, 2, 2, 1, 1}, func(s *shop) any {
		s.make("/products", `{"name":"x","status":"draft"}`)
		s.make("/products", `{"name":"y"}`)
		return s.call("GET", "/products?exclude_status=draft", "").len()
	}},
	{"checkout-draft in the default list", [5]any{0, 0, 1, 1, 0}, func(s *shop) any {
		s.sell(s.mug(1), 1, "checkout-draft")
		return s.call("GET", "/orders", "").len()
	}},
	{"global_unique_id of product and line", [5]any{"false false", "false false", "true false", "true false", "true true"}, func(s *shop) any {
		id := s.mug(3)
		order, _ := s.sell(id, 1, "processing")
		_, product := s.call("GET", fmt.Sprintf("/products/%d", id), "").value.(map[string]any)["global_unique_id"]
		_, line := s.call("GET", fmt.Sprintf("/orders/%d", order), "").at("line_items", 0).(map[string]any)["global_unique_id"]
		return row(product, line)
	}},
	{"refunds[].total_tax in the order", [5]any{false, false, false, false, true}, func(s *shop) any {
		order, _ := s.sell(s.mug(3), 1, "processing")
		s.refund(order, `{"api_refund":false,"amount":"1.00"}`)
		_, ok := s.call("GET", fmt.Sprintf("/orders/%d", order), "").at("refunds", 0).(map[string]any)["total_tax"]
		return ok
	}},
}

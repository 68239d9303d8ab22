package woocommerce

import (
	"encoding/json"
	"net/http/httptest"
	"strconv"
	"strings"
)

// bridge is a call the recorder made between two recordings without recording it, as FACTS.txt tells. Numbers are the
// recorded ones; makes is the recorded number of what the call created.
type bridge struct {
	method, path, body string
	makes              int64
	line               int64 // recorded number of the created order's first line
}

// bridges are the calls before a recording, by its short name.
var bridges = map[string][]bridge{
	"c16": {put("/products/336", `{"stock_quantity":10,"backorders":"no"}`)},
	"c21": {put("/products/336", `{"stock_quantity":10}`)},
	"c26": {{method: "POST", path: "/products", makes: 338,
		body: `{"name":"draft","status":"draft","sku":"REC-577e71-D","manage_stock":true,"stock_quantity":1}`}},
	"d20": {put("/products/340/variations/341", `{"stock_quantity":0}`),
		put("/products/340/variations/342", `{"manage_stock":true,"stock_quantity":0}`)},
	"f01": {put("/products/336", `{"stock_quantity":10}`)},
	"f06": {status(345, "pending"), status(345, "on-hold"), status(345, "failed"), status(345, "cancelled")},
	"f07": {put("/products/336", `{"stock_quantity":20}`), sell(354, 9, `{"product_id":336,"quantity":2}`)},
	"f10": {sell(355, 10, `{"product_id":336,"quantity":3}`)},
	"f15": {sell(359, 14, `{"product_id":336,"quantity":2}`)},
	"f16": {sell(361, 15, `{"product_id":336,"quantity":2}`)},
	"f17": {sell(363, 16, `{"product_id":336,"quantity":1}`)},
	"f20": {sell(366, 18, `{"product_id":336,"quantity":4}`),
		{method: "POST", path: "/orders/366/refunds", body: `{"api_refund":false,"line_items":[{"id":18,"quantity":1,"refund_total":12.5}]}`},
		status(366, "cancelled"), put("/products/336", `{"stock_quantity":20}`), sell(368, 20, `{"product_id":336,"quantity":2}`)},
	"f23": {put("/products/336", `{"stock_quantity":3}`)},
	"f26": {put("/products/340", `{"manage_stock":true,"stock_quantity":8}`),
		put("/products/340/variations/342", `{"manage_stock":"parent"}`)},
	"f29": {{method: "POST", path: "/products", makes: 375, body: `{"name":"gone","regular_price":"2","manage_stock":true,"stock_quantity":5}`},
		sell(376, 28, `{"product_id":375,"quantity":1}`), {method: "DELETE", path: "/products/375?force=true"}},
	"i02": {put("/products/336", `{"stock_quantity":40}`)},
	"j01": {put("/settings/products/woocommerce_manage_stock", `{"value":"yes"}`)},
	"j03": {put("/products/336", `{"stock_quantity":40}`)},
	"j11": {{method: "POST", path: "/products", makes: 395,
		body: `{"name":"virt","regular_price":"1","virtual":true,"downloadable":true,"manage_stock":true,"stock_quantity":5}`}},
	"j19": {put("/products/340", `{"stock_quantity":9}`), sell(450, 60, `{"product_id":340,"variation_id":341,"quantity":1}`)},
	"j23": {put("/products/336", `{"stock_quantity":32}`)},
}

func put(path, body string) bridge { return bridge{method: "PUT", path: path, body: body} }

func status(order int64, name string) bridge {
	return put("/orders/"+strconv.FormatInt(order, 10), `{"status":"`+name+`"}`)
}

// sell creates a processing order with one line.
func sell(order, line int64, item string) bridge {
	return bridge{method: "POST", path: "/orders", makes: order, line: line,
		body: `{"status":"processing","line_items":[` + item + `]}`}
}

func (r *replay) bridge(b bridge) {
	r.t.Helper()
	var body any
	if b.body != "" {
		if err := decode([]byte(b.body), &body); err != nil {
			r.t.Fatal(err)
		}
	}
	raw, _ := json.Marshal(r.mapBody("", body))
	path, query, _ := strings.Cut(b.path, "?")
	req := httptest.NewRequest(b.method, replayHome+r.mapPath("/wp-json/wc/v3"+path)+"?"+query, strings.NewReader(string(raw)))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Forwarded-Proto", "https")
	req.SetBasicAuth(fullKey, "cs_rw")
	out := r.send(req)
	if out.Code >= 300 {
		r.t.Fatalf("bridge %s %s: %d %s", b.method, b.path, out.Code, out.Body)
	}
	if b.makes == 0 {
		return
	}
	var made struct {
		ID        int64
		LineItems []struct{ ID int64 } `json:"line_items"`
	}
	if err := json.Unmarshal(out.Body.Bytes(), &made); err != nil {
		r.t.Fatal(err)
	}
	r.ids[strconv.FormatInt(b.makes, 10)] = made.ID
	if b.line != 0 {
		r.ids["line"+strconv.FormatInt(b.line, 10)] = made.LineItems[0].ID
	}
}

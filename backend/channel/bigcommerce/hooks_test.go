package bigcommerce

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/practice"
)

func TestReadHook(t *testing.T) {
	const secret, id, at = "c11ent5ecret", "msg_1", "1795000000"
	body := func(scope string) string {
		return fmt.Sprintf(`{"scope":%q,"store_id":"1025646","data":{"type":"order","id":250},"hash":"352e","created_at":1561482670}`, scope)
	}
	sign := func(key, id, at, body string) string {
		return "v1," + practice.Sign(key, []byte(id+"."+at+"."+body))
	}
	order := body("store/order/created")
	hook := channel.Hook{ID: id, Sent: time.Unix(1795000000, 0)}
	orders, listings := hook, hook
	orders.Orders, listings.Listings = true, true
	right := sign(secret, id, at, order)
	for _, tc := range []struct {
		name, id, at, body, signature, secret string
		want                                  channel.Hook
		refused                               bool
	}{
		{"an order", id, at, order, right, secret, orders, false},
		{"a refund", id, at, body("store/order/refund/created"), sign(secret, id, at, body("store/order/refund/created")), secret, orders, false},
		{"a shipment", id, at, body("store/shipment/created"), sign(secret, id, at, body("store/shipment/created")), secret, orders, false},
		{"a product", id, at, body("store/product/updated"), sign(secret, id, at, body("store/product/updated")), secret, listings, false},
		{"a number", id, at, body("store/channel/1/inventory/product/stock_changed"), sign(secret, id, at, body("store/channel/1/inventory/product/stock_changed")), secret, listings, false},
		{"something else", id, at, body("store/cart/created"), sign(secret, id, at, body("store/cart/created")), secret, hook, false},
		{"no JSON", id, at, "x", sign(secret, id, at, "x"), secret, hook, false},
		{"while the key is being replaced", id, at, order, sign("old", id, at, order) + " " + right, secret, orders, false},
		{"body changed", id, at, order + " ", right, secret, channel.Hook{}, true},
		{"time changed", id, "1795000001", order, right, secret, channel.Hook{}, true},
		{"id changed", "msg_2", at, order, right, secret, channel.Hook{}, true},
		{"another secret", id, at, order, right, "s", channel.Hook{}, true},
		{"no secret", id, at, order, sign("", id, at, order), "", channel.Hook{}, true},
		{"no id", "", at, order, sign(secret, "", at, order), secret, channel.Hook{}, true},
		{"no time", id, "", order, sign(secret, id, "", order), secret, channel.Hook{}, true},
		{"a time that is none", id, "soon", order, sign(secret, id, "soon", order), secret, channel.Hook{}, true},
		{"no signature", id, at, order, "", secret, channel.Hook{}, true},
		{"another way of signing", id, at, order, strings.Replace(right, "v1,", "v1a,", 1), secret, channel.Hook{}, true},
		{"signed with the base64 of the secret", id, at, order, sign(base64.StdEncoding.EncodeToString([]byte(secret)), id, at, order), secret, channel.Hook{}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := http.Header{}
			h.Set("webhook-id", tc.id)
			h.Set("webhook-timestamp", tc.at)
			h.Set("webhook-signature", tc.signature)
			got, err := new(Store).ReadHook(h, []byte(tc.body), tc.secret)
			if (err != nil) != tc.refused || got != tc.want || tc.refused && channel.KindOf(err) != channel.Auth {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func FuzzReadHook(f *testing.F) {
	f.Add("1", "1795000000", "v1,d", []byte(`{"scope":"store/order/created"}`), "k")
	f.Add("", "-1", "v1, v1,", []byte(`{"scope":[]}`), "")
	f.Fuzz(func(t *testing.T, id, at, signatures string, body []byte, secret string) {
		h := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {at}, "Webhook-Signature": {signatures}}
		got, err := new(Store).ReadHook(h, body, secret)
		signed := strings.Contains(signatures, "v1,"+practice.Sign(secret, fmt.Appendf(nil, "%s.%s.%s", id, at, body)))
		if (got.Orders || got.Listings) && (err != nil || secret == "" || !signed) {
			t.Errorf("%+v, %v was taken from a call that nobody signed", got, err)
		}
	})
}

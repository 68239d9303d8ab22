package woocommerce

import (
	"net/http"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/practice"
)

func TestReadHook(t *testing.T) {
	const body, secret = `{"id":488,"status":"processing"}`, "5ecret"
	// As a delivery was recorded (m13-delivery), with another body.
	headers := func() http.Header {
		h := http.Header{}
		for name, value := range map[string]string{"Content-Type": "application/json", "X-WC-Webhook-Topic": "order.updated",
			"X-WC-Webhook-Resource": "order", "X-WC-Webhook-Event": "updated", "X-WC-Webhook-ID": "2",
			"X-WC-Webhook-Delivery-ID": "65ee2bf3b0102fbce90206041ba1672c", "X-WC-Webhook-Signature": practice.Sign(secret, []byte(body))} {
			h.Set(name, value)
		}
		return h
	}
	order := channel.Hook{ID: "65ee2bf3b0102fbce90206041ba1672c", Orders: true}
	for _, tc := range []struct {
		name         string
		change       func(h http.Header)
		body, secret string
		want         channel.Hook
		refused      bool
	}{
		{name: "an order", body: body, secret: secret, want: order},
		{name: "a product", body: body, secret: secret, change: func(h http.Header) { h.Set("X-WC-Webhook-Topic", "product.deleted") },
			want: channel.Hook{ID: order.ID, Listings: true}},
		{name: "another topic", body: body, secret: secret, change: func(h http.Header) { h.Set("X-WC-Webhook-Topic", "coupon.created") },
			want: channel.Hook{ID: order.ID}},
		{name: "body changed", body: body + " ", secret: secret, refused: true},
		{name: "another secret", body: body, secret: "s", refused: true},
		{name: "no secret", body: body, secret: "", refused: true},
		{name: "no signature", body: body, secret: secret, change: func(h http.Header) { h.Del("X-WC-Webhook-Signature") }, refused: true},
		{name: "a ping", body: "webhook_id=12", secret: secret, change: form},
		{name: "a ping before there is a signature", body: "webhook_id=12", secret: "", change: form},
		{name: "a form that is no ping", body: "webhook_id=12&x=1", secret: secret, change: form, refused: true},
		{name: "a ping that is no form", body: "webhook_id=12", secret: secret, refused: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := headers()
			if tc.change != nil {
				tc.change(h)
			}
			got, err := new(Store).ReadHook(h, []byte(tc.body), tc.secret)
			if (err != nil) != tc.refused || got != tc.want || tc.refused && channel.KindOf(err) != channel.Auth {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func form(h http.Header) { h.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8") }

func FuzzReadHook(f *testing.F) {
	f.Add("application/json", "order.updated", "d", []byte(`{"id":1}`), "k")
	f.Add("application/x-www-form-urlencoded", "", "", []byte("webhook_id=1"), "")
	f.Add(";;=", "product.", "\x00", []byte{0xff}, "k")
	f.Fuzz(func(t *testing.T, kind, topic, signature string, body []byte, secret string) {
		h := http.Header{"Content-Type": {kind}, "X-Wc-Webhook-Topic": {topic}, "X-Wc-Webhook-Signature": {signature}}
		got, err := new(Store).ReadHook(h, body, secret)
		if (got.Orders || got.Listings) && (err != nil || secret == "" || signature != practice.Sign(secret, body)) {
			t.Errorf("%+v, %v was taken from a call that nobody signed", got, err)
		}
	})
}

package shopify

import (
	"net/http"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/practice"
)

func TestReadHook(t *testing.T) {
	const body = `{"id":820982911946154508}`
	for _, tc := range []struct {
		name, topic, body, signedWith, byApp, byHand string
		want                                         channel.Hook
		refused                                      bool
	}{
		{name: "of the app", topic: "orders/create", body: body, signedWith: "app", byApp: "app", want: channel.Hook{ID: "w", Orders: true}},
		{name: "of the app, with a key of the shop too", topic: "refunds/create", body: body, signedWith: "app", byApp: "app", byHand: "hand", want: channel.Hook{ID: "w", Orders: true}},
		{name: "made by hand", topic: "products/update", body: body, signedWith: "hand", byApp: "app", byHand: "hand", want: channel.Hook{ID: "w", Listings: true}},
		{name: "made by hand, an old app", topic: "inventory_levels/update", body: body, signedWith: "hand", byHand: "hand", want: channel.Hook{ID: "w", Listings: true}},
		{name: "another topic", topic: "customers/create", body: body, signedWith: "app", byApp: "app", want: channel.Hook{ID: "w"}},
		{name: "body changed", topic: "orders/create", body: body + "\n", signedWith: "app", byApp: "app", refused: true},
		{name: "another key", topic: "orders/create", body: body, signedWith: "x", byApp: "app", byHand: "hand", refused: true},
		{name: "no key known", topic: "orders/create", body: body, signedWith: "", refused: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := http.Header{}
			h.Set("X-Shopify-Topic", tc.topic)
			h.Set("X-Shopify-Hmac-SHA256", practice.Sign(tc.signedWith, []byte(body)))
			h.Set("X-Shopify-Webhook-Id", "w")
			s := &Store{login: &login{secret: tc.byApp}}
			got, err := s.ReadHook(h, []byte(tc.body), tc.byHand)
			if (err != nil) != tc.refused || got != tc.want || tc.refused && channel.KindOf(err) != channel.Auth {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func FuzzReadHook(f *testing.F) {
	f.Add("orders/create", "d", []byte(`{"id":1}`), "k", "h")
	f.Add("", "", []byte{}, "", "")
	f.Fuzz(func(t *testing.T, topic, signature string, body []byte, byApp, byHand string) {
		h := http.Header{"X-Shopify-Topic": {topic}, "X-Shopify-Hmac-Sha256": {signature}}
		got, err := (&Store{login: &login{secret: byApp}}).ReadHook(h, body, byHand)
		signed := byApp != "" && signature == practice.Sign(byApp, body) || byHand != "" && signature == practice.Sign(byHand, body)
		if (got.Orders || got.Listings) && (err != nil || !signed) {
			t.Errorf("%+v, %v was taken from a call that nobody signed", got, err)
		}
	})
}

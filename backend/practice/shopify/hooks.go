package shopify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"evenstock/backend/practice"
)

// subscription is a webhook: of the app, signed with its client secret, or made by hand in the admin, signed with a key of
// the shop.
type subscription struct{ topic, address, key string }

// Subscribe makes a webhook. An empty key stands for the app's client secret.
func (f *Face) Subscribe(topic, address, key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if key == "" {
		key = f.options.ClientSecret
	}
	f.subscribed = append(f.subscribed, subscription{topic, address, key})
}

// CallOut has the shop call its webhooks' addresses with client from now on, as soon as something changes.
func (f *Face) CallOut(client *http.Client) {
	f.world.CallOut(client, f.deliveries)
}

// deliveries are the calls that a change makes (shopify.md, 2.7). Their bodies are those of subscriptions that include the
// id only; what else would stand there is nothing a stock tool may rely on.
func (f *Face) deliveries(change practice.Change) (out []*http.Request) {
	topic, kind := "products/", "Product"
	if change.Order {
		topic, kind = "orders/", "Order"
	}
	switch {
	case change.Gone:
		topic += "delete"
	case change.New:
		topic += "create"
	case change.Order:
		topic += "updated"
	default:
		topic += "update"
	}
	body, err := json.Marshal(map[string]any{"id": change.ID, "admin_graphql_api_id": gid(kind, change.ID)})
	if err != nil {
		panic(err) // a number and a text
	}
	now := f.world.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.subscribed {
		r, err := http.NewRequest(http.MethodPost, s.address, bytes.NewReader(body))
		if s.topic != topic || err != nil {
			continue
		}
		f.called++
		r.Header = http.Header{"Content-Type": {"application/json"}, "X-Shopify-Topic": {topic},
			"X-Shopify-Hmac-Sha256": {practice.Sign(s.key, body)}, "X-Shopify-Shop-Domain": {f.options.Shop + ".myshopify.com"},
			"X-Shopify-Api-Version": {f.options.Version}, "X-Shopify-Webhook-Id": {fmt.Sprintf("b54557e4-bdd9-4b37-8a5f-%012d", f.called)},
			"X-Shopify-Triggered-At": {now.UTC().Format(time.RFC3339Nano)}}
		out = append(out, r)
	}
	return out
}

package shopify

import (
	"net/http"
	"strings"

	"evenstock/backend/channel"
)

func hookSetup() *channel.HookSetup {
	return &channel.HookSetup{
		Secret: channel.Field{Name: "hookSecret", Label: "Signing key", Secret: true,
			Help: "The key that stands below the webhooks in the Shopify admin. Webhooks that the app itself has are signed with its client secret, which is known already."},
		Instead: "clientSecret",
		Steps: []string{
			"In the Shopify admin open Settings, Notifications, Webhooks and choose Create webhook.",
			"Choose the event Order update and the format JSON.",
			"As the URL enter the address of your tunnel followed by {path}, and choose Save.",
			"Do the same for the events Order creation, Refund create and Product update.",
			"Below the list Shopify shows the key that these webhooks are signed with. Copy it here.",
		},
	}
}

// topics are the beginnings of the topics that tell of orders, and of those that tell of listings (shopify.md, 2.7).
var orderTopics, listingTopics = []string{"orders/", "refunds/", "fulfillments/", "fulfillment_orders/", "returns/"},
	[]string{"products/", "variants/", "inventory_items/", "inventory_levels/"}

// ReadHook implements [channel.HookReader] (shopify.md, 2.7): the app's webhooks are signed with its client secret, those
// that were made by hand with a key of the shop. Shopify signs no time.
func (s *Store) ReadHook(h http.Header, body []byte, secret string) (channel.Hook, error) {
	signature := h.Get("X-Shopify-Hmac-Sha256")
	if byHand, byApp := channel.SignedBy(secret, signature, body), channel.SignedBy(s.login.secret, signature, body); !byHand && !byApp {
		return channel.Hook{}, channel.BadHook()
	}
	topic := h.Get("X-Shopify-Topic")
	return channel.Hook{ID: h.Get("X-Shopify-Webhook-Id"), Orders: begins(topic, orderTopics), Listings: begins(topic, listingTopics)}, nil
}

func begins(topic string, with []string) bool {
	for _, w := range with {
		if strings.HasPrefix(topic, w) {
			return true
		}
	}
	return false
}

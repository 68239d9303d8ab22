package woocommerce

import (
	"mime"
	"net/http"
	"regexp"
	"strings"

	"evenstock/backend/channel"
)

func hookSetup() *channel.HookSetup {
	return &channel.HookSetup{
		Secret: channel.Field{Name: "hookSecret", Label: "Secret", Help: "Enter it as the secret of every webhook of this shop.", Secret: true},
		Made:   true,
		Steps: []string{
			"In the shop's administration open WooCommerce, Settings, Advanced, Webhooks and choose Add webhook.",
			"Enter Evenstock as the name, set the status to Active and choose the topic Order updated.",
			"As the delivery URL enter the address of your tunnel followed by {path}.",
			"Paste the secret that is shown here, leave the API version as it is and choose Save webhook.",
			"Do the same for the topics Order created, Product updated and Product deleted.",
		},
	}
}

// ping is what the shop sends when a webhook is made. It is not signed and says nothing (woocommerce-observed.md,
// Webhooks).
var ping = regexp.MustCompile(`^webhook_id=[0-9]{1,20}$`)

// ReadHook implements [channel.HookReader] (woocommerce.md, 4.7). WooCommerce signs no time.
func (s *Store) ReadHook(h http.Header, body []byte, secret string) (channel.Hook, error) {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err == nil && kind == "application/x-www-form-urlencoded" && ping.Match(body) {
		return channel.Hook{}, nil
	}
	if !channel.SignedBy(secret, h.Get("X-WC-Webhook-Signature"), body) {
		return channel.Hook{}, channel.BadHook()
	}
	about, _, _ := strings.Cut(h.Get("X-WC-Webhook-Topic"), ".")
	return channel.Hook{ID: h.Get("X-WC-Webhook-Delivery-ID"), Orders: about == "order", Listings: about == "product"}, nil
}

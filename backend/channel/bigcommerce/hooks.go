package bigcommerce

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/channel"
)

func hookSetup() *channel.HookSetup {
	return &channel.HookSetup{
		Secret: channel.Field{Name: "hookSecret", Label: "Client secret", Secret: true,
			Help: "BigCommerce shows it beside the access token when the API account is made."},
		Steps: []string{
			"Copy the client secret of the API account here. If you did not keep it, make a new API account and enter its keys first.",
			"BigCommerce has no page for webhooks: they are made by a request. Send it with the same access token, from a terminal for instance.",
			`curl https://api.bigcommerce.com/stores/STOREHASH/v3/hooks -H "X-Auth-Token: TOKEN" -H "Content-Type: application/json" -d '{"scope":"store/order/*","destination":"https://TUNNEL{path}","is_active":true}'`,
			"Put your store hash, your access token and the address of your tunnel in their places. The tunnel has to answer on port 443.",
			"Send the same once more with store/product/* in place of store/order/*.",
		},
	}
}

// ReadHook implements [channel.HookReader]: the call is signed as the Standard Webhooks say, with the client secret of the
// API account as the key (bigcommerce.md, 3.7): the headers are those their libraries read, which BigCommerce tells to verify
// its calls with. The id and the time are signed with the body, and what has changed stands in the body.
func (s *Store) ReadHook(h http.Header, body []byte, secret string) (channel.Hook, error) {
	id, at := h.Get("Webhook-Id"), h.Get("Webhook-Timestamp")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || id == "" || !signed(secret, h.Get("Webhook-Signature"), append([]byte(id+"."+at+"."), body...)) {
		return channel.Hook{}, channel.BadHook()
	}
	out := channel.Hook{ID: id, Sent: time.Unix(seconds, 0)}
	var told struct {
		Scope string `json:"scope"`
	}
	if json.Unmarshal(body, &told) != nil {
		return out, nil // BigCommerce's own, and about nothing that is known
	}
	parts := strings.Split(told.Scope, "/")
	switch {
	case len(parts) < 2 || parts[0] != "store":
	case parts[1] == "order", parts[1] == "shipment":
		out.Orders = true
	case parts[1] == "product", parts[1] == "sku", parts[1] == "inventory", parts[1] == "channel":
		out.Listings = true
	}
	return out, nil
}

// signed reports whether one of the signatures, divided by blanks, is right; there are two while a key is being replaced.
func signed(secret, signatures string, text []byte) bool {
	ok := false
	for one := range strings.FieldsSeq(signatures) {
		if value, is := strings.CutPrefix(one, "v1,"); is && channel.SignedBy(secret, value, text) {
			ok = true
		}
	}
	return ok
}

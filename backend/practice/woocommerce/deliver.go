package woocommerce

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"evenstock/backend/practice"
)

// CallOut has the shop make its deliveries with client from now on, as soon as something changes: the real shop queues
// them until its background jobs run (woocommerce-observed.md, Webhooks).
func (f *Face) CallOut(client *http.Client) {
	f.mu.Lock()
	f.calls = client
	f.mu.Unlock()
	f.world.CallOut(client, f.deliveries)
}

// Subscribe makes a webhook, as one that is made by hand; its address is sent a ping.
func (f *Face) Subscribe(topic, address, secret string) {
	f.ping(f.subscribe(webhook{name: topic, topic: topic, address: address, secret: secret, created: f.world.Now()}))
}

// ping is what a new webhook's address is sent: a form, not signed.
func (f *Face) ping(w webhook) {
	f.mu.Lock()
	client := f.calls
	f.mu.Unlock()
	r, err := http.NewRequest(http.MethodPost, w.address, strings.NewReader(fmt.Sprintf("webhook_id=%d", w.id)))
	if err != nil || client == nil {
		return
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	practice.Tell(client, []*http.Request{r})
}

// deliveries are what the webhooks of a change's topic are sent.
func (f *Face) deliveries(change practice.Change) (out []*http.Request) {
	resource, event := "product", "updated"
	if change.Order {
		resource = "order"
	}
	switch {
	case change.Gone:
		event = "deleted"
	case change.New:
		event = "created"
	}
	f.mu.Lock()
	all := append([]webhook(nil), f.webhooks...)
	f.mu.Unlock()
	for _, w := range all {
		if w.topic != resource+"."+event {
			continue
		}
		body := f.delivered(change)
		r, err := http.NewRequest(http.MethodPost, w.address, bytes.NewReader(body))
		if err != nil {
			continue
		}
		f.mu.Lock()
		f.sent++
		id := md5.Sum(fmt.Appendf(nil, "%d %d", w.id, f.sent))
		f.mu.Unlock()
		for name, value := range map[string]string{"Content-Type": "application/json", "X-WC-Webhook-Source": f.options.Home + "/",
			"X-WC-Webhook-Topic": w.topic, "X-WC-Webhook-Resource": resource, "X-WC-Webhook-Event": event,
			"X-WC-Webhook-Signature": practice.Sign(w.secret, body), "X-WC-Webhook-ID": fmt.Sprint(w.id),
			"X-WC-Webhook-Delivery-ID": hex.EncodeToString(id[:])} {
			r.Header.Set(name, value)
		}
		out = append(out, r)
	}
	return out
}

// delivered is the body of a delivery: the thing as the API shows it at that moment, or its id once it is gone.
func (f *Face) delivered(change practice.Change) []byte {
	c := &call{face: f, home: f.options.Home, header: http.Header{}}
	shown := object{{"id", change.ID}}
	f.world.Do(func(s *practice.State) {
		c.s = s
		o, it := s.Order(change.ID), s.Item(change.ID)
		switch {
		case change.Order && o != nil:
			shown = c.order(o)
		case !change.Order && it != nil && it.Kind == practice.Variant:
			shown = c.variation(it)
		case !change.Order && it != nil:
			shown = c.product(it)
		}
	})
	return appendJSON(nil, shown)
}

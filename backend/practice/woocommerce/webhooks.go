package woocommerce

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// webhook is one subscription. Deliveries are made once [Face.CallOut] was called, and to this computer only.
type webhook struct {
	id                           int64
	name, topic, address, secret string
	created                      time.Time
}

// hooks are the events inside the shop that a topic listens to; other topics were not recorded (unverified).
var hooks = map[string][]string{
	"order.created":   {"woocommerce_new_order"},
	"order.updated":   {"woocommerce_update_order", "woocommerce_order_refunded"},
	"product.updated": {"woocommerce_process_product_meta", "woocommerce_update_product", "woocommerce_update_product_variation"},
	"product.deleted": {"wp_trash_post"},
}

func (c *call) webhookBody(w webhook) object {
	resource, event, _ := strings.Cut(w.topic, ".")
	o := object{{"id", w.id}, {"name", w.name}, {"status", "active"}, {"topic", w.topic}, {"resource", resource},
		{"event", event}, {"hooks", append([]string{}, hooks[w.topic]...)}, {"delivery_url", w.address},
		{"date_created", c.localDate(w.created)}, {"date_created_gmt", c.utcDate(w.created)},
		{"date_modified", nil}, {"date_modified_gmt", nil}}
	return c.linked(c.pick.trim(o), fmt.Sprintf("/webhooks/%d", w.id), "/webhooks", "")
}

func listWebhooks(c *call) practice.Response {
	c.face.mu.Lock()
	all := append([]webhook(nil), c.face.webhooks...)
	c.face.mu.Unlock()
	return page(c, all, c.webhookBody)
}

func createWebhook(c *call) practice.Response {
	w := c.face.subscribe(webhook{name: text(c.body["name"]), topic: text(c.body["topic"]), address: text(c.body["delivery_url"]),
		secret: text(c.body["secret"]), created: c.s.Now()})
	c.made = &w
	return c.created(fmt.Sprintf("%s%s/wc/v3/webhooks/%d", c.home, apiRoot, w.id), c.webhookBody(w))
}

// subscribe gives a webhook its number and keeps it.
func (f *Face) subscribe(w webhook) webhook {
	f.mu.Lock()
	defer f.mu.Unlock()
	w.id = int64(len(f.webhooks) + 1)
	f.webhooks = append(f.webhooks, w)
	return w
}

func (c *call) findWebhook() (int, webhook) {
	for i, w := range c.face.webhooks {
		if w.id == c.ids[0] {
			return i, w
		}
	}
	return -1, webhook{}
}

// errWebhook is what an unknown webhook answers (unverified).
var errWebhook = &apiError{code: "woocommerce_rest_shop_webhook_invalid_id", message: "Invalid ID.", status: http.StatusNotFound}

func getWebhook(c *call) practice.Response {
	c.face.mu.Lock()
	i, w := c.findWebhook()
	c.face.mu.Unlock()
	if i < 0 {
		return c.fail(errWebhook)
	}
	return c.ok(c.webhookBody(w))
}

func deleteWebhook(c *call) practice.Response {
	c.face.mu.Lock()
	i, w := c.findWebhook()
	if i >= 0 {
		c.face.webhooks = append(c.face.webhooks[:i:i], c.face.webhooks[i+1:]...)
	}
	c.face.mu.Unlock()
	if i < 0 {
		return c.fail(errWebhook)
	}
	return c.ok(c.webhookBody(w))
}

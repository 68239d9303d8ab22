package bigcommerce

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"evenstock/backend/practice"
)

// subscription is a webhook of the API account.
type subscription struct{ scope, address string }

// Subscribe makes a webhook. A scope ends in a name or in "*". Calls are signed with Options.Secret.
func (f *Face) Subscribe(scope, address string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.subscribed = append(f.subscribed, subscription{scope, address})
}

// CallOut has the store call its webhooks' addresses with client from now on, as soon as something changes.
func (f *Face) CallOut(client *http.Client) {
	f.world.CallOut(client, f.deliveries)
}

// deliveries are the calls that a change makes: ids only, signed as the Standard Webhooks say (bigcommerce.md, 3.7). The names
// of the headers are those that the Standard Webhooks' libraries read, which BigCommerce tells to verify its calls with.
func (f *Face) deliveries(change practice.Change) (out []*http.Request) {
	kind, event := "product", "updated"
	if change.Order {
		kind = "order"
	}
	switch {
	case change.Gone && change.Order:
		event = "archived"
	case change.Gone:
		event = "deleted"
	case change.New:
		event = "created"
	}
	scope := "store/" + kind + "/" + event
	now := f.world.Now().Unix()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.subscribed {
		if stem, all := strings.CutSuffix(s.scope, "*"); s.scope != scope && !(all && strings.HasPrefix(scope, stem)) {
			continue
		}
		f.called++
		sum := sha1.Sum(fmt.Appendf(nil, "%s %d %d", scope, change.ID, f.called))
		body, err := json.Marshal(map[string]any{"scope": scope, "store_id": "1025646", "data": map[string]any{"type": kind, "id": change.ID},
			"hash": hex.EncodeToString(sum[:]), "created_at": now, "producer": "stores/" + f.options.Hash})
		if err != nil {
			panic(err) // numbers and texts
		}
		r, err := http.NewRequest(http.MethodPost, s.address, bytes.NewReader(body))
		if err != nil {
			continue
		}
		id, at := "msg_"+hex.EncodeToString(sum[:]), fmt.Sprint(now)
		r.Header = http.Header{"Content-Type": {"application/json"}, "Webhook-Id": {id}, "Webhook-Timestamp": {at},
			"Webhook-Signature": {"v1," + practice.Sign(f.options.Secret, fmt.Appendf(nil, "%s.%s.%s", id, at, body))}}
		out = append(out, r)
	}
	return out
}

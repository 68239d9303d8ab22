package shopify

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"evenstock/backend/practice"
)

// visit is one operation in the shop.
type visit struct {
	face    *Face
	s       *practice.State
	lie     practice.FaultKind
	run     *run
	host    string // under which the shop is called
	denied  string // a field that no scope allows
	refused string // why the whole operation cannot be carried out

	sent, back parts // fulfilments and refunds of orders that are asked for one by one
}

// class says what an operation is, by the fields it asks for.
func (r *run) class(op *ast.OperationDefinition) practice.Call {
	for _, selection := range op.SelectionSet {
		s, ok := selection.(*ast.Field)
		if !ok {
			continue
		}
		switch s.Name {
		case "productVariants", "products", "inventoryItems", "bulkOperationRunQuery", "bulkOperation":
			return practice.ListListings
		case "orders":
			return practice.ListOrders
		case "order":
			return practice.GetOrders
		case "inventorySetQuantities", "inventoryAdjustQuantities":
			return practice.PushStock
		case "nodes":
			ids, _ := r.args(s.Arguments)["ids"].([]any)
			if len(ids) == 0 {
				continue
			}
			switch kind, _ := ungid(ids[0]); kind {
			case "InventoryItem":
				return practice.ReadStock
			case "ProductVariant":
				return practice.ListListings
			default:
				return practice.GetOrders
			}
		}
	}
	return practice.AnyCall
}

// root is what operations begin with. A field that needs a scope the app was not granted fails the operation.
func (v *visit) root() object {
	needs := func(scope, name string, f field) field {
		return func(a args) any {
			if !v.face.may(scope) && !(strings.HasPrefix(scope, "read_") && v.face.may("write_"+strings.TrimPrefix(scope, "read_"))) {
				v.denied = name
				return nil
			}
			return f(a)
		}
	}
	return object{
		"__typename": "QueryRoot",
		"shop":       v.shop(),
		"currentAppInstallation": object{"__typename": "AppInstallation", "id": gid("AppInstallation", 1), "accessScopes": field(func(args) any {
			var out []object
			for _, scope := range v.face.options.Scopes {
				out = append(out, object{"__typename": "AccessScope", "handle": scope})
			}
			return out
		})},
		"locations":             needs("read_locations", "locations", func(a args) any { return v.connection(v.locations(), a) }),
		"location":              needs("read_locations", "location", v.locationBy),
		"productVariants":       needs("read_products", "productVariants", v.productVariants),
		"products":              needs("read_products", "products", v.products),
		"inventoryItems":        needs("read_inventory", "inventoryItems", v.inventoryItems),
		"bulkOperationRunQuery": needs("read_products", "bulkOperationRunQuery", v.runBulk),
		"bulkOperation": field(func(a args) any {
			_, n := ungid(a["id"])
			return v.bulk(n)
		}),
		"orders":                 needs("read_orders", "orders", v.orders),
		"order":                  needs("read_orders", "order", func(a args) any { return v.node(a["id"]) }),
		"nodes":                  field(v.nodes),
		"inventorySetQuantities": needs("write_inventory", "inventorySetQuantities", v.setQuantities),

		"inventoryAdjustQuantities": needs("write_inventory", "inventoryAdjustQuantities", v.adjustQuantities),
		"orderCreate":               needs("write_orders", "orderCreate", v.createOrder),
		"orderDelete":               needs("write_orders", "orderDelete", v.deleteOrder),
		"orderCancel":               needs("write_orders", "orderCancel", v.cancelOrder),
		"refundCreate":              needs("write_orders", "refundCreate", v.createRefund),
		"fulfillmentCreate":         needs("write_merchant_managed_fulfillment_orders", "fulfillmentCreate", v.createFulfilment),
		"fulfillmentOrderMove":      needs("write_merchant_managed_fulfillment_orders", "fulfillmentOrderMove", v.moveFulfilmentOrder),
		"orderEditBegin":            needs("write_order_edits", "orderEditBegin", v.beginEdit),
		"orderEditSetQuantity":      needs("write_order_edits", "orderEditSetQuantity", v.setEdited),
		"orderEditAddVariant":       needs("write_order_edits", "orderEditAddVariant", v.addEdited),
		"orderEditCommit":           needs("write_order_edits", "orderEditCommit", v.commitEdit),
		"webhookSubscriptionCreate": field(v.subscribe),
	}
}

func (v *visit) shop() object {
	return object{"__typename": "Shop", "id": gid("Shop", v.face.options.ID), "name": v.face.world.Name(), "currencyCode": v.face.world.Currency(),
		"myshopifyDomain": v.face.options.Shop + ".myshopify.com", "ianaTimezone": v.face.world.Zone().String()}
}

// Primary is the number of the first of a shop's locations.
const Primary = 61

// Places are locations with these names, the first of them the primary one; all ship orders.
func Places(names ...string) []practice.Location {
	out := make([]practice.Location, len(names))
	for i, name := range names {
		out[i] = practice.Location{ID: Primary + int64(i), Name: name, Fulfils: true}
	}
	return out
}

// places are the world's locations, or the one that every shop has.
func (v *visit) places() []practice.Location {
	if all := v.s.Locations(); len(all) > 0 {
		return all
	}
	return Places("Shop location")
}

// place is a location by its number, nil if there is none. The number 0 is the primary one.
func (v *visit) place(n int64) *practice.Location {
	all := v.places()
	i := slices.IndexFunc(all, func(l practice.Location) bool { return l.ID == n })
	if n == 0 {
		i = 0
	}
	if i < 0 {
		return nil
	}
	return &all[i]
}

func (v *visit) locations() []object {
	var out []object
	for _, l := range v.places() {
		out = append(out, v.location(l.ID))
	}
	return out
}

func (v *visit) location(n int64) object {
	l := v.place(n)
	if l == nil {
		return nil
	}
	return object{"__typename": "Location", "id": gid("Location", l.ID), "name": l.Name, "isActive": !l.Closed,
		"fulfillsOnlineOrders": l.Fulfils, "isFulfillmentService": false, "hasActiveInventory": true}
}

// locationBy is a location by its id; without one it is the primary location (description of QueryRoot.location).
func (v *visit) locationBy(a args) any {
	if a["id"] == nil {
		return v.location(0)
	}
	_, n := ungid(a["id"])
	return v.location(n)
}

// nodes are objects by their ids, null for one that is not there.
func (v *visit) nodes(a args) any {
	ids, _ := a["ids"].([]any)
	if len(ids) > 250 {
		v.refused = "The input array size of ids is greater than the maximum allowed of 250."
		return nil
	}
	out := make([]object, len(ids))
	for i, id := range ids {
		out[i] = v.node(id)
	}
	return out
}

func (v *visit) node(id any) object {
	kind, n := ungid(id)
	switch kind {
	case "InventoryItem":
		if it := v.sold(n); it != nil {
			return v.inventoryItem(it)
		}
	case "ProductVariant":
		if it := v.sold(n - variantOffset); it != nil {
			return v.variant(it)
		}
	case "Order":
		if o := v.s.Order(n); o != nil && v.visible(o) {
			return v.order(o)
		}
	case "FulfillmentOrder":
		if o := v.s.Order(n / placesOfOrder); o != nil && v.visible(o) {
			return withID(v.fulfilmentOrders(o), id)
		}
	case "Fulfillment":
		if o := v.orderOf(func(o *practice.Order) bool {
			return n/placesOfOrder == o.ID || slices.ContainsFunc(o.Parcels, func(p practice.Parcel) bool { return p.ID == n })
		}); o != nil {
			return withID(v.sent.of(o, v.fulfilments), id)
		}
	case "Refund":
		if o := v.orderOf(func(o *practice.Order) bool {
			return n == o.ID || slices.ContainsFunc(o.Refunds, func(r *practice.Refund) bool { return r.ID == n })
		}); o != nil {
			return withID(v.back.of(o, v.refunds), id)
		}
	}
	return nil
}

// orderOf is the order that an app sees and that has something, nil if none does.
func (v *visit) orderOf(has func(*practice.Order) bool) *practice.Order {
	all := v.s.Orders()
	i := slices.IndexFunc(all, func(o *practice.Order) bool { return v.visible(o) && has(o) })
	if i < 0 {
		return nil
	}
	return all[i]
}

// parts are those of orders, by their numbers.
type parts map[int64][]object

// of are the parts of an order, which are made once.
func (p *parts) of(o *practice.Order, all func(*practice.Order) []object) []object {
	if *p == nil {
		*p = parts{}
	}
	if (*p)[o.ID] == nil {
		(*p)[o.ID] = all(o)
	}
	return (*p)[o.ID]
}

func withID(all []object, id any) object {
	if i := slices.IndexFunc(all, func(o object) bool { return o["id"] == id }); i >= 0 {
		return all[i]
	}
	return nil
}

// connection cuts the page that first and after ask for. A cursor is the place behind an object, by its sort key.
func (v *visit) connection(all []object, a args) object {
	from := 0
	if after := a.text("after"); after != "" {
		from = len(all)
		if i := slices.IndexFunc(all, func(o object) bool { return cursorOf(o) > after }); i >= 0 {
			from = i
		}
	}
	first := int(a.number("first"))
	if first < 1 || first > 250 {
		v.refused = "first must be from 1 to 250"
		return nil
	}
	to := min(len(all), from+first)
	if to > v.face.options.Deepest {
		v.refused = "The list goes on beyond the number of objects that can be paged through."
		return nil
	}
	part := slices.Clone(all[from:to])
	info := object{"__typename": "PageInfo", "hasNextPage": to < len(all), "endCursor": nil}
	if len(part) > 0 {
		info["endCursor"] = cursorOf(part[len(part)-1])
	}
	if v.lie == practice.SkipItem && len(part) > 1 {
		part = slices.Delete(part, 1, 2)
	}
	return object{"__typename": "Connection", "nodes": part, "pageInfo": info}
}

func cursorOf(o object) string {
	if key, ok := o["~key"].(string); ok {
		return key
	}
	_, n := ungid(o["id"])
	return fmt.Sprintf("%020d", n)
}

// gid is Shopify's name of an object.
func gid(kind string, n int64) string {
	return "gid://shopify/" + kind + "/" + strconv.FormatInt(n, 10)
}

func ungid(id any) (kind string, n int64) {
	text, _ := id.(string)
	kind, number, _ := strings.Cut(strings.TrimPrefix(text, "gid://shopify/"), "/")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return "", 0
	}
	return kind, n
}

func stamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// filter is a search: terms that must all hold, each a name and a value, the value maybe with a comparison before it.
type filter map[string]string

func parseFilter(text string) filter {
	out := filter{}
	for _, term := range strings.Fields(text) { // no value we know has a space in it
		name, value, _ := strings.Cut(term, ":")
		out[name] = strings.ReplaceAll(value, "'", "")
	}
	return out
}

// passes says whether the id and the time of change of something are what the search asks for.
func (f filter) passes(id int64, updated time.Time) bool {
	if text, ok := f["id"]; ok {
		op, rest := comparison(text)
		n, err := strconv.ParseInt(rest, 10, 64)
		if err != nil || !holds(op, cmp.Compare(id, n)) {
			return false
		}
	}
	if text, ok := f["updated_at"]; ok {
		op, rest := comparison(text)
		at, err := time.Parse(time.RFC3339, rest)
		if err != nil || !holds(op, updated.Truncate(time.Second).Compare(at)) {
			return false
		}
	}
	return true
}

func comparison(text string) (op, rest string) {
	rest = strings.TrimLeft(text, "<>=")
	return text[:len(text)-len(rest)], rest
}

func holds(op string, sign int) bool {
	switch op {
	case ">":
		return sign > 0
	case ">=":
		return sign >= 0
	case "<":
		return sign < 0
	case "<=":
		return sign <= 0
	}
	return sign == 0
}

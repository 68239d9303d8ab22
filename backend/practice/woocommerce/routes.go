package woocommerce

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"evenstock/backend/practice"
)

type handler func(c *call) practice.Response

// route is one address of the API.
type route struct {
	pattern string // segments below /wp-json; "{}" is a number, "*" any one segment
	parts   []string
	open    bool // strangers may read it
	get     handler
	post    handler // also PUT and PATCH where put is nil and the route names one thing
	put     handler
	delete  handler
	args    func(*call, *invalid) // checks the query of a read
	fields  func(*call, *invalid) // checks the body of a write
	options string                // name of the recorded schema, empty for a short one
}

// table lists what this version of the shop has.
func (f *Face) table() []route {
	routes := []route{
		{pattern: "", open: true, get: getIndex},
		{pattern: "/wc/v3", open: true, get: getNamespace},
		{pattern: "/wc/v3/system_status", get: getSystemStatus},
		{pattern: "/wc/v3/settings/products", get: listSettings},
		{pattern: "/wc/v3/settings/products/*", get: getSetting, put: putSetting},
		{pattern: "/wc/v3/reports/orders/totals", get: orderTotals},
		{pattern: "/wc/v3/products", get: listProducts, post: createProduct, args: productArgs, fields: productFields, options: "a11-options-products"},
		{pattern: "/wc/v3/products/batch", post: batchProducts},
		{pattern: "/wc/v3/products/{}", get: getProduct, put: putProduct, delete: deleteProduct, fields: productFields},
		{pattern: "/wc/v3/products/{}/variations", get: listVariations, post: createVariation, args: variationArgs, fields: variationFields, options: "a13-options-variations"},
		{pattern: "/wc/v3/products/{}/variations/batch", post: batchVariations},
		{pattern: "/wc/v3/products/{}/variations/{}", get: getVariation, put: putVariation, delete: deleteVariation, fields: variationFields},
		{pattern: "/wc/v3/orders", get: listOrders, post: createOrder, args: orderArgs, fields: orderFields, options: "a12-options-orders"},
		{pattern: "/wc/v3/orders/batch", post: batchOrders},
		{pattern: "/wc/v3/orders/{}", get: getOrder, put: putOrder, delete: deleteOrder, fields: orderFields},
		{pattern: "/wc/v3/orders/{}/notes", get: listNotes, post: createNote},
		{pattern: "/wc/v3/orders/{}/refunds", get: listOrderRefunds, post: createRefund, args: refundArgs, options: "a14-options-refunds"},
		{pattern: "/wc/v3/orders/{}/refunds/{}", get: getRefund, delete: deleteRefund},
		{pattern: "/wc/v3/webhooks", get: listWebhooks, post: createWebhook},
		{pattern: "/wc/v3/webhooks/{}", get: getWebhook, delete: deleteWebhook},
	}
	if f.options.NoWooCommerce {
		routes = routes[:1]
	}
	if f.version.since(refundsRoute) && !f.options.NoWooCommerce {
		routes = append(routes, route{pattern: "/wc/v3/refunds", get: listRefunds, args: refundArgs})
	}
	if f.version.since(variationsRoute) && !f.options.NoWooCommerce {
		routes = append(routes, route{pattern: "/wc/v3/variations", get: listAllVariations, args: variationArgs})
	}
	if f.options.Fulfillments {
		routes = append(routes, route{pattern: "/wc/v3/orders/{}/fulfillments", get: listFulfillments, post: createFulfillment})
	}
	for i := range routes {
		routes[i].parts = strings.Split(routes[i].pattern, "/")
	}
	return routes
}

// match finds the route of a path and the numbers in it.
func (f *Face) match(path string) (*route, []int64) {
	parts := strings.Split(path, "/")
	for i := range f.routes {
		if ids, ok := f.routes[i].takes(parts); ok {
			return &f.routes[i], ids
		}
	}
	return nil, nil
}

func (rt *route) takes(parts []string) (ids []int64, ok bool) {
	if len(parts) != len(rt.parts) {
		return nil, false
	}
	for i, want := range rt.parts {
		switch {
		case want == "{}":
			id, err := strconv.ParseInt(parts[i], 10, 64)
			if err != nil || id < 0 {
				return nil, false
			}
			ids = append(ids, id)
		case want != "*" && want != parts[i]:
			return nil, false
		}
	}
	return ids, true
}

func (rt *route) handler(method string) handler {
	switch method {
	case http.MethodGet, http.MethodHead:
		return rt.get
	case http.MethodPost:
		if rt.post == nil {
			return rt.put
		}
		return rt.post
	case http.MethodPut, http.MethodPatch:
		if strings.HasSuffix(rt.pattern, "/batch") {
			return rt.post
		}
		return rt.put
	case http.MethodDelete:
		return rt.delete
	}
	return nil
}

// methods are those the route answers.
func (rt *route) methods() []string {
	var all []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if rt.handler(m) != nil {
			all = append(all, m)
		}
	}
	return all
}

func (rt *route) allow() string { return strings.Join(rt.methods(), ", ") }

// denied is what a stranger is told. Only the one for lists was recorded; the others are unverified.
func (rt *route) denied(method string) *apiError {
	deny := func(verb, message string) *apiError {
		return &apiError{code: "woocommerce_rest_cannot_" + verb, message: message, status: http.StatusUnauthorized}
	}
	single := slices.Contains(rt.parts, "{}") && rt.parts[len(rt.parts)-1] == "{}"
	switch {
	case strings.HasSuffix(rt.pattern, "/batch"):
		return deny("batch", "Sorry, you are not allowed to batch manipulate this resource.")
	case method == http.MethodGet && single, method == http.MethodHead && single:
		return deny("view", "Sorry, you cannot view this resource.")
	case method == http.MethodGet, method == http.MethodHead:
		return errCannotList
	case method == http.MethodDelete:
		return deny("delete", "Sorry, you are not allowed to delete this resource.")
	case method == http.MethodPost && !single:
		return deny("create", "Sorry, you are not allowed to create resources.")
	}
	return deny("edit", "Sorry, you are not allowed to edit this resource.")
}

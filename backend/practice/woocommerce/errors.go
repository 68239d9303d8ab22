package woocommerce

import (
	"fmt"
	"net/http"
	"strings"
)

// apiError is a refusal in WordPress' form: {code, message, data: {status, …}}.
type apiError struct {
	code, message string
	status        int
	extra         object // further members of data
	bare          bool   // data is the status as a bare number
}

func (e *apiError) body() object {
	var data any = e.status
	if !e.bare {
		data = append(object{{"status", e.status}}, e.extra...)
	}
	return object{{"code", e.code}, {"message", e.message}, {"data", data}}
}

// with returns the same refusal under another HTTP status.
func (e *apiError) with(status int) *apiError {
	other := *e
	other.status = status
	return &other
}

var (
	errNoRoute = &apiError{code: "rest_no_route", status: http.StatusNotFound,
		message: "No route was found matching the URL and request method."}
	errBadJSON = &apiError{code: "rest_invalid_json", message: "Invalid JSON body passed.", status: http.StatusBadRequest,
		extra: object{{"json_error_code", 4}, {"json_error_message", "Syntax error"}}}
	errProduct = &apiError{code: "woocommerce_rest_product_invalid_id", message: "Invalid ID.",
		status: http.StatusNotFound}
	errVariation = &apiError{code: "woocommerce_rest_product_variation_invalid_id", message: "Invalid ID.",
		status: http.StatusNotFound}
	errUseVariations = &apiError{code: "woocommerce_rest_invalid_product_id", status: http.StatusNotFound,
		message: "To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint."}
	// errOrder is what a change of an unknown order is told inside a batch; reading one was not recorded (unverified).
	errOrder = &apiError{code: "woocommerce_rest_shop_order_invalid_id", message: "ID is invalid.",
		status: http.StatusBadRequest}
	errReadOrder = &apiError{code: "woocommerce_rest_shop_order_invalid_id", message: "Invalid ID.",
		status: http.StatusNotFound}
	errRefundOrder = &apiError{code: "woocommerce_rest_invalid_order_id", message: "Invalid order ID.",
		status: http.StatusNotFound} // unverified
	errRefund = &apiError{code: "woocommerce_rest_shop_order_refund_invalid_id", message: "Invalid ID.",
		status: http.StatusNotFound} // unverified
	errTrashed = &apiError{code: "woocommerce_rest_already_trashed", message: "The Product has already been deleted.",
		status: http.StatusGone} // unverified
	errBatchSize = &apiError{code: "woocommerce_rest_request_entity_too_large", status: http.StatusRequestEntityTooLarge,
		message: "Unable to accept more than 100 items for this request."}
	errCannotList = &apiError{code: "woocommerce_rest_cannot_view", message: "Sorry, you cannot list resources.",
		status: http.StatusUnauthorized}
)

func errAuth(message string) *apiError {
	return &apiError{code: "woocommerce_rest_authentication_error", message: message, status: http.StatusUnauthorized}
}

// errRefusedRefund is answered with HTTP 500 though it is the caller's mistake (woocommerce-observed.md).
func errRefusedRefund(message string) *apiError {
	return &apiError{code: "woocommerce_rest_cannot_create_order_refund", message: message,
		status: http.StatusInternalServerError, bare: true}
}

func errDuplicateSKU(owner int64, unique string) *apiError {
	return &apiError{code: "product_invalid_sku", message: "Invalid or duplicated SKU.", status: http.StatusBadRequest,
		extra: object{{"resource_id", owner}, {"unique_sku", unique}}}
}

func errTrashedSKU(sku string) *apiError {
	return &apiError{code: "woocommerce_rest_product_not_created", status: http.StatusBadRequest,
		message: fmt.Sprintf("The product with SKU (%s) you are trying to insert is already present in the lookup table", sku)}
}

// invalid collects parameters that do not fit the schema.
type invalid struct {
	names   []string
	params  object
	details object
}

// add notes a parameter; withName tells that the detail's data names it, as WordPress does for wrong types.
func (v *invalid) add(name, code, message string, withName bool) {
	var data any
	if withName {
		data = object{{"param", name}}
	}
	v.names = append(v.names, name)
	v.params = append(v.params, member{name, message})
	v.details = append(v.details, member{name, object{{"code", code}, {"message", message}, {"data", data}}})
}

func (v *invalid) wrongType(name, kind string) {
	v.add(name, "rest_invalid_type", fmt.Sprintf("%s is not of type %s.", name, kind), true)
}

func (v *invalid) notIn(name, shown string, choices []string) {
	last := len(choices) - 1
	v.add(name, "rest_not_in_enum", fmt.Sprintf("%s is not one of %s, and %s.", shown,
		strings.Join(choices[:last], ", "), choices[last]), false)
}

func (v *invalid) err() *apiError {
	if len(v.names) == 0 {
		return nil
	}
	return &apiError{code: "rest_invalid_param", message: "Invalid parameter(s): " + strings.Join(v.names, ", "),
		status: http.StatusBadRequest, extra: object{{"params", v.params}, {"details", v.details}}}
}

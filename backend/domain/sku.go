package domain

import (
	"strings"
	"unicode"
)

// MaxSKU is the longest SKU kept, in bytes; longer ones are treated as missing. WooCommerce accepts more than 200
// characters (woocommerce-observed.md), no shop has a use for more than this.
const MaxSKU = 512

// TrimSKU is the form in which SKUs are compared: trimmed, otherwise exactly as written. Case matters.
func TrimSKU(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == 0 })
	if len(s) > MaxSKU || strings.ContainsRune(s, 0) {
		return ""
	}
	return s
}

// NearSKU is a form in which SKUs that a person may have meant to be the same are equal: lower case, letters and digits
// only. It serves suggestions, never links.
func NearSKU(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

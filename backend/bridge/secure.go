package bridge

import (
	"net/http"
	"strings"
)

// policy lets the page load its own files and nothing else: titles and SKUs come from shops, and whatever stands in them
// must never run or call out.
var policy = strings.Join([]string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
	"font-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-src 'none'", "object-src 'none'",
	"frame-ancestors 'none'", "connect-src 'self'"}, "; ")

// Secure is the asset middleware of window and browser: every answer carries the policy.
func Secure(next http.Handler) http.Handler { return secure(policy, next) }

func secure(policy string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

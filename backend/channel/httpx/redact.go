package httpx

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// redactor takes secrets out of texts that people and logs see.
type redactor struct{ replacer *strings.Replacer }

const hidden = "[redacted]"

// signed matches credentials in a query string or a header, wherever a shop or a library repeats them: WooCommerce puts
// the whole query, signature included, into its Link header (woocommerce-observed.md).
var signed = regexp.MustCompile(`(?i)((?:oauth_[a-z_]+|consumer_key|consumer_secret|access_token|refresh_token|api_key|signature)=)[^&\s"'<>;]*` +
	`|((?:Basic|Bearer)\s+)[A-Za-z0-9+/=._~-]+`)

// newRedactor hides every secret in the forms in which it travels.
func newRedactor(secrets []string) redactor {
	var forms []string
	for _, s := range secrets {
		if s == "" {
			continue
		}
		forms = append(forms, s, url.QueryEscape(s), url.PathEscape(s),
			base64.StdEncoding.EncodeToString([]byte(s)), base64.URLEncoding.EncodeToString([]byte(s)),
			hex.EncodeToString([]byte(s)))
	}
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) }) // the longest first: none is left in part
	pairs := make([]string, 0, 2*len(forms))
	for _, f := range forms {
		pairs = append(pairs, f, hidden)
	}
	return redactor{strings.NewReplacer(pairs...)}
}

func (r redactor) text(s string) string {
	if r.replacer != nil {
		s = r.replacer.Replace(s)
	}
	return signed.ReplaceAllString(s, "${1}${2}"+hidden)
}

// error returns an error with the redacted text of err and without err behind it, so that nobody unwraps the secret.
func (r redactor) error(err error) error { return errors.New(r.text(err.Error())) }

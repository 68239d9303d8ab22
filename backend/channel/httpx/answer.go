package httpx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"evenstock/backend/channel"
)

// Classify says what to do about an answer with a status of 400 or more, as far as that can be said of every vendor.
func Classify(op string, r *Response) *channel.Error {
	e := &channel.Error{Op: op, Status: r.Status, Err: r.said()}
	after, told := RetryAfter(r.Header, r.now)
	switch {
	case r.Status == http.StatusTooManyRequests, r.Status == http.StatusServiceUnavailable && told:
		if !told {
			after = defaultRetry
		}
		e.Kind, e.Code, e.RetryAt = channel.Throttled, channel.CodeThrottled, r.now.Add(after)
	case r.Status >= 500, r.Status == http.StatusRequestTimeout:
		e.Kind, e.Code = channel.Transient, channel.CodeServerError
	case r.IsHTML() && (r.Status == http.StatusForbidden || r.Status == http.StatusUnauthorized):
		// Not the shop but something before it: a firewall, a security plugin, a password on the whole site.
		e.Kind, e.Code = channel.Transient, channel.CodeBadAnswer
		e.Message = "A firewall or a security plugin in front of the shop refused the request. Allow Evenstock there."
	case r.Status == http.StatusUnauthorized, r.Status == http.StatusForbidden:
		e.Kind, e.Code = channel.Auth, channel.CodeAuth
	case r.Status == http.StatusNotFound, r.Status == http.StatusGone:
		e.Kind, e.Code = channel.Missing, channel.CodeMissing
	default:
		e.Kind, e.Code = channel.Invalid, channel.CodeInvalid
	}
	return e
}

// Decode reads the body as JSON into v. What is not JSON is Transient: an overloaded host or a broken plugin sends pages
// of HTML with a status of 200, and stops doing so.
func (r *Response) Decode(op string, v any) error {
	body := bytes.TrimPrefix(r.Body, []byte("\ufeff"))
	err := json.Unmarshal(body, v)
	if err == nil {
		return nil
	}
	e := &channel.Error{Kind: channel.Transient, Op: op, Code: channel.CodeBadAnswer, Status: r.Status, Err: r.redact.error(err)}
	if r.IsHTML() {
		e.Message = "The shop sent a web page instead of data. It may be under maintenance."
		e.Err = r.said()
	}
	return e
}

// IsHTML says whether the answer is a web page.
func (r *Response) IsHTML() bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "text/html" || bytes.HasPrefix(bytes.TrimSpace(r.Body), []byte("<"))
}

// Redact takes secrets out of a text that came with the answer.
func (r *Response) Redact(s string) string { return r.redact.text(s) }

// said is the answer in a few words: the title of a page, the code and message of a JSON error, or how long it was.
func (r *Response) said() error {
	if r.IsHTML() {
		return fmt.Errorf("status %d with a web page titled %q", r.Status, r.redact.text(title(r.Body)))
	}
	var problem struct {
		Code    any
		Message string
	}
	if json.Unmarshal(r.Body, &problem) == nil && problem.Message != "" {
		return fmt.Errorf("status %d: %s", r.Status, Plain(r.redact.text(problem.Message)))
	}
	return fmt.Errorf("status %d with %d bytes", r.Status, len(r.Body))
}

var titleTag = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

func title(page []byte) string {
	if m := titleTag.FindSubmatch(page); m != nil {
		return Plain(string(m[1]))
	}
	return ""
}

// longestText is how much of a vendor's text is shown: two lines of a window.
const longestText = 200

var (
	tag   = regexp.MustCompile(`<[^>]*>`)
	space = regexp.MustCompile(`\s+`)
)

// Plain makes a vendor's text fit to be shown: no markup, no control characters, no direction overrides, not too long.
func Plain(s string) string {
	s = html.UnescapeString(tag.ReplaceAllString(s, ""))
	s = strings.TrimSpace(space.ReplaceAllString(s, " "))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > longestText {
		s = string(runes[:longestText]) + "…"
	}
	return s
}

// redirected is the error for an answer that leads elsewhere. It names the place without its query, which may repeat
// credentials.
func redirected(op string, from *url.URL, r *Response) *channel.Error {
	e := &channel.Error{Kind: channel.Invalid, Op: op, Code: channel.CodeWrongShop, Status: r.Status,
		Err: errors.New("a redirect, which is not followed"), Message: "The address leads on to another one, which the shop does not name."}
	to, err := from.Parse(r.Header.Get("Location"))
	if err != nil || r.Header.Get("Location") == "" {
		return e
	}
	to = &url.URL{Scheme: to.Scheme, Host: to.Host, Path: to.Path}
	e.Message = fmt.Sprintf("The address leads on to %s. Enter the address of the shop itself.", Plain(r.redact.text(to.String())))
	return e
}

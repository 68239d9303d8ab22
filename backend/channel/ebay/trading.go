package ebay

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	// tradingLevel is the version that answers are asked for in (ebay.md, 4).
	tradingLevel = "1451"
	// callLimitWait is how long the Trading API is left alone once the day's calls are used up (ebay.md, rate limits).
	callLimitWait = time.Hour
)

// Error numbers of the Trading API. Those of the call limit are documented (ebay.md, rate limits), the others unverified: what
// is not among them concerns the listing alone, or, as a system error, the moment.
var (
	codesLimit = []string{"218050", "218053", "218054"}
	codesToken = []string{"931", "932", "16110", "21916984", "21917053"}
	codesGone  = []string{"17", "291", "21916750", "21916333"}
)

// said is what every answer of the Trading API begins with.
type said struct {
	Ack    string        `xml:"Ack"`
	Errors []tradingFlaw `xml:"Errors"`
}

type tradingFlaw struct {
	Code     string `xml:"ErrorCode"`
	Short    string `xml:"ShortMessage"`
	Long     string `xml:"LongMessage"`
	Severity string `xml:"SeverityCode"`
	Class    string `xml:"ErrorClassification"`
}

func (s *said) head() *said { return s }

// tradingAnswer is a struct with said in it.
type tradingAnswer interface{ head() *said }

// flaw is the first error that is no warning: a warning comes with success (marketplace-auth-and-gotchas.md, 8).
func (s *said) flaw() (tradingFlaw, bool) {
	i := slices.IndexFunc(s.Errors, func(f tradingFlaw) bool { return f.Severity != "Warning" })
	if i < 0 {
		return tradingFlaw{}, false
	}
	return s.Errors[i], true
}

func (f tradingFlaw) text() string {
	if f.Long != "" {
		return httpx.Plain(f.Long)
	}
	return httpx.Plain(f.Short)
}

// iaf is how the Trading API is shown a token that came by OAuth (ebay.md, 4).
func iaf(call string) signer {
	return func(token string) func(*http.Request) error {
		return func(r *http.Request) error {
			r.Header.Set("X-EBAY-API-IAF-TOKEN", token)
			r.Header.Set("X-EBAY-API-CALL-NAME", call)
			r.Header.Set("X-EBAY-API-SITEID", "0")
			r.Header.Set("X-EBAY-API-COMPATIBILITY-LEVEL", tradingLevel)
			return nil
		}
	}
}

// trade makes one call of the Trading API. Its error is that of the account or of the moment; what concerns a listing is left
// in answer: a failure without an error says so in its Ack. An access token that is refused is renewed once.
func (s *Store) trade(ctx context.Context, op, call string, request any, answer tradingAnswer) error {
	body, err := xml.Marshal(request)
	if err != nil {
		return err
	}
	body = append([]byte(xml.Header), body...)
	for again := false; ; again = true {
		token, err := s.login.access.Token(ctx, "")
		if err != nil {
			return err
		}
		resp, err := s.through(ctx, s.http, httpx.Request{Op: op, Method: http.MethodPost, Path: "ws/api.dll", Raw: body, Type: "text/xml", Budget: forTrading}, iaf(call))
		if err != nil {
			return listError(err)
		}
		if err := xml.Unmarshal(resp.Body, answer); err != nil || answer.head().Ack == "" {
			return channel.BadAnswer(op, errors.Join(errors.New("an answer that is none of the Trading API's"), err))
		}
		f, failed := answer.head().flaw()
		switch {
		case !failed:
			return nil
		case slices.Contains(codesToken, f.Code) && !again:
			if _, err := s.login.access.Token(ctx, token); err != nil {
				return err
			}
			*answer.head() = said{}
		case slices.Contains(codesToken, f.Code):
			return ofItem(op, channel.Auth, channel.CodeAuth, loginMessage)
		case slices.Contains(codesLimit, f.Code):
			return &channel.Error{Kind: channel.Throttled, Op: op, Code: channel.CodeThrottled, RetryAt: s.now().Add(callLimitWait),
				Message: "eBay allows no more calls for legacy listings for now."}
		case f.Class == "SystemError":
			return &channel.Error{Kind: channel.Transient, Op: op, Code: channel.CodeServerError, Err: fmt.Errorf("error %s: %s", f.Code, f.text())}
		default:
			return nil
		}
	}
}

// ofListing is the error of a listing that a call failed for, nil if it did not.
func (s *said) ofListing(op string) error {
	f, failed := s.flaw()
	switch {
	case !failed && s.Ack != "Failure":
		return nil
	case slices.Contains(codesGone, f.Code):
		return ofItem(op, channel.Missing, channel.CodeMissing, goneMessage)
	case !failed:
		return channel.BadAnswer(op, errors.New("a failure without an error"))
	}
	return ofItem(op, channel.Invalid, f.Code, refusedMessage+f.text())
}

package channel

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Kind says what the engine does next. There are six because there are six different things to do.
type Kind uint8

const (
	Transient Kind = iota // try the same call later, with back-off; also every error nobody classified
	Throttled             // leave the channel alone until RetryAt
	Auth                  // stop the channel and ask the user to connect again
	Invalid               // this item or request will never work; skip it and tell the user
	Missing               // the listing or order is gone from the channel
	Stale                 // compare-and-set lost: pull orders, recompute, push again
)

var kindNames = [...]string{"transient", "throttled", "auth", "invalid", "missing", "stale"}

func (k Kind) String() string { return kindNames[k] }

// Error is every failure a connector reports. Op and Code are for people; only Kind and RetryAt steer.
type Error struct {
	Kind    Kind
	Op      string    // what was being done, as a noun phrase: "read orders"
	Code    string    // one of the codes below, or the vendor's own
	Message string    // a full sentence a seller understands; names what to do. Empty: a general one is chosen by Code
	Status  int       // HTTP status, 0 if there was no answer
	RetryAt time.Time // set when Kind is Throttled
	Err     error
}

// Codes a connector uses for failures the user must be told apart. Any other Code is the vendor's own.
const (
	CodeUnreachable = "unreachable"   // no answer: DNS, refused, timeout, TLS
	CodeRefusedHTTP = "http_refused"  // a plain http address that the user has not allowed
	CodeWrongShop   = "wrong_shop"    // the address answers, but is not such a shop (HTML, no API there)
	CodeReadOnly    = "read_only_key" // the key may read but not write
	CodeClockSkew   = "clock_skew"    // the computer's clock is too far from the shop's
	CodeAuth        = "auth"          // key unknown or revoked
	CodeThrottled   = "throttled"     //
	CodeBadAnswer   = "bad_answer"    // half a body, not JSON, too large
	CodeServerError = "server_error"  // 5xx
	CodeUntracked   = "untracked"     // the shop keeps no number for the listing
	CodeNotApplied  = "not_applied"   // the shop accepted a write and did not apply it
	CodeInvalid     = "invalid"       //
	CodeMissing     = "not_found"     //
)

func (e *Error) Error() string {
	s := e.Op
	if e.Code != "" {
		s += ": " + e.Code
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.Err != nil {
		s += fmt.Sprintf(": %v", e.Err)
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf classifies err; what nobody classified is Transient. It panics on nil and on context.Canceled: asking what to
// do next after success or after the user stopped is a programmer's mistake.
func KindOf(err error) Kind {
	if err == nil || errors.Is(err, context.Canceled) {
		panic(fmt.Sprintf("channel.KindOf(%v)", err))
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Transient
}

// IsKind reports whether a connector reported err as kind; what nobody classified is of none.
func IsKind(err error, kind Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}

// NotGone takes a Missing about what is always there, such as a list, as the trouble of a moment that code and message tell
// of: nothing is given up as gone because a shop as a whole did not answer. Other errors, and nil, stay as they are.
func NotGone(err error, code, message string) error {
	var e *Error
	if errors.As(err, &e) && e.Kind == Missing {
		e.Kind, e.Code, e.Message = Transient, code, message
	}
	return err
}

// BadAnswer says that an answer could not be understood; err tells why.
func BadAnswer(op string, err error) error {
	return &Error{Kind: Transient, Op: op, Code: CodeBadAnswer, Err: err}
}

// TooMany refuses a call with n listings where most may be sent at once.
func TooMany(op string, n, most int) error {
	return &Error{Kind: Invalid, Op: op, Code: CodeInvalid,
		Message: fmt.Sprintf("%d listings were sent in one call, at most %d are allowed.", n, most)}
}

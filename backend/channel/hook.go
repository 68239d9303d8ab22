package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"
)

// HookSetup says how a seller has his shop call this program when something changed there ("webhooks").
type HookSetup struct {
	// Secret is the key that the calls are signed with. It is sealed as the credentials are, under its Name.
	Secret Field
	// Made says that we make the key and the seller enters it in the shop; otherwise the shop shows it to him.
	Made bool
	// Instead names a secret among the credentials that signs calls as well, so that Secret may be left empty; "" for none.
	Instead string
	// Steps are what to do in the vendor's console, one sentence each. {path} stands for the end of the address to enter.
	Steps []string
}

// Hook is what a shop's call says. Nothing else is taken from it: what has changed is read from the shop.
type Hook struct {
	ID               string    // the same when the vendor repeats the call; "" where it has none. Only BigCommerce signs it
	Sent             time.Time // as signed by the vendor, zero where none is
	Orders, Listings bool      // what changed; neither: the vendor only tries the address
}

// HookReader is the ability to recognise the shop's own calls. A store whose Type has Hooks has it.
type HookReader interface {
	// ReadHook says what a call is about once the signature over its raw body is right under secret, or under the
	// credential that HookSetup.Instead names. It makes no request. Every failure is an *Error of kind Auth.
	ReadHook(h http.Header, body []byte, secret string) (Hook, error)
}

// SignedBy reports whether signature is the base64 of the HMAC-SHA256 of text, in constant time. An empty key signs
// nothing.
func SignedBy(key, signature string, text []byte) bool {
	got, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || key == "" {
		return false
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(text)
	return hmac.Equal(got, mac.Sum(nil))
}

// BadHook is what ReadHook answers to a call that was not signed as it should be.
func BadHook() error {
	return &Error{Kind: Auth, Op: "read the shop's call", Code: CodeAuth, Message: "This call is not signed with the store's key."}
}

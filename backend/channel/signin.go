package channel

import (
	"crypto/rand"
	"encoding/base64"
)

// NewState is 256 random bits in the alphabet that addresses and PKCE allow: a login is known by it when the browser comes
// back.
func NewState() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// NotGranted is the error of a login that the vendor or the user did not grant, or that is another's.
func NotGranted(op, message string) error {
	return &Error{Kind: Auth, Op: op, Code: CodeAuth, Message: message}
}

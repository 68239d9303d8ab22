// Package desktop is what the program needs of the computer it runs on: where its data lies, who owns that folder, and
// where the master key is kept. It knows nothing of stock.
package desktop

import "fmt"

// Error is a condition of the computer that a person has to know about. Message is a sentence for the seller; Err is the
// cause for the log and may be nil.
type Error struct {
	Code    string
	Message string
	Err     error
}

// The kinds of Error, for errors.Is. They are compared by Code alone.
var (
	ErrOwned       = &Error{Code: "owned"}           // a living process owns the folder and answers
	ErrNoOwner     = &Error{Code: "no_owner"}        // no process owns the folder
	ErrUnreachable = &Error{Code: "unreachable"}     // a process owns the folder and does not answer
	ErrNetwork     = &Error{Code: "network_folder"}  // the folder lies on another computer
	ErrFolder      = &Error{Code: "no_folder"}       // the folder cannot be made or used
	ErrNoKeyStore  = &Error{Code: "no_key_store"}    // the system has no key store, or it stays locked
	ErrNoKey       = &Error{Code: "no_key"}          // there is no master key although secrets were sealed under one
	ErrPassphrase  = &Error{Code: "passphrase"}      // the passphrase is wrong, or there is none
	ErrKeyFile     = &Error{Code: "key_file_broken"} // keys.sealed cannot be used
)

// Error is the sentence alone.
func (e *Error) Error() string { return e.Message }

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is an Error with the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// UserMessage is the sentence for the seller.
func (e *Error) UserMessage() string { return e.Message }

func problem(kind *Error, cause error, format string, args ...any) error {
	return &Error{Code: kind.Code, Message: fmt.Sprintf(format, args...), Err: cause}
}

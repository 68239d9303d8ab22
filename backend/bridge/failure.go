package bridge

import (
	"context"
	"encoding/json"
	"errors"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

// Failure is what the page is told when a call did not work: a code for the program and a sentence for the seller.
type Failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Store   string `json:"store,omitempty"`   // name of the store concerned
	RetryAt int64  `json:"retryAt,omitempty"` // Unix ms
}

// Codes beyond those of the engine.
const (
	CodeStarting = "starting" // the books are not open yet, or could not be opened
	CodeSystem   = "system"   // this computer cannot do it, such as a key store that stays locked
	CodeInternal = "internal" // a mistake of ours; the log has the details
)

// Error is the sentence.
func (f *Failure) Error() string { return f.Message }

// FormatError turns an error of a service into the text that crosses to the page: the JSON of a [Failure]. It serves as
// the ErrorFormatter of Wails, which has to return a string.
func FormatError(err error) any { return errorText(err) }

func errorText(err error) string {
	b, encodeErr := json.Marshal(failureOf(err))
	if encodeErr != nil { // strings and one integer cannot fail to encode
		panic(encodeErr)
	}
	return string(b)
}

// failureOf chooses code and sentence. What nobody has foreseen is internal: its text is for the log, not for the page.
func failureOf(err error) *Failure {
	var known *Failure
	var refused *engine.Error
	var remote *channel.Error
	var told interface{ UserMessage() string } // what concerns the computer: key store, folder, disk
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &refused):
		f := &Failure{Code: refused.Code, Message: refused.Message, Store: refused.Store}
		if !refused.RetryAt.IsZero() {
			f.RetryAt = refused.RetryAt.UnixMilli()
		}
		return f
	case errors.As(err, &remote) && remote.Message != "":
		return &Failure{Code: remote.Code, Message: remote.Message}
	case errors.Is(err, db.ErrNotFound):
		return &Failure{Code: engine.CodeNotFound, Message: sentenceOr(err, "That is not in the books any more.")}
	case errors.Is(err, view.ErrQuery):
		return &Failure{Code: engine.CodeInvalid, Message: "The list cannot be sorted or filtered like that."}
	case errors.As(err, &told):
		return &Failure{Code: CodeSystem, Message: told.UserMessage()}
	case errors.Is(err, context.Canceled):
		return &Failure{Code: engine.CodeBusy, Message: "Evenstock is closing, so this was stopped. Nothing is lost."}
	}
	return &Failure{Code: CodeInternal,
		Message: "Evenstock made a mistake while doing this. What was saved before stays saved; the details are in the log."}
}

// sentenceOr is what an error says to people, or fallback for a bare db.ErrNotFound.
func sentenceOr(err error, fallback string) string {
	var s *view.Error
	if errors.As(err, &s) {
		return s.Error()
	}
	return fallback
}

func invalid(message string) error { return &Failure{Code: engine.CodeInvalid, Message: message} }

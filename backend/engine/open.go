package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// settingsKey tells whether an open shop still has the settings it was opened with.
type settingsKey string

func keyOf(s db.Store) settingsKey {
	return settingsKey(fmt.Sprint(s.Channel, s.URL, s.Fields, s.AllowHTTP, s.Endpoint, s.IncludeDrafts, s.StatusMap))
}

// open returns the store's connector, opened anew when its settings changed.
func (l *lane) open(s db.Store) (channel.Store, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shop != nil && l.shopFor == keyOf(s) {
		return l.shop, nil
	}
	shop, err := l.e.openShop(s, nil, &notes{e: l.e, store: s.ID})
	if err != nil {
		return nil, err
	}
	l.shop, l.shopFor = shop, keyOf(s)
	return shop, nil
}

// forget makes the next open read settings and secrets again.
func (l *lane) forget() {
	l.mu.Lock()
	l.shop = nil
	l.mu.Unlock()
}

// capabilities of the store's channel; the zero value while it cannot be opened.
func (l *lane) capabilities(s db.Store) channel.Capabilities {
	shop, err := l.open(s)
	if err != nil {
		return channel.Capabilities{}
	}
	return shop.Capabilities()
}

// openShop opens a store's connector with its secrets from the key store, overlaid with fields; see depsOf.
func (e *Engine) openShop(s db.Store, fields map[string]string, keep *notes) (channel.Store, error) {
	t, err := e.o.Types.Lookup(s.Channel)
	if err != nil {
		return nil, err
	}
	settings, err := e.settingsOf(t, s, fields)
	if err != nil {
		return nil, err
	}
	return t.Open(e.depsOf(s, fields, keep), settings)
}

func secretOf(s db.Store, name string, err error) error {
	return fmt.Errorf("secret %s of %s: %w", name, s.Name, err)
}

// explain turns any failure of a store into an Error with a sentence that names the store.
func explain(s db.Store, err error) *Error {
	if err == nil {
		return nil
	}
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	out := &Error{Store: s.Name, Err: err, Code: CodeUnreachable}
	var said *stopped
	if errors.As(err, &said) {
		out.Code, out.Message = CodeBusy, said.note
		return out
	}
	if errors.Is(err, context.Canceled) {
		out.Code, out.Message = CodeBusy, "Stopped. What was done stays done, the rest follows with the next sync."
		return out
	}
	var later *waiting
	if errors.As(err, &later) {
		out.Code, out.Message, out.RetryAt = CodeBusy, later.note(s), later.at
		return out
	}
	var ce *channel.Error
	if !errors.As(err, &ce) {
		out.Code, out.Message = CodeInvalid, fmt.Sprintf("%s: %v.", s.Name, err)
		return out
	}
	out.RetryAt = ce.RetryAt
	out.Message = ce.Message
	switch {
	case ce.Code == channel.CodeRefusedHTTP, ce.Code == channel.CodeWrongShop, ce.Code == channel.CodeReadOnly,
		ce.Code == channel.CodeClockSkew, ce.Code == channel.CodeUnreachable:
		out.Code = ce.Code
	case ce.Kind == channel.Auth:
		out.Code = CodeAuth
	case ce.Kind == channel.Throttled:
		out.Code = CodeThrottled
	case ce.Kind == channel.Invalid:
		out.Code = CodeInvalid
	case ce.Kind == channel.Missing:
		out.Code = CodeNotFound
	}
	if out.Message == "" {
		out.Message = general(s, ce)
	}
	return out
}

// general is the sentence for a failure the connector had no better words for.
func general(s db.Store, ce *channel.Error) string {
	switch ce.Kind {
	case channel.Auth:
		return fmt.Sprintf("%s refused the key. Nothing is sent to it until you connect again.", s.Name)
	case channel.Throttled:
		return fmt.Sprintf("%s asks us to slow down. Sending goes on at %s; nothing is lost.", s.Name, ce.RetryAt.Local().Format("15:04"))
	case channel.Invalid:
		return fmt.Sprintf("%s did not accept the request (%s).", s.Name, ce.Code)
	case channel.Missing:
		return fmt.Sprintf("%s no longer has it.", s.Name)
	}
	if s.ID == 0 { // it is being connected
		return fmt.Sprintf("There is no usable answer from %s. Nothing was kept; try again when the shop can be opened in a browser.", s.Name)
	}
	switch ce.Code {
	case channel.CodeBadAnswer:
		return fmt.Sprintf("%s answered something that is not complete or not data. Nothing was changed; it is tried again.", s.Name)
	case channel.CodeServerError:
		return fmt.Sprintf("%s has a problem of its own (%d). Nothing was changed; it is tried again.", s.Name, ce.Status)
	}
	return fmt.Sprintf("%s does not answer. Nothing was sent to it; it is tried again.", s.Name)
}

// storeNow is the store's own time by a request that the store answers, the zero time where it cannot tell.
func (l *lane) storeNow(ctx context.Context, shop channel.Store) (time.Time, error) {
	clock, ok := shop.(channel.Clock)
	if !ok {
		return time.Time{}, nil
	}
	t, err := clock.StoreTime(ctx)
	return t.Round(0), err
}

// asksToStop reports whether a failure says that the store must not be asked again now.
func asksToStop(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	kind := channel.KindOf(err)
	return kind == channel.Throttled || kind == channel.Auth
}

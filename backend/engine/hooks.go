package engine

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// toldEvery folds bursts: what a shop says of itself makes at most one pull of a kind in this time, the first at once. A
// shop that sells without a pause then costs two calls where the period of a minute costs one in six.
const toldEvery = 10 * time.Second

// ErrNoHooks is what [Engine.ReadHook] answers for a store that cannot call, or whose calls nobody has prepared for.
var ErrNoHooks error = &Error{Code: CodeInvalid, Message: "This shop cannot call Evenstock, or nobody has prepared it."}

// HookSheet is what a seller needs to have his shop call when something changed.
type HookSheet struct {
	Setup channel.HookSetup
	Ready bool // there is a key, so that calls are understood
	Own   bool // it was entered or made for these calls; otherwise it is one of the credentials
}

// told is what a shop said of itself: that something of a kind has changed.
type told struct {
	asked  time.Time // the first word that no pull has served, zero for none
	served time.Time // start of the last pull made for one
}

// at is when the pull that was asked for may begin, zero for never.
func (t told) at(now time.Time) time.Time {
	if t.asked.IsZero() || t.served.IsZero() || now.Before(t.served) {
		return t.asked
	}
	if least := t.served.Add(toldEvery); t.asked.Before(least) {
		return least
	}
	return t.asked
}

// ask notes that something changed.
func (t *told) ask(now time.Time) {
	if t.asked.IsZero() || t.asked.After(now) {
		t.asked = now
	}
}

// serve notes that a pull begins, which sees everything that was asked for until now.
func (t *told) serve(now time.Time) {
	if !t.asked.IsZero() {
		t.asked, t.served = time.Time{}, now
	}
}

// Hooked makes the store's next poll of what has changed happen now, and nothing else: what has changed is read from the
// shop. Orders of a store whose sync is off are not read.
func (e *Engine) Hooked(id uint32, h channel.Hook) {
	l, err := e.laneOf(id)
	if err != nil || !h.Orders && !h.Listings {
		return
	}
	now := e.now()
	l.mu.Lock()
	if h.Orders {
		l.toldOrders.ask(now)
	}
	if h.Listings {
		l.toldListings.ask(now)
	}
	l.mu.Unlock()
	l.nudge()
}

// serve notes that the lane begins a pull of the kind.
func (l *lane) serve(t *told, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t.serve(now)
}

// ReadHook says what a call of the store's shop is about. It fails with [ErrNoHooks] or as [channel.HookReader] says, and
// changes nothing.
func (e *Engine) ReadHook(id uint32, h http.Header, body []byte) (channel.Hook, error) {
	l, err := e.laneOf(id)
	if err != nil {
		return channel.Hook{}, ErrNoHooks
	}
	s, t, err := e.hooksOf(id)
	if err != nil {
		return channel.Hook{}, err
	}
	secret, err := e.o.Secrets.Get(id, t.Hooks.Secret.Name)
	if errors.Is(err, db.ErrNotFound) {
		secret, err = "", nil
	}
	if err != nil {
		return channel.Hook{}, secretOf(s, t.Hooks.Secret.Name, err)
	}
	sheet, err := e.hookSheet(id, t)
	if err != nil || !sheet.Ready {
		return channel.Hook{}, errors.Join(err, ErrNoHooks)
	}
	shop, err := l.open(s)
	if err != nil {
		return channel.Hook{}, explain(s, err)
	}
	reader, ok := shop.(channel.HookReader)
	if !ok {
		return channel.Hook{}, ErrNoHooks
	}
	return reader.ReadHook(h, body, secret)
}

const (
	// mostCalls are remembered of each store: more than any shop repeats within its two days of trying.
	mostCalls = 1000
	// callsFor is how long they are: BigCommerce repeats a call for two days, Shopify for four hours (the channels' notes).
	callsFor = 7 * 24 * time.Hour
)

// FirstCall reports whether a store's shop makes the call with this id for the first time, and remembers it in the books, so
// that a repetition is known after a restart too.
func (e *Engine) FirstCall(id uint32, call string) (first bool, err error) {
	err = e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		s, err := tx.Store(id)
		if err != nil || s.Removed {
			return errors.Join(err, ErrNoHooks)
		}
		first, err = tx.NewCall(id, call, mostCalls, e.now().Add(-callsFor).UnixMilli())
		return err
	})
	return first, err
}

// hooksOf returns a connected store and its channel, [ErrNoHooks] where that has no calls.
func (e *Engine) hooksOf(id uint32) (s db.Store, t channel.Type, err error) {
	err = e.o.DB.View(func(tx *db.Tx) (err error) { s, err = tx.Store(id); return err })
	if err != nil || s.Removed {
		return s, t, &Error{Code: CodeNotFound, Message: "There is no such store."}
	}
	if t, err = e.o.Types.Lookup(s.Channel); err != nil {
		return s, t, explain(s, err)
	}
	if t.Hooks == nil {
		return s, t, ErrNoHooks
	}
	return s, t, nil
}

// HookSheet says how the store's shop is made to call, [ErrNoHooks] where it cannot.
func (e *Engine) HookSheet(id uint32) (HookSheet, error) {
	_, t, err := e.hooksOf(id)
	if err != nil {
		return HookSheet{}, err
	}
	return e.hookSheet(id, t)
}

func (e *Engine) hookSheet(id uint32, t channel.Type) (HookSheet, error) {
	var kept []string
	if err := e.o.DB.View(func(tx *db.Tx) error { kept = tx.SecretFields(id); return nil }); err != nil {
		return HookSheet{}, err
	}
	sheet := HookSheet{Setup: *t.Hooks, Own: slices.Contains(kept, t.Hooks.Secret.Name)}
	sheet.Ready = sheet.Own || t.Hooks.Instead != "" && slices.Contains(kept, t.Hooks.Instead)
	return sheet, nil
}

// MakeHookSecret returns the key that the seller enters in his shop, made when it is first asked for.
func (e *Engine) MakeHookSecret(id uint32) (string, error) {
	s, t, err := e.hooksOf(id)
	if err != nil {
		return "", err
	}
	if !t.Hooks.Made {
		return "", &Error{Code: CodeInvalid, Store: s.Name, Message: "This shop makes the key itself. Copy it from there."}
	}
	secret, err := e.o.Secrets.Get(id, t.Hooks.Secret.Name)
	if !errors.Is(err, db.ErrNotFound) {
		return secret, err
	}
	secret = rand.Text()
	return secret, e.o.Secrets.Put(id, t.Hooks.Secret.Name, secret)
}

// maxHookSecret is longer than any vendor's key.
const maxHookSecret = 200

// SetHookSecret keeps the key that the shop signs its calls with; an empty one is forgotten.
func (e *Engine) SetHookSecret(id uint32, secret string) error {
	s, t, err := e.hooksOf(id)
	if err != nil {
		return err
	}
	secret = strings.TrimSpace(secret)
	if len(secret) > maxHookSecret || strings.ContainsAny(secret, " \t\r\n") {
		return &Error{Code: CodeInvalid, Store: s.Name, Message: "That is no key: it is one word of at most 200 characters."}
	}
	if secret == "" {
		return e.o.DB.Update(e.now(), func(tx *db.Tx) error { return tx.PutSecret(id, t.Hooks.Secret.Name, nil) })
	}
	return e.o.Secrets.Put(id, t.Hooks.Secret.Name, secret)
}

package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// login adds to fields what only the shop's own login page gives, where the channel has such a page, the user left that
// out and there is a browser. Nothing is kept: that is for the check that follows.
func (e *Engine) login(ctx context.Context, s db.Store, fields map[string]string, keep *notes, browser channel.Browser) error {
	t, err := e.o.Types.Lookup(s.Channel)
	if err != nil {
		return err
	}
	if t.Login == nil || browser == nil || fields[t.LoginField] != "" {
		return nil
	}
	settings, err := e.settingsOf(t, s, fields)
	if err != nil {
		return err
	}
	delete(settings.Fields, t.LoginField) // what was known before no longer counts
	got, err := t.Login(ctx, e.depsOf(s, fields, keep), settings, browser)
	if err != nil {
		return err
	}
	maps.Copy(fields, got)
	return nil
}

// wantsLogin reports whether new credentials of a store begin with the login page: other settings do not. To give the field
// that the page fills, without anything in it, is to ask for it.
func wantsLogin(t channel.Type, s db.Store, fields map[string]string) bool {
	if v, given := fields[t.LoginField]; given && v == "" && t.Login != nil {
		return true
	}
	for _, f := range t.Fields {
		if f.Secret && fields[f.Name] != "" {
			return true
		}
	}
	return s.Needs != ""
}

// settingsOf are a store's settings with its secrets from the key store, overlaid with fields.
func (e *Engine) settingsOf(t channel.Type, s db.Store, fields map[string]string) (channel.Settings, error) {
	all := maps.Clone(s.Fields)
	if all == nil {
		all = map[string]string{}
	}
	for _, f := range t.Fields {
		if v, ok := fields[f.Name]; ok {
			all[f.Name] = v
			continue
		}
		if !f.Secret || s.ID == 0 {
			continue
		}
		v, err := e.o.Secrets.Get(s.ID, f.Name)
		switch {
		case errors.Is(err, db.ErrNotFound), errors.Is(err, db.ErrLost) && fields != nil: // a lost one is entered now, or not wanted
			continue
		case errors.Is(err, db.ErrLost):
			return channel.Settings{}, &channel.Error{Kind: channel.Auth, Op: "open the keys", Code: channel.CodeAuth, Err: err,
				Message: fmt.Sprintf("The keys of %s cannot be opened on this computer. Enter them again; stock and history are not affected.", s.Name)}
		case err != nil:
			return channel.Settings{}, secretOf(s, f.Name, err)
		}
		all[f.Name] = v
	}
	return channel.Settings{Fields: all, AllowHTTP: s.AllowHTTP, Endpoint: s.Endpoint,
		IncludeDrafts: s.IncludeDrafts, StatusMap: s.StatusMap}, nil
}

// depsOf is what a store's connector may touch. While there are fields the store is being connected: a token that a
// vendor replaces meanwhile goes into them, since that is what is kept.
func (e *Engine) depsOf(s db.Store, fields map[string]string, keep *notes) channel.Deps {
	return channel.Deps{HTTP: e.o.HTTP, Log: e.o.Log, Now: e.o.Now, Wait: e.o.Sleep, Notes: keep,
		Save: func(name, secret string) error {
			if fields != nil {
				fields[name] = secret
				return nil
			}
			return e.o.Secrets.Put(s.ID, name, secret)
		}}
}

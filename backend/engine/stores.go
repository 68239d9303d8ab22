package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// statusMeanings are what a custom order status may be mapped to.
var statusMeanings = map[string]bool{"booked": true, "fulfilled": true, "ignored": true}

// CheckStore tests the connection. Success ends the need for new credentials.
func (e *Engine) CheckStore(ctx context.Context, id uint32) (channel.Account, error) {
	l, err := e.laneOf(id)
	if err != nil {
		return channel.Account{}, err
	}
	var s db.Store
	if err := e.o.DB.View(func(tx *db.Tx) (err error) { s, err = tx.Store(id); return err }); err != nil {
		return channel.Account{}, err
	}
	l.forget()
	shop, err := l.open(s)
	if err != nil {
		return channel.Account{}, explain(s, err)
	}
	account, err := shop.Check(ctx)
	if err != nil {
		return account, explain(s, err)
	}
	if account.ID != s.Account {
		return account, otherShop(s)
	}
	return account, e.accept(id, account, shop)
}

func otherShop(s db.Store) error {
	return &Error{Code: CodeWrongShop, Store: s.Name,
		Message: fmt.Sprintf("These keys belong to another shop than %s. Connect that one as a store of its own.", s.Name)}
}

// accept notes that the credentials work.
func (e *Engine) accept(id uint32, account channel.Account, shop channel.Store) error {
	return e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		s, err := tx.Store(id)
		if err != nil {
			return err
		}
		s.Needs, s.NeedsText = "", ""
		s.URL, s.Version, s.Warnings = account.URL, account.Version, account.Warnings
		s.KeyEnd = keyEndOf(shop, s.KeyEnd)
		lane, err := tx.Lane(id)
		if err != nil {
			return err
		}
		lane.Fails, lane.NotBefore, lane.LastError, lane.LastCode = 0, 0, "", ""
		if _, err := tx.PutStore(s); err != nil {
			return err
		}
		return tx.PutLane(id, lane)
	})
}

// SetStore changes settings. New credentials are checked before they are kept, and must belong to the same account.
// Including drafts, or no longer, has all listings pulled again.
func (e *Engine) SetStore(ctx context.Context, id uint32, p StorePatch) error {
	l, err := e.laneOf(id)
	if err != nil {
		return err
	}
	if p.Name != nil {
		name := strings.TrimSpace(*p.Name)
		p.Name = &name
		if err := e.nameFree(name, id); err != nil {
			return err
		}
	}
	if p.Every != nil && (*p.Every < everyLeast || *p.Every > everyDefault) {
		return &Error{Code: CodeInvalid, Message: "Orders can be read every 1 to 10 minutes."}
	}
	if len(p.MapStatus) > 0 && !l.typ.OwnStatuses {
		return &Error{Code: CodeInvalid, Message: fmt.Sprintf("The order statuses of %s all have a meaning already, so none can be given one.", cmp.Or(l.typ.Title, "this store"))}
	}
	for status, meaning := range p.MapStatus {
		if !statusMeanings[meaning] {
			return &Error{Code: CodeInvalid, Message: fmt.Sprintf("The status %s can mean booked, fulfilled or ignored, not %q.", status, meaning)}
		}
	}
	if len(p.Fields) > 0 {
		if err := e.setFields(ctx, l, p.Fields, p.Browser); err != nil {
			return err
		}
	}
	if len(p.Locations) > 0 {
		if err := e.SetLocations(ctx, id, p.Locations); err != nil {
			return err
		}
	}
	if err := e.patch(id, p); err != nil {
		return err
	}
	l.forget()
	l.nudge()
	return nil
}

func (e *Engine) patch(id uint32, p StorePatch) error {
	return e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		s, err := tx.Store(id)
		if err != nil {
			return err
		}
		if p.Name != nil {
			s.Name = *p.Name
		}
		if p.Every != nil {
			s.Every = p.Every.Milliseconds()
		}
		if p.IncludeDrafts != nil && *p.IncludeDrafts != s.IncludeDrafts {
			s.IncludeDrafts = *p.IncludeDrafts
			if err := tx.PutCursor(id, streamListings, nil); err != nil {
				return err
			}
		}
		if len(p.MapStatus) > 0 {
			merged := maps.Clone(s.StatusMap)
			if merged == nil {
				merged = map[string]string{}
			}
			for status, meaning := range p.MapStatus {
				merged[strings.TrimPrefix(status, "wc-")] = meaning
			}
			s.StatusMap = merged
			// Orders with that status are read again, so that the new meaning counts for them too.
			if err := tx.PutCursor(id, streamOrders, nil); err != nil {
				return err
			}
		}
		_, err = tx.PutStore(s)
		return err
	})
}

// setFields checks new credentials and keeps them.
func (e *Engine) setFields(ctx context.Context, l *lane, fields map[string]string, browser channel.Browser) error {
	var s db.Store
	if err := e.o.DB.View(func(tx *db.Tx) (err error) { s, err = tx.Store(l.id); return err }); err != nil {
		return err
	}
	t, err := e.o.Types.Lookup(s.Channel)
	if err != nil {
		return explain(s, err)
	}
	s.Fields = maps.Clone(s.Fields)
	for _, f := range t.Fields {
		if v, ok := fields[f.Name]; ok && !f.Secret {
			s.Fields[f.Name] = strings.TrimSpace(v)
		}
	}
	keep := &notes{e: e, store: s.ID}
	if wantsLogin(t, s, fields) {
		if err := e.login(ctx, s, fields, keep, browser); err != nil {
			return explain(s, err)
		}
	}
	shop, err := e.openShop(s, fields, keep)
	if err != nil {
		return explain(s, err)
	}
	account, err := shop.Check(ctx)
	if err != nil {
		return explain(s, err)
	}
	if account.ID != s.Account {
		return otherShop(s)
	}
	for _, f := range t.Fields {
		if v, ok := fields[f.Name]; ok && f.Secret {
			if err := e.o.Secrets.Put(s.ID, f.Name, strings.TrimSpace(v)); err != nil {
				return err
			}
		}
	}
	err = e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		kept, err := tx.Store(s.ID)
		if err != nil {
			return err
		}
		kept.Fields = s.Fields
		_, err = tx.PutStore(kept)
		return err
	})
	if err != nil {
		return err
	}
	return e.accept(s.ID, account, shop)
}

// Pause stops writes to all stores (id 0) or one; reading goes on. It survives a restart (M7).
func (e *Engine) Pause(_ context.Context, id uint32) error { return e.setPaused(id, true) }

// Resume lets writes go on.
func (e *Engine) Resume(_ context.Context, id uint32) error { return e.setPaused(id, false) }

func (e *Engine) setPaused(id uint32, paused bool) error {
	err := e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		if id == 0 {
			return tx.SetMeta(metaPaused, map[bool]string{true: "1", false: "0"}[paused])
		}
		s, err := tx.Store(id)
		if err != nil {
			return err
		}
		s.Paused = paused
		_, err = tx.PutStore(s)
		return err
	})
	if err != nil || paused {
		return err
	}
	for _, l := range e.allLanes() { // what has changed meanwhile goes out now
		if id == 0 || l.id == id {
			l.marked(e.now())
		}
	}
	return nil
}

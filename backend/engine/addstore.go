package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// AddStore connects a store: the credentials are checked, and nothing is kept when they fail. The same account twice is
// refused, naming the store; one that was removed is resumed with its cursors, baselines and cool-downs (C1). Listings
// are not pulled yet: that is SyncListings. Without a name a store is called what the shop calls itself.
func (e *Engine) AddStore(ctx context.Context, n NewStore) (db.Store, channel.Account, error) {
	n.Name = strings.TrimSpace(n.Name)
	s := db.Store{Channel: n.Channel, Name: n.Name, AllowHTTP: n.AllowHTTP, Endpoint: n.Endpoint, Sync: db.SyncOff,
		Practice: n.Practice, Fields: map[string]string{}}
	t, err := e.o.Types.Lookup(n.Channel)
	if err != nil {
		return s, channel.Account{}, explain(s, err)
	}
	if n.Name == "" {
		s.Name = t.Title // until the shop has said its name
	} else if err := e.nameFree(n.Name, 0); err != nil {
		return s, channel.Account{}, err
	}
	secrets := map[string]string{}
	for _, f := range t.Fields {
		v := strings.TrimSpace(n.Fields[f.Name])
		if v == "" {
			continue
		}
		if f.Secret {
			secrets[f.Name] = v
		} else {
			s.Fields[f.Name] = v
		}
	}
	keep := &notes{e: e}
	if err := e.login(ctx, s, secrets, keep, n.Browser); err != nil {
		return s, channel.Account{}, explain(s, err)
	}
	shop, err := e.openShop(s, secrets, keep)
	if err != nil {
		return s, channel.Account{}, explain(s, err)
	}
	account, err := shop.Check(ctx)
	if err != nil {
		return s, account, explain(s, err)
	}
	s.KeyEnd = keyEndOf(shop, db.KeyEnd{})
	if n.Name == "" {
		s.Name = e.freeName(cmp.Or(strings.TrimSpace(account.Name), t.Title))
	}
	if s, err = e.keepStore(s, account, keep); err != nil {
		return s, account, err
	}
	for name, v := range secrets {
		if err := e.o.Secrets.Put(s.ID, name, v); err != nil {
			return s, account, errors.Join(err, e.discard(s))
		}
	}
	e.addLane(s).forget()
	return s, account, nil
}

// discard takes back a store whose secrets could not be kept.
func (e *Engine) discard(s db.Store) error {
	return e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		s.Removed = true
		_, err := tx.PutStore(s)
		return err
	})
}

// keepStore writes a new store, or resumes the removed one of the same account.
func (e *Engine) keepStore(s db.Store, account channel.Account, keep *notes) (db.Store, error) {
	err := e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		s.Account, s.URL, s.Version = account.ID, account.URL, account.Version
		s.Warnings = account.Warnings
		old, err := tx.StoreByAccount(s.Channel, account.ID)
		switch {
		case err == nil && !old.Removed:
			return &Error{Code: CodeInvalid, Store: old.Name,
				Message: fmt.Sprintf("This shop is connected already, as %s. Nothing was added.", old.Name)}
		case err == nil:
			resumed := s
			resumed.ID, resumed.Created, resumed.EverOn = old.ID, old.Created, old.EverOn
			resumed.Anchor, resumed.OffAt, resumed.Turns, resumed.Rule = old.Anchor, old.OffAt, old.Turns, old.Rule
			resumed.StatusMap, resumed.Statuses = old.StatusMap, old.Statuses
			resumed.IncludeDrafts, resumed.Every = old.IncludeDrafts, old.Every
			resumed.Located, resumed.Places, resumed.Warehouses = old.Located, old.Places, old.Warehouses
			resumed.Removals = old.Removals
			if s, err = tx.PutStore(resumed); err != nil {
				return err
			}
			return keep.settle(tx, s.ID)
		case !errors.Is(err, db.ErrNotFound):
			return err
		}
		if s, err = tx.PutStore(s); err != nil {
			return err
		}
		return keep.settle(tx, s.ID)
	})
	return s, err
}

func (e *Engine) nameFree(name string, self uint32) error {
	if name == "" {
		return &Error{Code: CodeInvalid, Message: "A store needs a name."}
	}
	return e.o.DB.View(func(tx *db.Tx) error {
		for _, s := range tx.Stores() {
			if !s.Removed && s.ID != self && strings.EqualFold(s.Name, name) {
				return &Error{Code: CodeInvalid, Store: s.Name, Message: fmt.Sprintf("There is a store called %s already. Choose another name.", s.Name)}
			}
		}
		return nil
	})
}

// freeName is a name that no store has: the one given, or that with the first number that makes it free.
func (e *Engine) freeName(name string) string {
	free := name
	for n := 2; e.nameFree(free, 0) != nil && n <= maxSameName; n++ {
		free = fmt.Sprintf("%s %d", name, n)
	}
	return free
}

// maxSameName bounds the numbers tried; a seller has a handful of shops.
const maxSameName = 1000

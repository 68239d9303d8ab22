package main

import (
	"fmt"

	"evenstock/backend/db"
	"evenstock/backend/hook"
)

// metaHooks is where the books keep whether webhooks are received, as [hook.Options] puts it.
const metaHooks = "webhooks"

// newHooks is what the shops call. It listens while [App.run] does, if the person has switched that on.
func (a *App) newHooks() (*hook.Receiver, error) {
	var kept string
	err := a.db.View(func(tx *db.Tx) (err error) { kept, err = tx.Meta(metaHooks); return err })
	if err != nil {
		return nil, fmt.Errorf("setting of the webhooks: %w", err)
	}
	r := hook.New(hook.Options{Read: a.engine.ReadHook, First: a.engine.FirstCall, Wake: a.engine.Hooked, Now: now, Log: a.log,
		Keep: func(setting string) error {
			return a.db.Update(now(), func(tx *db.Tx) error { return tx.SetMeta(metaHooks, setting) })
		}})
	r.Recall(kept)
	return r, nil
}

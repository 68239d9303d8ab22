package bridge

import (
	"errors"
	"time"

	"evenstock/backend/engine"
	"evenstock/backend/hook"
)

// Webhooks is whether shops may call this program through a tunnel.
type Webhooks struct {
	On      bool   `json:"on"`
	Port    int    `json:"port"`    // of this computer
	Trouble string `json:"trouble"` // why nobody listens although it is on, else empty
}

// StoreWebhooks is what it takes to have one store's shop call.
type StoreWebhooks struct {
	Webhooks
	Able  bool     `json:"able"`  // the channel has such calls; without, nothing else is filled in
	Local string   `json:"local"` // where the tunnel has to lead to for this store
	Steps []string `json:"steps"` // in the shop, one sentence each

	Label string `json:"label"` // of the key that calls are signed with
	Help  string `json:"help"`
	Made  bool   `json:"made"`  // we make the key and the seller enters it in the shop
	Ready bool   `json:"ready"` // there is a key
	Own   bool   `json:"own"`   // it was entered or made for these calls; else it is one of the store's credentials

	LastAt    *int64 `json:"lastAt"`    // the last call since the start that was right, Unix ms
	RefusedAt *int64 `json:"refusedAt"` // the last one that was not
}

// Hooks says whether shops may call.
func (s *Settings) Hooks() (Webhooks, error) {
	return call(s.b, "Settings.Hooks", func(d *Deps) (Webhooks, error) {
		r, err := receiver(d)
		if err != nil {
			return Webhooks{}, err
		}
		return webhooksOf(r), nil
	})
}

// SetHooks lets shops call at a port of this computer, or not. Both are remembered.
func (s *Settings) SetHooks(on bool, port int) error {
	return do(s.b, "Settings.SetHooks", func(d *Deps) error {
		r, err := receiver(d)
		if err != nil {
			return err
		}
		return r.Set(on, port)
	})
}

// Hooks says what it takes to have the store's shop call.
func (s *Stores) Hooks(store uint32) (StoreWebhooks, error) {
	return call(s.b, "Stores.Hooks", func(d *Deps) (StoreWebhooks, error) {
		sheet, err := d.Engine.HookSheet(store)
		if errors.Is(err, engine.ErrNoHooks) || d.Hooks == nil {
			return StoreWebhooks{}, nil
		}
		if err != nil {
			return StoreWebhooks{}, err
		}
		out := StoreWebhooks{Webhooks: webhooksOf(d.Hooks), Able: true, Label: sheet.Setup.Secret.Label, Help: sheet.Setup.Secret.Help,
			Made: sheet.Setup.Made, Ready: sheet.Ready, Own: sheet.Own, Steps: hook.Steps(sheet.Setup, store)}
		out.Local = hook.Local(out.Port, store)
		calls := d.Hooks.Of(store)
		out.LastAt, out.RefusedAt = msOf(calls.LastAt), msOf(calls.RefusedAt)
		return out, nil
	})
}

// MakeHookSecret returns the key that the seller enters in his shop, made when it is first asked for.
func (s *Stores) MakeHookSecret(store uint32) (string, error) {
	return call(s.b, "Stores.MakeHookSecret", func(d *Deps) (string, error) { return d.Engine.MakeHookSecret(store) })
}

// SetHookSecret keeps the key that the shop signs its calls with; an empty one is forgotten.
func (s *Stores) SetHookSecret(store uint32, secret string) error {
	return do(s.b, "Stores.SetHookSecret", func(d *Deps) error { return d.Engine.SetHookSecret(store, secret) })
}

func receiver(d *Deps) (*hook.Receiver, error) {
	if d.Hooks == nil {
		return nil, invalid("No shop can call here.")
	}
	return d.Hooks, nil
}

func webhooksOf(r *hook.Receiver) Webhooks {
	s := r.State()
	return Webhooks{On: s.On, Port: s.Port, Trouble: s.Trouble}
}

func msOf(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}

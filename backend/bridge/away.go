package bridge

import (
	"time"

	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// Away is away mode: larger buffers while nobody looks after the shops.
type Away struct{ b *Bridge }

// AwayState is how it is set.
type AwayState struct {
	On      bool   `json:"on"`
	Units   int64  `json:"units"`   // held back now, or last
	Percent int64  `json:"percent"` // the same, of what is available
	Until   *int64 `json:"until"`   // null: until the user is back
	AtStart bool   `json:"atStart"` // until the program starts again
	Planned bool   `json:"planned"` // the plan switched it on

	PlanUnits   int64        `json:"planUnits"`
	PlanPercent int64        `json:"planPercent"`
	Plan        []db.AwayDay `json:"plan"`

	Offer bool `json:"offer"` // quitting offers it
	Quits bool `json:"quits"` // the page can end the program
}

// AwayStart switches it on.
type AwayStart struct {
	Units   int64 `json:"units"`
	Percent int64 `json:"percent"`
	Until   int64 `json:"until"` // Unix ms, 0: until the user is back
	Quit    bool  `json:"quit"`  // send the numbers, then quit; it ends at the next start
}

// AwaySent is what was sent before quitting.
type AwaySent struct {
	Runs []db.Run `json:"runs"`
	Ends bool     `json:"ends"` // everything was sent, so the program ends now
}

// AwayNow is away mode as every screen tells of it.
type AwayNow struct {
	Units   int64  `json:"units"`
	Percent int64  `json:"percent"`
	Until   *int64 `json:"until"`
	AtStart bool   `json:"atStart"`
}

// metaAwayOffer is under what it is remembered that quitting offers away mode, "on".
const metaAwayOffer = "away/offer"

// Get reads it.
func (a *Away) Get() (AwayState, error) {
	return call(a.b, "Away.Get", func(d *Deps) (AwayState, error) {
		now, err := d.View.Away()
		if err != nil {
			return AwayState{}, err
		}
		offer, err := offersAway(d)
		return AwayState{On: now.On, Units: now.Hold.Units, Percent: now.Hold.Percent, Until: orNull(now.Until), AtStart: now.AtStart,
			Planned: now.Planned, PlanUnits: now.PlanHold.Units, PlanPercent: now.PlanHold.Percent, Plan: now.Plan, Offer: offer,
			Quits: d.Quit != nil}, err
	})
}

// Preview is what every store that is on would be sent; with nothing held back, what it would be sent on return.
func (a *Away) Preview(units, percent int64) ([]Table, error) {
	return call(a.b, "Away.Preview", func(d *Deps) ([]Table, error) {
		all, err := d.Engine.AwayPreview(engine.AwayHold{Units: units, Percent: percent})
		out := make([]Table, 0, len(all))
		for i, r := range all {
			out = append(out, a.b.tables.keep(tableOf{kindAway, uint32(i)}, r))
		}
		return out, err
	})
}

// Start switches away mode on. Before quitting everything is sent; when something could not be, the program stays.
func (a *Away) Start(s AwayStart) (AwaySent, error) {
	return call(a.b, "Away.Start", func(d *Deps) (AwaySent, error) {
		var until time.Time
		if s.Until != 0 {
			until = time.UnixMilli(s.Until)
		}
		if s.Quit && d.Quit == nil {
			return AwaySent{}, invalid("This program has no window that could be closed.")
		}
		err := d.Engine.StartAway(d.Context, engine.AwayHold{Units: s.Units, Percent: s.Percent}, until, s.Quit)
		if err != nil || !s.Quit {
			return AwaySent{}, err
		}
		runs, _, err := d.Engine.SyncAll(d.Context)
		if err != nil {
			return AwaySent{}, err
		}
		for _, r := range runs {
			if r.Outcome != db.Done {
				return AwaySent{Runs: runs}, nil
			}
		}
		go d.Quit()
		return AwaySent{Runs: runs, Ends: true}, nil
	})
}

// End sends every store its own numbers again, orders first.
func (a *Away) End() error {
	return do(a.b, "Away.End", func(d *Deps) error { return d.Engine.EndAway(d.Context) })
}

// SetPlan switches away mode on and off by the week.
func (a *Away) SetPlan(units, percent int64, days []db.AwayDay) error {
	return do(a.b, "Away.SetPlan", func(d *Deps) error {
		return d.Engine.PlanAway(d.Context, engine.AwayHold{Units: units, Percent: percent}, days)
	})
}

// SetOffer has quitting offer away mode, or not.
func (a *Away) SetOffer(on bool) error {
	return do(a.b, "Away.SetOffer", func(d *Deps) error {
		value := map[bool]string{true: "on", false: "off"}[on]
		return d.Books.Update(d.Now(), func(tx *db.Tx) error { return tx.SetMeta(metaAwayOffer, value) })
	})
}

func offersAway(d *Deps) (offers bool, err error) {
	err = d.Books.View(func(tx *db.Tx) error {
		value, err := tx.Meta(metaAwayOffer)
		offers = value == "on"
		return err
	})
	return offers, err
}

// awayNow is nil while nothing is held back.
func awayNow(d *Deps) (*AwayNow, error) {
	now, err := d.View.Away()
	if err != nil || !now.On {
		return nil, err
	}
	return &AwayNow{Units: now.Hold.Units, Percent: now.Hold.Percent, Until: orNull(now.Until), AtStart: now.AtStart}, nil
}

// orNull is a time that is null when it is 0.
func orNull(ms int64) *int64 {
	if ms == 0 {
		return nil
	}
	return &ms
}

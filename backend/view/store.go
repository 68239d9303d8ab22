package view

import (
	"maps"

	"evenstock/backend/db"
)

// metaPaused is the switch that makes writes to all stores wait: "1" when it is on.
const metaPaused = "paused"

// Away is away mode as it is now.
func (v *View) Away() (a db.AwayMode, err error) {
	err = v.db.View(func(tx *db.Tx) error {
		a, err = tx.Away()
		return err
	})
	return a, err
}

// Words for a store's main switch.
const (
	SyncOff        = string(db.SyncOff)
	SyncOn         = string(db.SyncOn)
	SyncRehearsing = "rehearsing"
)

// hardRefreshEvery is the time between two hard refreshes of one action, in ms (product.md M5).
const hardRefreshEvery = 14_400_000

// defaultEvery is the order pull period of a store that has no own one, in ms (product.md I2).
const defaultEvery = 600_000

// defaultListingEvery is how often changed listings are asked for where nobody says otherwise, in ms (product.md L6).
const defaultListingEvery = 60_000

// Stores returns the connected stores by id; now, in Unix milliseconds, decides the cooldowns.
func (v *View) Stores(now int64) ([]Store, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.refresh(); err != nil {
		return nil, err
	}
	out := []Store{}
	err := v.db.View(func(tx *db.Tx) error {
		shops, err := readShops(tx)
		if err != nil {
			return err
		}
		for _, s := range tx.Stores() {
			if s.Removed {
				continue
			}
			lane, err := tx.Lane(s.ID)
			if err != nil {
				return err
			}
			shown := v.store(shops[s.ID], lane, now)
			shown.Counts = v.model.countsOf(shops[s.ID])
			out = append(out, shown)
		}
		return nil
	})
	return out, err
}

// Paused reports whether writes to all stores wait.
func (v *View) Paused() (bool, error) {
	paused := false
	err := v.db.View(func(tx *db.Tx) error {
		value, err := tx.Meta(metaPaused)
		paused = value == "1"
		return err
	})
	return paused, err
}

func (v *View) store(s shop, lane db.Lane, now int64) Store {
	live := v.live.Load()
	out := Store{ID: s.ID, Name: s.Name, Channel: s.Channel, URL: s.URL, AccountID: s.Account, Sync: SyncOff,
		Paused: s.paused, NeedsText: s.NeedsText, IncludeDrafts: s.IncludeDrafts,
		Every: defaultEvery, ListingEvery: defaultListingEvery,
		LastOrderPull: orNull(lane.OrderPull), LastInventorySync: orNull(lane.InventorySync),
		LastListingSync: orNull(lane.ListingSync), Warnings: []string{}, LastError: lane.LastError, Practice: s.Practice,
		Statuses: []string{}, StatusMap: map[string]string{},
		Cooldown: Cooldown{cooldown(lane.Inventory, lane.Skew, now), cooldown(lane.Listings, lane.Skew, now)}}
	out.Warnings = append(out.Warnings, s.Warnings...)
	out.Statuses = append(out.Statuses, s.Statuses...)
	maps.Copy(out.StatusMap, s.StatusMap)
	if s.Every > 0 {
		out.Every = s.Every
	}
	if s.Needs != "" {
		out.Needs = &s.Needs
	}
	if k := s.KeyEnd; k.At != 0 {
		out.KeyEnd = &KeyEnd{Field: k.Field, At: k.At, Soon: now >= k.Warn, Renew: k.Renew}
	}
	if at := max(lane.CoolUntil, lane.NotBefore); at > now {
		out.RetryAt = &at
	}
	switch {
	case live.Rehearsing != nil && live.Rehearsing(s.ID):
		out.Sync = SyncRehearsing
	case s.On():
		out.Sync = SyncOn
	}
	out.Located, out.Unlinked = s.Located, s.Located && len(s.Where()) == 0
	if live.ListingEvery != nil {
		out.ListingEvery = live.ListingEvery(s.ID).Milliseconds()
	}
	if live.Progress != nil {
		out.Activity = live.Progress(s.ID)
	}
	if live.Quota != nil {
		out.Quota = live.Quota(s.ID)
	}
	return out
}

// cooldown is the time left before a hard refresh is possible again, in whole seconds, rounded up: by the store's own
// clock when the last one was accepted by it, else by ours. A clock set back never makes it longer than the full time,
// and one that broke off may be resumed at once (product.md M5).
func cooldown(h db.HardRefresh, skew, now int64) int64 {
	if h.Local == 0 && h.Store == 0 || h.Broken {
		return 0
	}
	elapsed := now - h.Local
	if h.Store != 0 {
		elapsed = now + skew - h.Store
	}
	left := min(max(0, hardRefreshEvery-elapsed), hardRefreshEvery)
	return (left + 999) / 1000
}

// countsOf sums up a store's listings. Due and held are counted over the marks alone, because they depend on the store's
// switch and on whether the product is counted.
func (m *model) countsOf(s shop) StoreCounts {
	c := m.counts[s.ID]
	if c == nil {
		return StoreCounts{}
	}
	out := *c
	for ref := range m.marked[s.ID] {
		e := m.listings[db.Link{Store: s.ID, Ref: ref}]
		r := m.rows[e.item]
		switch e.facts.state(s, e.item, r != nil && r.countedFor(s.Store)) {
		case Due:
			out.Due++
		case Held:
			out.Held++
		}
	}
	return out
}

package db

import "evenstock/backend/domain"

// SyncState is a store's main switch.
type SyncState string

const (
	SyncOff SyncState = "off"
	SyncOn  SyncState = "on"
)

// Store is one connected shop account.
type Store struct {
	ID            uint32            `cbor:"-"`
	Channel       string            `cbor:"1,keyasint"`
	Name          string            `cbor:"2,keyasint"`
	URL           string            `cbor:"3,keyasint,omitempty"`
	Account       string            `cbor:"4,keyasint"`
	Fields        map[string]string `cbor:"5,keyasint,omitempty"` // without secrets
	AllowHTTP     bool              `cbor:"6,keyasint,omitempty"`
	Endpoint      string            `cbor:"7,keyasint,omitempty"`
	IncludeDrafts bool              `cbor:"8,keyasint,omitempty"`
	StatusMap     map[string]string `cbor:"9,keyasint,omitempty"`
	Sync          SyncState         `cbor:"10,keyasint,omitempty"`
	Paused        bool              `cbor:"11,keyasint,omitempty"` // writes to this store wait
	Needs         string            `cbor:"12,keyasint,omitempty"` // "auth" when new credentials are needed
	NeedsText     string            `cbor:"13,keyasint,omitempty"`
	Every         int64             `cbor:"14,keyasint,omitempty"` // order pull period in ms
	Anchor        int64             `cbor:"15,keyasint,omitempty"` // when sync was turned on last
	OffAt         int64             `cbor:"16,keyasint,omitempty"` // when it was turned off last
	EverOn        bool              `cbor:"17,keyasint,omitempty"`
	Removed       bool              `cbor:"18,keyasint,omitempty"`
	Rule          domain.Rule       `cbor:"19,keyasint,omitempty"`
	Created       int64             `cbor:"20,keyasint,omitempty"`
	Version       string            `cbor:"21,keyasint,omitempty"`
	Warnings      []string          `cbor:"22,keyasint,omitempty"`
	Statuses      []string          `cbor:"23,keyasint,omitempty"`
	Practice      bool              `cbor:"24,keyasint,omitempty"` // a simulated shop of this program
	Turns         int64             `cbor:"25,keyasint,omitempty"` // how often sync was turned on
	Located       bool              `cbor:"26,keyasint,omitempty"` // it has a number per location
	Places        []Location        `cbor:"27,keyasint,omitempty"` // its locations, where it has some
	Warehouses    []uint32          `cbor:"28,keyasint,omitempty"` // linked, where it has no locations; none: the main one
	Turning       bool              `cbor:"29,keyasint,omitempty"` // sync is being turned on: its numbers are marked already, and nothing else
	KeyEnd        KeyEnd            `cbor:"30,keyasint,omitempty"`
	Marking       []string          `cbor:"31,keyasint,omitempty"` // locations that have other stock behind them, whose numbers are not all marked yet
	Forgetting    []string          `cbor:"32,keyasint,omitempty"` // locations that are sent no more, whose numbers are not all forgotten yet
	Removals      int64             `cbor:"33,keyasint,omitempty"` // how often it was removed
	Leaving       string            `cbor:"34,keyasint,omitempty"` // it is being removed: its bookings are not all kept (LeavingKeep) or released (LeavingRelease) yet
	Away          domain.Away       `cbor:"-"`                     // what away mode holds back now, see Tx.Away
}

// What becomes of the bookings of a store that was removed.
const (
	LeavingKeep    = "keep"
	LeavingRelease = "release"
)

// Location is a place of a store that has numbers of its own.
type Location struct {
	Ref     string `cbor:"1,keyasint" json:"ref"`
	Name    string `cbor:"2,keyasint,omitempty" json:"name"`
	Active  bool   `cbor:"3,keyasint,omitempty" json:"active"`  // numbers can be written there
	Fulfils bool   `cbor:"4,keyasint,omitempty" json:"fulfils"` // online orders are shipped from there
	Loc     uint32 `cbor:"5,keyasint,omitempty" json:"-"`       // the warehouse it is, 0: it is none, and nothing is sent to it
}

// On reports whether orders are read and numbers written.
func (s Store) On() bool { return s.Sync == SyncOn && !s.Removed }

// Marks reports whether what changes is marked: sync is on, or being turned on.
func (s Store) Marks() bool { return (s.Sync == SyncOn || s.Turning) && !s.Removed }

package desktop

import "time"

// NoticeKind is a kind of condition of a store that a person is told of by the system. Each has a switch of its own.
type NoticeKind string

const (
	NoticeStale   NoticeKind = "stale"   // its orders cannot be read
	NoticeKey     NoticeKind = "key"     // its key was refused, or ends soon
	NoticeHeld    NoticeKind = "held"    // the safety catch holds rows
	NoticeRefused NoticeKind = "refused" // the shop keeps refusing numbers
)

// NoticeOff is what is remembered under a kind's Switch when its notices are not wanted.
const NoticeOff = "off"

// Switch is the name under which it is remembered whether notices of the kind are wanted.
func (k NoticeKind) Switch() string { return "notice/" + string(k) }

// Notice is a condition of a store that is true now.
type Notice struct {
	Kind        NoticeKind
	Store       uint32
	Title, Text string
}

const (
	// staleLasts is how long a store's orders have to be unreadable while the program runs: after a night's sleep every
	// store is behind for a moment.
	staleLasts = 10 * time.Minute
	// noticeAgain is the shortest time between two notices of the same condition: one that comes and goes is one story.
	noticeAgain = time.Hour
)

type noticeID struct {
	kind  NoticeKind
	store uint32
}

type noticed struct {
	since time.Time // of the condition; zero when it ended
	told  time.Time
}

// notices tells of every condition once: when it begins, or has lasted.
type notices struct {
	wanted func(NoticeKind) bool
	send   func(Notice)
	known  map[noticeID]noticed
}

// look is given everything that is true now. A condition whose switch is off counts as told, so that switching it on does
// not bring up what is known.
func (n *notices) look(current []Notice, now time.Time) {
	if n.known == nil {
		n.known = map[noticeID]noticed{}
	}
	seen := map[noticeID]bool{}
	for _, c := range current {
		id := noticeID{c.Kind, c.Store}
		seen[id] = true
		k := n.known[id]
		if k.since.IsZero() {
			k.since = now
		}
		if k.told.Before(k.since) && now.Sub(k.since) >= lasts(c.Kind) {
			if n.wanted(c.Kind) && (k.told.IsZero() || now.Sub(k.told) >= noticeAgain) {
				n.send(c)
			}
			k.told = now
		}
		n.known[id] = k
	}
	for id, k := range n.known {
		if !seen[id] {
			n.known[id] = noticed{told: k.told}
		}
	}
}

func lasts(kind NoticeKind) time.Duration {
	if kind == NoticeStale {
		return staleLasts
	}
	return 0
}

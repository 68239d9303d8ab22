package bridge

import (
	"fmt"
	"strconv"
	"time"

	"evenstock/backend/desktop"
	"evenstock/backend/view"
)

// outlook says how everything is, in the words of the tray and of the system's notices (design/README.md, "Tray").
func outlook(stores []view.Store, paused bool, unmatched int, now time.Time) desktop.Outlook {
	var out desktop.Outlook
	for _, s := range stores {
		out.Tray.Stores = append(out.Tray.Stores, desktop.TrayStore{ID: s.ID, Name: s.Name, Line: storeLine(s, now),
			Off: s.Sync != view.SyncOn})
		out.Notices = append(out.Notices, noticesOf(s, now)...)
		if s.Sync == view.SyncOn {
			out.Waiting += s.Counts.Due
		}
	}
	if unmatched > 0 {
		out.Tray.Needs = append(out.Tray.Needs, count(unmatched, "order line matches", "order lines match")+" no product")
	}
	out.Tray.Paused = paused
	out.Tray.Overall, out.Tray.Line = overall(stores, paused, unmatched, out.Waiting, now)
	return out
}

// overall is the worst that is true of anything.
func overall(stores []view.Store, paused bool, unmatched, waiting int, now time.Time) (desktop.TrayOverall, string) {
	in := map[string]int{}
	var oldest int64
	for _, s := range stores {
		in[stateOf(s)]++
		if s.Sync == view.SyncOn && s.LastOrderPull != nil && (oldest == 0 || *s.LastOrderPull < oldest) {
			oldest = *s.LastOrderPull
		}
	}
	needing := in[StateStopped] + in[StateAttention]
	switch {
	case needing > 0:
		return desktop.TrayAttention, count(needing, "store needs", "stores need") + " you"
	case unmatched > 0:
		return desktop.TrayAttention, count(unmatched, "order line needs", "order lines need") + " you"
	case paused:
		return desktop.TrayPaused, "paused"
	case in[StatePaused] > 0:
		return desktop.TrayPaused, count(in[StatePaused], "store is", "stores are") + " paused"
	case in[StateBehind] > 0 && waiting > 0:
		return desktop.TraySyncing, "sending " + grouped(waiting)
	case in[StateBehind] > 0:
		return desktop.TraySyncing, "syncing"
	case len(stores) == 0:
		return desktop.TrayIdle, "no store is connected"
	case in[StateEven] == 0:
		return desktop.TrayIdle, "no store is turned on"
	case oldest == 0:
		return desktop.TrayIdle, "even"
	}
	return desktop.TrayIdle, "even, " + ago(oldest, now)
}

// storeLine is what is to be said of one store: a fact, and how old what we know is.
func storeLine(s view.Store, now time.Time) string {
	switch {
	case s.Needs != nil:
		return "refused the key"
	case s.Counts.Held > 0:
		return grouped(s.Counts.Held) + " held" + since(s, now)
	case s.LastError != "" && s.LastOrderPull == nil:
		return "never read"
	case s.LastError != "":
		return "last read " + ago(*s.LastOrderPull, now)
	case s.Sync == view.SyncRehearsing:
		return "rehearsing"
	case s.Sync == view.SyncOff:
		return "off"
	case s.Paused && s.Counts.Due > 0:
		return "paused, " + grouped(s.Counts.Due) + " waiting"
	case s.Paused:
		return "paused"
	case s.Counts.Due > 0:
		return "sending " + grouped(s.Counts.Due)
	case s.Activity != nil:
		return "syncing"
	}
	return "even" + since(s, now)
}

func since(s view.Store, now time.Time) string {
	if s.LastOrderPull == nil {
		return ""
	}
	return ", " + age(*s.LastOrderPull, now)
}

// noticesOf are the conditions of a store that a person is told of wherever they are. Practice stores are silent. A shop's
// name stands in the title alone: the system may read the text as markup.
func noticesOf(s view.Store, now time.Time) (out []desktop.Notice) {
	if s.Practice {
		return nil
	}
	add := func(kind desktop.NoticeKind, text string) {
		out = append(out, desktop.Notice{Kind: kind, Store: s.ID, Title: s.Name, Text: text})
	}
	if s.Needs != nil {
		add(desktop.NoticeKey, "The shop refused the key. Nothing is sent to it until you connect again.")
	}
	if s.Sync == view.SyncOn && s.Needs == nil && s.LastError != "" {
		text := "Its orders could not be read yet, so nothing is sent to it."
		if s.LastOrderPull != nil {
			text = "Its orders were last read " + ago(*s.LastOrderPull, now) + ", so nothing is sent to it."
		}
		add(desktop.NoticeStale, text)
	}
	if s.Counts.Held > 0 {
		add(desktop.NoticeHeld, count(s.Counts.Held, "number waits", "numbers wait")+" for your decision. The others were sent.")
	}
	if s.Counts.Refused > 0 {
		add(desktop.NoticeRefused, "The shop keeps refusing "+count(s.Counts.Refused, "number", "numbers")+". The others were accepted.")
	}
	return out
}

// age is how long ago something was, in minutes: a menu that counts seconds would flicker. A clock that was set back
// shows now.
func age(ms int64, now time.Time) string {
	at := time.UnixMilli(ms).In(now.Location())
	switch d := now.Sub(at); {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	case d < 6*24*time.Hour:
		return at.Format("Mon")
	}
	return at.Format("2 Jan")
}

// ago is age within a sentence.
func ago(ms int64, now time.Time) string {
	switch d := now.Sub(time.UnixMilli(ms)); {
	case d < time.Minute:
		return "just now"
	case d < 24*time.Hour:
		return age(ms, now) + " ago"
	}
	return "on " + age(ms, now)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// grouped writes a number of at least 0 with its thousands set apart.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

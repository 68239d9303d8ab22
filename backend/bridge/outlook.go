package bridge

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/desktop"
	"evenstock/backend/view"
)

// outlook says how everything is, in the words of the tray (design/README.md, "Tray").
func outlook(stores []view.Store, needs []view.Need, paused bool, now time.Time) desktop.Outlook {
	var out desktop.Outlook
	refused := map[uint32]int{}
	for _, n := range needs {
		switch {
		case n.StoreID == 0 && n.Kind != view.NeedUnset: // what was never counted is safe: it is never sent
			out.Tray.Needs = append(out.Tray.Needs, needText(n))
		case n.Kind == view.NeedRefused:
			refused[n.StoreID] = n.Count
		}
	}
	for _, s := range stores {
		out.Tray.Stores = append(out.Tray.Stores, desktop.TrayStore{ID: s.ID, Name: s.Name, Line: storeLine(s, refused[s.ID], now),
			Off: s.Sync != view.SyncOn})
		if s.Sync == view.SyncOn {
			out.Waiting += s.Counts.Due
		}
	}
	out.Tray.Paused = paused
	out.Tray.Overall, out.Tray.Line = overall(stores, needs, out, now)
	return out
}

// overall is the worst that is true of anything.
func overall(stores []view.Store, needs []view.Need, out desktop.Outlook, now time.Time) (desktop.TrayOverall, string) {
	in := map[string]int{}
	var oldest int64
	for _, s := range stores {
		in[stateOf(s)]++
		if s.Sync == view.SyncOn && s.LastOrderPull != nil && (oldest == 0 || *s.LastOrderPull < oldest) {
			oldest = *s.LastOrderPull
		}
	}
	needing := map[uint32]bool{}
	for _, n := range needs {
		if n.StoreID != 0 {
			needing[n.StoreID] = true
		}
	}
	switch {
	case len(needing) > 0:
		return desktop.TrayAttention, count(len(needing), "store needs", "stores need") + " you"
	case len(out.Tray.Needs) > 0:
		return desktop.TrayAttention, out.Tray.Needs[0]
	case out.Tray.Paused:
		return desktop.TrayPaused, "paused"
	case in[StatePaused] > 0:
		return desktop.TrayPaused, count(in[StatePaused], "store is", "stores are") + " paused"
	case in[StateBehind] > 0 && out.Waiting > 0:
		return desktop.TraySyncing, "sending " + grouped(out.Waiting)
	case in[StateBehind] > 0:
		return desktop.TraySyncing, "syncing"
	case len(stores) == 0:
		return desktop.TrayIdle, "no store is connected"
	case in[StateEven]+in[StateAttention] == 0:
		return desktop.TrayIdle, "no store is turned on"
	case oldest == 0:
		return desktop.TrayIdle, "even"
	}
	return desktop.TrayIdle, "even, " + ago(oldest, now)
}

// needText is a need that is about no store.
func needText(n view.Need) string {
	switch n.Kind {
	case view.NeedOversold:
		return count(n.Count, "product is oversold", "products are oversold")
	case view.NeedUnmatched:
		return count(n.Count, "order line matches no product", "order lines match no product")
	case view.NeedReview:
		return count(n.Count, "order has a question", "orders have a question")
	case view.NeedBackup:
		return "the nightly backup failed"
	case view.NeedRenamed:
		return count(n.Count, "listing has another SKU now", "listings have another SKU now")
	}
	return count(n.Count, "thing needs you", "things need you")
}

// sentence makes one of what needText says.
func sentence(need string) string { return strings.ToUpper(need[:1]) + need[1:] + "." }

// storeLine is what is to be said of one store: a fact, and how old what we know is.
func storeLine(s view.Store, refused int, now time.Time) string {
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
	case refused > 0:
		return grouped(refused) + " refused" + since(s, now)
	case s.Paused && s.Counts.Due > 0:
		return "paused, " + grouped(s.Counts.Due) + " waiting"
	case s.Paused:
		return "paused"
	case s.Counts.Due > 0:
		return "sending " + grouped(s.Counts.Due)
	case s.Activity != nil:
		return "syncing"
	case s.KeyEnd != nil && s.KeyEnd.Soon:
		return "even, its " + s.KeyEnd.Name() + " ends on " + s.KeyEnd.Date(now.Location())
	}
	return "even" + since(s, now)
}

func since(s view.Store, now time.Time) string {
	if s.LastOrderPull == nil {
		return ""
	}
	return ", " + age(*s.LastOrderPull, now)
}

// storeNotice is what the system says of a need of a store. A shop's name stands in the title alone: the system may read
// the text as markup.
func storeNotice(s view.Store, n view.Need, now time.Time) desktop.Notice {
	told := desktop.Notice{Kind: noticeOf[n.Kind], Store: s.ID, Title: s.Name}
	switch n.Kind {
	case view.NeedKeys:
		told.Text = "The shop refused the key. Nothing is sent to it until you connect again."
	case view.NeedKeyEnds:
		told.Text = "Its " + s.KeyEnd.Name() + " ends on " + s.KeyEnd.Date(now.Location()) + ". " + n.Text
	case view.NeedOrders:
		told.Text = "Its orders could not be read yet, so nothing is sent to it."
		if s.LastOrderPull != nil {
			told.Text = "Its orders were last read " + ago(*s.LastOrderPull, now) + ", so nothing is sent to it."
		}
	case view.NeedHeld:
		told.Text = count(n.Count, "number waits", "numbers wait") + " for your decision. The others were sent."
	case view.NeedRefused:
		told.Text = "The shop keeps refusing " + count(n.Count, "number", "numbers") + ". The others were accepted."
	}
	return told
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

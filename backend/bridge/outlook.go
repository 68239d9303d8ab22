package bridge

import (
	"time"
	"unicode"
	"unicode/utf8"

	"evenstock/backend/desktop"
	"evenstock/backend/view"
	"evenstock/backend/words"
)

// speaker says how everything is, in the words of one language.
type speaker struct {
	words.Words
	now time.Time
}

// outlook says how everything is, in the words of the tray (design/README.md, "Tray").
func (sp speaker) outlook(stores []view.Store, needs []view.Need, paused bool) desktop.Outlook {
	out := desktop.Outlook{Tray: desktop.TrayState{Words: sp.Words}}
	refused := map[uint32]int{}
	for _, n := range needs {
		switch {
		case n.StoreID == 0 && n.Kind != view.NeedUnset: // what was never counted is safe: it is never sent
			out.Tray.Needs = append(out.Tray.Needs, sp.need(n))
		case n.Kind == view.NeedRefused:
			refused[n.StoreID] = n.Count
		}
	}
	for _, s := range stores {
		out.Tray.Stores = append(out.Tray.Stores, desktop.TrayStore{ID: s.ID, Name: s.Name, Line: sp.store(s, refused[s.ID]),
			Off: s.Sync != view.SyncOn})
		if s.Sync == view.SyncOn {
			out.Waiting += s.Counts.Due
		}
	}
	out.Tray.Paused = paused
	out.Tray.Overall, out.Tray.Line = sp.overall(stores, needs, out)
	return out
}

// overall is the worst that is true of anything.
func (sp speaker) overall(stores []view.Store, needs []view.Need, out desktop.Outlook) (desktop.TrayOverall, string) {
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
		return desktop.TrayAttention, sp.Count(len(needing), "1 store needs you", "%s stores need you")
	case len(out.Tray.Needs) > 0:
		return desktop.TrayAttention, out.Tray.Needs[0]
	case out.Tray.Paused:
		return desktop.TrayPaused, sp.Say("paused")
	case in[StatePaused] > 0:
		return desktop.TrayPaused, sp.Count(in[StatePaused], "1 store is paused", "%s stores are paused")
	case in[StateBehind] > 0 && out.Waiting > 0:
		return desktop.TraySyncing, sp.Say("sending %s", sp.Number(out.Waiting))
	case in[StateBehind] > 0:
		return desktop.TraySyncing, sp.Say("syncing")
	case len(stores) == 0:
		return desktop.TrayIdle, sp.Say("no store is connected")
	case in[StateEven]+in[StateAttention] == 0:
		return desktop.TrayIdle, sp.Say("no store is turned on")
	case oldest == 0:
		return desktop.TrayIdle, sp.Say("even")
	}
	return desktop.TrayIdle, sp.Say("even, %s", sp.ago(oldest))
}

// need is what is to be said of a need that is about no store.
func (sp speaker) need(n view.Need) string {
	switch n.Kind {
	case view.NeedOversold:
		return sp.Count(n.Count, "1 product is oversold", "%s products are oversold")
	case view.NeedUnmatched:
		return sp.Count(n.Count, "1 order line matches no product", "%s order lines match no product")
	case view.NeedReview:
		return sp.Count(n.Count, "1 order has a question", "%s orders have a question")
	case view.NeedBackup:
		return sp.Say("the nightly backup failed")
	case view.NeedRenamed:
		return sp.Count(n.Count, "1 listing has another SKU now", "%s listings have another SKU now")
	}
	return sp.Count(n.Count, "1 thing needs you", "%s things need you")
}

// asSentence makes a sentence of what need says.
func asSentence(need string) string {
	first, n := utf8.DecodeRuneInString(need)
	return string(unicode.ToUpper(first)) + need[n:] + "."
}

// store is what is to be said of one store: a fact, and how old what we know is.
func (sp speaker) store(s view.Store, refused int) string {
	switch {
	case s.Needs != nil:
		return sp.Say("refused the key")
	case s.Counts.Held > 0:
		return sp.Say("%s held", sp.Number(s.Counts.Held)) + sp.since(s)
	case s.LastError != "" && s.LastOrderPull == nil:
		return sp.Say("never read")
	case s.LastError != "":
		return sp.Say("last read %s", sp.ago(*s.LastOrderPull))
	case s.Sync == view.SyncRehearsing:
		return sp.Say("rehearsing")
	case s.Sync == view.SyncOff:
		return sp.Say("off")
	case refused > 0:
		return sp.Say("%s refused", sp.Number(refused)) + sp.since(s)
	case s.Paused && s.Counts.Due > 0:
		return sp.Say("paused, %s waiting", sp.Number(s.Counts.Due))
	case s.Paused:
		return sp.Say("paused")
	case s.Counts.Due > 0:
		return sp.Say("sending %s", sp.Number(s.Counts.Due))
	case s.Activity != nil:
		return sp.Say("syncing")
	case s.KeyEnd != nil && s.KeyEnd.Soon:
		return sp.Say("even, %s", sp.keyEnds(*s.KeyEnd))
	}
	return sp.Say("even") + sp.since(s)
}

func (sp speaker) since(s view.Store) string {
	if s.LastOrderPull == nil {
		return ""
	}
	return ", " + sp.age(*s.LastOrderPull)
}

// keyEnds says, after a comma, when a credential ends.
func (sp speaker) keyEnds(k view.KeyEnd) string {
	on := sp.Date(time.UnixMilli(k.At).In(sp.now.Location()))
	switch k.Name() {
	case "client secret":
		return sp.Say("its client secret ends on %s", on)
	case "login":
		return sp.Say("its login ends on %s", on)
	}
	return sp.Say("its key ends on %s", on)
}

// storeNotice is what the system says of a need of a store. A shop's name stands in the title alone: the system may read
// the text as markup.
func (sp speaker) storeNotice(s view.Store, n view.Need) desktop.Notice {
	told := desktop.Notice{Kind: noticeOf[n.Kind], Store: s.ID, Title: s.Name}
	switch n.Kind {
	case view.NeedKeys:
		told.Text = sp.Say("The shop refused the key. Nothing is sent to it until you connect again.")
	case view.NeedKeyEnds:
		told.Text = asSentence(sp.keyEnds(*s.KeyEnd)) + " " + sp.Tell(n.Text)
	case view.NeedOrders:
		told.Text = sp.Say("Its orders could not be read yet, so nothing is sent to it.")
		if s.LastOrderPull != nil {
			told.Text = sp.Say("Its orders were last read %s, so nothing is sent to it.", sp.ago(*s.LastOrderPull))
		}
	case view.NeedHeld:
		told.Text = sp.Count(n.Count, "1 number waits for your decision. The others were sent.",
			"%s numbers wait for your decision. The others were sent.")
	case view.NeedRefused:
		told.Text = sp.Count(n.Count, "The shop keeps refusing 1 number. The others were accepted.",
			"The shop keeps refusing %s numbers. The others were accepted.")
	}
	return told
}

// age is how long ago something was, in minutes: a menu that counts seconds would flicker. A clock that was set back
// shows now.
func (sp speaker) age(ms int64) string {
	at := time.UnixMilli(ms).In(sp.now.Location())
	switch d := sp.now.Sub(at); {
	case d < time.Minute:
		return sp.Say("now")
	case d < time.Hour:
		return sp.Say("%d min", int(d.Minutes()))
	case d < 24*time.Hour:
		return sp.Say("%d h", int(d.Hours()))
	case d < 6*24*time.Hour:
		return sp.Weekday(at)
	}
	return sp.Day(at)
}

// ago is age within a sentence.
func (sp speaker) ago(ms int64) string {
	switch d := sp.now.Sub(time.UnixMilli(ms)); {
	case d < time.Minute:
		return sp.Say("just now")
	case d < 24*time.Hour:
		return sp.Say("%s ago", sp.age(ms))
	}
	return sp.Say("on %s", sp.age(ms))
}

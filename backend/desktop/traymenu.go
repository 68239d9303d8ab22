//go:build !headless

package desktop

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Most lines of each kind in the menu: what a screen of 768 pixels holds. The rest is one click away in the window.
const (
	maxTrayNeeds  = 4
	maxTrayStores = 16
)

// maxTrayText is the longest text of a line in characters; Windows takes 127 for a tooltip.
const maxTrayText = 60

// The menu has the same lines for as long as the program runs, and shows those that it needs: lines that come and go
// would close the menu under the pointer, and clicks on a line that has gone would be lost.
const (
	slotHead = iota
	slotNeeds
	slotStores  = slotNeeds + maxTrayNeeds
	slotMore    = slotStores + maxTrayStores
	slotSyncAll = slotMore + 1
	slotSyncOne = slotSyncAll + 1 // opens a menu of the next ones
	slotSyncs   = slotSyncOne + 1
	slotPause   = slotSyncs + maxTrayStores
	slotAway    = slotPause + 1
	slotOpen    = slotAway + 1
	slotQuit    = slotOpen + 1
	traySlots   = slotQuit + 1
)

// trayEntry is one line of the menu; the zero one is not shown.
type trayEntry struct {
	label  string
	dim    bool // it says something and does nothing
	action TrayAction
}

func (e trayEntry) shown() bool { return e.label != "" }

// startsGroup reports whether a rule stands above the line.
func startsGroup(slot int) bool { return slot == slotStores || slot == slotSyncAll || slot == slotOpen }

// isInner reports whether the line stands in the menu of slotSyncOne.
func isInner(slot int) bool { return slot >= slotSyncs && slot < slotPause }

// menu is what every line shows.
func (s TrayState) menu() [traySlots]trayEntry {
	var m [traySlots]trayEntry
	m[slotHead] = trayEntry{label: upperFirst(trayText(s.Line)), dim: true}
	for i, need := range s.Needs {
		if i == maxTrayNeeds {
			break
		}
		m[slotNeeds+i] = trayEntry{label: trayText(need), action: TrayAction{Do: TrayOpenNeeds}}
	}
	s.storesIn(&m)
	m[slotPause] = trayEntry{label: s.Words.Say("Pause all sending"), action: TrayAction{Do: TrayPause}}
	if s.Paused {
		m[slotPause] = trayEntry{label: s.Words.Say("Go on sending"), action: TrayAction{Do: TrayGoOn}}
	}
	m[slotAway] = trayEntry{label: s.Words.Say("Away mode…"), action: TrayAction{Do: TrayAway}}
	if s.Away {
		m[slotAway] = trayEntry{label: s.Words.Say("I am back: end away mode"), action: TrayAction{Do: TrayBack}}
	}
	m[slotOpen] = trayEntry{label: s.Words.Say("Open Evenstock"), action: TrayAction{Do: TrayOpen}}
	m[slotQuit] = trayEntry{label: s.Words.Say("Quit…"), action: TrayAction{Do: TrayQuit}}
	return m
}

// storesIn fills the lines of the stores, and those that sync.
func (s TrayState) storesIn(m *[traySlots]trayEntry) {
	on := 0
	for i, store := range s.Stores {
		name := trayText(store.Name)
		if i < maxTrayStores {
			m[slotStores+i] = trayEntry{label: trayText(name + ": " + store.Line), action: TrayAction{TrayOpenStore, store.ID}}
		}
		if store.Off {
			continue
		}
		if on < maxTrayStores {
			m[slotSyncs+on] = trayEntry{label: name, action: TrayAction{TraySyncStore, store.ID}}
		}
		on++
	}
	if len(s.Stores) == 0 {
		m[slotMore] = trayEntry{label: s.Words.Say("Connect a store"), action: TrayAction{Do: TrayOpen}}
	}
	if more := len(s.Stores) - maxTrayStores; more > 0 {
		m[slotMore] = trayEntry{label: s.Words.Count(more, "1 more store", "%s more stores"), action: TrayAction{Do: TrayOpen}}
	}
	m[slotSyncAll] = trayEntry{label: s.Words.Say("Sync all stores now"), dim: on == 0, action: TrayAction{Do: TraySyncAll}}
	if on > 1 {
		m[slotSyncOne] = trayEntry{label: s.Words.Say("Sync one store now")}
	} else {
		m[slotSyncs] = trayEntry{} // the same as all of them
	}
}

// tooltip is what the icon says when the pointer rests on it.
func (s TrayState) tooltip() string { return trayText("Evenstock: " + s.Line) }

// trayText makes one short line of a text: what cannot be seen is left out, also marks that turn the writing direction.
func trayText(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	s = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > maxTrayText {
		s = string([]rune(s)[:maxTrayText-1]) + "…"
	}
	return s
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

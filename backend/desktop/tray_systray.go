//go:build !headless

package desktop

import (
	"sync/atomic"

	"fyne.io/systray"
)

// trayFace is the icon and the menu as they are shown.
type trayFace struct {
	lines   [traySlots]trayLine
	look    trayLook
	tooltip string
}

// trayLine is one line of the menu.
type trayLine struct {
	item   *systray.MenuItem
	shown  trayEntry
	action atomic.Value // TrayAction
}

// ready is called once the system is ready for icon and menu.
func (t *Tray) ready() {
	for slot := range traySlots {
		if startsGroup(slot) {
			systray.AddSeparator()
		}
		line := &t.face.lines[slot]
		if isInner(slot) {
			line.item = t.face.lines[slotSyncOne].item.AddSubMenuItem("", "")
		} else {
			line.item = systray.AddMenuItem("", "")
		}
		line.action.Store(TrayAction{})
		go t.listen(line)
	}
	for slot := range traySlots {
		t.face.lines[slot].item.Hide() // after all exist: Windows cannot give a hidden line a menu
	}
	t.show(t.o.State())
	t.kept.Go(t.keep)
	t.built.Store(true)
	go func() {
		for range systray.TrayOpenedCh { // what is read now is of now; Windows does not tell
			t.Update()
		}
	}()
}

// listen passes the clicks on a line on. The library drops those that nobody waits for.
func (t *Tray) listen(line *trayLine) {
	for range line.item.ClickedCh {
		if a := line.action.Load().(TrayAction); a.Do != "" {
			t.act(a)
		}
	}
}

// show brings icon, tooltip and menu to a state, touching only what differs.
func (t *Tray) show(s TrayState) {
	t.showIcon(s)
	for slot, entry := range s.menu() {
		t.face.lines[slot].set(entry)
	}
}

func (t *Tray) showIcon(s TrayState) {
	look := trayLook{s.Overall, t.panelIsDark()}
	if look != t.face.look {
		icon, err := trayIcon(t.o.Icons, look)
		if err != nil {
			t.o.Log("tray icon", err)
		} else {
			setTrayIcon(icon)
			t.face.look = look
		}
	}
	if tip := s.tooltip(); tip != t.face.tooltip {
		systray.SetTooltip(tip)
		t.face.tooltip = tip
	}
}

// set changes a line. On Windows whatever changes a hidden line shows it, so it is left alone until it is shown.
func (l *trayLine) set(e trayEntry) {
	was := l.shown
	l.shown = e
	l.action.Store(e.action)
	if !e.shown() {
		if was.shown() {
			l.item.Hide()
		}
		return
	}
	if e.label != was.label {
		l.item.SetTitle(escapeLabel(e.label))
	}
	if e.dim && !l.item.Disabled() {
		l.item.Disable()
	} else if !e.dim && l.item.Disabled() {
		l.item.Enable()
	}
	if !was.shown() {
		l.item.Show()
	}
}

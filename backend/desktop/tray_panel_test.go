//go:build linux && !headless

package desktop

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

const (
	menuPath  = "/StatusNotifierItem/menu"
	menuIface = "com.canonical.dbusmenu"
	itemIface = "org.kde.StatusNotifierItem"
)

// panel is what a desktop does with icons: it lists them, asks what they look like and has them clicked.
type panel struct {
	t    *testing.T
	bus  *dbus.Conn
	prop *prop.Properties

	asked sync.Once // for the menu

	mu    sync.Mutex
	items []string
}

// openPanel is a panel that has just been started.
func openPanel(t *testing.T) *panel {
	t.Helper()
	bus, err := sessionBus()
	must(t, err)
	p := &panel{t: t, bus: bus}
	t.Cleanup(func() { bus.Close() })
	p.prop, err = prop.Export(bus, watcherPath, prop.Map{watcherName: {
		"IsStatusNotifierHostRegistered": {Value: true, Emit: prop.EmitTrue},
		"RegisteredStatusNotifierItems":  {Value: []string{}, Emit: prop.EmitTrue},
	}})
	must(t, err, bus.Export(p, watcherPath, watcherName))
	reply, err := bus.RequestName(watcherName, dbus.NameFlagDoNotQueue)
	must(t, err)
	if reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal("another panel runs")
	}
	return p
}

// close ends the panel as a crash would.
func (p *panel) close() { p.bus.Close() }

// RegisterStatusNotifierItem is called by programs over the bus.
func (p *panel) RegisterStatusNotifierItem(service string, sender dbus.Sender) *dbus.Error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if item := string(sender) + service; !slices.Contains(p.items, item) {
		p.items = append(p.items, item)
	}
	p.prop.SetMust(watcherName, "RegisteredStatusNotifierItems", slices.Clone(p.items))
	return nil
}

// owner is the connection of the only icon; it waits for it.
func (p *panel) owner() string {
	p.t.Helper()
	var item string
	becomes(p.t, "icons in the panel", 1, func() int {
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.items) > 0 {
			item = p.items[0]
		}
		return len(p.items)
	})
	name, _, _ := strings.Cut(item, "/")
	return name
}

// icon reads a property of the icon.
func (p *panel) icon(property string, into any) {
	p.t.Helper()
	v, err := p.bus.Object(p.owner(), itemPath).GetProperty(itemIface + "." + property)
	must(p.t, err)
	must(p.t, v.Store(into))
}

// picture is the icon as a panel draws it: side and pixels.
func (p *panel) picture() (side int, pixels string) {
	p.t.Helper()
	var pictures []struct {
		W, H int32
		Pix  []byte
	}
	p.icon("IconPixmap", &pictures)
	if len(pictures) != 1 {
		p.t.Fatalf("%d pictures", len(pictures))
	}
	return int(pictures[0].W), string(pictures[0].Pix)
}

func (p *panel) tooltip() string {
	p.t.Helper()
	var tip struct {
		Name  string
		Icons []struct {
			W, H int32
			Pix  []byte
		}
		Title, Text string
	}
	p.icon("ToolTip", &tip)
	return tip.Title
}

// activate is a click on the icon itself.
func (p *panel) activate() {
	p.t.Helper()
	must(p.t, p.bus.Object(p.owner(), itemPath).Call(itemIface+".Activate", 0, int32(0), int32(0)).Err)
}

// entry is a line of the menu that is shown; "-" is a rule.
type entry struct {
	id    int32
	label string
	dim   bool
	inner []entry
}

// layout is an answer of the menu: its own identity, its properties, the lines within it.
type layout struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// firstLayout is the time after which the library tells a panel to ask for the menu again: its first answer has no inner
// menus.
const firstLayout = 300 * time.Millisecond

// menu reads the whole menu and leaves out what is hidden.
func (p *panel) menu() []entry {
	p.t.Helper()
	p.asked.Do(func() {
		must(p.t, p.bus.Object(p.owner(), menuPath).Call(menuIface+".GetLayout", 0, int32(0), int32(-1), []string{}).Err)
		// The library reads a counter of revisions under one lock and changes it later under another, which is harmless.
		// Taking the second one in between orders the two, so that the race detector looks at everything else.
		systray.SetTitle("Evenstock")
		time.Sleep(firstLayout)
	})
	var revision uint32
	var root layout
	call := p.bus.Object(p.owner(), menuPath).Call(menuIface+".GetLayout", 0, int32(0), int32(-1), []string{})
	must(p.t, call.Store(&revision, &root))
	return p.visible(root)
}

func (p *panel) visible(l layout) []entry {
	p.t.Helper()
	var out []entry
	for _, child := range l.Children {
		var c layout
		must(p.t, child.Store(&c))
		if v, ok := c.Properties["visible"]; ok && v.Value() == false {
			continue
		}
		e := entry{id: c.ID, label: "-", inner: p.visible(c)}
		if kind := c.Properties["type"]; kind.Value() != "separator" {
			e.label, _ = c.Properties["label"].Value().(string)
			e.dim = c.Properties["enabled"].Value() == false
		}
		out = append(out, e)
	}
	return out
}

// shows reports whether the menu has a line.
func (p *panel) shows(line string) bool {
	p.t.Helper()
	return slices.Contains(text(p.menu(), ""), line)
}

// text is the menu as lines: what is dim stands in brackets, what is in an inner menu behind ">".
func text(menu []entry, indent string) []string {
	var out []string
	for _, e := range menu {
		line := e.label
		if e.dim {
			line = "[" + line + "]"
		}
		out = append(out, indent+line)
		out = append(out, text(e.inner, indent+"> ")...)
	}
	return out
}

// click clicks the line that one finds by these labels, from the outer menu to the inner.
func (p *panel) click(labels ...string) {
	p.t.Helper()
	lines, id := p.menu(), int32(0)
	for _, label := range labels {
		i := slices.IndexFunc(lines, func(e entry) bool { return e.label == label })
		if i < 0 {
			p.t.Fatalf("no line %q in %q", label, text(lines, ""))
		}
		id, lines = lines[i].id, lines[i].inner
	}
	call := p.bus.Object(p.owner(), menuPath).Call(menuIface+".Event", 0, id, "clicked", dbus.MakeVariant(int32(0)), uint32(0))
	must(p.t, call.Err)
}

// becomes waits until ask answers want.
func becomes[T comparable](t *testing.T, what string, want T, ask func() T) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		got := ask()
		if got == want {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: %v, want %v", what, got, want)
		}
	}
}

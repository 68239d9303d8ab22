//go:build !headless

package desktop

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
)

// Names of the StatusNotifierItem specification, which all panels speak, and of the desktop portal.
const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
	itemPath    = "/StatusNotifierItem"

	portalName = "org.freedesktop.portal.Desktop"
	portalPath = "/org/freedesktop/portal/desktop"
)

const (
	// busAnswersWithin is how long a panel has for an answer.
	busAnswersWithin = 250 * time.Millisecond
	// panelSettles is how long a new panel has to hear from the library before it is told again.
	panelSettles = time.Second
)

// trayHost is the way to the panel.
type trayHost struct {
	// own is a connection of our own. The library works on the one that a process shares, and stops watching for panels
	// when somebody else's signal arrives there, such as that of a key store that was unlocked.
	own    *dbus.Conn
	finish func()
}

// begin needs a session bus and starts none.
func (t *Tray) begin() error {
	own, err := sessionBus()
	if err != nil {
		return problem(ErrNoTray, err, "This desktop has no tray.")
	}
	t.host.own = own
	systray.SetTitle("Evenstock")
	t.showIcon(t.o.State()) // before the panel asks
	systray.SetOnTapped(func() { t.act(TrayAction{Do: TrayOpen}) })
	start, finish := systray.RunWithExternalLoop(t.ready, nil)
	t.host.finish = finish
	start()
	go t.stayRegistered()
	return nil
}

// sessionBus connects to the session bus, if there is one.
func sessionBus() (*dbus.Conn, error) {
	bus, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return nil, err
	}
	if err = bus.Auth(nil); err == nil {
		err = bus.Hello()
	}
	if err != nil {
		bus.Close()
		return nil, err
	}
	return bus, nil
}

// end takes the icon off the bus.
func (t *Tray) end() {
	t.settle()
	t.host.own.Close()
	defer func() {
		if p := recover(); p != nil {
			t.o.Log("tray", problem(ErrNoTray, nil, "The session bus was gone: %v.", p)) // the library closes what it never opened
		}
	}()
	t.host.finish()
}

// there asks the panel whether it shows icons, and ours.
func (t *Tray) there() bool {
	var shows bool
	return t.watcher("IsStatusNotifierHostRegistered", &shows) && shows && t.registered()
}

// registered reports whether the panel lists our icon. Panels write "NAME", "NAME/PATH" or "NAME@PATH".
func (t *Tray) registered() bool {
	shared, err := dbus.SessionBus()
	if err != nil {
		return false
	}
	var items []string
	if !t.watcher("RegisteredStatusNotifierItems", &items) {
		return false
	}
	return slices.ContainsFunc(shared.Names(), func(name string) bool {
		return slices.ContainsFunc(items, func(item string) bool {
			rest, ok := strings.CutPrefix(item, name)
			return ok && (rest == "" || rest[0] == '/' || rest[0] == '@')
		})
	})
}

// watcher reads a property of the panel's list of icons.
func (t *Tray) watcher(property string, into any) bool {
	return t.ask(watcherName, watcherPath, "org.freedesktop.DBus.Properties.Get", into, watcherName, property)
}

// ask calls a method that answers one variant. It starts no service.
func (t *Tray) ask(name string, path dbus.ObjectPath, method string, into any, args ...any) bool {
	ctx, done := context.WithTimeout(context.Background(), busAnswersWithin)
	defer done()
	var answer dbus.Variant
	err := t.host.own.Object(name, path).CallWithContext(ctx, method, dbus.FlagNoAutoStart, args...).Store(&answer)
	for err == nil { // the portal wraps its answers twice
		inner, wrapped := answer.Value().(dbus.Variant)
		if !wrapped {
			break
		}
		answer = inner
	}
	return err == nil && answer.Store(into) == nil
}

// stayRegistered tells a panel that appears later, or was restarted, of the icon if it does not list it by then.
func (t *Tray) stayRegistered() {
	err := t.host.own.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"),
		dbus.WithMatchArg(0, watcherName))
	if err != nil {
		t.o.Log("watch for panels", err)
		return
	}
	signals := make(chan *dbus.Signal, 8)
	t.host.own.Signal(signals)
	for s := range signals { // until the connection is closed
		if s.Name != "org.freedesktop.DBus.NameOwnerChanged" || len(s.Body) != 3 || s.Body[2] == "" {
			continue // our own name, or a panel that went
		}
		t.pause(panelSettles)
		if t.isStopped() || t.registered() {
			continue
		}
		shared, err := dbus.SessionBus()
		if err == nil {
			err = shared.Object(watcherName, watcherPath).Call(watcherName+".RegisterStatusNotifierItem", 0, itemPath).Err
		}
		if err != nil {
			t.o.Log("show the icon in a new panel", err)
		}
	}
}

// panelIsDark is true but for KDE, whose panel follows its light looks; other desktops keep a dark one with light windows.
func (t *Tray) panelIsDark() bool {
	if !slices.Contains(strings.Split(os.Getenv("XDG_CURRENT_DESKTOP"), ":"), "KDE") {
		return true
	}
	const preferLight = 2
	var scheme uint32
	return !t.ask(portalName, portalPath, "org.freedesktop.portal.Settings.Read", &scheme,
		"org.freedesktop.appearance", "color-scheme") || scheme != preferLight
}

// trayIcon is the picture a panel gets; it scales it to its own height.
func trayIcon(icons fs.FS, look trayLook) ([]byte, error) { return look.read(icons, 22) }

func setTrayIcon(icon []byte) { systray.SetIcon(icon) }

// escapeLabel keeps an underline in a name from becoming a shortcut mark.
func escapeLabel(s string) string { return strings.ReplaceAll(s, "_", "__") }

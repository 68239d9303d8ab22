package bridge

import (
	"context"
	"net/url"
	"sync"

	"evenstock/backend/channel"
	"evenstock/backend/channel/login"
	"evenstock/backend/desktop"
)

// topicLogin says that a login page is shown, or is no longer.
const topicLogin = "login"

// Login is a login at a shop's own page that is under way.
type Login struct {
	Page string `json:"page"` // the shop's page, "" where no login is under way
	Asks bool   `json:"asks"` // the person brings the address of the page that the browser ends at
}

// logins is the login that is under way, nil for none. One that begins ends the one before.
type logins struct {
	mu  sync.Mutex
	now *underway
}

type underway struct {
	Login
	pasted chan string
	end    context.CancelFunc
}

// begin makes a login the one under way.
func (l *logins) begin(u *underway) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now != nil {
		l.now.end()
	}
	l.now = u
}

func (l *logins) over(u *underway) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now == u {
		l.now = nil
	}
}

// present is the login under way.
func (l *logins) present() *underway {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

// browser is the way to a shop's login page: it is shown in the browser of this computer, and its address in the page, which
// also takes the address that the browser ends at where the shop sends it to a page of its own.
func (b *Bridge) browser(d *Deps) channel.Browser { return browser{b, d} }

type browser struct {
	b *Bridge
	d *Deps
}

// Visit implements [channel.Browser].
func (v browser) Visit(outer context.Context, redirect, page string) (*url.URL, error) {
	ctx, end := context.WithCancel(outer)
	defer end()
	u := &underway{Login{page, login.Pasted(redirect)}, make(chan string, 1), end}
	v.b.login.begin(u)
	defer v.changed()
	defer v.b.login.over(u)
	back, err := login.Browser{Open: v.open, Ask: u.ask}.Visit(ctx, redirect, page)
	if ctx.Err() != nil && outer.Err() == nil {
		return nil, &channel.Error{Kind: channel.Invalid, Op: "log in", Code: channel.CodeInvalid, Message: "The login was given up, so nothing is kept."}
	}
	return back, err
}

func (v browser) changed() {
	if v.d.Changed != nil {
		v.d.Changed([]string{topicLogin})
	}
}

// open shows a page. Where no browser opens, its address stands in the page.
func (v browser) open(page string) error {
	v.changed()
	if err := desktop.Browse(page); err != nil {
		v.b.about.Log.Info("no browser was opened for a login", "err", err)
	}
	return nil
}

// ask waits for the address.
func (u *underway) ask(ctx context.Context) (string, error) {
	select {
	case address := <-u.pasted:
		return address, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Login returns the login that is under way: connecting a store, or giving it new keys, has begun it.
func (s *Stores) Login() (Login, error) {
	return call(s.b, "Stores.Login", func(*Deps) (Login, error) {
		if u := s.b.login.present(); u != nil {
			return u.Login, nil
		}
		return Login{}, nil
	})
}

// Paste brings the address that the browser ended at, or the code in it, to the login that asks for it.
func (s *Stores) Paste(address string) error {
	return do(s.b, "Stores.Paste", func(*Deps) error {
		u := s.b.login.present()
		if u == nil || !u.Asks {
			return invalid("No login waits for an address any more. Begin it again.")
		}
		select {
		case u.pasted <- address:
		default: // one is on its way
		}
		return nil
	})
}

// CancelLogin ends the login that is under way; nothing is kept of it.
func (s *Stores) CancelLogin() error {
	return do(s.b, "Stores.CancelLogin", func(*Deps) error {
		if u := s.b.login.present(); u != nil {
			u.end()
		}
		return nil
	})
}

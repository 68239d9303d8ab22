package bridge

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// maxSessions is the number of browsers that may be let in at the same time; the oldest one goes.
const maxSessions = 32

// door lets a browser in: a token that works once is exchanged for a cookie.
type door struct {
	cookie string // its name; cookies are not kept apart by port

	mu       sync.Mutex
	token    string // empty once it was used
	sessions []string
}

func newDoor(port string) *door { return &door{cookie: "evenstock-" + port, token: rand.Text()} }

// exchange uses the token up and returns the cookie for it.
func (d *door) exchange(token string) (*http.Cookie, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.token == "" || !same(d.token, token) {
		return nil, false
	}
	d.token = ""
	session := rand.Text()
	d.sessions = append(d.sessions, session)
	if len(d.sessions) > maxSessions {
		d.sessions = d.sessions[1:]
	}
	return &http.Cookie{Name: d.cookie, Value: session, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode}, true
}

// renew makes a new token.
func (d *door) renew() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.token = rand.Text()
	return d.token
}

// knows reports whether a request carries the cookie of a session.
func (d *door) knows(r *http.Request) bool {
	c, err := r.Cookie(d.cookie)
	if err != nil {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.ContainsFunc(d.sessions, func(s string) bool { return same(s, c.Value) })
}

// same compares secrets in constant time.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// fromHere reports whether a request was made to this server by its own name, and by its own page or by nobody: a
// foreign page that has its own name resolved to this computer sends its own Host, and any foreign page its Origin.
func fromHere(r *http.Request, hosts []string) bool {
	if !slices.Contains(hosts, strings.ToLower(r.Host)) {
		return false
	}
	origin := r.Header.Get("Origin")
	return origin == "" || origin == "http://"+strings.ToLower(r.Host)
}

// Package login takes a person through a vendor's login page in his own browser and brings back the address that the
// vendor sends the browser to afterwards. It knows no vendor: what the page is asked for, and whether the state that
// comes back is the one that was sent, is the connector's business.
package login

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"evenstock/backend/channel"
)

// patience is how long a login may take; what comes later is not waited for (reliability.md, S11).
const patience = 5 * time.Minute

// Browser is the way to the user's browser. Without Open there is no login.
type Browser struct {
	// Open shows a page, or says where it is where there is no browser.
	Open func(page string) error
	// Ask has the user paste the address that his browser ended at, for vendors that send it to a page of theirs; nil
	// where nobody can be asked.
	Ask func(ctx context.Context) (string, error)
}

// Visit implements [channel.Browser].
func (b Browser) Visit(ctx context.Context, redirect, page string) (*url.URL, error) {
	to, err := url.Parse(redirect)
	if err != nil || b.Open == nil {
		return nil, failed("There is no browser here to log in with.", err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if comesBack(to) {
		return b.receive(ctx, to, page)
	}
	return b.paste(ctx, to, page)
}

// Pasted says whether the user himself brings the address of a login whose browser is sent to redirect.
func Pasted(redirect string) bool {
	to, err := url.Parse(redirect)
	return err == nil && !comesBack(to)
}

// comesBack says whether an address is one of this computer.
func comesBack(to *url.URL) bool { return to.Scheme == "http" && channel.Loopback(to.Hostname()) }

// receive waits for the browser at an address of this computer. The listener takes one hit and closes.
func (b Browser) receive(ctx context.Context, to *url.URL, page string) (*url.URL, error) {
	listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", to.Port()))
	if err != nil {
		return nil, failed(fmt.Sprintf("Another program uses port %s of this computer, to which the shop sends your browser. Close it and try again.", to.Port()), err)
	}
	hit := make(chan *url.URL, 1)
	server := &http.Server{Handler: answer(to, hit), ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		server.Serve(listener) // ends when it is closed
	}()
	defer func() {
		// What is being answered is answered: the person sees that he may close the page.
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(end) != nil {
			server.Close()
		}
		<-stopped
	}()
	if err := b.Open(page); err != nil {
		return nil, failed("The browser could not be opened.", err)
	}
	select {
	case back := <-hit:
		return back, nil
	case <-ctx.Done():
		return nil, ended(ctx)
	}
}

// answer takes the first request for the place that the vendor sends the browser to. A request under another name than
// the one it was sent to came from a page that only pretends to be this computer.
func answer(to *url.URL, hit chan<- *url.URL) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'")
		h.Set("Connection", "close")
		switch {
		case r.Host != to.Host:
			http.Error(w, "This is not the address that was asked for.", http.StatusMisdirectedRequest)
			return
		case r.URL.Path != to.Path:
			http.NotFound(w, r)
			return
		case r.Method != http.MethodGet:
			http.Error(w, "Only a browser comes here.", http.StatusMethodNotAllowed)
			return
		}
		back := *to
		back.RawQuery = r.URL.RawQuery
		select {
		case hit <- &back:
			h.Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "<!doctype html><title>Evenstock</title><p>You can close this page and go back to Evenstock.</p>")
		default:
			http.Error(w, "This login is over.", http.StatusGone)
		}
	})
}

// paste has the user bring the address himself. A code alone is taken for it: whoever pastes it has seen the page.
func (b Browser) paste(ctx context.Context, to *url.URL, page string) (*url.URL, error) {
	if b.Ask == nil {
		return nil, failed("This shop is logged in to at the command line: evenstock store add.", nil)
	}
	if err := b.Open(page); err != nil {
		return nil, failed("The browser could not be opened.", err)
	}
	text, err := b.Ask(ctx)
	if ctx.Err() != nil {
		return nil, ended(ctx)
	}
	if err != nil {
		return nil, failed("The login was not finished. Try again.", err)
	}
	text = strings.TrimSpace(text)
	back, err := url.Parse(text)
	if err == nil && back.Host != "" && back.RawQuery != "" {
		return back, nil
	}
	if text == "" || strings.ContainsAny(text, " \n\t") {
		return nil, failed("That is no address and no code. Copy the whole address of the page that your browser ended at.", nil)
	}
	asked, err := url.Parse(page)
	if err != nil {
		return nil, failed("The login was not finished. Try again.", err)
	}
	if code, err := url.QueryUnescape(text); err == nil {
		text = code
	}
	pasted := *to
	pasted.RawQuery = url.Values{"code": {text}, "state": {asked.Query().Get("state")}}.Encode()
	return &pasted, nil
}

func ended(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return context.Canceled
	}
	return failed("The login took longer than five minutes and was given up. Try again.", nil)
}

func failed(message string, err error) error {
	return &channel.Error{Kind: channel.Invalid, Op: "log in", Code: channel.CodeAuth, Message: message, Err: err}
}

var _ channel.Browser = Browser{}

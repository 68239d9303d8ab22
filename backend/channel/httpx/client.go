// Package httpx carries out one attempt of one request over HTTP for a connector. It keeps to the vendor's budgets,
// follows no redirect, limits what it reads, keeps secrets out of errors and logs, and turns what went wrong into a
// *channel.Error. It retries nothing.
package httpx

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"evenstock/backend/channel"
)

const (
	// Timeout is how long one request may take, its whole answer included. Slow shared hosts stop scripts after 30 to
	// 60 s (woocommerce.md, 4.5); whoever waits longer waits for nothing.
	Timeout = 30 * time.Second
	// BodyLimit is the largest answer that is read, unpacked: twice the 4 MB of the largest listing ever recorded
	// (woocommerce-observed.md).
	BodyLimit = 8 << 20
	// UserAgent stays the same from version to version, so that a host that allows it by name keeps allowing it.
	UserAgent = "Evenstock (inventory sync; desktop application)"
)

// ErrTimeout is in the error of a request that was not answered in time.
var ErrTimeout = errors.New("no answer in time")

// Config is what a Client is made from. Base, Now and HTTP are required.
type Config struct {
	Base *url.URL // requests go to paths below it
	// HTTP brings the transport. Without one the client dials itself, and then refuses addresses of the local network
	// unless AllowPrivate is set. Its other fields are not used.
	HTTP         *http.Client
	AllowPrivate bool // the user confirmed an address on this computer or in the local network
	Log          *slog.Logger
	Now          func() time.Time
	// Wait waits for a budget, at most [LongestWait]; nil waits by the clock.
	Wait    func(ctx context.Context, d time.Duration) error
	Budgets []channel.Budget
	// Learn reads from an answer, whatever its status, what it says about budgets; nil reads nothing.
	Learn func(r *Response) []Allowance
	// Notes keep the budgets over restarts; nil forgets them.
	Notes   channel.Notes
	Secrets []string // texts that must appear in no error and no log
	// Classify turns an answer with a status of 400 or more into an error; nil leaves it to [Classify].
	Classify func(op string, r *Response) *channel.Error
}

// Client talks to one shop. It may be used from several goroutines.
type Client struct {
	cfg    Config
	http   *http.Client
	redact redactor
	limits *limiter

	mu      sync.Mutex
	outside *http.Client // for documents elsewhere, made when first needed
	offset  time.Duration
	dated   bool
}

// Request is one call.
type Request struct {
	Op     string // what is being done, as a noun phrase, for errors
	Method string // GET if empty
	Path   string // below the base, without a leading slash
	Query  url.Values
	Body   any        // encoded as JSON; nil for none
	Form   url.Values // sent instead of Body, as a form; nil for none
	Raw    []byte     // sent instead of Body, as it is; nil for none
	Type   string     // content type of Raw
	Header http.Header
	Budget string // name of the budget it is charged to; empty for none
	Cost   int    // tokens it takes of the budget, 1 if not set
	// Sign adds credentials to the request; nil adds none.
	Sign func(*http.Request) error
}

// Response is a whole answer.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// Time is the shop's clock when it answered, by its Date header; zero without one.
	Time   time.Time
	Budget string // the request was charged to it

	redact redactor
	now    time.Time
}

// New returns a client.
func New(cfg Config) *Client {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Wait == nil {
		cfg.Wait = wait
	}
	c := &Client{cfg: cfg, redact: newRedactor(cfg.Secrets), limits: newLimiter(cfg.Budgets, cfg.Now, cfg.Notes)}
	var transport http.RoundTripper
	if cfg.HTTP != nil {
		transport = cfg.HTTP.Transport
	}
	if transport == nil {
		transport = newTransport(cfg.Base, cfg.AllowPrivate, http.ProxyFromEnvironment)
	}
	c.http = &http.Client{
		Transport: transport,
		// A redirect would carry credentials to wherever it leads (reliability.md, S7).
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// Do makes one attempt. Every error but that of an ended ctx is a *channel.Error; an answer with a status of 300 or
// more is an error, and comes with its Response.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	if err := c.spend(ctx, r); err != nil {
		return nil, err
	}
	resp, err := c.attempt(ctx, r)
	if resp != nil {
		resp.Budget = r.Budget
	}
	if kept := c.settle(r, resp, err); kept != nil {
		// The shop has answered, and its answer counts. What could not be saved is saved before the next request.
		c.cfg.Log.Warn("limits not saved", "error", kept)
	}
	return resp, err
}

func (c *Client) attempt(ctx context.Context, r Request) (*Response, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	req, err := c.request(ctx, r)
	if err != nil {
		return nil, c.fail(r.Op, channel.Invalid, channel.CodeInvalid, err)
	}
	start := c.cfg.Now()
	answer, err := c.http.Do(req)
	if err != nil {
		c.cfg.Log.Debug("no answer", "method", req.Method, "path", req.URL.Path, "error", c.redact.error(err))
		return nil, c.noAnswer(ctx, r.Op, err)
	}
	defer answer.Body.Close()
	resp, err := c.read(ctx, r.Op, answer)
	if err != nil {
		return nil, err
	}
	c.cfg.Log.Debug("answer", "method", req.Method, "path", req.URL.Path, "status", resp.Status,
		"bytes", len(resp.Body), "took", c.cfg.Now().Sub(start))
	switch {
	case resp.Status >= 400 && c.cfg.Classify != nil:
		return resp, c.cfg.Classify(r.Op, resp)
	case resp.Status >= 400:
		return resp, Classify(r.Op, resp)
	case resp.Status >= 300:
		return resp, redirected(r.Op, req.URL, resp)
	}
	return resp, nil
}

// Offset is how far the shop's clock is ahead of this computer's, and whether it has told its time yet.
func (c *Client) Offset() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset, c.dated
}

func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	u := c.cfg.Base.JoinPath(r.Path)
	u.RawQuery = r.Query.Encode()
	var body io.Reader
	kind := "application/json"
	switch {
	case r.Raw != nil:
		body, kind = bytes.NewReader(r.Raw), r.Type
	case r.Form != nil:
		body, kind = strings.NewReader(r.Form.Encode()), "application/x-www-form-urlencoded"
	case r.Body != nil:
		b, err := json.Marshal(r.Body)
		if err != nil {
			return nil, fmt.Errorf("encode body: %w", err)
		}
		body = bytes.NewReader(b)
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", UserAgent)
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	for name, values := range r.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	if r.Sign != nil {
		if err := r.Sign(req); err != nil {
			return nil, fmt.Errorf("sign request: %w", err)
		}
	}
	return req, nil
}

// read takes the whole answer in and notes the shop's clock.
func (c *Client) read(ctx context.Context, op string, answer *http.Response) (*Response, error) {
	body, err := io.ReadAll(io.LimitReader(answer.Body, BodyLimit+1))
	if err != nil {
		if stopped := stopped(ctx); stopped != nil {
			return nil, stopped
		}
		if errors.Is(err, context.DeadlineExceeded) {
			return nil, c.noAnswer(ctx, op, err)
		}
		return nil, c.fail(op, channel.Transient, channel.CodeBadAnswer, fmt.Errorf("read answer: %w", err))
	}
	if len(body) > BodyLimit {
		return nil, c.fail(op, channel.Transient, channel.CodeBadAnswer, fmt.Errorf("an answer of more than %d MiB", BodyLimit>>20))
	}
	resp := &Response{Status: answer.StatusCode, Header: answer.Header, Body: body, redact: c.redact, now: c.cfg.Now()}
	if told, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		// A cache in between repeats the Date of long ago and says how long in Age.
		age, _ := strconv.Atoi(answer.Header.Get("Age"))
		resp.Time = told.Add(time.Duration(min(max(age, 0), maxAge)) * time.Second).UTC()
		c.mu.Lock()
		c.offset, c.dated = resp.Time.Sub(resp.now), true
		c.mu.Unlock()
	}
	return resp, nil
}

// maxAge bounds what a cache may say about itself: a day.
const maxAge = 24 * 60 * 60

// noAnswer tells the ways a request can fail to be answered apart.
func (c *Client) noAnswer(ctx context.Context, op string, err error) error {
	if stopped := stopped(ctx); stopped != nil {
		return stopped
	}
	var refused *refusedAddress
	if errors.As(err, &refused) {
		e := c.fail(op, channel.Invalid, channel.CodeRefusedHTTP, refused)
		e.Message = "This address leads into your own network. Confirm that it is meant before keys are sent there."
		return e
	}
	e := c.fail(op, channel.Transient, channel.CodeUnreachable, withoutURL(err))
	var slow interface{ Timeout() bool }
	switch text := err.Error(); {
	case errors.As(err, &slow) && slow.Timeout():
		e.Err = ErrTimeout
		e.Message = "The shop did not answer in time."
	case strings.Contains(text, "tls:"), strings.Contains(text, "x509:"):
		e.Message = "The shop's encryption certificate is not valid, so nothing was sent to it."
	case strings.Contains(text, "no such host"):
		e.Message = "There is no shop under this address, or this computer is offline."
	}
	return e
}

// stopped returns ctx's own error when it was ended by the caller, not by our time limit.
func stopped(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return context.Canceled
	}
	return nil
}

func (c *Client) fail(op string, kind channel.Kind, code string, err error) *channel.Error {
	return &channel.Error{Kind: kind, Op: op, Code: code, Err: c.redact.error(err)}
}

// withoutURL takes off what net/http wraps around an error: a text that repeats the whole address with its query.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

package httpx

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"evenstock/backend/channel"
)

const (
	// FetchLimit is the largest document as it travels, fetchGrown the largest unpacked: a bulk export of
	// 50,000 listings (performance.md, W3) with 5 kB for each.
	FetchLimit = 256 << 20
	fetchGrown = 1 << 30
	// fetchTime is how long a document may take as a whole: the largest at 4 Mbit/s.
	fetchTime = 10 * time.Minute
)

// Document is a file that the vendor keeps ready under an address of its own, which is itself the permission to read it.
type Document struct {
	Op   string
	URL  string
	Gzip bool // it is packed, whatever its header says
	// Upload is sent there with PUT, as Type; nil reads.
	Upload []byte
	Type   string
	// Packed and Grown bound the size as it travels and unpacked, 0 for [FetchLimit] and four times that.
	Packed, Grown int64
}

// Fetch reads a document, or writes one, without credentials: the address may lead to any host (reliability.md, S8). It
// has to be https, or the host that the user confirmed; addresses of the local network are refused and no redirect is
// followed. The document is given to read as it arrives; read's own error is returned as it is. The answer to an upload is
// given to nobody. There is one attempt, and no budget is charged.
func (c *Client) Fetch(ctx context.Context, d Document, read func(io.Reader) error) error {
	at, err := url.Parse(d.URL)
	if err != nil || at.Host == "" || at.User != nil {
		return c.fail(d.Op, channel.Transient, channel.CodeBadAnswer, errors.New("an address of a document that cannot be read"))
	}
	ours := at.Host == c.cfg.Base.Host && at.Scheme == c.cfg.Base.Scheme
	if !ours && (at.Scheme != "https" || literallyPrivate(at.Hostname())) {
		return c.refuseDocument(d.Op, at)
	}
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if d.Upload != nil {
		method, body = http.MethodPut, bytes.NewReader(d.Upload)
	}
	req, err := http.NewRequestWithContext(ctx, method, at.String(), body)
	if err != nil {
		return c.fail(d.Op, channel.Invalid, channel.CodeInvalid, errors.New("a request that cannot be made"))
	}
	req.Header.Set("User-Agent", UserAgent)
	req.Header.Set("Accept-Encoding", "identity")
	if d.Upload != nil {
		req.Header.Set("Content-Type", d.Type)
	}
	answer, err := c.fetcher(ours).Do(req)
	if err != nil {
		return c.noAnswer(outer, d.Op, err)
	}
	defer answer.Body.Close()
	c.cfg.Log.Debug("document", "method", method, "host", at.Host, "status", answer.StatusCode)
	switch {
	case answer.StatusCode >= 300 && answer.StatusCode < 400:
		return c.fail(d.Op, channel.Transient, channel.CodeBadAnswer, errors.New("a document that leads on to another address, which is not followed"))
	case answer.StatusCode != http.StatusOK && !(d.Upload != nil && answer.StatusCode < 300):
		return c.noDocument(d.Op, answer)
	case d.Upload != nil:
		return nil
	}
	return c.stream(outer, d, answer, read)
}

// noDocument is the error of an address that has none: those that ran out answer 403 or 404, and a new one is asked for.
func (c *Client) noDocument(op string, answer *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	r := &Response{Status: answer.StatusCode, Header: answer.Header, Body: body, redact: c.redact, now: c.cfg.Now()}
	e := Classify(op, r)
	if e.Kind != channel.Throttled {
		e.Kind, e.Code = channel.Transient, channel.CodeBadAnswer
	}
	return e
}

func (c *Client) refuseDocument(op string, at *url.URL) error {
	e := c.fail(op, channel.Invalid, channel.CodeRefusedHTTP, fmt.Errorf("a document at %s://%s", at.Scheme, at.Host))
	e.Message = "The shop named an address for its data that is not safe to read from, so nothing was read."
	return e
}

// literallyPrivate says whether a host is spelt as an address of the local network. Names are looked at when they are
// dialled, see [refusePrivate].
func literallyPrivate(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && !public(a) || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// fetcher is the client for documents. One that leads elsewhere than to the shop is never dialled in the local network,
// whatever the user allowed for the shop.
func (c *Client) fetcher(ours bool) *http.Client {
	if ours || c.cfg.HTTP != nil && c.cfg.HTTP.Transport != nil {
		return c.http
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.outside == nil {
		c.outside = &http.Client{Transport: newTransport(c.cfg.Base, false, http.ProxyFromEnvironment), CheckRedirect: c.http.CheckRedirect}
	}
	return c.outside
}

// stream gives the document to read, unpacked and within bounds.
func (c *Client) stream(ctx context.Context, d Document, answer *http.Response, read func(io.Reader) error) error {
	packed := &bounded{r: answer.Body, left: cmp.Or(d.Packed, FetchLimit)}
	var from io.Reader = packed
	if d.Gzip || answer.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			return c.brokenDocument(ctx, d.Op, err)
		}
		from = unpacked
	}
	grown := &bounded{r: from, left: cmp.Or(d.Grown, fetchGrown)}
	err := read(grown)
	if broken := cmp.Or(grown.err, packed.err); err != nil && broken != nil {
		return c.brokenDocument(ctx, d.Op, broken)
	}
	return err
}

func (c *Client) brokenDocument(ctx context.Context, op string, err error) error {
	if stopped := stopped(ctx); stopped != nil {
		return stopped
	}
	return c.fail(op, channel.Transient, channel.CodeBadAnswer, fmt.Errorf("read document: %w", err))
}

var errTooLarge = errors.New("a document larger than any this program knows")

// bounded reads no more than it may and remembers what went wrong.
type bounded struct {
	r    io.Reader
	left int64
	err  error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		// One more byte tells whether the document ends here.
		var one [1]byte
		n, err := b.r.Read(one[:])
		if n > 0 {
			b.err = errTooLarge
			return 0, errTooLarge
		}
		return 0, b.note(err)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, b.note(err)
}

func (b *bounded) note(err error) error {
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return err
}

package httpx

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"evenstock/backend/channel"
)

// fetch reads a document of serve's shop.
func fetch(t *testing.T, c *Client, d Document) (string, error) {
	t.Helper()
	var text []byte
	if strings.HasPrefix(d.URL, "/") {
		d.URL = c.cfg.Base.Scheme + "://" + c.cfg.Base.Host + d.URL
	}
	d.Op = "read report"
	err := c.Fetch(t.Context(), d, func(r io.Reader) (err error) { text, err = io.ReadAll(r); return err })
	return string(text), err
}

func packed(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.Bytes()
}

func TestFetch(t *testing.T) {
	long := strings.Repeat("line\n", 10_000)
	var saw http.Header
	c, log := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		saw = r.Header
		switch r.URL.Path {
		case "/plain":
			io.WriteString(w, long)
		case "/named":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packed(long))
		case "/packed":
			w.Write(packed(long))
		case "/half":
			w.Write(packed(long)[:50])
		case "/gone":
			http.Error(w, "<Error><Code>AccessDenied</Code></Error>", http.StatusForbidden)
		case "/put":
			body, _ := io.ReadAll(r.Body)
			saw.Set("Body", r.Method+string(body))
		}
	})
	for _, d := range []Document{{URL: "/plain?X-Amz-Signature=" + canary}, {URL: "/named"}, {URL: "/packed", Gzip: true}} {
		if got, err := fetch(t, c, d); err != nil || got != long {
			t.Errorf("%s: %d bytes, %v", d.URL, len(got), err)
		}
		for name := range saw {
			if name != "User-Agent" && name != "Accept-Encoding" {
				t.Errorf("%s: %s was sent along", d.URL, name)
			}
		}
	}
	for name, d := range map[string]Document{
		"too large":                  {URL: "/plain", Packed: 49_999},
		"too large unpacked":         {URL: "/packed", Gzip: true, Grown: 49_999},
		"broken off":                 {URL: "/half", Gzip: true},
		"not packed":                 {URL: "/plain", Gzip: true},
		"ran out":                    {URL: "/gone"},
		"not there":                  {URL: "http://"},
		"credentials in the address": {URL: "https://a:b@shop.example/"},
	} {
		if _, err := fetch(t, c, d); err == nil {
			t.Errorf("%s: no error", name)
		} else {
			asError(t, err, channel.Transient, channel.CodeBadAnswer)
		}
	}
	if got, err := fetch(t, c, Document{URL: "/plain", Packed: 50_000}); err != nil || got != long {
		t.Errorf("just large enough: %v", err)
	}
	if _, err := fetch(t, c, Document{URL: "/put", Upload: []byte("feed"), Type: "application/json"}); err != nil || saw.Get("Body") != "PUTfeed" || saw.Get("Content-Type") != "application/json" {
		t.Errorf("an upload: %v, %v", err, saw)
	}
	own := errors.New("not a report")
	if err := c.Fetch(t.Context(), Document{URL: c.cfg.Base.JoinPath("/plain").String()}, func(io.Reader) error { return own }); !errors.Is(err, own) {
		t.Error("the reader's own error is lost")
	}
	if strings.Contains(log.String(), "X-Amz") {
		t.Errorf("the log repeats an address that is a permission: %s", log)
	}
}

func TestDocumentsLeadNowhereElse(t *testing.T) {
	reached := false
	other := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer other.Close()
	at, _ := url.Parse(other.URL)
	for _, status := range []int{301, 302, 303, 307, 308} {
		c, _ := serve(t, nil, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, status) })
		_, err := fetch(t, c, Document{URL: "/moved"})
		asError(t, err, channel.Transient, channel.CodeBadAnswer)
	}
	c, _ := serve(t, nil, nil)
	for _, address := range []string{
		"http://reports.example/a", "ftp://reports.example/a", "https://127.0.0.1:" + at.Port(), "https://[::1]:" + at.Port(),
		"https://[::ffff:127.0.0.1]:" + at.Port(), "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/",
		"https://localhost:" + at.Port(), "https://a.localhost:" + at.Port(), "http://" + c.cfg.Base.Hostname() + ":1/",
	} {
		_, err := fetch(t, c, Document{URL: address})
		asError(t, err, channel.Invalid, channel.CodeRefusedHTTP)
	}
	// A name that leads home is found when it is dialled; how it is spelt is no matter.
	for _, address := range []string{"https://2130706433:" + at.Port(), "https://0x7f000001:" + at.Port()} {
		if _, err := fetch(t, c, Document{URL: address}); err == nil {
			t.Errorf("%s was read", address)
		}
	}
	transport := c.fetcher(false).Transport.(*http.Transport)
	_, err := transport.DialContext(t.Context(), "tcp", "localhost:"+at.Port())
	if refused := (*refusedAddress)(nil); !errors.As(err, &refused) {
		t.Errorf("a name that leads to this computer: %v", err)
	}
	if reached {
		t.Error("another server of this computer was reached")
	}
}

func TestRawBody(t *testing.T) {
	c, _ := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		io.WriteString(w, r.Header.Get("Content-Type")+" "+r.Header.Get("X-EBAY-API-CALL-NAME")+" "+string(body))
	})
	resp, err := c.Do(t.Context(), Request{Op: "try", Method: "POST", Raw: []byte("<a/>"), Type: "text/xml", Header: http.Header{"X-EBAY-API-CALL-NAME": {"GetItem"}}})
	if err != nil || string(resp.Body) != "text/xml GetItem <a/>" {
		t.Errorf("the shop saw %s, %v", resp.Body, err)
	}
}

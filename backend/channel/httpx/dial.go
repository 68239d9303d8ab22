package httpx

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// connections to one shop at a time: a lane does one thing after the other, the second is for the user who asks meanwhile.
// Small hosts serve few at once (woocommerce.md, 4.6).
const connections = 2

// proxyFunc finds the proxy for a request, as [http.ProxyFromEnvironment] does.
type proxyFunc func(*http.Request) (*url.URL, error)

// newTransport returns a transport that refuses addresses of the local network after they were looked up, so that no
// name, however it is spelt and whatever it answers tomorrow, leads there (reliability.md, S8).
func newTransport(base *url.URL, allowPrivate bool, proxies proxyFunc) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	guarded := *dialer
	if !allowPrivate {
		guarded.Control = refusePrivate
	}
	// A proxy usually stands in the local network. It is the system's setting, not the shop's.
	proxy := ""
	if u, err := proxies(&http.Request{URL: base}); err == nil && u != nil {
		proxy = u.Host
	}
	return &http.Transport{
		Proxy: proxies,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == proxy {
				return dialer.DialContext(ctx, network, address)
			}
			return guarded.DialContext(ctx, network, address)
		},
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   connections,
		MaxConnsPerHost:       connections,
		IdleConnTimeout:       60 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: Timeout,
	}
}

// refusedAddress is the error of a connection that would have led into the local network.
type refusedAddress struct{ address string }

func (e *refusedAddress) Error() string {
	return fmt.Sprintf("%s is an address of the local network", e.address)
}

// refusePrivate is called with the address that was found, before anything is sent to it.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !public(at.Addr()) {
		return &refusedAddress{address}
	}
	return nil
}

// carrier is the range that providers and private networks such as VPNs share (RFC 6598), translators the one that leads
// from IPv6 to the IPv4 address in its last four bytes (RFC 6052).
var (
	carrier     = netip.MustParsePrefix("100.64.0.0/10")
	translators = netip.MustParsePrefix("64:ff9b::/96")
	thisNetwork = netip.MustParsePrefix("0.0.0.0/8")
)

// public says whether an address can belong to a shop on the internet.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if translators.Contains(a) {
		long := a.As16()
		a = netip.AddrFrom4([4]byte(long[12:]))
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !carrier.Contains(a) && !thisNetwork.Contains(a)
}

package channel

import (
	"cmp"
	"net/netip"
	"net/url"
)

// Base is where the calls of an account go: usual, or the address that replaces it, which must be one of this computer. op
// is what an error says was being done.
func (s Settings) Base(op, usual string) (*url.URL, error) {
	base, err := url.Parse(cmp.Or(s.Endpoint, usual))
	if err != nil || s.Endpoint != "" && !Loopback(base.Hostname()) {
		return nil, &Error{Kind: Invalid, Op: op, Code: CodeInvalid, Message: "The replacement address must be one of this computer."}
	}
	return base, nil
}

// Loopback says whether a host, a name or an IP address, is this computer itself.
func Loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.Unmap().IsLoopback()
}

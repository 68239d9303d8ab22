package woocommerce

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"evenstock/backend/channel"
)

// normalise makes the address of a shop's front page out of what people paste: with or without scheme, from the address
// bar of the shop, of its administration or of its API. Without a scheme it is https.
func normalise(entered string) (*url.URL, error) {
	entered = strings.TrimSpace(entered)
	if entered == "" {
		return nil, badSetting("Enter the address of the shop, for example https://shop.example.com.")
	}
	if !strings.Contains(entered, "://") {
		entered = "https://" + strings.TrimPrefix(entered, "//")
	}
	u, err := url.Parse(entered)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, " \t") {
		return nil, badSetting("This is not the address of a shop. It looks like https://shop.example.com.")
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "https" && u.Scheme != "http" {
		return nil, badSetting("The address of a shop begins with https://.")
	}
	if u.User != nil {
		return nil, badSetting("Leave the user name and password out of the address. The keys have fields of their own.")
	}
	host, err := asciiHost(u)
	if err != nil {
		return nil, badSetting("This is not the address of a shop. It looks like https://shop.example.com.")
	}
	return &url.URL{Scheme: u.Scheme, Host: host, Path: frontPage(u.Path)}, nil
}

// inside are the parts of a WordPress site that follow the address of its front page.
var inside = []string{"/wp-json", "/wp-admin", "/wp-login.php", "/wp-content", "/wc-api", "/index.php"}

func frontPage(path string) string {
	for _, part := range inside {
		if i := strings.Index(path+"/", part+"/"); i >= 0 {
			path = path[:i]
		}
	}
	return strings.TrimRight(path, "/")
}

// names takes names with an underscore too, which local networks have.
var names = idna.New(idna.MapForLookup(), idna.StrictDomainName(false))

// asciiHost is the host in lower case and without the scheme's own port, a name such as müller.example in the form that
// the network uses.
func asciiHost(u *url.URL) (string, error) {
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err != nil {
		if host, err = names.ToASCII(host); err != nil {
			return "", err
		}
	}
	port := u.Port()
	if port == "" || port == map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		if strings.Contains(host, ":") {
			return "[" + host + "]", nil
		}
		return host, nil
	}
	return net.JoinHostPort(host, port), nil
}

// accountID is the shop's own home address in a form that stays the same however it is entered.
func accountID(home string) string {
	_, rest, found := strings.Cut(strings.ToLower(strings.TrimSpace(home)), "://")
	if !found {
		rest = strings.ToLower(strings.TrimSpace(home))
	}
	return strings.TrimRight(strings.TrimPrefix(rest, "www."), "/")
}

func badSetting(message string) error {
	return &channel.Error{Kind: channel.Invalid, Op: "connect the shop", Code: channel.CodeInvalid, Message: message}
}

// keys returns the consumer key and secret as they were pasted, less the space around them.
func keys(fields map[string]string) (key, secret string, err error) {
	key, secret = strings.TrimSpace(fields["key"]), strings.TrimSpace(fields["secret"])
	switch {
	case key == "" || secret == "":
		return "", "", badSetting("Enter both the consumer key and the consumer secret.")
	case strings.HasPrefix(key, "cs_") && strings.HasPrefix(secret, "ck_"):
		return "", "", badSetting("The two keys are swapped: the consumer key begins with ck_, the secret with cs_.")
	}
	return key, secret, nil
}

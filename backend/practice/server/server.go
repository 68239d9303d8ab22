// Package server serves practice shops on loopback: the demo of the application, and what the command "practice" shows.
package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"evenstock/backend/practice"
	"evenstock/backend/practice/amazon"
	"evenstock/backend/practice/bigcommerce"
	"evenstock/backend/practice/ebay"
	"evenstock/backend/practice/etsy"
	"evenstock/backend/practice/shopify"
	"evenstock/backend/practice/woocommerce"
)

// Options say which shops are served.
type Options struct {
	Addr       string           // loopback address of the first shop; the others take the ports above. Empty: any free ports
	Seed       uint64           // the same seed gives the same goods, orders and keys
	Listings   int              // of each shop; 0 means DefaultListings
	DateOffset time.Duration    // how far the shops' clocks are ahead
	Version    string           // of the shops' software; empty means the latest
	Now        func() time.Time // required
}

// DefaultListings is enough to scroll through and few enough to know by name.
const DefaultListings = 60

// kinds are the practice shops and what software they run; they sell partly the same goods.
var kinds = []struct {
	name, channel string
	places        []practice.Location
}{
	{"Fernhill Home", "woocommerce", nil}, {"Fernhill Trade", "woocommerce", nil}, {"Fernhill Outlet", "woocommerce", nil},
	{"Fernhill Makers", "etsy", nil}, {"Fernhill Wholesale", "bigcommerce", nil}, {"Fernhill Direct", "amazon", nil},
	{"Fernhill Garden", "shopify", shopify.Places("Garden shop", "Barn")}, {"Fernhill Market", "ebay", nil},
}

// Shop is a practice shop that is being served.
type Shop struct {
	Channel string
	Name    string
	URL     string
	Fields  map[string]string // what a seller enters to connect it, secrets included
	// Endpoint takes the place of the vendor's own address, where the channel has one; empty otherwise.
	Endpoint string
	World    *practice.World
}

// Server is a set of practice shops.
type Server struct {
	Shops []Shop
	Demo  *practice.Demo

	servers []*http.Server
	running sync.WaitGroup
}

// stopWithin is how long calls in flight may take when the shops close.
const stopWithin = time.Second

// Serve opens the shops and returns at once; they close when ctx ends, see [Server.Wait]. It fails when an address is
// not on loopback or in use.
func Serve(ctx context.Context, o Options) (*Server, error) {
	if o.Listings == 0 {
		o.Listings = DefaultListings
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	s := &Server{}
	worlds := make([]*practice.World, len(kinds))
	for i := range kinds {
		worlds[i] = open(o, i)
	}
	s.Demo = practice.NewDemo(o.Seed, worlds...)
	for i, w := range worlds {
		s.Demo.Live(w)
		if err := s.serve(o, i, w); err != nil {
			s.close()
			return nil, err
		}
	}
	s.running.Go(func() {
		<-ctx.Done()
		s.close()
	})
	return s, nil
}

// Wait returns when all shops have closed.
func (s *Server) Wait() { s.running.Wait() }

// open makes one shop. Each begins at another place of one catalogue, so that they share about half their goods.
func open(o Options, i int) *practice.World {
	rules := woocommerce.Rules(o.Version)
	switch kinds[i].channel {
	case "etsy":
		rules = etsy.Rules()
	case "amazon":
		rules = amazon.Rules()
	case "ebay":
		rules = ebay.Rules()
	case "shopify":
		rules = shopify.Rules()
	case "bigcommerce":
		rules = bigcommerce.Rules()
	}
	w := practice.New(practice.Options{Name: kinds[i].name, Now: o.Now, Seed: o.Seed + uint64(i), Rules: rules, Locations: kinds[i].places})
	w.SetOffset(o.DateOffset)
	goods := practice.Catalogue(2*o.Listings, o.Seed)
	w.Stock(choose(goods, o.Listings, i))
	w.Spread()
	return w
}

// choose takes goods with n listings for shop i: the first shop the first of them, the others every second of those and
// then some of their own.
func choose(goods []practice.Goods, n, shop int) []practice.Goods {
	var chosen []practice.Goods
	count := 0
	take := func(g practice.Goods) {
		if listings := max(1, len(g.Choices)); count+listings <= n {
			count += listings
			chosen = append(chosen, g)
		}
	}
	half := len(goods) / 2
	for i, g := range goods[:half] {
		if shop == 0 || i < 2 || i%2 == shop%2 {
			take(g)
		}
	}
	for i := range goods[half:] {
		take(goods[half+(i+shop*half/3)%(len(goods)-half)])
	}
	return chosen
}

func (s *Server) serve(o Options, i int, w *practice.World) error {
	addr, err := nth(o.Addr, i)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen for practice shop %q: %w", kinds[i].name, err)
	}
	shop := Shop{Channel: kinds[i].channel, Name: kinds[i].name, URL: "http://" + listener.Addr().String(), World: w}
	faces := map[string]func(Options, int, *Shop) http.Handler{"amazon": amazonFace, "etsy": etsyFace, "bigcommerce": bigcommerceFace,
		"ebay": ebayFace, "shopify": shopifyFace, "woocommerce": woocommerceFace}
	server := &http.Server{Handler: faces[shop.Channel](o, i, &shop), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	s.servers = append(s.servers, server)
	s.Shops = append(s.Shops, shop)
	s.running.Go(func() { server.Serve(listener) })
	return nil
}

func woocommerceFace(o Options, i int, shop *Shop) http.Handler {
	key, secret := credential("ck_", o.Seed, i), credential("cs_", o.Seed, i)
	shop.Fields = map[string]string{"url": shop.URL, "key": key, "secret": secret}
	face := woocommerce.New(shop.World, woocommerce.Options{Version: o.Version, Home: shop.URL,
		Keys: []woocommerce.Key{{Key: key, Secret: secret, Permission: woocommerce.ReadWrite}}})
	face.CallOut(&http.Client{Timeout: callWithin})
	return face.Handler()
}

// callWithin is how long a shop waits for whoever its webhooks call: he is on the same computer.
const callWithin = 2 * time.Second

// etsyFace is a shop whose seller lets listings be set inactive and renewed: a demo sells out often, and pays no fees.
func etsyFace(o Options, i int, shop *Shop) http.Handler {
	key, secret := credential("", o.Seed, i)[:24], credential("shared_", o.Seed, i)
	refresh := credential(strconv.Itoa(etsy.UserID)+".", o.Seed, i)
	shop.Endpoint = shop.URL
	shop.Fields = map[string]string{"keystring": key, "sharedSecret": secret, "refreshToken": refresh, "atZero": "inactive", "soldOut": "renew"}
	return etsy.New(shop.World, etsy.Options{Keystring: key, Secret: secret, Refresh: refresh}).Handler()
}

func bigcommerceFace(o Options, i int, shop *Shop) http.Handler {
	hash, token := credential("", o.Seed, i)[:10], credential("", o.Seed, i)[10:]
	shop.Endpoint = shop.URL
	shop.Fields = map[string]string{"storeHash": hash, "token": token}
	return bigcommerce.New(shop.World, bigcommerce.Options{Hash: hash, Token: token}).Handler()
}

// shopifyFace is a shop with an app that gets its tokens by client credentials.
func shopifyFace(o Options, i int, shop *Shop) http.Handler {
	options := shopify.Options{Shop: "fernhill-garden", ClientID: credential("", o.Seed, i)[:32], ClientSecret: credential("shpss_", o.Seed, i)}
	shop.Endpoint = shop.URL
	shop.Fields = map[string]string{"shop": options.Shop, "clientId": options.ClientID, "clientSecret": options.ClientSecret}
	return shopify.New(shop.World, options).Handler()
}

// amazonDelay is how long the practice account takes to apply a number and to write a report: Amazon takes minutes.
const amazonDelay = 10 * time.Second

// amazonPace lets the practice account's calls come back before anybody who tries things out has to wait for one: the
// rarest of them every 3.6 s.
const amazonPace = 50

// amazonFace is a seller account with its own keys.
func amazonFace(o Options, i int, shop *Shop) http.Handler {
	secret, refresh := credential("amzn1.oa2-cs.v1.", o.Seed, i), credential("Atzr|", o.Seed, i)
	options := amazon.Options{ClientID: "amzn1.application-oa2-client.practice", Secret: secret, Refresh: refresh,
		Seller: "A1PRACTICESELLER", Marketplace: "A1F83G8C2ARO7P", Delay: amazonDelay, Pace: amazonPace}
	shop.Endpoint = shop.URL
	shop.Fields = map[string]string{"clientId": options.ClientID, "clientSecret": secret, "refreshToken": refresh,
		"sellerId": options.Seller, "region": "eu", "marketplaceId": options.Marketplace}
	return amazon.New(shop.World, options).Handler()
}

// ebayFace is an account with its own keyset, and every third product kept in the Trading API.
func ebayFace(o Options, i int, shop *Shop) http.Handler {
	secret, refresh := credential("PRD-", o.Seed, i), credential("v^1.1#", o.Seed, i)
	options := ebay.Options{ClientID: "FernhillM-Practice-PRD-practice", Secret: secret, RuName: "Fernhill_Market-Fernhill-Practi", Refresh: refresh,
		User: "PrAcTiCeUsErId", Legacy: func(it *practice.Item) bool { return it.ID%3 == 0 }}
	shop.Endpoint = shop.URL
	shop.Fields = map[string]string{"clientId": options.ClientID, "clientSecret": secret, "ruName": options.RuName, "refreshToken": refresh}
	return ebay.New(shop.World, options).Handler()
}

func (s *Server) close() {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	for _, server := range s.servers {
		if err := server.Shutdown(ctx); err != nil {
			server.Close()
		}
	}
}

// errNotLoopback keeps practice shops, which take orders from anyone, off the network.
var errNotLoopback = errors.New("practice shops are served on loopback only")

// nth is the address of shop i: the same host and, unless any port will do, the i-th port above.
func nth(addr string, i int) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("address of the practice shops: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", fmt.Errorf("address %s: %w", addr, errNotLoopback)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return "", fmt.Errorf("port of the practice shops: %w", err)
	}
	if number != 0 {
		number += uint64(i)
	}
	return net.JoinHostPort(host, strconv.FormatUint(number, 10)), nil
}

// credential is a key or secret that depends on nothing but the seed and the shop.
func credential(prefix string, seed uint64, shop int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d", prefix, seed, shop))
	return fmt.Sprintf("%s%x", prefix, sum[:20])
}

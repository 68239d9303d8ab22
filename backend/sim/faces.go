package sim

import (
	"fmt"
	"net/http"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/amazon"
	"evenstock/backend/channel/bigcommerce"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/ebay"
	"evenstock/backend/channel/etsy"
	"evenstock/backend/channel/shopify"
	"evenstock/backend/channel/woocommerce"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
	face "evenstock/backend/practice/woocommerce"
)

// faces are the shops that speak a vendor's wire format, each reached by the vendor's connector.
var faces = map[Kind]struct {
	connector func() channel.Type
	open      func(r *Rig, i int, name string) account
	remembers bool // an order's line names its listing after that is deleted
	awaits    bool // orders are told of before they are paid
}{
	OverHTTP:        {connector: woocommerce.Type, open: wooCommerceShop},
	OverSocket:      {connector: woocommerce.Type, open: wooCommerceOverSockets},
	OverEtsy:        {connector: etsy.Type, open: etsyShop, remembers: true, awaits: true},
	OverBigCommerce: {connector: bigcommerce.Type, open: bigCommerceStore, remembers: true},
	OverAmazon:      {connector: amazon.Type, open: amazonAccount, awaits: true},
	OverShopify:     {connector: shopify.Type, open: shopifyShop},
	OverEBay:        {connector: ebay.Type, open: ebayAccount, awaits: true},
}

// compares reports whether the shops of a kind take a number only while they show the one that was expected.
func (k Kind) compares() bool { return k == MemoryCAS || k == OverShopify }

// later reports whether the shops of a kind apply numbers some time after they have taken them.
func (k Kind) later() bool { return k == MemoryLater || k == OverAmazon }

// account is a shop and what a seller enters to connect it.
type account struct {
	shop     channeltest.Shop
	fields   map[string]string
	endpoint string            // replacement address, where the channel has one
	host     string            // where the connector asks for it in the caller's goroutine; none over sockets
	answers  http.RoundTripper // at that host
}

// own gives an account an address of its own on this computer.
func (a account) own(i int) account {
	a.host = fmt.Sprintf("127.0.0.%d", i+1)
	a.endpoint = "http://" + a.host
	return a
}

func wooCommerceShop(r *Rig, i int, name string) account {
	w := practice.New(practice.Options{Name: name, Now: r.Clock.Now, Rules: face.Rules("")})
	f := face.New(w, face.Options{Keys: []face.Key{{Key: practicetest.Key, Secret: practicetest.Secret, Permission: face.ReadWrite}}})
	host := fmt.Sprintf("shop%d.test", i)
	f.SetHome("https://" + host)
	return account{shop: practicetest.Over(w, r.Clock), host: host, answers: practice.Transport(f.Handler()),
		fields: map[string]string{"url": "https://" + host, "key": practicetest.Key, "secret": practicetest.Secret}}
}

func wooCommerceOverSockets(r *Rig, _ int, name string) account {
	shop := practicetest.New(r.T.(testing.TB), practicetest.Options{Clock: r.Clock, Name: name})
	return account{shop: shop, fields: map[string]string{"url": shop.URL, "key": shop.Key, "secret": shop.Secret}}
}

// etsyShop is a shop whose seller has a personal app (etsy.md, "Rate limits").
func etsyShop(r *Rig, i int, name string) account {
	o := practicetest.EtsyOptions{Name: name, Clock: r.Clock}
	o.Shop, o.PerSecond, o.PerDay = int64(1000+i), 5, 5000
	shop := practicetest.EtsyOver(o)
	return account{shop: shop, fields: shop.Fields, answers: shop.Client.Transport}.own(i)
}

// bigCommerceStore is a store with the smallest plan, with the locations of the setup; without any it has the one that every store has.
func bigCommerceStore(r *Rig, i int, name string) account {
	o := practicetest.BigCommerceOptions{Name: name, Clock: r.Clock}
	o.Hash, o.Lag = fmt.Sprintf("simstore%d", i), r.setup.Delay
	for _, l := range r.setup.Memory.Locations {
		o.Sites = append(o.Sites, l.Name)
	}
	shop := practicetest.BigCommerceOver(o)
	return account{shop: shop, fields: shop.Fields, answers: shop.Client.Transport}.own(i)
}

// shopifyShop is a shop on the smallest plan, with the locations of the setup; without any it has the one that every shop has.
func shopifyShop(r *Rig, i int, name string) account {
	o := practicetest.ShopifyOptions{Name: name, Clock: r.Clock}
	o.Shop, o.ID = fmt.Sprintf("simstore%d", i), int64(1000+i)
	for _, l := range r.setup.Memory.Locations {
		o.Places = append(o.Places, l.Name)
	}
	shop := practicetest.ShopifyOver(o)
	return account{shop: shop, fields: shop.Fields, answers: shop.Client.Transport}.own(i)
}

func amazonAccount(r *Rig, i int, name string) account {
	o := practicetest.AmazonOptions{Name: name, Clock: r.Clock}
	o.Seller, o.Delay = fmt.Sprintf("A1SELLER%d", i), r.setup.Delay
	shop := practicetest.AmazonOver(o)
	return account{shop: shop, fields: shop.Fields, answers: shop.Client.Transport}.own(i)
}

// ebayAccount is an account with every second product kept in the Trading API.
func ebayAccount(r *Rig, i int, name string) account {
	o := practicetest.EBayOptions{Name: name, World: practicetest.BothWorlds, Clock: r.Clock}
	o.User = fmt.Sprintf("uSeR%d", i)
	shop := practicetest.EBayOver(o)
	return account{shop: shop, fields: shop.Fields, answers: shop.Client.Transport}.own(i)
}

// byHost answers each request by the shop with that host, and asks the network for all others.
type byHost map[string]http.RoundTripper

func (h byHost) RoundTrip(req *http.Request) (*http.Response, error) {
	if shop, ok := h[req.URL.Hostname()]; ok {
		return shop.RoundTrip(req)
	}
	return http.DefaultTransport.RoundTrip(req)
}

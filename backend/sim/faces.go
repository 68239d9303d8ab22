package sim

import (
	"fmt"
	"net/http"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/amazon"
	"evenstock/backend/channel/bigcommerce"
	"evenstock/backend/channel/etsy"
	"evenstock/backend/channel/woocommerce"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
	face "evenstock/backend/practice/woocommerce"
)

// buildFaces makes WooCommerce shops, reached by the real connector: over sockets, or in the caller's goroutine.
func (r *Rig) buildFaces(n int) channel.Type {
	hosts := byHost{}
	for i := range n {
		if r.Kind == OverSocket {
			shop := practicetest.New(r.T.(testing.TB), practicetest.Options{Clock: r.Clock, Name: fmt.Sprintf("Shop %c", 'A'+i)})
			r.Shops = append(r.Shops, shop)
			r.fields = append(r.fields, map[string]string{"url": shop.URL, "key": shop.Key, "secret": shop.Secret})
			continue
		}
		w := practice.New(practice.Options{Name: fmt.Sprintf("Shop %c", 'A'+i), Now: r.Clock.Now, Rules: face.Rules("")})
		f := face.New(w, face.Options{Keys: []face.Key{{Key: practicetest.Key, Secret: practicetest.Secret, Permission: face.ReadWrite}}})
		host := fmt.Sprintf("shop%d.test", i)
		f.SetHome("https://" + host)
		hosts[host] = practice.Transport(f.Handler())
		r.Shops = append(r.Shops, practicetest.Over(w, r.Clock))
		r.fields = append(r.fields, map[string]string{"url": "https://" + host, "key": practicetest.Key, "secret": practicetest.Secret})
	}
	if len(hosts) > 0 {
		r.client = &http.Client{Transport: hosts}
	}
	return woocommerce.Type()
}

// buildEtsy makes Etsy shops, reached by the real connector in the caller's goroutine. They differ by address, since a
// replacement address is one of this computer.
func (r *Rig) buildEtsy(n int) channel.Type {
	hosts := byHost{}
	for i := range n {
		o := practicetest.EtsyOptions{Name: fmt.Sprintf("Shop %c", 'A'+i), Clock: r.Clock}
		o.Shop = int64(1000 + i)
		shop := practicetest.EtsyOver(o)
		r.Shops = append(r.Shops, shop)
		r.serve(hosts, i, shop.Client.Transport, shop.Fields)
	}
	r.client = &http.Client{Transport: hosts}
	return etsy.Type()
}

// buildBigCommerce makes BigCommerce stores, reached by the real connector in the caller's goroutine. They have the smallest
// plan and a hash each.
func (r *Rig) buildBigCommerce(n int) channel.Type {
	hosts := byHost{}
	for i := range n {
		o := practicetest.BigCommerceOptions{Name: fmt.Sprintf("Shop %c", 'A'+i), Clock: r.Clock}
		o.Hash = fmt.Sprintf("simstore%d", i)
		shop := practicetest.BigCommerceOver(o)
		r.Shops = append(r.Shops, shop)
		r.serve(hosts, i, shop.Client.Transport, shop.Fields)
	}
	r.client = &http.Client{Transport: hosts}
	return bigcommerce.Type()
}

// buildAmazon makes seller accounts on Amazon, reached by the real connector in the caller's goroutine.
func (r *Rig) buildAmazon(n int) channel.Type {
	hosts := byHost{}
	for i := range n {
		o := practicetest.AmazonOptions{Name: fmt.Sprintf("Shop %c", 'A'+i), Clock: r.Clock}
		o.Seller = fmt.Sprintf("A1SELLER%d", i)
		shop := practicetest.AmazonOver(o)
		r.Shops = append(r.Shops, shop)
		r.serve(hosts, i, shop.Client.Transport, shop.Fields)
	}
	r.client = &http.Client{Transport: hosts}
	return amazon.Type()
}

// serve reaches a shop in the caller's goroutine, under an address of its own on this computer.
func (r *Rig) serve(hosts byHost, i int, shop http.RoundTripper, fields map[string]string) {
	host := fmt.Sprintf("127.0.0.%d", i+1)
	hosts[host] = shop
	r.fields = append(r.fields, fields)
	r.ends = append(r.ends, "http://"+host)
}

// byHost answers each request by the shop with that host.
type byHost map[string]http.RoundTripper

func (h byHost) RoundTrip(req *http.Request) (*http.Response, error) {
	return h[req.URL.Hostname()].RoundTrip(req)
}

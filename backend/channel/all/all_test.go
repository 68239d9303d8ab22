package all

import (
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/practice/practicetest"
)

// TestRegistry: the form that connects a store is made from what a type says about itself, so it has to say everything.
func TestRegistry(t *testing.T) {
	types := Registry().Types()
	if len(types) == 0 {
		t.Fatal("no channels")
	}
	for _, typ := range types {
		if typ.Name == "" || typ.Title == "" || len(typ.Badge) != 2 || len(typ.Steps) == 0 || typ.Open == nil {
			t.Errorf("%q says too little about itself: %+v", typ.Name, typ)
		}
		for _, f := range typ.Fields {
			if f.Name == "" || f.Label == "" {
				t.Errorf("%s has a field without a name: %+v", typ.Name, f)
			}
		}
		if _, err := typ.Open(channel.Deps{}, channel.Settings{}); channel.KindOf(err) != channel.Invalid {
			t.Errorf("%s opens without settings: %v", typ.Name, err)
		}
		found, err := Registry().Lookup(typ.Name)
		if err != nil || found.Title != typ.Title {
			t.Errorf("%s is not found by its name: %v", typ.Name, err)
		}
	}
	if _, err := Registry().Lookup("nowhere"); channel.KindOf(err) != channel.Invalid {
		t.Errorf("a channel nobody knows: %v", err)
	}
}

// TestTypeAndStoreSayTheSame: what a type says of its stores is what an open one says, so that nothing changes when a store
// is opened.
func TestTypeAndStoreSayTheSame(t *testing.T) {
	for name, site := range map[string]practicetest.Site{
		"amazon":      practicetest.NewAmazon(t, practicetest.AmazonOptions{Direct: true}).Site,
		"bigcommerce": practicetest.NewBigCommerce(t, practicetest.BigCommerceOptions{Direct: true}).Site,
		"ebay":        practicetest.NewEBay(t, practicetest.EBayOptions{Direct: true}).Site,
		"etsy":        practicetest.NewEtsy(t, practicetest.EtsyOptions{Direct: true}).Site,
		"shopify":     practicetest.NewShopify(t, practicetest.ShopifyOptions{Direct: true}).Site,
		"woocommerce": practicetest.New(t, practicetest.Options{}).Site,
	} {
		typ, err := Registry().Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		shop, _ := practicetest.Connect(t, typ, site, func(_ *channel.Deps, s *channel.Settings) { s.AllowHTTP = true })
		_, lists := shop.(channel.StatusLister)
		c := shop.Capabilities()
		if typ.ListingEvery != c.ListingEvery || typ.MaxQuantity != c.MaxQuantity || typ.OwnStatuses != lists {
			t.Errorf("%s says %v, %d and %v of itself, an open store %v, %d and %v", name,
				typ.ListingEvery, typ.MaxQuantity, typ.OwnStatuses, c.ListingEvery, c.MaxQuantity, lists)
		}
	}
}

package cli_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
	"evenstock/backend/practice/shopify"
)

// TestShopifyStore connects a Shopify shop, takes its numbers over, changes one and sees it there.
func TestShopifyStore(t *testing.T) {
	o := newOutsider(t)
	w := practice.New(practice.Options{Name: "Fernhill Garden", Now: time.Now, Rules: shopify.Rules(),
		Locations: shopify.Places("Garden shop", "Barn")})
	f := shopify.New(w, shopify.Options{Shop: "outsider", ClientID: "app0outsider", ClientSecret: "shpss_outsider"})
	server := httptest.NewServer(f.Handler())
	t.Cleanup(server.Close)
	var mug int64
	w.Do(func(st *practice.State) {
		n := int64(7)
		mug = st.Add(practice.Item{Name: "Mug", SKU: "MUG", Price: "12.50", Counted: true, Quantity: &n}).ID
	})
	connects := func(secret string) said {
		with := *o
		with.env = append(with.env[:len(with.env):len(with.env)], "EVENSTOCK_SECRET_CLIENTSECRET="+secret)
		return with.types("--json", "store", "add", "shopify", "--name", "Garden", "--endpoint", server.URL, "--secrets", "file",
			"--field", "shop=outsider.myshopify.com", "--field", "clientId=app0outsider")
	}
	if got := connects("wrong"); got.code == 0 || !strings.Contains(got.out, "client ID and secret") {
		t.Errorf("a secret that Shopify does not know: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	if got := connects("shpss_outsider"); got.code != 0 {
		t.Fatalf("store add: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	if got := o.types("store", "locations", "Garden"); !strings.Contains(got.out, "Garden shop") || !strings.Contains(got.out, "Barn") {
		t.Errorf("the locations: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	o.gets(0, "store", "set", "Garden", "--location", "61=MAIN")
	o.on("Garden", "--copy")
	o.wants("after the copy", "MUG", "7/0/7")
	o.gets(0, "stock", "set", "MUG", "12")
	o.gets(0, "sync")
	if got := w.Quantity(mug); got != 12 {
		t.Errorf("Shopify shows %d, want 12", got)
	}
	if got := w.QuantityAt(mug, shopify.Primary+1); got != 0 {
		t.Errorf("Shopify shows %d at the location that is no warehouse, want 0", got)
	}
	w.Sell(sold(mug, 2))
	o.gets(0, "sync")
	o.wants("after a sale on Shopify", "MUG", "12/2/10")
}

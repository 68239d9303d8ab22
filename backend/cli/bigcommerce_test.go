package cli_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
	"evenstock/backend/practice/bigcommerce"
)

// TestBigCommerceStore connects a store on BigCommerce, takes its numbers over, changes one and sees it there.
func TestBigCommerceStore(t *testing.T) {
	o := newOutsider(t)
	w := practice.New(practice.Options{Name: "Fernhill Wholesale", Now: time.Now, Rules: bigcommerce.Rules()})
	f := bigcommerce.New(w, bigcommerce.Options{Hash: "outs1der0", Token: "token0outsider"})
	server := httptest.NewServer(f.Handler())
	t.Cleanup(server.Close)
	var mug int64
	w.Do(func(st *practice.State) {
		n := int64(7)
		mug = st.Add(practice.Item{Name: "Mug", SKU: "MUG", Price: "12.50", Counted: true, Quantity: &n}).ID
	})
	connects := func(token string) said {
		with := *o
		with.env = append(with.env[:len(with.env):len(with.env)], "EVENSTOCK_SECRET_TOKEN="+token)
		return with.types("--json", "store", "add", "bigcommerce", "--name", "Wholesale", "--endpoint", server.URL, "--secrets", "file",
			"--field", "storeHash=https://api.bigcommerce.com/stores/outs1der0/v3/")
	}
	if got := connects("wrong"); got.code == 0 || !strings.Contains(got.out, "access token") {
		t.Errorf("a token that BigCommerce does not know: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	if got := connects("token0outsider"); got.code != 0 {
		t.Fatalf("store add: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	o.on("Wholesale", "--copy")
	o.wants("after the copy", "MUG", "7/0/7")
	o.gets(0, "stock", "set", "MUG", "12")
	o.gets(0, "sync")
	if got := w.Quantity(mug); got != 12 {
		t.Errorf("BigCommerce shows %d, want 12", got)
	}
	w.Sell(sold(mug, 2))
	o.gets(0, "sync")
	o.wants("after a sale on BigCommerce", "MUG", "12/2/10")
}

package cli_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
	"evenstock/backend/practice/amazon"
)

// amazonAccount is a practice account on Amazon that answers. It applies numbers at once.
func amazonAccount(t *testing.T) (*practice.World, *httptest.Server) {
	t.Helper()
	w := practice.New(practice.Options{Name: "Fernhill Direct", Now: time.Now, Rules: amazon.Rules()})
	f := amazon.New(w, amazon.Options{ClientID: "client0outsider", Secret: "secret0outsider", Refresh: "Atzr0outsider",
		Seller: "A1OUTSIDER", Marketplace: "A1F83G8C2ARO7P"})
	s := httptest.NewServer(f.Handler())
	t.Cleanup(s.Close)
	return w, s
}

// connectsAmazon gives the account's keys to a `store add`.
func (o *outsider) connectsAmazon(address, refresh, marketplace string) said {
	o.t.Helper()
	with := *o
	with.env = append(with.env[:len(with.env):len(with.env)], "EVENSTOCK_SECRET_CLIENTSECRET=secret0outsider", "EVENSTOCK_SECRET_REFRESHTOKEN="+refresh)
	return with.types("--json", "store", "add", "amazon", "--name", "Direct", "--endpoint", address, "--secrets", "file",
		"--field", "clientId=client0outsider", "--field", "sellerId=A1OUTSIDER", "--field", "region=eu", "--field", "marketplaceId="+marketplace)
}

// TestAmazonStore connects an account on Amazon, takes its numbers over, changes one and sees it there.
func TestAmazonStore(t *testing.T) {
	o := newOutsider(t)
	w, server := amazonAccount(t)
	var mug int64
	w.Do(func(st *practice.State) {
		n := int64(7)
		mug = st.Add(practice.Item{Name: "Mug", SKU: "MUG", Price: "12.50", Counted: true, Quantity: &n}).ID
	})
	if got := o.connectsAmazon(server.URL, "Atzr0wrong", "A1F83G8C2ARO7P"); got.code == 0 || !strings.Contains(got.out, "Authorize the app") {
		t.Errorf("a refresh token that Amazon does not know: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	if got := o.connectsAmazon(server.URL, "Atzr0outsider", "ATVPDKIKX0DER"); got.code == 0 || !strings.Contains(got.out, "does not sell in the marketplace") {
		t.Errorf("another marketplace: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	if got := o.connectsAmazon(server.URL, "Atzr0outsider", "A1F83G8C2ARO7P"); got.code != 0 {
		t.Fatalf("store add: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	o.on("Direct", "--copy")
	o.wants("after the copy", "MUG", "7/0/7")
	o.gets(0, "stock", "set", "MUG", "12")
	o.types("sync") // the number is pending until the next look
	if got := w.Quantity(mug); got != 12 {
		t.Errorf("Amazon shows %d, want 12", got)
	}
}

package cli_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
	"evenstock/backend/practice/amazon"
	"evenstock/backend/practice/bigcommerce"
	"evenstock/backend/practice/ebay"
	"evenstock/backend/practice/etsy"
	"evenstock/backend/practice/shopify"
)

// vendor is a channel as the command line meets it.
type vendor struct {
	channel, name string
	rules         practice.Rules
	face          func(*practice.World) http.Handler
	fields        []string // without secrets
	secrets       map[string]string
	wrong         []refusal
	places        []practice.Location
	connected     func(*outsider)                                  // what a seller does before sync is on
	brought       func(t *testing.T, w *practice.World, mug int64) // what else is so when a number has arrived
	later         bool                                             // numbers apply later, so a run that sends one ends with it pending
}

// refusal is an attempt to connect that fails: what replaces a secret or a field, and what is said.
type refusal struct {
	secret, value string
	field         string
	says          string
}

var vendors = []vendor{
	{channel: "etsy", name: "Makers", rules: etsy.Rules(),
		face: func(w *practice.World) http.Handler {
			return etsy.New(w, etsy.Options{Keystring: "keystring0outsider", Secret: "shared0outsider", Refresh: "77054321.outsider"}).Handler()
		},
		fields:  []string{"keystring=keystring0outsider", "atZero=inactive"},
		secrets: map[string]string{"SHAREDSECRET": "shared0outsider", "REFRESHTOKEN": "77054321.outsider"},
		wrong:   []refusal{{secret: "REFRESHTOKEN", value: "77054321.wrong", says: "Connect the store again"}}},
	{channel: "bigcommerce", name: "Wholesale", rules: bigcommerce.Rules(),
		face: func(w *practice.World) http.Handler {
			return bigcommerce.New(w, bigcommerce.Options{Hash: "outs1der0", Token: "token0outsider"}).Handler()
		},
		fields:  []string{"storeHash=https://api.bigcommerce.com/stores/outs1der0/v3/"},
		secrets: map[string]string{"TOKEN": "token0outsider"},
		wrong:   []refusal{{secret: "TOKEN", value: "wrong", says: "access token"}}},
	{channel: "shopify", name: "Garden", rules: shopify.Rules(),
		face: func(w *practice.World) http.Handler {
			return shopify.New(w, shopify.Options{Shop: "outsider", ClientID: "app0outsider", ClientSecret: "shpss_outsider"}).Handler()
		},
		fields:  []string{"shop=outsider.myshopify.com", "clientId=app0outsider"},
		secrets: map[string]string{"CLIENTSECRET": "shpss_outsider"},
		wrong:   []refusal{{secret: "CLIENTSECRET", value: "wrong", says: "client ID and secret"}},
		places:  shopify.Places("Garden shop", "Barn"),
		connected: func(o *outsider) {
			if got := o.types("store", "locations", "Garden"); !strings.Contains(got.out, "Garden shop") || !strings.Contains(got.out, "Barn") {
				o.t.Errorf("the locations: exit code %d\n%s%s", got.code, got.out, got.errs)
			}
			o.gets(0, "store", "set", "Garden", "--location", "61=MAIN")
		},
		brought: func(t *testing.T, w *practice.World, mug int64) {
			if got := w.QuantityAt(mug, shopify.Primary+1); got != 0 {
				t.Errorf("Shopify shows %d at the location that is no warehouse, want 0", got)
			}
		}},
	{channel: "amazon", name: "Direct", rules: amazon.Rules(),
		face: func(w *practice.World) http.Handler {
			return amazon.New(w, amazon.Options{ClientID: "client0outsider", Secret: "secret0outsider", Refresh: "Atzr0outsider",
				Seller: "A1OUTSIDER", Marketplace: "A1F83G8C2ARO7P", Pace: 100}).Handler()
		},
		fields:  []string{"clientId=client0outsider", "sellerId=A1OUTSIDER", "region=eu", "marketplaceId=A1F83G8C2ARO7P"},
		secrets: map[string]string{"CLIENTSECRET": "secret0outsider", "REFRESHTOKEN": "Atzr0outsider"},
		wrong: []refusal{{secret: "REFRESHTOKEN", value: "Atzr0wrong", says: "Authorize the app"},
			{field: "marketplaceId=ATVPDKIKX0DER", says: "does not sell in the marketplace"}},
		later: true},
	{channel: "ebay", name: "Market", rules: ebay.Rules(),
		face:    func(w *practice.World) http.Handler { return ebay.New(w, ebayOutsider).Handler() },
		fields:  []string{"clientId=app0outsider", "ruName=ru0outsider", "comesBack=bounce"},
		secrets: map[string]string{"CLIENTSECRET": "cert0outsider", "REFRESHTOKEN": "v^1.1#outsider"},
		wrong:   []refusal{{secret: "REFRESHTOKEN", value: "v^1.1#wrong", says: "Connect the store again"}}},
}

// ebayOutsider is the account on eBay; its page after a login leads on to this computer.
var ebayOutsider = ebay.Options{ClientID: "app0outsider", Secret: "cert0outsider", RuName: "ru0outsider", Refresh: "v^1.1#outsider", User: "uSeR0",
	Accept: "http://127.0.0.1:53683/ebay"}

// connectsTo gives a store's keys to a `store add`, but for what r replaces.
func (o *outsider) connectsTo(v vendor, address string, r refusal) said {
	o.t.Helper()
	with := *o
	with.env = with.env[:len(with.env):len(with.env)]
	for name, value := range v.secrets {
		if name == r.secret {
			value = r.value
		}
		with.env = append(with.env, "EVENSTOCK_SECRET_"+name+"="+value)
	}
	args := []string{"--json", "store", "add", v.channel, "--name", v.name, "--endpoint", address, "--secrets", "file"}
	replaced, _, _ := strings.Cut(r.field, "=")
	for _, field := range v.fields {
		if name, _, _ := strings.Cut(field, "="); name == replaced {
			field = r.field
		}
		args = append(args, "--field", field)
	}
	return with.types(args...)
}

// TestStoreOfEachChannel connects a store, takes its numbers over, changes one and sees it there. Each command is a program of
// its own, so what a connector keeps, such as a login that is replaced each time, has to outlive it.
func TestStoreOfEachChannel(t *testing.T) {
	for _, v := range vendors {
		t.Run(v.channel, func(t *testing.T) {
			o := newOutsider(t)
			w := practice.New(practice.Options{Name: "Fernhill " + v.name, Now: time.Now, Rules: v.rules, Locations: v.places})
			server := httptest.NewServer(v.face(w))
			t.Cleanup(server.Close)
			var mug int64
			w.Do(func(st *practice.State) {
				n := int64(7)
				mug = st.Add(practice.Item{Name: "Mug", SKU: "MUG", Price: "12.50", Counted: true, Quantity: &n}).ID
			})
			for _, r := range v.wrong {
				if got := o.connectsTo(v, server.URL, r); got.code == 0 || !strings.Contains(got.out, r.says) {
					t.Errorf("%+v: exit code %d\n%s%s", r, got.code, got.out, got.errs)
				}
			}
			if got := o.connectsTo(v, server.URL, refusal{}); got.code != 0 {
				t.Fatalf("store add: exit code %d\n%s%s", got.code, got.out, got.errs)
			}
			if v.connected != nil {
				v.connected(o)
			}
			o.on(v.name, "--copy")
			o.wants("after the copy", "MUG", "7/0/7")
			if v.later { // the number is pending until the next look, which the command would wait for
				o.gets(4, "stock", "set", "MUG", "12", "--no-wait")
				o.types("sync")
			} else {
				o.gets(0, "stock", "set", "MUG", "12")
				o.gets(0, "sync")
			}
			if got := w.Quantity(mug); got != 12 {
				t.Errorf("the shop shows %d, want 12", got)
			}
			if v.brought != nil {
				v.brought(t, w, mug)
			}
			if !v.later {
				w.Sell(sold(mug, 2))
				o.gets(0, "sync")
				o.wants("after a sale in the shop", "MUG", "12/2/10")
			}
			w.Do(func(st *practice.State) {
				if price := st.Item(mug).Price; price != "12.50" {
					t.Errorf("the price became %s", price)
				}
			})
		})
	}
}

package channeltest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"evenstock/backend/channel"
)

// Suite is the rules every connector obeys. A connector is done when it passes.
type Suite struct {
	// New returns an empty shop and the store that is connected to it, with at most three items on a page of a list.
	New func(t *testing.T) (channel.Store, Shop)
	// Large returns the same with as many items on a page as the connector asks for in daily use. Nil leaves the rule
	// about thousands of listings out.
	Large func(t *testing.T) (channel.Store, Shop)
	// Secrets are texts that must appear in no error, Log returns what was logged so far. Both may be left out.
	Secrets []string
	Log     func() string
}

// Ability is something a rule asks of a shop and a live shop may be unable to do.
type Ability string

const (
	Faults     Ability = "make calls fail"                       // Fault
	Hooks      Ability = "act between a call and its effect"     // Before, After
	TimeTravel Ability = "let hours pass and orders come late"   // Advance by more than seconds, Hide
	Lies       Ability = "answer something else than it holds"   // the planted lies among the faults
	Crowds     Ability = "hold thousands of listings"            // Large
	Alone      Ability = "hold nothing but what the test put in" // an exact count of items
)

// What a vendor's software may be unable to express at all. A connector whose vendor lacks one says in its own tests what
// it does instead.
const (
	Drafts      Ability = "take a listing off sale and keep it"
	Uncounted   Ability = "sell what it does not count"
	NoSKU       Ability = "list goods without a SKU"
	Renaming    Ability = "change the SKU of a listing"
	Families    Ability = "say which product a variant belongs to"
	BelowZero   Ability = "hold a number below zero"
	Huge        Ability = "hold a number above 32 bits"
	Removal     Ability = "delete a listing"
	OrderEdits  Ability = "change the lines of an order"
	OrderTrash  Ability = "delete an order"
	LineRefunds Ability = "refund some units of a line"
	RestockFlag Ability = "say whether refunded units went back on the shelf"
	Whence      Ability = "say which location units left or came back to"
)

// Limited is a Shop that cannot do everything. Cannot returns why not, or "" if it can.
type Limited interface {
	Cannot(Ability) string
}

// Shipper is a Shop that knows partly fulfilled orders.
type Shipper interface {
	// Ship ships units of the line at index.
	Ship(order string, line int, units int64)
}

// Pooler is a Shop that can keep one number for variants with different SKUs.
type Pooler interface {
	// AddPool puts variants on sale that share one number, and returns their refs in the order of the SKUs.
	AddPool(title string, quantity int64, skus ...string) []channel.Ref
}

// rule is one promise of the contract.
type rule struct {
	name  string
	needs []Ability
	check func(*scene)
}

func rules() []rule {
	return slices.Concat(listingRules, orderRules, refundRules(), stockRules, locationRules(), poolRules(), pushRaceRules(), errorRules, lieRules)
}

// Needs says what a shop must be able to do for a rule; false if there is no rule of that name.
func Needs(name string) ([]Ability, bool) {
	for _, r := range rules() {
		if r.name == name {
			return r.needs, true
		}
	}
	return nil, false
}

// Run checks every rule on a shop of its own.
func (s Suite) Run(t *testing.T) {
	t.Helper()
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			open := s.New
			if slices.Contains(r.needs, Crowds) {
				if open = s.Large; open == nil {
					t.Skip("the largest shop is checked elsewhere")
				}
			}
			store, shop := open(t)
			sc := &scene{t: t, store: store, shop: shop}
			for _, need := range r.needs {
				if why := sc.cannot(need); why != "" {
					t.Skipf("this shop cannot %s: %s", need, why)
				}
			}
			r.check(sc)
			s.checkSecrets(t, sc.errors)
		})
	}
}

// checkSecrets fails when a secret stands in an error the rule met or in the log.
func (s Suite) checkSecrets(t *testing.T, errs []error) {
	t.Helper()
	var said strings.Builder
	for _, err := range errs {
		fmt.Fprintf(&said, "%v\n%+v\n", err, err)
	}
	if s.Log != nil {
		said.WriteString(s.Log())
	}
	for line := range strings.Lines(said.String()) {
		for _, secret := range s.Secrets {
			if strings.Contains(line, secret) {
				t.Errorf("a secret was said in an error or in the log: %s", line)
			}
		}
	}
}

package ebay

import (
	"context"
	"encoding/xml"
	"sync"
	"time"
)

// controlFresh is how long an answer about the account's preferences counts: a seller who changes them sees it within minutes.
const controlFresh = 10 * time.Minute

// control is what is known of the account's Out-of-stock control: with it a listing at zero stays, hidden from search; without
// it eBay takes no listing to zero (ebay.md, 4.4).
type control struct {
	may bool // the seller allowed to turn it on

	mu    sync.Mutex
	on    bool
	asked time.Time
}

type preferencesRequest struct {
	XMLName xml.Name `xml:"urn:ebay:apis:eBLBaseComponents GetUserPreferencesRequest"`
	Show    bool     `xml:"ShowOutOfStockControlPreference"`
}

type preferencesAnswer struct {
	said
	On bool `xml:"OutOfStockControlPreference"`
}

type setPreferences struct {
	XMLName xml.Name `xml:"urn:ebay:apis:eBLBaseComponents SetUserPreferencesRequest"`
	On      bool     `xml:"OutOfStockControlPreference"`
}

type setAnswer struct{ said }

// outOfStockControl says whether the account has the control.
func (s *Store) outOfStockControl(ctx context.Context, op string) (bool, error) {
	c := s.control
	c.mu.Lock()
	defer c.mu.Unlock()
	if age := s.now().Sub(c.asked); !c.asked.IsZero() && age >= 0 && age < controlFresh {
		return c.on, nil
	}
	var got preferencesAnswer
	if err := s.trade(ctx, op, "GetUserPreferences", preferencesRequest{Show: true}, &got); err != nil {
		return false, err
	}
	c.on, c.asked = got.On, s.now()
	return c.on, nil
}

// turnOnControl turns the control on, for all listings of the account; the seller chose so.
func (s *Store) turnOnControl(ctx context.Context) error {
	c := s.control
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := s.trade(ctx, opPush, "SetUserPreferences", setPreferences{On: true}, &setAnswer{}); err != nil {
		return err
	}
	c.on, c.asked = true, s.now()
	return nil
}

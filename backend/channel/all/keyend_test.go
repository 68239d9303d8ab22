package all

import (
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/practice/practicetest"
)

// TestKeyEnds: a key that its vendor accepts for a fixed time ends so long after it was first accepted, however often the
// program starts; one that the vendor replaces ends for itself (marketplace-auth-and-gotchas.md, 1).
func TestKeyEnds(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		channel, field string
		site           practicetest.Site
		lasts, warns   time.Duration
		renews         bool // with every start
	}{
		{"amazon", "clientSecret", practicetest.NewAmazon(t, practicetest.AmazonOptions{Direct: true}).Site, 180 * day, 30 * day, false},
		{"ebay", "refreshToken", practicetest.NewEBay(t, practicetest.EBayOptions{Direct: true}).Site, 47_304_000 * time.Second, 30 * day, false},
		{"etsy", "refreshToken", practicetest.NewEtsy(t, practicetest.EtsyOptions{Direct: true}).Site, 90 * day, 14 * day, true},
	} {
		t.Run(c.channel, func(t *testing.T) {
			kind, err := Registry().Lookup(c.channel)
			if err != nil {
				t.Fatal(err)
			}
			notes, saved := &practicetest.Notes{}, map[string]string{}
			open := func(secret string) channel.Store {
				shop, _ := practicetest.Connect(t, kind, c.site, func(d *channel.Deps, s *channel.Settings) {
					d.Notes, d.Save = notes, func(name, value string) error { saved[name] = value; return nil }
					for name, value := range saved {
						s.Fields[name] = value
					}
					if secret != "" {
						s.Fields[c.field] = secret
					}
				})
				return shop
			}
			end := func(shop channel.Store) (channel.KeyEnd, bool) { return shop.(channel.KeyEnder).KeyEnd() }
			check := func(shop channel.Store) time.Time {
				t.Helper()
				at := c.site.Clock.Now()
				if _, err := shop.Check(t.Context()); err != nil {
					t.Fatal(err)
				}
				return at
			}
			shop := open("")
			if e, known := end(shop); known {
				t.Errorf("known before the vendor accepted it: %+v", e)
			}
			counts := check(shop)
			c.site.Clock.Advance(60 * day)
			shop = open("")
			if at := check(shop); c.renews {
				counts = at
			}
			e, known := end(shop)
			late := e.At.Sub(counts.Add(c.lasts)) // the clock goes on while a limit is waited for
			if !known || e.Field != c.field || late < 0 || late > time.Minute || e.At.Sub(e.Warn) != c.warns || e.Renew == "" {
				t.Errorf("ends %+v, known %v, %v later than it should", e, known, late)
			}
			for _, name := range []string{"client secret", "refresh token"} {
				if note, err := notes.Read(name); err != nil || strings.Contains(string(note), c.site.Fields[c.field]) {
					t.Errorf("the note %q, %v says the key", note, err)
				}
			}
			wrong := open("not-the-key")
			if _, err := wrong.Check(t.Context()); err == nil {
				t.Fatal("a wrong key was accepted")
			}
			if e, known := end(wrong); known {
				t.Errorf("the end of a key that was refused: %+v", e)
			}
		})
	}
}

package words

import (
	"testing"
	"time"
)

func TestLanguageIsTheChosenElseTheComputers(t *testing.T) {
	for _, c := range []struct {
		name, chosen string
		preferred    []string
		want         string
	}{
		{"chosen", "de", []string{"en-US"}, "Ja"},
		{"chosen English on a German computer", "en", []string{"de-DE"}, "Yes"},
		{"never chosen", "", []string{"fr-FR", "de-AT", "en-US"}, "Ja"},
		{"as the computer", System, []string{"DE"}, "Ja"},
		{"a language nobody speaks here", "xx", []string{"fr", "C"}, "Yes"},
		{"nothing known", "", nil, "Yes"},
	} {
		if got := In(c.chosen, c.preferred).Say("Yes"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSay(t *testing.T) {
	german := In("de", nil)
	for _, c := range []struct{ got, want string }{
		{Words{}.Say("sending %s", "1,234"), "sending 1,234"},
		{german.Say("sending %s", "{1}"), "{1} werden gesendet"},
		{german.Say("no such words, %d", 3), "no such words, 3"},
		{german.Tell("100 % of nothing"), "100 % of nothing"},
		{german.Count(1, "1 store needs you", "%s stores need you"), "1 Shop wartet auf Sie"},
		{german.Count(1200, "1 store needs you", "%s stores need you"), "1.200 Shops warten auf Sie"},
		{Words{}.Count(0, "1 store needs you", "%s stores need you"), "0 stores need you"},
		{german.Tell("Make a new one in Seller Central, under LWA credentials, and enter it."),
			"Erstellen Sie in Seller Central unter LWA credentials ein neues und geben Sie es ein."},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestNumbersAndDays(t *testing.T) {
	at := time.Date(2027, time.March, 12, 9, 0, 0, 0, time.UTC) // a Friday
	for _, c := range []struct {
		w                  Words
		weekday, day, date string
		numbers            map[int]string
	}{
		{Words{}, "Fri", "12 Mar", "12 March 2027", map[int]string{0: "0", 999: "999", 1000: "1,000", 12408: "12,408", 1234567: "1,234,567"}},
		{In("de", nil), "Fr", "12. März", "12. März 2027", map[int]string{999: "999", 1234567: "1.234.567"}},
	} {
		if c.w.Weekday(at) != c.weekday || c.w.Day(at) != c.day || c.w.Date(at) != c.date {
			t.Errorf("%q %q %q", c.w.Weekday(at), c.w.Day(at), c.w.Date(at))
		}
		for n, want := range c.numbers {
			if got := c.w.Number(n); got != want {
				t.Errorf("%d is %q", n, got)
			}
		}
	}
}

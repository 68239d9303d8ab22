package woocommerce

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"evenstock/backend/channel"
)

func TestNumbers(t *testing.T) {
	for in, want := range map[string]number{
		`7`: {7, true}, `-4`: {-4, true}, `1000000000000`: {1_000_000_000_000, true}, `"15"`: {15, true}, `" 15 "`: {15, true},
		`2.7`: {2, true}, `"2.7"`: {2, true}, `-2.7`: {-2, true}, `1e3`: {1000, true}, `99999999999999999999`: {largest, true},
		`null`: {}, `""`: {}, `"abc"`: {}, `true`: {}, `{}`: {}, `[]`: {}, `"NaN"`: {},
	} {
		var got number
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: %+v (%v), want %+v", in, got, err, want)
		}
	}
}

func TestStamps(t *testing.T) {
	want := time.Date(2026, 11, 23, 13, 17, 33, 0, time.UTC)
	for _, in := range []string{`"2026-11-23T13:17:33"`, `"2026-11-23T13:17:33Z"`, `"2026-11-23 13:17:33"`, `"2026-11-23T22:17:33+09:00"`} {
		var got stamp
		if err := json.Unmarshal([]byte(in), &got); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v (%v)", in, got, err)
		}
	}
	for _, in := range []string{`null`, `""`, `"soon"`, `5`, `{"date":"x"}`} {
		var got stamp
		if err := json.Unmarshal([]byte(in), &got); err != nil || !got.IsZero() {
			t.Errorf("%s: %v (%v)", in, got, err)
		}
	}
}

func TestManaged(t *testing.T) {
	for in, want := range map[string]managed{`true`: own, `false`: unmanaged, `"parent"`: parents, `"yes"`: own, `"no"`: unmanaged, `null`: unmanaged, `1`: own} {
		var got managed
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: %d (%v), want %d", in, got, err, want)
		}
	}
}

// seeds are the bodies of all recordings.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/recorded/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var r recording
		if err := json.Unmarshal(b, &r); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(r.Response.Body))
	}
}

// FuzzOrder: no order that decodes makes units out of nothing, and none makes us fall over.
func FuzzOrder(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		var o order
		if json.Unmarshal(body, &o) != nil {
			return
		}
		s := &Store{}
		st, _ := s.stateOf(o)
		for _, l := range o.Lines {
			facts := factsOf(l, []refund{{Lines: o.Lines}}, o.Completed.Time, 0)
			totals, unsaid := facts.total(st, !o.Completed.IsZero())
			lineNotes(l, facts, st, unsaid)
			out := l.state(facts, totals)
			if out.Ordered < 0 || out.Released+out.WrittenOff+out.Fulfilled[""] > out.Ordered || out.Held < 0 {
				t.Errorf("line %+v", out)
			}
		}
	})
}

// FuzzProduct: no product that decodes makes us fall over.
func FuzzProduct(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		var p product
		if json.Unmarshal(body, &p) != nil {
			return
		}
		for _, l := range append(variableListings(p, []product{p, p}), p.listing()) {
			if l.Tracked != (l.Quantity != nil) || l.Status == "" {
				t.Errorf("listing %+v", l)
			}
		}
	})
}

// FuzzCursor: whatever is stored as a cursor, reading begins somewhere sensible, and a cursor of ours survives.
func FuzzCursor(f *testing.F) {
	f.Add([]byte(nil), 2)
	f.Add([]byte(`{"v":1,"since":"2026-11-23T13:17:33","place":{"offset":100,"after":7}}`), 1)
	f.Add([]byte(`{"v":1,"phase":9}`), 2)
	f.Add([]byte(`{"v":2}`), 2)
	f.Add([]byte(`[]`), 2)
	f.Fuzz(func(t *testing.T, b []byte, phases int) {
		phases = 1 + max(0, phases)%2
		at := decode(channel.Cursor(b), phases)
		if at.V != cursorVersion || at.Phase < 0 || at.Phase >= phases || at.Place.Offset < 0 || at.Place.After < 0 {
			t.Fatalf("%s: %+v", b, at)
		}
		again := decode(at.encode(), phases)
		if string(again.encode()) != string(at.encode()) {
			t.Errorf("%s: %s, then %s", b, at.encode(), again.encode())
		}
	})
}

package amazon

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// read is what the answers of an operation are decoded into, and the file that specifies it.
var read = map[string]func() any{
	"listingsItems_2021-08-01__getListingsItem":     func() any { return &item{} },
	"listingsItems_2021-08-01__searchListingsItems": func() any { return &items{} },
	"listingsItems_2021-08-01__patchListingsItem":   func() any { return &patched{} },
	"orders_2026-01-01__searchOrders":               func() any { return &found{} },
	"orders_2026-01-01__getOrder":                   func() any { return &oneOrder{} },
	"reports_2021-06-30__createReport":              func() any { return &madeReport{} },
	"reports_2021-06-30__getReport":                 func() any { return &job{} },
	"reports_2021-06-30__getReportDocument":         func() any { return &document{} },
	"feeds_2021-06-30__createFeedDocument":          func() any { return &document{} },
	"feeds_2021-06-30__createFeed":                  func() any { return &madeFeed{} },
	"feeds_2021-06-30__getFeed":                     func() any { return &job{} },
	"feeds_2021-06-30__getFeedDocument":             func() any { return &document{} },
	"sellers__getMarketplaceParticipations":         func() any { return &participations{} },
}

// TestEveryFixture reads every example that Amazon gives of a call that is made. Whatever is read of one stands there: a field
// of another type or in another place would be lost. A refusal is one that this seller or listing is told of.
func TestEveryFixture(t *testing.T) {
	folder := os.Getenv("EVENSTOCK_SPECS")
	if folder == "" {
		t.Skip("EVENSTOCK_SPECS does not name the folder with the vendors' specifications, so no example is read")
	}
	files, err := filepath.Glob(filepath.Join(folder, "amazon", "fixtures", "*.json"))
	must(t, err)
	seen := map[string]int{}
	for _, file := range files {
		parts := strings.Split(strings.TrimSuffix(filepath.Base(file), ".json"), "__")
		name := parts[0] + "__" + parts[1]
		into, ours := read[name]
		if !ours {
			continue
		}
		t.Run(strings.Join(parts[1:], " "), func(t *testing.T) {
			b, err := os.ReadFile(file)
			must(t, err)
			var f struct {
				Status   int             `json:"status"`
				Response json.RawMessage `json:"response"`
			}
			must(t, json.Unmarshal(b, &f))
			if f.Status >= 400 {
				e := classify("try", &httpx.Response{Status: f.Status, Body: f.Response})
				if e.Kind != channel.Invalid || !strings.HasPrefix(e.Message, "Amazon refused: ") {
					t.Errorf("refused: %v %q", e.Kind, e.Message)
				}
				seen[name+" refused"]++
				return
			}
			v := into()
			must(t, json.Unmarshal(f.Response, v))
			var original any
			must(t, json.Unmarshal(f.Response, &original))
			if n := stands(t, "answer", reflect.ValueOf(v).Elem(), original); n == 0 {
				t.Errorf("nothing of the answer is read: %s", f.Response)
			}
			seen[name]++
		})
	}
	for name := range read {
		if seen[name] == 0 {
			t.Errorf("no example of %s was read", name)
		}
	}
}

// stands fails where a field of v and what stands under its name differ, and returns how many fields do not.
func stands(t *testing.T, at string, v reflect.Value, original any) (n int) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			if original != nil {
				t.Errorf("%s is lost: %v", at, original)
			}
			return 0
		}
		return stands(t, at, v.Elem(), original)
	case reflect.Slice:
		list, _ := original.([]any)
		if v.Len() != len(list) {
			t.Errorf("%s has %d of %d", at, v.Len(), len(list))
			return 0
		}
		for i := range list {
			n += stands(t, fmt.Sprint(at, "[", i, "]"), v.Index(i), list[i])
		}
		return n
	case reflect.Struct:
		object, ok := original.(map[string]any)
		if !ok || v.Type().PkgPath() == "time" {
			break
		}
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if value, there := object[name]; there {
				n += stands(t, at+"."+name, v.Field(i), value)
			}
		}
		return n
	}
	b, err := json.Marshal(v.Interface())
	must(t, err)
	var again any
	must(t, json.Unmarshal(b, &again))
	if when, is := v.Interface().(time.Time); is {
		if want, err := time.Parse(time.RFC3339, fmt.Sprint(original)); err == nil && when.Equal(want) {
			return 1
		}
	}
	if a, b := fmt.Sprint(again), fmt.Sprint(original); a != b {
		t.Errorf("%s reads %s, the example has %s", at, a, b)
	}
	return 1
}

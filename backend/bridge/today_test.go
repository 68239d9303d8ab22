package bridge_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/bridge"
	"evenstock/backend/view"
)

// TestTodayCrosses compares what reaches the page, so that null and [] are told apart.
func TestTodayCrosses(t *testing.T) {
	var today *bridge.Today
	for _, s := range attached(t).Services() {
		if found, ok := s.(*bridge.Today); ok {
			today = found
		}
	}
	got, err := today.Get()
	if err != nil || len(got.Sold) != view.SoldDays || len(got.Sent) != view.SoldDays {
		t.Fatalf("%+v %v", got.Sold, err)
	}
	got.Sold, got.Sent, got.Runs = nil, nil, nil
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"now":10,"products":1,"oversold":0,"sentToday":0,"needs":[{"kind":"unset","count":1,"storeId":0,"store":"","text":"","by":0}],` +
		`"sold":null,"sent":null,"runningOut":[],"runs":null}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Error(diff)
	}
}

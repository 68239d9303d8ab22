package bridge_test

import (
	"slices"
	"testing"

	"evenstock/backend/bridge"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/desktop"
)

// places is a page that is told where to go.
type places []bridge.Place

func (p *places) Emit(event string, data ...any) {
	if event == bridge.EventOpen {
		*p = append(*p, data[0].(bridge.Place))
	}
}

// TestBehindTheWindow does from the tray what a person does there, over a real engine and a shop.
func TestBehindTheWindow(t *testing.T) {
	d := newDesk(t)
	var went places
	b := bridge.Behind(d.deps, &went)
	says := func(overall desktop.TrayOverall, line string, waiting int) {
		t.Helper()
		if o := b.Look(); o.Tray.Overall != overall || o.Tray.Line != line || o.Waiting != waiting {
			t.Errorf("%q %q, %d waiting; want %q %q, %d", o.Tray.Overall, o.Tray.Line, o.Waiting, overall, line, waiting)
		}
	}
	says(desktop.TrayIdle, "no store is connected", 0)

	apples := d.shop.AddListing(channeltest.Goods{SKU: "APPLE", Title: "Apples", Quantity: 50})
	added, err := d.stores.Add(bridge.StoreForm{Channel: "memory", Name: "Fernhill", Fields: map[string]string{"id": "fernhill"}})
	if err != nil {
		t.Fatal(err)
	}
	id := added.Store.ID
	says(desktop.TrayIdle, "no store is turned on", 0)
	must(t)(d.stores.SyncListings(id))
	if _, err := d.stores.TurnOn(id, bridge.Answers{Copy: true}); err != nil {
		t.Fatal(err)
	}
	says(desktop.TrayIdle, "even, just now", 0)

	b.Do(desktop.TrayAction{Do: desktop.TrayPause})
	says(desktop.TrayPaused, "paused", 0)
	if _, err := d.stock.Change(bridge.StockChange{SKU: "APPLE", Op: "add", Quantity: 1, Reason: "found", Key: key()}); err != nil {
		t.Fatal(err)
	}
	says(desktop.TrayPaused, "paused", 1)
	b.Do(desktop.TrayAction{Do: desktop.TrayGoOn})
	says(desktop.TraySyncing, "sending 1", 1)
	b.Do(desktop.TrayAction{Do: desktop.TraySyncStore, Store: id})
	says(desktop.TrayIdle, "even, just now", 0)
	if got := d.shop.Quantity(apples); got != 51 {
		t.Errorf("the shop has %d", got)
	}

	nameless := d.shop.AddListing(channeltest.Goods{Title: "Without a SKU", Quantity: 9})
	d.shop.Sell(channeltest.Units{Ref: apples, Quantity: 4}, channeltest.Units{Ref: nameless, Quantity: 1})
	b.Do(desktop.TrayAction{Do: desktop.TraySyncAll})
	d.numbers("sold", 51, 4, 47)
	says(desktop.TrayAttention, "1 order line matches no product", 0)
	if needs := b.Look().Tray.Needs; !slices.Equal(needs, []string{"1 order line matches no product"}) {
		t.Errorf("needs %q", needs)
	}

	b.Do(desktop.TrayAction{Do: desktop.TrayOpenStore, Store: id})
	b.Do(desktop.TrayAction{Do: desktop.TrayOpenNeeds})
	if !slices.Equal(went, places{{At: "store", ID: id}, {At: "today"}}) {
		t.Errorf("went to %v", went)
	}
	if got := b.Recall("notice/held"); got != "" {
		t.Errorf("recalled %q", got)
	}
	b.Remember("notice/held", "off")
	if got := b.Recall("notice/held"); got != "off" {
		t.Errorf("recalled %q", got)
	}
}

// TestBehindTheWindowSpeaksAsChosen: what is chosen in the settings is what the tray speaks, at once, and also when it was
// chosen while the page showed practice books.
func TestBehindTheWindowSpeaksAsChosen(t *testing.T) {
	d, practice := newDesk(t), newDesk(t)
	tray := bridge.Behind(d.deps, &places{})
	var told []string
	practice.deps.Looks = d.books
	practice.deps.Changed = func(topics []string) { told = append(told, topics...) }
	b := bridge.New(bridge.About{})
	b.Attach(practice.deps)
	settings := b.Services()[8].(*bridge.Settings)
	for language, line := range map[string]string{"de": "kein Shop ist verbunden", "en": "no store is connected"} {
		told = nil
		if err := settings.SetLook(bridge.Look{Theme: "system", Contrast: "system", Language: language}); err != nil {
			t.Fatal(err)
		}
		if got := tray.Look().Tray.Line; got != line {
			t.Errorf("%s: %q", language, got)
		}
		if yes := map[string]string{"de": "Ja", "en": "Yes"}[language]; tray.Words().Say("Yes") != yes {
			t.Errorf("%s: yes is %q", language, tray.Words().Say("Yes"))
		}
		if len(told) == 0 {
			t.Error("the tray is not told")
		}
	}
}

package desktop

import (
	"testing"

	"evenstock/backend/words"
)

func TestClosing(t *testing.T) {
	const waits = "3 changes have not been sent yet. Quit and send them at the next start?"
	for _, c := range []struct {
		name  string
		facts closeFacts
		want  closeStep
	}{
		{"tray, first time", closeFacts{tray: true, waiting: 3},
			closeStep{hide: true, say: "Evenstock goes on syncing in the tray.", told: toldGoesOn}},
		{"tray, known", closeFacts{tray: true, told: toldGoesOn}, closeStep{hide: true, told: toldGoesOn}},
		{"tray, there was none before", closeFacts{tray: true, told: toldEnds},
			closeStep{hide: true, say: "Evenstock goes on syncing in the tray.", told: toldGoesOn}},
		{"no tray, first time", closeFacts{}, closeStep{ask: noTray + " Quit?", told: toldEnds}},
		{"no tray, first time, something waits", closeFacts{waiting: 3}, closeStep{ask: noTray + " " + waits, told: toldEnds}},
		{"no tray, known", closeFacts{told: toldEnds}, closeStep{told: toldEnds}},
		{"no tray, known, something waits", closeFacts{told: toldEnds, waiting: 3}, closeStep{ask: waits, told: toldEnds}},
		{"no tray any more", closeFacts{told: toldGoesOn}, closeStep{ask: noTray + " Quit?", told: toldEnds}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := closing(words.Words{}, c.facts); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestQuitting(t *testing.T) {
	for waiting, want := range map[int]string{
		0: "",
		1: "1 change has not been sent yet. Quit and send it at the next start?",
		9: "9 changes have not been sent yet. Quit and send them at the next start?",
	} {
		if got := quitting(words.Words{}, waiting); got != (closeStep{ask: want}) {
			t.Errorf("%d waiting: %+v", waiting, got)
		}
	}
}

//go:build !headless

package desktop

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/png"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

func stores(n int, off bool) []TrayStore {
	var out []TrayStore
	for i := range n {
		out = append(out, TrayStore{ID: uint32(i + 1), Name: fmt.Sprint("Shop ", i+1), Line: "even, 2 min", Off: off})
	}
	return out
}

func TestMenuOfManyStores(t *testing.T) {
	for _, c := range []struct {
		name             string
		stores           []TrayStore
		more             string
		shown, inner     int
		syncAllIsDim     bool
		innerMenuIsShown bool
	}{
		{"no store", nil, "Connect a store", 0, 0, true, false},
		{"one store", stores(1, false), "", 1, 0, false, false},
		{"two stores", stores(2, false), "", 2, 2, false, true},
		{"two stores that are off", stores(2, true), "", 2, 0, true, false},
		{"as many as there are lines", stores(maxTrayStores, false), "", maxTrayStores, maxTrayStores, false, true},
		{"too many stores", stores(maxTrayStores+3, false), "3 more stores", maxTrayStores, maxTrayStores, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := TrayState{Stores: c.stores, Needs: []string{"1", "2", "3", "4", "5", "6"}}.menu()
			count := func(from, to int) (n int) {
				for _, e := range m[from:to] {
					if e.shown() {
						n++
					}
				}
				return n
			}
			if got := m[slotMore].label; got != c.more {
				t.Errorf("%q, want %q", got, c.more)
			}
			if got := count(slotStores, slotMore); got != c.shown {
				t.Errorf("%d stores are shown, want %d", got, c.shown)
			}
			if got := count(slotSyncs, slotPause); got != c.inner || m[slotSyncOne].shown() != c.innerMenuIsShown {
				t.Errorf("%d lines in the inner menu, shown %v", got, m[slotSyncOne].shown())
			}
			if m[slotSyncAll].dim != c.syncAllIsDim {
				t.Errorf("syncing all is dim: %v", m[slotSyncAll].dim)
			}
			if got := count(slotNeeds, slotStores); got != maxTrayNeeds {
				t.Errorf("%d lines of needs", got)
			}
		})
	}
}

func TestTrayText(t *testing.T) {
	for in, want := range map[string]string{
		"Fernhill Home":                  "Fernhill Home",
		"  two\n\tlines\x00\x07 ":        "two lines",
		"\u202etxet desrever":            "txet desrever",
		"half a rune \xff":               "half a rune",
		"Café 茶":                         "Café 茶",
		"":                               "",
		strings.Repeat("ä", maxTrayText): strings.Repeat("ä", maxTrayText),
		strings.Repeat("ä", 500):         strings.Repeat("ä", maxTrayText-1) + "…",
	} {
		if got := trayText(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
	if tip := (TrayState{Line: strings.Repeat("x", 500)}).tooltip(); utf8.RuneCountInString(tip) > maxTrayText {
		t.Errorf("tooltip of %d characters", utf8.RuneCountInString(tip))
	}
}

// TestPackICO reads the icon as Windows does and compares every pixel with the pictures it was made of.
func TestPackICO(t *testing.T) {
	icons := os.DirFS("../../build/tray")
	look := trayLook{TrayAttention, true}
	small, err := look.read(icons, 16)
	must(t, err)
	large, err := look.read(icons, 32)
	must(t, err)
	ico, err := packICO(small, large)
	must(t, err)
	le := binary.LittleEndian
	if le.Uint16(ico) != 0 || le.Uint16(ico[2:]) != 1 || le.Uint16(ico[4:]) != 2 {
		t.Fatalf("head %x", ico[:6])
	}
	for i, picture := range [][]byte{small, large} {
		entry := ico[6+16*i:]
		size, at := le.Uint32(entry[8:]), le.Uint32(entry[12:])
		bitmap := ico[at : at+size]
		side := int(entry[0])
		if want := 16 << i; side != want || int(entry[1]) != want || le.Uint32(bitmap[4:]) != uint32(want) || le.Uint32(bitmap[8:]) != uint32(2*want) {
			t.Fatalf("picture %d: sides %d and %d", i, side, entry[1])
		}
		if want := 40 + 4*side*side + 4*side; len(bitmap) != want {
			t.Errorf("picture %d: %d bytes, want %d", i, len(bitmap), want)
		}
		img, err := png.Decode(bytes.NewReader(picture))
		must(t, err)
		seen := 0
		for y := range side {
			for x := range side {
				pixel := bitmap[40+4*((side-1-y)*side+x):]
				_, _, _, alpha := img.At(x, y).RGBA()
				if pixel[3] != byte(alpha>>8) || alpha > 0 && (pixel[0] != 0xff || pixel[1] != 0xff || pixel[2] != 0xff) {
					t.Fatalf("picture %d at %d,%d: %x, alpha %x", i, x, y, pixel[:4], alpha)
				}
				if alpha > 0 {
					seen++
				}
			}
		}
		if seen == 0 {
			t.Errorf("picture %d is empty", i)
		}
	}
	if _, err := packICO([]byte("no picture")); err == nil {
		t.Error("text was packed")
	}
}

func TestTrayNeedsItsIcons(t *testing.T) {
	tray := NewTray(TrayOptions{Icons: os.DirFS(t.TempDir())})
	if err := tray.Start(); err == nil {
		t.Error("a tray without pictures was started")
	}
}

package bridge

import (
	"slices"
	"strings"

	"evenstock/backend/db"
)

// metaLook holds the chosen appearance, theme and contrast with a blank between.
const metaLook = "look"

// Look is how the page looks.
type Look struct {
	Theme    string `json:"theme"`    // system, light or dark; "" when never chosen
	Contrast string `json:"contrast"` // system or more; "" when never chosen
}

var (
	themes    = []string{"system", "light", "dark"}
	contrasts = []string{"system", "more"}
)

// Look is what was chosen last.
func (s *Settings) Look() (Look, error) {
	return call(s.b, "Settings.Look", func(d *Deps) (Look, error) {
		var text string
		err := d.Books.View(func(tx *db.Tx) (err error) { text, err = tx.Meta(metaLook); return err })
		theme, contrast, _ := strings.Cut(text, " ")
		return Look{theme, contrast}, err
	})
}

// SetLook keeps what was chosen.
func (s *Settings) SetLook(look Look) error {
	return do(s.b, "Settings.SetLook", func(d *Deps) error {
		if !slices.Contains(themes, look.Theme) || !slices.Contains(contrasts, look.Contrast) {
			return invalid("There is no such appearance.")
		}
		return d.Books.Update(d.Now(), func(tx *db.Tx) error { return tx.SetMeta(metaLook, look.Theme+" "+look.Contrast) })
	})
}

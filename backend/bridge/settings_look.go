package bridge

import (
	"slices"
	"strings"

	"evenstock/backend/db"
)

// metaLook holds the chosen appearance: theme, contrast and language with blanks between.
const metaLook = "look"

// Look is how the page looks.
type Look struct {
	Theme    string `json:"theme"`    // system, light or dark; "" when never chosen
	Contrast string `json:"contrast"` // system or more; "" when never chosen
	Language string `json:"language"` // system, or the tag of a language the page speaks; "" when never chosen
}

var (
	themes    = []string{"system", "light", "dark"}
	contrasts = []string{"system", "more"}
	languages = []string{"", "system", "en", "de"}
)

// Look is what was chosen last.
func (s *Settings) Look() (Look, error) {
	return call(s.b, "Settings.Look", func(d *Deps) (Look, error) {
		var text string
		err := d.Books.View(func(tx *db.Tx) (err error) { text, err = tx.Meta(metaLook); return err })
		words := append(strings.Fields(text), "", "", "")
		return Look{words[0], words[1], words[2]}, err
	})
}

// SetLook keeps what was chosen.
func (s *Settings) SetLook(look Look) error {
	return do(s.b, "Settings.SetLook", func(d *Deps) error {
		if !slices.Contains(themes, look.Theme) || !slices.Contains(contrasts, look.Contrast) || !slices.Contains(languages, look.Language) {
			return invalid("There is no such appearance.")
		}
		return d.Books.Update(d.Now(), func(tx *db.Tx) error {
			return tx.SetMeta(metaLook, strings.Join([]string{look.Theme, look.Contrast, look.Language}, " "))
		})
	})
}

package bridge

import (
	"log/slog"
	"slices"
	"strings"

	"evenstock/backend/db"
	"evenstock/backend/desktop"
	"evenstock/backend/words"
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
	languages = append([]string{"", words.System}, words.Languages...)
)

// Look is what was chosen last.
func (s *Settings) Look() (Look, error) {
	return call(s.b, "Settings.Look", func(d *Deps) (Look, error) {
		return chosenLook(d.looks())
	})
}

func chosenLook(books *db.DB) (Look, error) {
	var text string
	err := books.View(func(tx *db.Tx) (err error) { text, err = tx.Meta(metaLook); return err })
	chosen := append(strings.Fields(text), "", "", "")
	return Look{chosen[0], chosen[1], chosen[2]}, err
}

// chosenWords speak as was chosen, else as this computer does. Books that cannot be read choose nothing.
func chosenWords(books *db.DB) words.Words {
	look, err := chosenLook(books)
	if err != nil {
		slog.Warn("language", "err", err)
	}
	return words.In(look.Language, desktop.Languages())
}

// looks are the books that keep the look: those of the program, also while it shows practice books.
func (d *Deps) looks() *db.DB {
	if d.Looks != nil {
		return d.Looks
	}
	return d.Books
}

// SetLook keeps what was chosen. What surrounds the window speaks the language from then on.
func (s *Settings) SetLook(look Look) error {
	return do(s.b, "Settings.SetLook", func(d *Deps) error {
		if !slices.Contains(themes, look.Theme) || !slices.Contains(contrasts, look.Contrast) || !slices.Contains(languages, look.Language) {
			return invalid("There is no such appearance.")
		}
		err := d.looks().Update(d.Now(), func(tx *db.Tx) error {
			return tx.SetMeta(metaLook, strings.Join([]string{look.Theme, look.Contrast, look.Language}, " "))
		})
		if err == nil && d.Changed != nil {
			d.Changed([]string{"stores"}) // the tray is shown anew
		}
		return err
	})
}

// Package words says the program's sentences in the language of the person where no page does: in the tray, in questions
// and in notices of the system. English is written in the sources; the others stand in the catalogues beside the page's.
package words

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"evenstock/frontend/src/locales"
)

// System is the choice of whoever follows the language of the computer. So does who never chose.
const System = "system"

// Languages are the tags of the languages that are spoken, English first.
var Languages = []string{"en", "de"}

// Words speaks one language. The zero Words speaks English.
type Words struct{ spoken *language }

// language is one that is not English.
type language struct {
	says   map[string]string // by the English sentence
	manner manner
}

// In speaks the chosen language, else the first of the preferred ones that is spoken, else English. A preferred one is a
// tag such as "de-AT"; what is no tag is passed over.
func In(chosen string, preferred []string) Words {
	for _, tag := range append([]string{chosen}, preferred...) {
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if slices.Contains(Languages, base) {
			return Words{catalogues()[base]}
		}
	}
	return Words{}
}

// catalogues are the languages by their tags; English has none.
var catalogues = sync.OnceValue(func() map[string]*language {
	all := map[string]*language{}
	for _, tag := range Languages[1:] {
		l := &language{says: map[string]string{}, manner: manners[tag]}
		for _, name := range []string{"program", "native"} {
			text, err := locales.Program.ReadFile(name + "." + tag + ".json")
			if err == nil {
				err = json.Unmarshal(text, &l.says)
			}
			if err != nil {
				panic(fmt.Sprintf("catalogue %s: %v", path.Join(name, tag), err)) // it was built in
			}
		}
		all[tag] = l
	}
	return all
})

var place = regexp.MustCompile(`\{\d\}`)

// Say puts values into an English sentence, which is a format of package fmt, or into what the language says for it.
func (w Words) Say(english string, values ...any) string {
	in, known := w.known(english)
	if !known {
		return fmt.Sprintf(english, values...)
	}
	return place.ReplaceAllStringFunc(in, func(at string) string {
		n := int(at[1] - '1')
		if n < 0 || n >= len(values) {
			return at
		}
		return fmt.Sprint(values[n])
	})
}

// Tell says a sentence that another part of the program has written, or a shop: what is not known stays as it is.
func (w Words) Tell(sentence string) string {
	if in, known := w.known(sentence); known {
		return in
	}
	return sentence
}

// Count says how many there are: one for 1, else many, which has a place for the number.
func (w Words) Count(n int, one, many string) string {
	if n == 1 {
		return w.Tell(one)
	}
	return w.Say(many, w.Number(n))
}

func (w Words) known(english string) (string, bool) {
	if w.spoken == nil {
		return "", false
	}
	in, known := w.spoken.says[english]
	return in, known
}

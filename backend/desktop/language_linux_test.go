package desktop

import (
	"slices"
	"testing"
)

func TestSystemLanguages(t *testing.T) {
	for _, c := range []struct {
		name, all, messages, lang, list string
		want                            []string
	}{
		{"a locale", "", "", "de_DE.UTF-8", "", []string{"de-DE"}},
		{"messages before the rest", "", "en_GB.UTF-8", "de_AT.UTF-8@euro", "", []string{"en-GB"}},
		{"all before messages", "de", "en_GB", "fr_FR", "", []string{"de"}},
		{"a list before the locale", "", "", "en_US.UTF-8", "de_CH:fr::C", []string{"de-CH", "fr", "en-US"}},
		{"none, so the list does not count", "", "", "C.UTF-8", "de", nil},
		{"nothing", "", "", "", "", nil},
		{"no name of a locale", "../de", "", "", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, value := range map[string]string{"LC_ALL": c.all, "LC_MESSAGES": c.messages, "LANG": c.lang, "LANGUAGE": c.list} {
				t.Setenv(name, value)
			}
			if got := systemLanguages(); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

//go:build !windows && !darwin

package desktop

import (
	"cmp"
	"os"
	"strings"
)

// systemLanguages reads the environment as GTK and WebKit do, so that tray and page agree: LANGUAGE counts only beside a
// locale that has a language.
func systemLanguages() (tags []string) {
	locale := fromLocale(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")))
	if locale == "" {
		return nil
	}
	for name := range strings.SplitSeq(os.Getenv("LANGUAGE"), ":") {
		if tag := fromLocale(name); tag != "" {
			tags = append(tags, tag)
		}
	}
	return append(tags, locale)
}

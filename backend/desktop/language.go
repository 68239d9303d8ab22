package desktop

import (
	"regexp"
	"sync"
)

// Languages are the languages this computer prefers, the best first, as tags such as "de-AT". They are asked for once.
var Languages = sync.OnceValue(systemLanguages)

// localeName is a POSIX name of a locale, such as "de_AT.UTF-8@euro": its language and its country.
var localeName = regexp.MustCompile(`^([A-Za-z]{2,3})(?:_([A-Za-z]{2}))?(?:[.@].*)?$`)

// fromLocale is the tag of a POSIX locale, "" for one without a language, such as "C".
func fromLocale(name string) string {
	m := localeName.FindStringSubmatch(name)
	switch {
	case m == nil:
		return ""
	case m[2] == "":
		return m[1]
	}
	return m[1] + "-" + m[2]
}

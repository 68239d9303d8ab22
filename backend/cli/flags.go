package cli

import (
	"flag"
	"io"
	"slices"
	"strconv"
	"strings"
)

// globals are the flags that every command takes, wherever they stand.
type globals struct {
	folder  string
	json    bool
	secrets string // where the key that seals secrets lies: os, file or "" for where it lies already
	hidden  bool   // of the window
	help    bool
}

func (g *globals) register(fs *flag.FlagSet) {
	fs.StringVar(&g.folder, "data", g.folder, "the `folder` the books lie in (or EVENSTOCK_DATA)")
	fs.BoolVar(&g.json, "json", g.json, "one JSON document on standard output")
	fs.StringVar(&g.secrets, "secrets", g.secrets, "where the key to the stores' keys is kept: os or file")
	fs.BoolVar(&g.hidden, "hidden", g.hidden, "start in the tray")
	fs.BoolVar(&g.help, "help", g.help, "help")
	fs.BoolVar(&g.help, "h", g.help, "help")
}

func (g *globals) check() error {
	if g.secrets != "" && g.secrets != "os" && g.secrets != "file" {
		return usagef("--secrets is os or file, not %q.", g.secrets)
	}
	return nil
}

func newFlagSet() *flag.FlagSet {
	fs := flag.NewFlagSet("evenstock", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	return fs
}

// given says whether a flag was typed, be it with the value it has anyway.
func given(fs *flag.FlagSet, name string) (typed bool) {
	fs.Visit(func(f *flag.Flag) { typed = typed || f.Name == name })
	return typed
}

// parse sorts args into the flags of fs and the words between them. Flags may stand before, between and after the words;
// "--" ends them; a word such as -3 is a number.
func parse(fs *flag.FlagSet, args []string) (words []string, err error) {
	for len(args) > 0 {
		switch {
		case args[0] == "--":
			return append(words, args[1:]...), nil
		case len(args[0]) < 2 || args[0][0] != '-' || isNumber(args[0]):
			words = append(words, args[0])
			args = args[1:]
		default:
			n := 1
			if takesValue(fs, args[0]) {
				n = min(2, len(args))
			}
			if err := fs.Parse(args[:n]); err != nil {
				return nil, usagef("%s.", sentence(err.Error()))
			}
			args = args[n:]
		}
	}
	return words, nil
}

func isNumber(word string) bool {
	return word[0] == '-' && (word[1] >= '0' && word[1] <= '9' || word[1] == '.')
}

// takesValue reports whether the word after a flag belongs to it.
func takesValue(fs *flag.FlagSet, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	if strings.Contains(name, "=") {
		return false
	}
	f := fs.Lookup(name)
	if f == nil {
		return false
	}
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}

// findCommand returns the command that args name, and args without its name; no command when there are only flags.
func findCommand(args []string) (*command, []string, error) {
	fs := newFlagSet()
	(&globals{}).register(fs)
	at := 0
	for at < len(args) && strings.HasPrefix(args[at], "-") && lookUp(args[at]) == nil {
		if takesValue(fs, args[at]) {
			at++
		}
		at++
	}
	if at >= len(args) {
		return nil, args, nil
	}
	rest := func(n int) []string { return slices.Concat(args[:at], args[at+n:]) }
	if at+1 < len(args) {
		if c := lookUp(args[at] + " " + args[at+1]); c != nil {
			return c, rest(2), nil
		}
	}
	if c := lookUp(args[at]); c != nil {
		return c, rest(1), nil
	}
	return nil, nil, unknownCommand(args[at])
}

// quantity reads a whole number of units as a person types it. The minus sign of typography is one too.
func quantity(word string) (int64, error) {
	text := strings.Replace(word, "−", "-", 1)
	digits := strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, usagef("%q is not a whole number of units.", word)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, usagef("%s is more than can be counted.", word)
	}
	return n, nil
}

// pairs collects name=value flags that may be given several times.
type pairs map[string]string

func (p pairs) String() string { return "" }

func (p pairs) Set(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return usagef("it is given as name=value")
	}
	p[name] = value
	return nil
}

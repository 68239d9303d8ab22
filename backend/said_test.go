package backend_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// saidIn are the packages whose sentences reach the page, with what is below them.
var saidIn = []string{"channel", "engine", "ledger", "view", "db", "bridge"}

// notSaid speak to somebody else: to tests, to a tray and its notices, to programs and to the command line.
var notSaid = []string{"channel/channeltest/", "channel/memory/", "channel/spectest/", "db/dbtest/", "db/verify", "db/rebuild", "db/restore",
	"bridge/outlook.go", "bridge/behind.go", "bridge/web.go", "bridge/dispatch.go", "view/keyend.go"}

// native are the files whose sentences are said where there is no page; beside them it is what is passed to Say and Count.
var (
	native     = []string{"bridge/outlook.go", "bridge/behind.go", "desktop/closing.go", "desktop/shell.go", "desktop/traymenu.go"}
	saysNative = []string{"bridge", "desktop"}
)

// notTold take text that no seller reads.
var notTold = regexp.MustCompile(`^(errors\.New|fmt\.Errorf|panic|.*\.(Debug|Info|Warn|Error|Format|Parse|MustCompile))$`)

// shownAs are the fields whose text is shown though it is no sentence.
var shownAs = []string{"Label", "Help", "Note", "note"}

var (
	sentence = regexp.MustCompile(`^([\p{Lu}%]|eBay).*([.?]|: %s)$`)
	words    = regexp.MustCompile(`\p{Ll}{2,}.*\s.*\p{Ll}{2,}`)
	verb     = regexp.MustCompile(`%[sdqv]`)
	place    = regexp.MustCompile(`\{(\d)\}`)
)

// TestEverySentenceIsTranslated: sellers read what the program says in the language of the page. The page looks it up by the
// English sentence, a format's verbs standing for what is put in; the catalogue says with {1}, {2} where that goes.
func TestEverySentenceIsTranslated(t *testing.T) {
	said := map[string]string{} // sentence → file
	for file, text := range sources(t, ".go", "testdata") {
		name := strings.TrimPrefix(file, "backend/")
		in := func(part string) bool { return strings.HasPrefix(name, part) }
		root, _, _ := strings.Cut(name, "/")
		if name == file || !slices.Contains(saidIn, root) || strings.HasSuffix(name, "_test.go") || slices.ContainsFunc(notSaid, in) {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Walk(listener{said, name}, parsed)
	}
	if len(said) < 300 {
		t.Fatalf("only %d sentences were found", len(said))
	}
	inCatalogue(t, "program", said)
}

// TestEveryNativeWordIsTranslated is the same for tray, questions and notices of the system, which Go translates itself.
func TestEveryNativeWordIsTranslated(t *testing.T) {
	said := map[string]string{}
	for file, text := range sources(t, ".go", "testdata") {
		name := strings.TrimPrefix(file, "backend/")
		root, _, _ := strings.Cut(name, "/")
		if !slices.Contains(saysNative, root) || strings.HasSuffix(name, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec, *ast.Field:
				return false
			case *ast.CallExpr:
				if notTold.MatchString(called(n.Fun)) {
					return false
				}
				for _, s := range passedOn(n) {
					said[s] = name
				}
			case *ast.BasicLit:
				if s, ok := written(n); ok && slices.Contains(native, name) && sentence.MatchString(s) && words.MatchString(s) {
					said[s] = name
				}
			}
			return true
		})
	}
	if len(said) < 60 {
		t.Fatalf("only %d were found", len(said))
	}
	inCatalogue(t, "native", said)
}

// passedOn is what a call says where there is no page: Say(english, …) or Count(n, one, many).
func passedOn(n *ast.CallExpr) (said []string) {
	args := n.Args
	switch name := called(n.Fun); {
	case strings.HasSuffix(name, ".Say"):
		args = args[:1]
	case strings.HasSuffix(name, ".Count") && len(args) == 3:
		args = args[1:]
	default:
		return nil
	}
	for _, arg := range args {
		if s, ok := written(arg); ok {
			said = append(said, s)
		}
	}
	return said
}

// inCatalogue compares what is said with a catalogue of every language but English.
func inCatalogue(t *testing.T, kind string, said map[string]string) {
	t.Helper()
	for _, language := range []string{"de"} {
		file := path.Join("../frontend/src/locales", kind+"."+language+".json")
		b, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Fatal(err)
		}
		catalogue := map[string]string{}
		if err := json.Unmarshal(b, &catalogue); err != nil {
			t.Fatal(err)
		}
		for _, s := range slices.Sorted(maps.Keys(said)) {
			translated, known := catalogue[s]
			switch {
			case !known || translated == "":
				t.Errorf("%s lacks, from %s:\n  %s: \"\",", path.Base(file), said[s], strconv.Quote(s))
			case !samePlaces(s, translated):
				t.Errorf("%s: other places than in English: %q", path.Base(file), translated)
			}
		}
		for s := range catalogue {
			if _, known := said[s]; !known {
				t.Errorf("%s: nobody says %q any more", path.Base(file), s)
			}
		}
	}
}

// samePlaces reports whether a translation has a place for each value of the English one, and no other.
func samePlaces(english, translated string) bool {
	var places []string
	for _, m := range place.FindAllStringSubmatch(translated, -1) {
		places = append(places, m[1])
	}
	slices.Sort(places)
	places = slices.Compact(places)
	return len(places) == len(verb.FindAllString(english, -1)) && (len(places) == 0 || places[len(places)-1] == strconv.Itoa(len(places)))
}

// listener notes what is said in the part of a file that is walked.
type listener struct {
	said map[string]string
	file string
}

func (l listener) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.ImportSpec, *ast.Field:
		return nil
	case *ast.CallExpr:
		if notTold.MatchString(called(n.Fun)) || len(passedOn(n)) > 0 {
			return nil
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && slices.Contains(shownAs, key.Name) {
			if text, ok := written(n.Value); ok && text != "" {
				l.said[text] = l.file
			}
		}
	case *ast.BinaryExpr, *ast.BasicLit:
		text, ok := written(n.(ast.Expr))
		if !ok {
			return l
		}
		if sentence.MatchString(text) && words.MatchString(verb.ReplaceAllString(text, "")) {
			l.said[text] = l.file
		}
		return values{l}
	}
	return l
}

// values walks what is put into a text that was noted, without its own parts.
type values struct{ listener }

func (v values) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.BinaryExpr, *ast.BasicLit, *ast.ParenExpr:
		return v
	case ast.Expr:
		return v.listener.Visit(n)
	}
	return v.listener
}

// called is the name of what is called, as far as it has one.
func called(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return called(e.X) + "." + e.Sel.Name
	case *ast.CallExpr:
		return called(e.Fun)
	}
	return ""
}

// written is the text of an expression with %s for what is only known when it is said; false where there is no text.
func written(e ast.Expr) (text string, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.CallExpr:
		if called(e.Fun) == "fmt.Sprintf" {
			return written(e.Args[0])
		}
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		left, isLeft := written(e.X)
		right, isRight := written(e.Y)
		if !isLeft && !isRight {
			return "", false
		}
		if !isLeft {
			left = "%s"
		}
		if !isRight {
			right = "%s"
		}
		return left + right, true
	}
	return "", false
}

package backend_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	mostLines         = 400 // of a file; longer ones are two ideas
	mostFunctionLines = 70

	// Tests tell one scene after another, and a table of cases is not a long thought.
	mostTestFileLines = 600
	mostTestLines     = 110
)

// clocks are the packages that may ask for the time. Everything else is given it, so that tests decide what time it is.
var clocks = []string{".", "backend/schedule", "backend/channel/httpx", "backend/desktop", "backend/bridge",
	"backend/sim/mutate"} // it says how long it took

// banned must not stand in shipped Go code.
var banned = []struct{ pattern, why string }{
	{`\b(TODO|FIXME|XXX|HACK)\b`, "finish it, or leave it out"},
	{`InsecureSkipVerify`, "a certificate that is not checked protects nobody"},
	{`"[^"]*\bfailed to\b`, "say what was being done, as a noun phrase"},
	{`(?i)"[^"]*\b(please|oops|successfully)\b`, "speak as a careful colleague"},
	{`(/work/|/root/)`, "no path of a particular computer"},
	{`\blog\.(Fatal|Panic)`, "return the error"},
	{`\bcontext\.TODO\(`, "take a context"},
	{`registry\.npmjs|proxy\.golang\.org`, "no host of a registry"},
}

// bannedOnPage must not stand in the page's code.
var bannedOnPage = []struct{ pattern, why string }{
	{`\{@html`, "titles come from shops: text binding only"},
	{`\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b`, "titles come from shops: text binding only"},
	{`\beval\(|new Function\(`, "nothing that is text may run"},
	{`\b(TODO|FIXME|XXX|HACK)\b`, "finish it, or leave it out"},
	{`:\s*any\b|<any>|as any\b`, "say what it is"},
	{`(?i)>[^<{]*\b(please|oops|successfully|failed to)\b`, "speak as a careful colleague"},
}

func TestTidyGo(t *testing.T) {
	for file, text := range sources(t, ".go", "testdata", "node_modules", "wailsjs") {
		tests := strings.HasSuffix(file, "_test.go")
		most := mostLines
		if tests {
			most = mostTestFileLines
		}
		if n := bytes.Count(text, []byte("\n")); n > most {
			t.Errorf("%s has %d lines, more than %d: split it by idea", file, n, most)
		}
		checkFunctions(t, file, text, tests)
		if tests {
			continue
		}
		for _, b := range banned {
			report(t, file, text, b.pattern, b.why)
		}
		if !slices.Contains(clocks, path.Dir(file)) {
			report(t, file, text, `\btime\.(Now|Since|Until)\b`, "take the time from the caller")
		}
	}
}

func checkFunctions(t *testing.T, file string, text []byte, tests bool) {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, parser.SkipObjectResolution)
	if err != nil {
		t.Errorf("parse: %v", err)
		return
	}
	most := mostFunctionLines
	if tests {
		most = mostTestLines
	}
	for _, decl := range parsed.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if n := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1; n > most {
			t.Errorf("%s: %s has %d lines, more than %d", file, f.Name.Name, n, most)
		}
		if f.Recv == nil && f.Name.Name == "init" && strings.Contains(file, "/channel/") {
			t.Errorf("%s: a connector does nothing by being imported", file)
		}
	}
}

func TestTidyPage(t *testing.T) {
	for _, ext := range []string{".svelte", ".ts"} {
		for file, text := range sources(t, ext, "node_modules", "wailsjs", "dist", "dist-fake") {
			if n := bytes.Count(text, []byte("\n")); n > mostLines {
				t.Errorf("%s has %d lines, more than %d: split it by idea", file, n, mostLines)
			}
			for _, b := range bannedOnPage {
				report(t, file, text, b.pattern, b.why)
			}
			checkPageImports(t, file, text)
		}
	}
}

// pageFloors says what the folders of the page may not import. Screens stand beside each other and know nothing of one
// another; only api/ knows that there is a program behind the page.
var pageFloors = map[string]string{
	"ui":     `'[^']*/(api|grid|parts|screens|shell)[/']`,
	"format": `'[^']*/(api|grid|parts|screens|shell|ui)[/']`,
	"grid":   `'[^']*/(api|parts|screens|shell)[/']`,
	"parts":  `'[^']*/(screens|shell)[/']`,
	"api":    `'[^']*/(grid|parts|screens|shell|ui)[/']`,
}

func checkPageImports(t *testing.T, file string, text []byte) {
	t.Helper()
	below, ok := strings.CutPrefix(file, "frontend/src/")
	if !ok {
		return
	}
	folder, _, _ := strings.Cut(below, "/")
	if strings.HasSuffix(file, ".test.ts") {
		return
	}
	if pattern, ok := pageFloors[folder]; ok {
		report(t, file, text, `from `+pattern, "not below "+folder+"/")
	}
	if folder != "api" {
		report(t, file, text, `wailsjs/`, "only api/ talks to the program")
	}
	if folder == "screens" {
		report(t, file, text, `from '\.\./\.\./screens/|from '\.\./[a-z]+/`, "screens never import each other")
	}
}

// report says where a pattern stands.
func report(t *testing.T, file string, text []byte, pattern, why string) {
	t.Helper()
	for _, at := range regexp.MustCompile(pattern).FindAllIndex(text, -1) {
		t.Errorf("%s:%d: %q: %s", file, 1+bytes.Count(text[:at[0]], []byte("\n")), text[at[0]:at[1]], why)
	}
}

// sources yields the files of the repository with an extension, by their path from its root.
func sources(t *testing.T, ext string, without ...string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != ".." && (strings.HasPrefix(d.Name(), ".") || slices.Contains(without, d.Name())) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ext || name == "tidy_test.go" {
			return nil
		}
		text, err := os.ReadFile(name)
		rel, _ := filepath.Rel("..", name)
		files[filepath.ToSlash(rel)] = text
		return err
	})
	if err != nil {
		t.Fatalf("read sources: %v", err)
	}
	return files
}

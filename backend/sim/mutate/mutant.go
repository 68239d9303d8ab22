package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mutant is one planted mistake: what it is, and the text it changes.
type mutant struct {
	name, about string
	edits       []edit
}

// edit replaces a text that stands exactly once in a file of the repository.
type edit struct{ file, old, new string }

const (
	markFile = "file: "
	markOld  = "---- old\n"
	markNew  = "\n---- new\n"
	markEnd  = "\n---- end\n"
)

// load reads the mutants of a folder, by name. A file is a line "# what is wrong" and for each file changed a line
// "file: path" with blocks of old and new text.
func load(dir string) ([]mutant, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, err
	}
	var out []mutant
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		m, err := parse(string(b))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		m.name = strings.TrimSuffix(filepath.Base(f), ".txt")
		out = append(out, m)
	}
	return out, nil
}

func parse(text string) (m mutant, err error) {
	about, rest, ok := strings.Cut(text, "\n")
	if !ok || !strings.HasPrefix(about, "# ") {
		return m, fmt.Errorf("a first line that says what is wrong is missing")
	}
	m.about = about[2:]
	file := ""
	for rest != "" {
		if after, found := strings.CutPrefix(rest, markFile); found {
			file, rest, _ = strings.Cut(after, "\n")
			continue
		}
		block, after, found := strings.Cut(rest, markEnd)
		old, replaced, both := strings.Cut(block, markNew)
		if !found || !both || !strings.HasPrefix(old, markOld) || file == "" {
			return m, fmt.Errorf("a block of old and new text is not complete")
		}
		m.edits = append(m.edits, edit{file, old[len(markOld):], replaced})
		rest = after
	}
	if len(m.edits) == 0 {
		return m, fmt.Errorf("it changes nothing")
	}
	return m, nil
}

// seen tells whether a file it changes lies below one of the folders; what changes nothing is seen by all.
func (m mutant) seen(folders []string) bool {
	return len(m.edits) == 0 || slices.ContainsFunc(m.edits, func(e edit) bool {
		return slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(e.file, f+"/") })
	})
}

// apply returns the changed files by their path below root. A text that is not there exactly once is an error: the code
// has moved on and the mutant has to follow it.
func (m mutant) apply(root string) (map[string]string, error) {
	out := map[string]string{}
	for _, e := range m.edits {
		path := filepath.Join(root, e.file)
		src, ok := out[path]
		if !ok {
			b, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			src = string(b)
		}
		if n := strings.Count(src, e.old); n != 1 {
			return nil, fmt.Errorf("the text to change stands %d times in %s, not once: %q", n, e.file, e.old)
		}
		out[path] = strings.Replace(src, e.old, e.new, 1)
	}
	return out, nil
}

package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"
)

// maxFile bounds what is read from a file named on the command line: a list of rows or a secret.
const maxFile = 32 << 20

// ownTerminal is the terminal of this process.
func ownTerminal(in, out, errs *os.File) (*Terminal, error) {
	folder, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("working folder: %w", err)
	}
	t := &Terminal{Out: out, Err: errs, Folder: folder, Env: map[string]string{}}
	for _, v := range os.Environ() {
		if name, value, _ := strings.Cut(v, "="); strings.HasPrefix(name, envPrefix) {
			t.Env[name] = value
		}
	}
	t.Read = func(file string) ([]byte, error) { return readFile(in, t.path(file), file) }
	t.Write = func(file string, b []byte) error { return writeFile(t.path(file), b) }
	t.Ask = func(label string, secret bool) (string, error) { return askPerson(in, errs, label, secret) }
	return t, nil
}

// readFile reads a file, or standard input where it is called "-".
func readFile(in io.Reader, path, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(in, maxFile))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// writeFile writes a whole file or leaves what was there.
func writeFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".evenstock-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when it was renamed
	if _, err := f.Write(b); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// askPerson asks a question on the terminal. A secret is not shown while it is typed.
func askPerson(in, errs *os.File, label string, secret bool) (string, error) {
	if !term.IsTerminal(int(in.Fd())) {
		return "", errNobody
	}
	fmt.Fprintf(errs, "%s: ", label)
	if secret {
		b, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(errs)
		return string(b), err
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}

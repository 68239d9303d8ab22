package db

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFirstOpenMakesWhatEveryDatabaseHas(t *testing.T) {
	d, dir := onDisk(t)
	must(t, d.View(func(tx *Tx) error {
		want := []Warehouse{{Loc: DefaultLoc, Code: "MAIN", Name: "Main warehouse", Priority: 1}}
		if diff := cmp.Diff(want, tx.Warehouses()); diff != "" {
			t.Error(diff)
		}
		return nil
	}))
	if !d.WasClean() {
		t.Error("a new database is called dirty")
	}
	id := d.InstallID()
	if len(id) != 32 {
		t.Errorf("install id %q", id)
	}
	must(t, d.Close(), d.Close()) // the second does nothing
	again := opened(t, dir)
	if !again.WasClean() || again.InstallID() != id {
		t.Errorf("reopened: clean %v, install id %q, was %q", again.WasClean(), again.InstallID(), id)
	}
	if other := memory(t); other.InstallID() == id {
		t.Error("two databases have the same install id")
	}
	verified(t, again)
}

func TestDirtyExitIsRemembered(t *testing.T) {
	d, dir := onDisk(t)
	must(t, d.closeFiles()) // as a killed process leaves it: no mark of a tidy end
	again, err := Open(dir)
	must(t, err)
	if again.WasClean() {
		t.Error("called clean after a dirty exit")
	}
	must(t, again.Close())
	last, err := Open(dir)
	must(t, err)
	if !last.WasClean() {
		t.Error("called dirty after a tidy close")
	}
	must(t, last.Close())
	d.closing.Do(func() {})
}

func TestFolderIsClosedToOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "books")
	must(t, os.Mkdir(dir, 0o755))
	must(t, opened(t, dir).Close())
	info, err := os.Stat(dir)
	must(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestEmptyFilesOfACrashAreRemoved(t *testing.T) {
	d, dir := onDisk(t)
	sample(t, d)
	must(t, d.Close())
	for _, name := range []string{"00042.mem", "000042.vlog"} {
		must(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	verified(t, opened(t, dir))
	if _, err := os.Stat(filepath.Join(dir, "00042.mem")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the empty file is still there: %v", err)
	}
}

// files is every file below dir with its content, to show that nothing was touched.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		out[path] = string(b)
		return err
	}))
	return out
}

// refused checks that err is of a kind and speaks to a seller.
func refused(t *testing.T, err error, kind *OpenError) {
	t.Helper()
	var e *OpenError
	if !errors.As(err, &e) || !errors.Is(err, kind) {
		t.Fatalf("err = %v, want kind %s", err, kind.Code)
	}
	low := strings.ToLower(e.UserMessage())
	for _, word := range []string{"please", "failed", "error", "!", "successfully"} {
		if strings.Contains(low, word) {
			t.Errorf("%q says %q", e.Message, word)
		}
	}
	if !strings.HasSuffix(e.Message, ".") || strings.ToUpper(e.Message[:1]) != e.Message[:1] {
		t.Errorf("%q is no sentence", e.Message)
	}
}

// closedBooks are sample books that were closed properly.
func closedBooks(t *testing.T) string {
	d, dir := onDisk(t)
	sample(t, d)
	must(t, d.Close())
	return dir
}

// refusals are folders that cannot be opened; spoil makes one and returns it.
var refusals = []struct {
	name  string
	kind  *OpenError
	says  string
	spoil func(t *testing.T) string // returns the folder to open
}{
	{"a file instead of a folder", ErrFolder, "is not a folder", func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "file")
		must(t, os.WriteFile(path, []byte("x"), 0o600))
		return path
	}},
	{"a folder within a file", ErrFolder, "is not a folder", func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "file")
		must(t, os.WriteFile(path, []byte("x"), 0o600))
		return filepath.Join(path, "books")
	}},
	{"a manifest of garbage", ErrBroken, "damaged", func(t *testing.T) string {
		dir := closedBooks(t)
		must(t, os.WriteFile(filepath.Join(dir, "MANIFEST"), bytes.Repeat([]byte("garbage"), 100), 0o600))
		return dir
	}},
	{"a table is gone", ErrBroken, "damaged or missing", func(t *testing.T) string {
		dir := closedBooks(t)
		tables, err := filepath.Glob(filepath.Join(dir, "*.sst"))
		must(t, err)
		if len(tables) == 0 {
			t.Fatal("no tables")
		}
		must(t, os.Remove(tables[0]))
		return dir
	}},
	{"a byte of a table is flipped", ErrBroken, "damaged", func(t *testing.T) string {
		dir := closedBooks(t)
		tables, err := filepath.Glob(filepath.Join(dir, "*.sst"))
		must(t, err)
		b, err := os.ReadFile(tables[0])
		must(t, err)
		at := bytes.Index(b, []byte("warehouse")) // within a record: Badger itself falls over when a block cannot be unpacked
		if at < 0 {
			t.Fatal("the table does not hold the main warehouse")
		}
		b[at] ^= 0x10
		must(t, os.WriteFile(tables[0], b, 0o600))
		return dir
	}},
	{"another database", ErrBroken, "damaged", func(t *testing.T) string {
		dir := closedBooks(t)
		d, err := openFiles(dir, Options{})
		must(t, err, d.Update(testTime, func(tx *Tx) error { return tx.del(key(tagMeta, metaSchema)) }), d.closeFiles())
		return dir
	}},
	{"a manifest of a later Badger", ErrNewer, "a newer Evenstock", func(t *testing.T) string {
		dir := closedBooks(t)
		b, err := os.ReadFile(filepath.Join(dir, "MANIFEST"))
		must(t, err)
		b[7]++ // after the magic and the external magic: the version
		must(t, os.WriteFile(filepath.Join(dir, "MANIFEST"), b, 0o600))
		return dir
	}},
	{"a newer schema", ErrNewer, "Evenstock 9.9", func(t *testing.T) string {
		dir := closedBooks(t)
		d, err := openFiles(dir, Options{})
		must(t, err, d.Update(testTime, func(tx *Tx) error {
			return errors.Join(tx.SetMeta(metaSchema, "99"), tx.SetMeta(metaVersion, "9.9"))
		}), d.closeFiles())
		return dir
	}},
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			dir := tt.spoil(t)
			d, err := OpenWith(dir, Options{Version: "1.0", Now: testTime})
			if err == nil {
				d.Close()
			}
			refused(t, err, tt.kind)
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q does not say %q", err, tt.says)
			}
			if _, err := OpenWith(dir, Options{}); !errors.Is(err, tt.kind) {
				t.Errorf("the second try: %v", err) // above all not ErrLocked
			}
		})
	}
}

func TestNewerBooksAreNotTouched(t *testing.T) {
	d, dir := onDisk(t)
	sample(t, d)
	update(t, d, func(tx *Tx) error { return tx.SetMeta(metaSchema, "99") })
	before := dumped1(t, d)
	must(t, d.closeFiles())
	d.closing.Do(func() {})
	_, err := Open(dir)
	refused(t, err, ErrNewer)
	raw, err := openFiles(dir, Options{})
	must(t, err)
	if diff := cmp.Diff(before, dumped1(t, raw)); diff != "" {
		t.Error(diff)
	}
	must(t, raw.closeFiles())
}

func TestLockedFolderIsRefusedAndItsFilesLeftAlone(t *testing.T) {
	d, dir := onDisk(t)
	sample(t, d)
	empty := filepath.Join(dir, "00042.mem") // as the other process may have made it just now
	must(t, os.WriteFile(empty, nil, 0o600))
	_, err := Open(dir)
	refused(t, err, ErrLocked)
	if _, err := os.Stat(empty); err != nil {
		t.Errorf("the repair touched a folder in use: %v", err)
	}
	must(t, os.Remove(empty))
	update(t, d, func(tx *Tx) error { return tx.SetMeta("still", "writing") })
	verified(t, d)
}

func TestMigrationBacksUpFirstAndResumes(t *testing.T) {
	d, dir := onDisk(t)
	sample(t, d)
	before := dumped1(t, d)
	must(t, d.Close())
	stop := errors.New("power cut")
	var calls []string
	titles := migration{schema + 1, "upper-case titles", func(tx *Tx, from []byte) ([]byte, error) {
		calls = append(calls, string(from))
		if len(calls) == 2 {
			return nil, stop
		}
		id := uint64(1)
		if len(from) > 0 {
			id = u64(from)
		}
		it, err := tx.Item(id)
		if errors.Is(err, ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		it.Title = strings.ToUpper(it.Title)
		_, err = tx.PutItem(it)
		return key(0, id+1)[1:], err
	}}
	mark := migration{schema + 2, "a mark", func(tx *Tx, _ []byte) ([]byte, error) { return nil, tx.SetMeta("mark", "3") }}
	opt := Options{Version: "3.0", Now: testTime.Add(time.Hour)}

	if _, err := open(dir, opt, schema+2, []migration{titles, mark}); !errors.Is(err, stop) {
		t.Fatalf("err = %v", err)
	}
	d, err := open(dir, opt, schema+2, []migration{titles, mark})
	must(t, err)
	want := []string{"", "\x00\x00\x00\x00\x00\x00\x00\x02", "\x00\x00\x00\x00\x00\x00\x00\x02", "\x00\x00\x00\x00\x00\x00\x00\x03", "\x00\x00\x00\x00\x00\x00\x00\x04"}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("chunks: %s", diff)
	}
	must(t, d.View(func(tx *Tx) error {
		it, err := tx.Item(3)
		must(t, err)
		now, err := tx.Meta(metaSchema)
		must(t, err)
		progress, err := tx.Meta(metaMigrating)
		must(t, err)
		if it.Title != "APPLE 3" || now != fmt.Sprint(schema+2) || progress != "" {
			t.Errorf("title %q, schema %s, progress %q", it.Title, now, progress)
		}
		return nil
	}))
	verified(t, d)
	must(t, d.Close())

	// The backup was made once, before the first change, and holds the old books.
	old, err := openFiles("", Options{})
	must(t, err, old.loadStream(t.Context(), fmt.Sprintf("%s.schema-%d.bak", dir, schema)))
	if diff := cmp.Diff(withoutClean(before), withoutClean(dumped1(t, old))); diff != "" {
		t.Error(diff)
	}
	must(t, old.closeFiles())
}

// withoutClean drops the line that every open and close changes.
func withoutClean(dump string) string {
	var keep []string
	for _, line := range strings.Split(dump, "\n") {
		if !strings.Contains(line, `"name":"clean"`) {
			keep = append(keep, line)
		}
	}
	return strings.Join(keep, "\n")
}

func TestMigrationsLeadToThePresentSchema(t *testing.T) {
	at := 1
	for _, m := range migrations {
		if at++; m.to != at {
			t.Errorf("migration %q leads to schema %d, want %d", m.name, m.to, at)
		}
	}
	if at != schema {
		t.Errorf("migrations end at schema %d, the program writes %d", at, schema)
	}
}

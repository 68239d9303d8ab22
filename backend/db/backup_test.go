package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/domain"
)

var updateGolden = flag.Bool("update", false, "write the golden backup of the present schema")

func backedUp(t *testing.T, d *DB) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "shop.bak")
	must(t, d.Backup(t.Context(), file, testTime))
	return file
}

func TestBackupAndRestore(t *testing.T) {
	d := memory(t)
	sample(t, d)
	file := backedUp(t, d)
	info, err := CheckBackup(t.Context(), file)
	must(t, err)
	if !info.Created.Equal(testTime) || info.Version != "1.2.3" || info.Schema != schema || info.Install != d.InstallID() {
		t.Errorf("info = %+v", info)
	}
	if mode, err := os.Stat(file); err != nil || mode.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", mode.Mode(), err)
	}
	dir := filepath.Join(t.TempDir(), "books")
	done, err := Restore(t.Context(), file, dir, Options{Now: testTime})
	must(t, err)
	if done.Before != "" || done.Report.Movements != 8 {
		t.Errorf("restored %+v", done)
	}
	again := opened(t, dir)
	if diff := cmp.Diff(withoutClean(dumped1(t, d)), withoutClean(dumped1(t, again))); diff != "" {
		t.Error(diff)
	}
	if again.InstallID() != d.InstallID() || !again.WasClean() {
		t.Errorf("install id %q, clean %v", again.InstallID(), again.WasClean())
	}
	sealer, err := NewSealer(testKey)
	must(t, err, again.View(func(tx *Tx) error {
		sealed, err := tx.Secret(2, "secret")
		must(t, err)
		if plain, err := sealer.Open(2, "secret", sealed); err != nil || string(plain) != canary {
			t.Errorf("the secret did not survive: %v", err)
		}
		return nil
	}))
	// The restored books go on where the old ones were.
	update(t, again, func(tx *Tx) error {
		append1(t, tx, Movement{Item: 1, Kind: domain.Adjusted, OnHand: 1}, true)
		return nil
	})
	verified(t, again)
}

func TestRestoreKeepsTheBooksThatWereThere(t *testing.T) {
	source := memory(t)
	sample(t, source)
	file := backedUp(t, source)
	d, dir := onDisk(t)
	update(t, d, func(tx *Tx) error { return tx.SetMeta("mine", "yes") })

	_, err := Restore(t.Context(), file, dir, Options{Now: testTime})
	refused(t, err, ErrLocked)
	must(t, d.Close())
	done, err := Restore(t.Context(), file, dir, Options{Now: testTime})
	must(t, err)
	if want := dir + ".before-restore-20260821-090000"; done.Before != want {
		t.Errorf("before = %q, want %q", done.Before, want)
	}
	old, err := Open(done.Before)
	must(t, err)
	if mine, err := old.meta("mine"); mine != "yes" || err != nil {
		t.Errorf("the old books are not there: %q, %v", mine, err)
	}
	must(t, old.Close())
	verified(t, opened(t, dir))
}

func TestBackupWhileTheBooksAreWritten(t *testing.T) {
	d, _ := onDisk(t)
	sample(t, d)
	stop, done := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				done <- n
				return
			default:
				n++
				if err := d.Update(testTime, func(tx *Tx) error {
					_, err := tx.Append(Movement{Item: 1, Loc: DefaultLoc, Kind: domain.Adjusted, OnHand: 1}, true)
					return err
				}); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	for range 5 {
		r, err := RestoreTest(t.Context(), backedUp(t, d))
		must(t, err, r.Err())
	}
	close(stop)
	if n := <-done; n == 0 {
		t.Error("nothing was written meanwhile")
	}
}

// TestDamagedBackupsAreRefused damages a good backup in every way that has been seen, and restores it over living books.
func TestDamagedBackupsAreRefused(t *testing.T) {
	source := memory(t)
	sample(t, source)
	good, err := os.ReadFile(backedUp(t, source))
	must(t, err)
	line, rest, _ := bytes.Cut(good, []byte("\n"))
	signed := func(b []byte) []byte {
		sum := sha256.Sum256(b)
		return append(append(b, backupTrailer...), sum[:]...)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	newer := append(bytes.Replace(line, []byte(`"schema":3`), []byte(`"schema":9`), 1), "\n"...)
	absurd := binary.LittleEndian.AppendUint64(append(bytes.Clone(line), '\n'), 1<<62)
	body := append(bytes.Clone(line), '\n')
	for name, tt := range map[string]struct {
		kind *OpenError
		file []byte
	}{
		"empty":                      {ErrForeign, nil},
		"a picture":                  {ErrForeign, append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 9000)...)},
		"JSON of somebody else":      {ErrForeign, []byte(`{"file":"photo"}` + "\n")},
		"cut in the header":          {ErrForeign, good[:20]},
		"cut after the header":       {ErrCut, good[:len(line)+1]},
		"cut in the middle":          {ErrCut, good[:len(good)/2]},
		"cut by one byte":            {ErrCut, good[:len(good)-1]},
		"a byte flipped":             {ErrCut, flipped},
		"something appended":         {ErrCut, append(bytes.Clone(good), 0)},
		"newer":                      {ErrNewer, append(newer, rest...)},
		"an absurd length, signed":   {ErrCut, signed(absurd)},
		"garbage as records, signed": {ErrCut, signed(append(binary.LittleEndian.AppendUint64(bytes.Clone(body), 4), 0xff, 0xff, 0xff, 0xff))},
	} {
		t.Run(name, func(t *testing.T) {
			d, dir := onDisk(t)
			update(t, d, func(tx *Tx) error { return tx.SetMeta("mine", "yes") })
			must(t, d.Close())
			before := files(t, filepath.Dir(dir))
			file := filepath.Join(t.TempDir(), "x.bak")
			must(t, os.WriteFile(file, tt.file, 0o600))
			_, err := Restore(t.Context(), file, dir, Options{Now: testTime})
			refused(t, err, tt.kind)
			if diff := cmp.Diff(before, files(t, filepath.Dir(dir))); diff != "" {
				t.Errorf("the books were touched: %s", diff)
			}
		})
	}
	_, err = Restore(t.Context(), filepath.Join(t.TempDir(), "none.bak"), filepath.Join(t.TempDir(), "books"), Options{})
	refused(t, err, ErrMissing)
}

func TestBackupOfBooksThatDoNotAddUpIsNotPutInPlace(t *testing.T) {
	source := memory(t)
	sample(t, source)
	update(t, source, func(tx *Tx) error { return tx.PutStock(1, DefaultLoc, Stock{OnHand: 1000}) })
	dir := filepath.Join(t.TempDir(), "books")
	_, err := Restore(t.Context(), backedUp(t, source), dir, Options{Now: testTime})
	refused(t, err, ErrBroken)
	if left := files(t, filepath.Dir(dir)); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBackupReplacesOnlyItsOwnKind(t *testing.T) {
	d := memory(t)
	sample(t, d)
	file := backedUp(t, d)
	must(t, d.Backup(t.Context(), file, testTime.Add(time.Hour))) // over the first
	info, err := ReadBackupInfo(file)
	must(t, err)
	if !info.Created.Equal(testTime.Add(time.Hour)) {
		t.Errorf("created %v", info.Created)
	}
	other := filepath.Join(t.TempDir(), "thesis.doc")
	must(t, os.WriteFile(other, []byte("years of work"), 0o600))
	refused(t, d.Backup(t.Context(), other, testTime), ErrExists)
	refused(t, d.Backup(t.Context(), t.TempDir(), testTime), ErrExists)
	refused(t, d.Backup(t.Context(), filepath.Join(t.TempDir(), "not", "there.bak"), testTime), ErrFolder)
	if b, err := os.ReadFile(other); err != nil || string(b) != "years of work" {
		t.Errorf("the file was touched: %q, %v", b, err)
	}
}

func TestCancelledBackupLeavesNothing(t *testing.T) {
	d := memory(t)
	sample(t, d)
	file := backedUp(t, d)
	good, err := os.ReadFile(file)
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Backup(ctx, file, testTime); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	if diff := cmp.Diff(map[string]string{file: string(good)}, files(t, filepath.Dir(file))); diff != "" {
		t.Error(diff)
	}
	if _, err := Restore(ctx, file, filepath.Join(t.TempDir(), "books"), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func TestRestoreBrokenOffBetweenItsRenames(t *testing.T) {
	d, dir := onDisk(t)
	sample(t, d)
	must(t, d.Close())
	must(t, os.Rename(dir, dir+restoredSuffix)) // the old books are aside already, the new ones not in place yet
	verified(t, opened(t, dir))
}

func TestRestoreBrokenOffBeforeItsRenames(t *testing.T) {
	d, dir := onDisk(t)
	update(t, d, func(tx *Tx) error { return tx.SetMeta("mine", "yes") })
	must(t, d.Close(), os.Mkdir(dir+restoredSuffix, 0o700), os.Mkdir(dir+restoringSuffix, 0o700))
	again := opened(t, dir)
	if mine, err := again.meta("mine"); mine != "yes" || err != nil {
		t.Errorf("mine = %q, %v", mine, err)
	}
	if _, err := os.Stat(dir + restoredSuffix); err == nil {
		t.Error("the unfinished restore is still there")
	}
}

func TestWhatIsKeptOfTheNightlyBackups(t *testing.T) {
	var days []time.Time
	var kept []string
	for n := range 60 { // Friday 21 August is the last of them
		days = append(days, testTime.AddDate(0, 0, n-59))
	}
	gone := map[time.Time]bool{}
	for _, d := range dropped(days) {
		gone[d] = true
	}
	for n := range 60 {
		if d := testTime.AddDate(0, 0, n-59); !gone[d] {
			kept = append(kept, d.Format("Mon 01-02"))
		}
	}
	want := []string{"Sun 08-02", "Sun 08-09", "Sat 08-15", "Sun 08-16", "Mon 08-17", "Tue 08-18", "Wed 08-19", "Thu 08-20", "Fri 08-21"}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Error(diff)
	}
	if out := dropped(days[:7]); len(out) != 0 {
		t.Errorf("dropped %v of seven", out)
	}
}

func TestNightly(t *testing.T) {
	d := memory(t)
	sample(t, d)
	folder := filepath.Join(t.TempDir(), "backups")
	must(t, os.Mkdir(folder, 0o700))
	notOurs := filepath.Join(folder, "evenstock-2020-01-01.bak")
	must(t, os.WriteFile(notOurs, []byte("by hand"), 0o600))
	for n := range 20 {
		_, r, err := d.Nightly(t.Context(), folder, testTime.AddDate(0, 0, n))
		must(t, err, r.Err())
	}
	entries, err := os.ReadDir(folder)
	must(t, err)
	if len(entries) != 1+9 {
		t.Errorf("%d files", len(entries))
	}
	if _, err := os.Stat(notOurs); err != nil {
		t.Error(err)
	}
	newest, err := NewestBackup(folder)
	must(t, err)
	if want := "evenstock-2026-09-09.bak"; filepath.Base(newest) != want {
		t.Errorf("newest = %s, want %s", newest, want)
	}
}

// TestGoldenBackup restores the backup of every released schema.
func TestGoldenBackup(t *testing.T) {
	if *updateGolden {
		d := memory(t)
		sample(t, d)
		depot(t, d)
		must(t, os.MkdirAll("testdata", 0o755), d.Backup(t.Context(), goldenOf(schema), testTime))
	}
	for n := 1; n <= schema; n++ {
		t.Run(fmt.Sprint("schema ", n), func(t *testing.T) { restoresGolden(t, n, 7+min(n, 2)) })
	}
}

func goldenOf(schema int) string {
	return filepath.Join("testdata", fmt.Sprintf("schema-%d.bak", schema))
}

// depot adds a second warehouse, linked to a location of the second store, with one product counted in it.
func depot(t testing.TB, d *DB) {
	t.Helper()
	update(t, d, func(tx *Tx) error {
		s, err := tx.Store(2)
		must(t, err)
		s.Located, s.Places = true, []Location{{Ref: "east", Name: "East", Active: true, Loc: 2}, {Ref: "west", Name: "West", Active: true}}
		_, err = tx.PutStore(s)
		must(t, err, tx.PutWarehouse(Warehouse{Loc: 2, Code: "DEPOT", Name: "Depot", Priority: 2}),
			tx.PutDirty(2, Spot("ref-3", "east"), Dirty{Gen: 1 << 20}), tx.PutPushed(2, Spot("ref-3", "east"), Pushed{Value: 7}))
		_, err = tx.Append(Movement{Item: 3, Loc: 2, Kind: domain.Counted, OnHand: 7, Actor: "you"}, true)
		return err
	})
}

// TestSeveralWarehouses: the books add up, and a number is that of its location's warehouse.
func TestSeveralWarehouses(t *testing.T) {
	d := memory(t)
	sample(t, d)
	depot(t, d)
	verified(t, d)
	must(t, d.View(func(tx *Tx) error {
		first, err := tx.Store(1)
		must(t, err)
		second, err := tx.Store(2)
		must(t, err)
		for _, tt := range []struct {
			s        Store
			location string
			want     domain.Stock
		}{
			{first, "", domain.Stock{Booked: 2}},
			{second, "east", domain.Stock{OnHand: 7, Counted: true}},
			{second, "west", domain.Stock{}},
			{Store{Warehouses: []uint32{1, 2}}, "", domain.Stock{OnHand: 7, Booked: 2, Counted: true}},
		} {
			if got, err := tx.Offer(tt.s, tt.location, 3); err != nil || got != tt.want {
				t.Errorf("%s at %q offers %+v (%v), want %+v", tt.s.Name, tt.location, got, err, tt.want)
			}
		}
		if !second.Sends("east") || second.Sends("west") || second.Sends("") || !first.Sends("") {
			t.Error("numbers go to a location that is not linked")
		}
		return nil
	}))
	if dump := dumped1(t, d); !strings.Contains(dump, `"location":"east"`) {
		t.Error("the dump does not name the location of a mark")
	}
}

func restoresGolden(t *testing.T, n, movements int) {
	dir := filepath.Join(t.TempDir(), "books")
	done, err := Restore(t.Context(), goldenOf(n), dir, Options{Version: "2.0", Now: testTime})
	must(t, err)
	if done.Report.Movements != movements || done.Report.Lines != 5 || done.Backup.Schema != n {
		t.Errorf("restored %+v", done)
	}
	d := opened(t, dir)
	must(t, d.View(func(tx *Tx) error {
		if w, err := tx.Warehouse(DefaultLoc); err != nil || w.Priority != 1 {
			t.Errorf("the main warehouse is %+v, %v", w, err)
		}
		return nil
	}))
	must(t, d.View(func(tx *Tx) error {
		s, err := tx.Stock(1, DefaultLoc)
		must(t, err)
		want := Stock{OnHand: 49, Booked: 4, Counted: true, LastSeq: 8, CountedAt: testTime.UnixMilli(), Changed: testTime.UnixMilli()}
		if diff := cmp.Diff(want, s); diff != "" {
			t.Error(diff)
		}
		it, err := tx.ItemBySKU("A-2")
		must(t, err)
		store, err := tx.StoreByAccount("woocommerce", "account-2")
		must(t, err)
		if it.Title != "Apple 2" || store.Name != "Shop 2" {
			t.Errorf("product %+v, store %+v", it, store)
		}
		return nil
	}))
}

func TestVerifyRunsBesideWriters(t *testing.T) {
	d := memory(t)
	sample(t, d)
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 200 {
			if err := d.Update(testTime, func(tx *Tx) error {
				_, err := tx.Append(Movement{Item: 2, Loc: DefaultLoc, Kind: domain.Adjusted, OnHand: -1}, true)
				return err
			}); err != nil {
				t.Error(err)
			}
		}
	})
	for range 20 {
		verified(t, d)
	}
	wg.Wait()
	if !strings.Contains(dumped1(t, d), `"Seq":208`) {
		t.Error("the writer was held up")
	}
}

package bridge_test

import (
	"os"
	"path/filepath"
	"testing"

	"evenstock/backend/bridge"
	"evenstock/backend/db"
)

func newSettings(t *testing.T, change func(*bridge.Deps)) (*bridge.Settings, bridge.Deps) {
	t.Helper()
	d := newDesk(t)
	d.deps.Books, d.deps.Backups = d.books, filepath.Join(t.TempDir(), "backups")
	if change != nil {
		change(&d.deps)
	}
	b := bridge.New(bridge.About{})
	b.Attach(d.deps)
	for _, s := range b.Services() {
		if settings, ok := s.(*bridge.Settings); ok {
			return settings, d.deps
		}
	}
	t.Fatal("there is no service for settings")
	return nil, d.deps
}

func TestNewestNightlyBackup(t *testing.T) {
	s, deps := newSettings(t, nil)
	now, err := s.Get()
	if err != nil || now.Nightly != nil || now.Chooses || now.Folder != deps.Backups || now.Reading != nil {
		t.Fatalf("before the first night: %+v %v", now, err)
	}
	file, _, err := deps.Books.Nightly(t.Context(), deps.Backups, deps.Now())
	if err != nil {
		t.Fatal(err)
	}
	now, err = s.Get()
	if err != nil || now.Nightly == nil || now.Nightly.File != file || !now.Nightly.Rehearsed || now.Nightly.Size == 0 ||
		now.Nightly.CreatedAt != deps.Now().UnixMilli() {
		t.Fatalf("after it: %+v %v", now.Nightly, err)
	}
	if err := deps.Books.Backup(t.Context(), file, deps.Now().AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if now, err = s.Get(); err != nil || now.Nightly.Rehearsed {
		t.Errorf("a copy that nobody restored counts as rehearsed: %+v %v", now.Nightly, err)
	}
}

func TestBackupWithoutADialog(t *testing.T) {
	s, deps := newSettings(t, nil)
	made, err := s.Backup()
	if err != nil || !made.Rehearsed || filepath.Dir(made.File) != deps.Backups {
		t.Fatalf("%+v %v", made, err)
	}
	info, err := db.CheckBackup(t.Context(), made.File)
	if err != nil || info.Size != made.Size {
		t.Errorf("%+v %v", info, err)
	}
	if now, err := s.Get(); err != nil || now.Nightly != nil {
		t.Errorf("a copy made by hand passes for a nightly one: %+v %v", now.Nightly, err)
	}
}

func TestBackupToAChosenFile(t *testing.T) {
	chosen := filepath.Join(t.TempDir(), "mine.bak")
	answer := chosen
	s, deps := newSettings(t, func(d *bridge.Deps) {
		d.SaveAs = func(bridge.FileQuestion) (string, error) { return answer, nil }
	})
	if made, err := s.Backup(); err != nil || made.File != chosen {
		t.Fatalf("%+v %v", made, err)
	}
	answer = ""
	if made, err := s.Backup(); err != nil || made.File != "" {
		t.Errorf("the dialog was closed: %+v %v", made, err)
	}
	if entries, err := os.ReadDir(deps.Backups); err != nil || len(entries) != 0 {
		t.Errorf("%v %v", entries, err)
	}
	answer = filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(answer, []byte("Dear Sir"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Backup(); !refused(err, bridge.CodeSystem) {
		t.Errorf("a file of somebody else: %v", err)
	}
}

func TestVerify(t *testing.T) {
	s, deps := newSettings(t, nil)
	found, err := s.Verify()
	if err != nil || !found.OK || found.At != deps.Now().UnixMilli() || found.Report.Differences == nil {
		t.Fatalf("%+v %v", found, err)
	}
	if now, err := s.Get(); err != nil || now.Reading != nil {
		t.Errorf("it is still said to run: %+v %v", now.Reading, err)
	}
}

func TestLookIsKept(t *testing.T) {
	s, _ := newSettings(t, nil)
	if got, err := s.Look(); err != nil || got != (bridge.Look{}) {
		t.Errorf("never chosen: %+v %v", got, err)
	}
	want := bridge.Look{Theme: "dark", Contrast: "more", Language: "de"}
	if err := s.SetLook(want); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Look(); err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	if err := s.SetLook(bridge.Look{Theme: "sepia", Contrast: "more"}); !refused(err, "invalid") {
		t.Errorf("%v", err)
	}
}

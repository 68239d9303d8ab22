package bridge

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"evenstock/backend/db"
	"evenstock/backend/desktop"
	"evenstock/backend/engine"
)

// Settings is what concerns the program itself: copies of the books, and whether they add up.
type Settings struct {
	b *Bridge

	reading sync.Mutex // held while the books are verified

	mu   sync.Mutex
	read *Reading
}

// Safety says how safe the books are.
type Safety struct {
	Folder  string   `json:"folder"`  // where backups lie
	Chooses bool     `json:"chooses"` // a backup goes to a file that the person chooses, else into Folder
	Nightly *Backup  `json:"nightly"` // the newest nightly one, null when there is none
	Reading *Reading `json:"reading"` // null while the books are not verified
}

// Backup is a copy of the books in one file.
type Backup struct {
	File      string `json:"file"` // "" when the person closed the dialog
	CreatedAt int64  `json:"createdAt"`
	Size      int64  `json:"size"`      // bytes
	Rehearsed bool   `json:"rehearsed"` // it was restored in memory, and the books in it add up
}

// Reading is how far a verification has come.
type Reading struct {
	Part string `json:"part"` // such as "movements"
	Read int    `json:"read"` // records of that part
}

// Verified is what a verification found.
type Verified struct {
	OK     bool      `json:"ok"`
	At     int64     `json:"at"`
	Report db.Report `json:"report"`
}

// Get says where backups lie, what the newest nightly one is, and how far a verification has come.
func (s *Settings) Get() (Safety, error) {
	return call(s.b, "Settings.Get", func(d *Deps) (Safety, error) {
		rehearsed, err := d.Books.Rehearsed()
		if err != nil {
			return Safety{}, err
		}
		file, err := db.NewestBackup(d.Backups)
		if err != nil {
			return Safety{}, err
		}
		now := Safety{Folder: d.Backups, Chooses: d.SaveAs != nil, Reading: s.progress()}
		if file == "" {
			return now, nil
		}
		info, err := db.ReadBackupInfo(file)
		if err != nil {
			return now, err
		}
		now.Nightly = &Backup{File: file, CreatedAt: info.Created.UnixMilli(), Size: info.Size, Rehearsed: rehearsed.Equal(info.Created)}
		return now, nil
	})
}

// Backup copies the books to a file that the person chooses, or to a new one in the backups folder where there is no
// dialog, and restores that copy in memory.
func (s *Settings) Backup() (Backup, error) {
	return call(s.b, "Settings.Backup", func(d *Deps) (Backup, error) {
		now := d.Now()
		if err := os.MkdirAll(d.Backups, 0o700); err != nil {
			return Backup{}, fmt.Errorf("backups folder: %w", err)
		}
		name := now.Format("by-hand-2006-01-02-150405.bak")
		file := filepath.Join(d.Backups, name)
		if d.SaveAs != nil {
			var err error
			if file, err = d.SaveAs(backupQuestion(d, name)); err != nil || file == "" {
				return Backup{}, err
			}
		}
		if err := d.Books.Backup(d.Context, file, now); err != nil {
			return Backup{}, err
		}
		report, err := db.RestoreTest(d.Context, file)
		if err = cmp.Or(err, report.Err()); err != nil {
			return Backup{}, err
		}
		if err := d.Books.CopyMade(now); err != nil {
			return Backup{}, err
		}
		info, err := db.ReadBackupInfo(file)
		return Backup{File: file, CreatedAt: now.UnixMilli(), Size: info.Size, Rehearsed: true}, err
	})
}

func backupQuestion(d *Deps, name string) FileQuestion {
	w := chosenWords(d.looks())
	return FileQuestion{d.Backups, name, w.Say("Back up the books"), w.Say("Backups of Evenstock")}
}

// Verify reads all books and works out again what can be worked out. It changes nothing. One verification runs at a time.
func (s *Settings) Verify() (Verified, error) {
	return call(s.b, "Settings.Verify", func(d *Deps) (Verified, error) {
		if !s.reading.TryLock() {
			return Verified{}, &Failure{Code: engine.CodeBusy, Message: "The books are being verified already."}
		}
		defer s.reading.Unlock()
		defer s.show(nil)
		s.show(&Reading{})
		report, err := d.Books.Verify(func(part string, n int) { s.show(&Reading{Part: part, Read: n}) })
		return Verified{OK: report.OK(), At: d.Now().UnixMilli(), Report: report}, err
	})
}

// OpenFolder shows the data folder in the file manager of the computer the program runs on.
func (s *Settings) OpenFolder() error {
	return do(s.b, "Settings.OpenFolder", func(*Deps) error {
		if err := desktop.Reveal(s.b.about.DataDir); err != nil {
			return &Failure{Code: CodeSystem, Message: "This computer could not show the folder. Copy its name instead."}
		}
		return nil
	})
}

func (s *Settings) show(r *Reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read = r
}

func (s *Settings) progress() *Reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read
}

package db

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A backup file is one line of JSON, Badger's backup stream, and a trailer: eight letters and the SHA-256 of everything
// before them. Secrets travel in it as they lie in the database, sealed under a key that is not in the file.
const (
	backupMagic   = "evenstock backup"
	backupFormat  = 1
	backupTrailer = "EVENDONE"
	maxHeader     = 4096 // bytes of the first line
)

// The batches of the stream are held in memory whole, when they are written and again when they are loaded. Badger's
// own limit of 100 MB is meant for servers.
const (
	maxChunk      = 4 << 20
	streamReaders = 2
)

type header struct {
	Magic   string `json:"file"`
	Format  int    `json:"format"`
	Schema  int    `json:"schema"`
	Created int64  `json:"created"` // Unix ms
	Version string `json:"version"` // of the program
	Install string `json:"install"`
}

// BackupInfo is what a backup says about itself.
type BackupInfo struct {
	Created time.Time
	Version string // of the program that made it
	Schema  int
	Install string
	Size    int64
}

// Backup writes everything, as of one moment, to file, while the database goes on being used. The file appears under its
// name only when it is complete and on disk. A file that is not a backup of ours is not replaced: ErrExists. Other
// kinds are ErrFull, ErrReadOnly and ErrFolder.
func (db *DB) Backup(ctx context.Context, file string, now time.Time) error {
	version, err := db.meta(metaVersion)
	if err != nil {
		return err
	}
	return db.backup(ctx, file, header{Schema: schema, Created: now.UnixMilli(), Version: version, Install: db.install})
}

func (db *DB) backup(ctx context.Context, file string, h header) (err error) {
	for _, name := range []string{file, file + ".tmp"} {
		if err := replaceable(name); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(file+".tmp", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return problem(ErrFolder, err, "There is no folder %s, so no backup was made. Make it first, or choose another.", filepath.Dir(file))
	}
	if err != nil {
		return folderError(file, "make backup file", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if err := db.stream(ctx, f, h); err != nil {
		return folderError(file, "write backup", err)
	}
	if err := f.Sync(); err != nil {
		return folderError(file, "write backup", err)
	}
	if err := f.Close(); err != nil {
		return folderError(file, "write backup", err)
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return folderError(file, "name backup", err)
	}
	return syncFolder(filepath.Dir(file))
}

// stream writes header, records and trailer to w.
func (db *DB) stream(ctx context.Context, w io.Writer, h header) error {
	sum := sha256.New()
	buffered := bufio.NewWriterSize(w, 1<<20)
	out := &stopping{ctx, io.MultiWriter(buffered, sum)}
	h.Magic, h.Format, h.Created = backupMagic, backupFormat, max(0, h.Created)
	line, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if _, err := out.Write(append(line, '\n')); err != nil {
		return err
	}
	records := db.badger.NewStream()
	records.LogPrefix = "backup"
	records.NumGo = streamReaders
	records.MaxSize = maxChunk
	if _, err := records.Backup(out, 0); err != nil {
		return err
	}
	if _, err := buffered.Write(sum.Sum([]byte(backupTrailer))); err != nil {
		return err
	}
	return buffered.Flush()
}

// stopping is a writer that ends with its context.
type stopping struct {
	ctx context.Context
	w   io.Writer
}

func (s *stopping) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(b)
}

// replaceable reports by its error whether a backup may take the place of path: nothing there, or a backup of ours, or
// the beginning of one.
func replaceable(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return folderError(path, "look at file", err)
	}
	if info.Mode().IsRegular() {
		if info.Size() == 0 {
			return nil
		}
		if _, err := ReadBackupInfo(path); err == nil || errors.Is(err, ErrNewer) {
			return nil
		}
	}
	return problem(ErrExists, nil, "There is already something else at %s. Choose another name; it was left as it is.", path)
}

// ReadBackupInfo reads what the backup at path says about itself, without checking the rest. It returns an [OpenError] of
// kind ErrMissing, ErrForeign or ErrNewer; with ErrNewer the info is valid.
func ReadBackupInfo(path string) (BackupInfo, error) {
	f, size, err := openBackup(path)
	if err != nil {
		return BackupInfo{}, err
	}
	defer f.Close()
	h, _, err := readHeader(path, f)
	if err != nil && !errors.Is(err, ErrNewer) {
		return BackupInfo{}, err
	}
	return BackupInfo{time.UnixMilli(h.Created), h.Version, h.Schema, h.Install, size}, err
}

func openBackup(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, problem(ErrMissing, err, "There is no file %s.", path)
	}
	if err != nil {
		return nil, 0, folderError(path, "open backup", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.Join(problem(ErrForeign, nil, "%s is not a backup of Evenstock.", path), f.Close())
	}
	return f, info.Size(), nil
}

// readHeader reads the first line; n is its length in bytes.
func readHeader(path string, r io.Reader) (h header, n int64, err error) {
	foreign := problem(ErrForeign, nil, "%s is not a backup of Evenstock.", path)
	first := make([]byte, maxHeader)
	got, err := io.ReadFull(r, first)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return h, 0, foreign
	}
	line, _, ok := bytes.Cut(first[:got], []byte{'\n'})
	if !ok || json.Unmarshal(line, &h) != nil || h.Magic != backupMagic {
		return h, 0, foreign
	}
	n = int64(len(line)) + 1
	if h.Format > backupFormat || h.Schema > schema {
		by := "a newer Evenstock"
		if h.Version != "" {
			by = "Evenstock " + h.Version
		}
		return h, n, problem(ErrNewer, nil, "The backup %s was made with %s, which is newer than this one. Restore it with that version or a later one.", path, by)
	}
	if h.Schema < 1 {
		return h, n, foreign
	}
	return h, n, nil
}

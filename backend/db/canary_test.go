package db

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// forms are the ways in which a secret has been seen to leak.
func forms(secret string) map[string]string {
	return map[string]string{
		"raw":        secret,
		"base64":     strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "="),
		"base64 url": strings.TrimRight(base64.URLEncoding.EncodeToString([]byte(secret)), "="),
		"hex":        hex.EncodeToString([]byte(secret)),
		"HEX":        strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"url":        url.QueryEscape(secret),
		"path":       url.PathEscape(secret),
	}
}

// TestNoSecretInAnyFile looks for the canary in every file that the database writes.
func TestNoSecretInAnyFile(t *testing.T) {
	d, dir := onDisk(t)
	sample(t, d)
	parent := filepath.Dir(dir)
	must(t, d.Backup(context.Background(), filepath.Join(parent, "out.bak"), testTime))
	dump, err := os.Create(filepath.Join(parent, "dump.jsonl"))
	must(t, err, d.Dump(dump), dump.Close(), d.Close())
	files, sealed := 0, false
	err = filepath.WalkDir(parent, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		sealed = sealed || bytes.Contains(b, append(key(tagSecret, uint32(1)), "secret"...))
		for _, secret := range []string{canary, string(testKey)} {
			for name, form := range forms(secret) {
				if bytes.Contains(b, []byte(form)) {
					t.Errorf("%s holds the secret (%s)", path, name)
				}
			}
		}
		return nil
	})
	must(t, err)
	if files < 5 || !sealed {
		t.Errorf("looked at %d files, sealed value seen: %v; the test is blind", files, sealed)
	}
}

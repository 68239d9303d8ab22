// Package dbtest opens databases for tests.
package dbtest

import (
	"testing"

	"evenstock/backend/db"
)

// Open returns a real database in memory that is closed when the test ends.
func Open(t testing.TB) *db.DB {
	t.Helper()
	d, err := db.Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

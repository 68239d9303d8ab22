package db

import (
	"fmt"
	"testing"
	"time"
)

// TestTenThousandMarksFitIntoOneTransaction: a store is switched on together with the marks of all its listings, and the
// largest store of the first release has 10,000 of them. No generation is given twice, and none is forgotten.
func TestTenThousandMarksFitIntoOneTransaction(t *testing.T) {
	dir := t.TempDir()
	seen := map[uint64]bool{}
	mark := func(from, to int) {
		d, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = d.Close() }()
		err = d.Update(time.Now(), func(tx *Tx) error {
			for i := from; i < to; i++ {
				spot := fmt.Sprintf("1234567890/%d", i)
				gen, err := tx.NextGen()
				if err != nil {
					return err
				}
				if seen[gen] {
					return fmt.Errorf("generation %d was given twice", gen)
				}
				seen[gen] = true
				if err := tx.ForgetPushed(1, spot); err != nil {
					return err
				}
				if err := tx.PutDirty(1, spot, Dirty{Gen: gen, Since: tx.Now()}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	mark(0, 10_000)
	mark(10_000, 10_001)
}

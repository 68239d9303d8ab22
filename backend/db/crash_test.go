package db

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"evenstock/backend/domain"
)

// The test binary runs itself as a child for what one process cannot do: be killed, run into a full disk.
const (
	childEnv  = "EVENSTOCK_TEST_CHILD"   // which child to be
	dirEnv    = "EVENSTOCK_TEST_DIR"     // the folder it works on
	roundsEnv = "EVENSTOCK_CRASH_ROUNDS" // more rounds than the usual ten
)

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "writer":
		writeForEver(os.Getenv(dirEnv), nil)
	case "careless writer":
		writeForEver(os.Getenv(dirEnv), func(db *DB) { db.free = func(string) (uint64, error) { return 1 << 40, nil } })
	case "one write":
		writeOnce(os.Getenv(dirEnv))
	}
	os.Exit(m.Run())
}

// writeForEver books, ships and counts in real transactions and prints the newest sequence number after each commit.
func writeForEver(dir string, change func(*DB)) {
	d, err := OpenWith(dir, Options{Version: "1.2.3", Now: testTime})
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	if change != nil {
		change(d)
	}
	for n := 0; ; n++ {
		var seq uint64
		err := d.Update(testTime, func(tx *Tx) error {
			if err := writeSome(tx, n); err != nil {
				return err
			}
			seq, err = tx.LastSeq()
			return err
		})
		if err != nil {
			fmt.Println("refused:", err)
			os.Exit(2)
		}
		fmt.Println(seq)
	}
}

// writeSome is one transaction: a few counts and an order that is booked, or shipped in part when it was booked before.
func writeSome(tx *Tx, n int) error {
	if _, err := tx.Store(1); err != nil {
		if _, err := tx.PutStore(Store{Channel: "woocommerce", Account: "1"}); err != nil {
			return err
		}
	}
	note := make([]byte, 1500) // random, so that it fills memory tables and does not compress
	rand.Read(note)
	for k := range uint64(4) {
		item, err := itemOf(tx, fmt.Sprint("SKU-", k))
		if err != nil {
			return err
		}
		m := Movement{Item: item, Loc: DefaultLoc, Kind: domain.Adjusted, OnHand: int64(n%7) + 1, Actor: "you", Note: base64.StdEncoding.EncodeToString(note)}
		if _, err := tx.Append(m, true); err != nil {
			return err
		}
		if err := writeOrder(tx, strconv.Itoa(n/2), fmt.Sprint("l", k), item); err != nil {
			return err
		}
	}
	return nil
}

func itemOf(tx *Tx, sku string) (uint64, error) {
	it, err := tx.ItemBySKU(sku)
	if absent, err := missing(err); !absent || err != nil {
		return it.ID, err
	}
	it, err = tx.PutItem(Item{SKU: sku})
	return it.ID, err
}

func writeOrder(tx *Tx, order, line string, item uint64) error {
	l, err := tx.Line(LineRef{1, order, line})
	if _, err := missing(err); err != nil {
		return err
	}
	from := l.Now.Domain()
	l.Store, l.Order, l.Ref, l.Item, l.Loc = 1, order, line, item, DefaultLoc
	if l.Now.Ordered == 0 {
		l.Now.Ordered = 3
	} else if l.Now.Fulfilled < 3 {
		l.Now.Fulfilled++
	}
	for _, step := range domain.Steps(from, l.Now.Domain()) {
		m := Movement{Item: item, Loc: DefaultLoc, Kind: step.Kind, OnHand: step.Delta.OnHand, Booked: step.Delta.Booked, Cause: Cause{1, order, line}}
		if _, err := tx.Append(m, true); err != nil {
			return err
		}
	}
	o, err := tx.Order(1, order)
	if _, err := missing(err); err != nil {
		return err
	}
	o.Store, o.Ref = 1, order
	o.Open += l.Now.Domain().Open() - from.Open()
	if err := tx.PutOrder(o); err != nil {
		return err
	}
	return tx.PutLine(l)
}

// child starts the test binary as one of the children above.
func child(t *testing.T, which, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), childEnv+"="+which, dirEnv+"="+dir)
	cmd.Stderr = nil
	out, err := cmd.StdoutPipe()
	must(t, err, cmd.Start())
	return cmd, bufio.NewScanner(out)
}

// acknowledged reads what the child prints until it ends: the last sequence number it saw committed, and its last words.
func acknowledged(out *bufio.Scanner) (seq uint64, words string) {
	for out.Scan() {
		if n, err := strconv.ParseUint(out.Text(), 10, 64); err == nil {
			seq = n
		} else {
			words = out.Text()
		}
	}
	return seq, words
}

// TestKilledWriter kills a writing process at random moments and demands that the books open, add up, and hold every
// movement that was acknowledged. EVENSTOCK_CRASH_ROUNDS makes it more rounds.
func TestKilledWriter(t *testing.T) {
	rounds := 10
	if n, err := strconv.Atoi(os.Getenv(roundsEnv)); err == nil {
		rounds = n
	}
	seed := uint64(time.Now().UnixNano())
	random := mrand.New(mrand.NewPCG(seed, 0))
	dir := filepath.Join(t.TempDir(), "books")
	for round := range rounds {
		cmd, out := child(t, "writer", dir)
		wait := time.Duration(random.IntN(400)) * time.Millisecond // from before the open to some hundred commits
		time.AfterFunc(wait, func() { cmd.Process.Kill() })
		acked, words := acknowledged(out)
		cmd.Wait()
		if words != "" {
			t.Fatalf("round %d, seed %d: the writer says %q", round, seed, words)
		}
		d, err := Open(dir)
		if err != nil {
			t.Fatalf("round %d, seed %d, killed after %v: %v", round, seed, wait, err)
		}
		r, err := d.Verify(nil)
		must(t, err)
		if err := r.Err(); err != nil || uint64(r.Movements) < acked {
			t.Errorf("round %d, seed %d, killed after %v: %d movements, %d acknowledged: %v", round, seed, wait, r.Movements, acked, err)
		}
		if acked > 0 && d.WasClean() {
			t.Errorf("round %d: called clean after a kill", round)
		}
		must(t, d.Close())
	}
}

// writeOnce opens the books under a strict umask, writes and closes.
func writeOnce(dir string) {
	restrict()
	d, err := Open(dir)
	if err == nil {
		err = d.Update(testTime, func(tx *Tx) error { return writeSome(tx, 1) })
	}
	if err == nil {
		err = d.badger.Sync()
	}
	if err == nil {
		err = d.Backup(context.Background(), dir+".bak", testTime)
	}
	if err != nil {
		fmt.Println(err)
	}
	os.Exit(0) // without Close: the log files stay, too
}

package db

import (
	"context"
	"time"
)

// Badger refuses a transaction that grows beyond a share of its memory table. A piece is committed once it holds a quarter
// of that, so one step may write three times as much: some 19,000 records in 1.8 MB.
const pieceShare = 4

// limits are how far a piece grows.
type limits struct{ writes, bytes int64 }

// perWrite is what Badger reckons for an entry besides key and value, rounded up.
const perWrite = 32

// InPieces does the steps 0 to n-1 in order, in as many transactions as their writes need, and returns how many are
// committed. A crash, an error of a step, or the end of ctx leaves the pieces before it and nothing of the one it came in:
// what is done so is either true step by step, or can be told to be unfinished and is finished later. Other writers come
// in between two pieces. now is asked for the time of each.
func (db *DB) InPieces(ctx context.Context, now func() time.Time, n int, step func(tx *Tx, i int) error) (done int, err error) {
	return db.inPieces(ctx, n, step, func(fn func(*Tx) error) error { return db.Update(now(), fn) })
}

func (db *DB) inPieces(ctx context.Context, n int, step func(tx *Tx, i int) error, update func(func(*Tx) error) error) (done int, err error) {
	for done < n {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		next := done
		err := update(func(tx *Tx) error {
			for ; next < n && (next == done || !tx.full(db.piece)); next++ {
				if err := step(tx, next); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done = next
	}
	return done, nil
}

// full reports whether a piece is to be committed.
func (tx *Tx) full(most limits) bool {
	return tx.written.writes >= most.writes || tx.written.bytes >= most.bytes
}

// wrote counts a write as Badger does: every one, also of a key that was written before.
func (tx *Tx) wrote(k, v []byte) {
	tx.written.writes++
	tx.written.bytes += int64(len(k) + len(v) + perWrite)
}

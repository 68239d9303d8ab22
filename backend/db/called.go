package db

import (
	"bytes"
	"cmp"
	"slices"
)

// NewCall reports whether a store's shop makes the call with this id for the first time, and remembers it if so. Of the
// calls of a store it keeps the newest most, and none from before since (Unix ms).
func (tx *Tx) NewCall(store uint32, id string, most int, since int64) (bool, error) {
	type call struct {
		key []byte
		at  int64
	}
	var kept []call
	for k, v := range tx.scan(key(tagCalled, store), nil, true) {
		kept = append(kept, call{k, int64(u64(v))})
	}
	slices.SortFunc(kept, func(a, b call) int { return cmp.Compare(b.at, a.at) })
	mine := hashed(key(tagCalled, store), id)
	for i, c := range kept {
		fresh := c.at >= since
		if fresh && bytes.Equal(c.key, mine) {
			return false, nil
		}
		if !fresh || i >= most-1 { // the new one needs a place
			if err := tx.del(c.key); err != nil {
				return false, err
			}
		}
	}
	return true, tx.set(mine, key(0, uint64(tx.Now()))[1:])
}

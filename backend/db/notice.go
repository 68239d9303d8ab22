package db

import "slices"

// mostNotices is how many notices are kept: about a month of a bad one.
const mostNotices = 200

// Notices returns all notices, in the order in which they began.
func (tx *Tx) Notices() []Notice {
	var out []Notice
	for k, n := range each[Notice](tx, key(tagNotice), nil) {
		n.Seq = u64(k[1:])
		out = append(out, n)
	}
	return out
}

// PutNotice writes a notice; with Seq 0 it is a new one, for which the oldest beyond the bound go. What is over goes
// before what is still true.
func (tx *Tx) PutNotice(n Notice) (Notice, error) {
	tx.touched.Notices = true
	if n.Seq == 0 {
		var err error
		if n.Seq, err = tx.next("next/notice"); err != nil {
			return n, err
		}
		if err := tx.forgetNotices(); err != nil {
			return n, err
		}
	}
	return n, tx.put(key(tagNotice, n.Seq), n)
}

// forgetNotices makes room for one.
func (tx *Tx) forgetNotices() error {
	kept := tx.Notices()
	for len(kept) >= mostNotices {
		i := max(0, slices.IndexFunc(kept, func(n Notice) bool { return n.Ended != 0 }))
		if err := tx.del(key(tagNotice, kept[i].Seq)); err != nil {
			return err
		}
		kept = slices.Delete(kept, i, i+1)
	}
	return nil
}

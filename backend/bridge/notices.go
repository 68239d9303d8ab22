package bridge

import (
	"cmp"
	"slices"

	"evenstock/backend/db"
)

// Notices is what happened and was to be told, see [Watch].
type Notices struct{ b *Bridge }

// Notice is one of them. Kind is that of a view.Need, which says what is to be done.
type Notice struct {
	ID      uint64 `json:"id"`
	Kind    string `json:"kind"`
	StoreID uint32 `json:"storeId"` // 0 when it is not about one store
	Store   string `json:"store"`   // as it was called then
	Count   int64  `json:"count"`
	Text    string `json:"text"` // what the shop or the system said, "" when it said nothing
	By      int64  `json:"by"`   // until when something is to be done, 0 for no such time
	At      int64  `json:"at"`
	Ended   *int64 `json:"ended"` // null while it is true
	Read    bool   `json:"read"`
}

// NoticeList is all notices, newest first.
type NoticeList struct {
	Unread  int      `json:"unread"`
	Notices []Notice `json:"notices"`
}

// List returns them. What began while its kind was switched off is left out.
func (n *Notices) List() (NoticeList, error) {
	return call(n.b, "Notices.List", func(d *Deps) (NoticeList, error) {
		var out NoticeList
		err := d.Books.View(func(tx *db.Tx) error {
			for _, k := range tx.Notices() {
				if k.Muted {
					continue
				}
				shown := Notice{ID: k.Seq, Kind: k.Kind, StoreID: k.Store, Store: k.StoreName, Count: k.Count, Text: k.Text, By: k.By, At: k.At, Read: k.Read}
				if k.Ended != 0 {
					shown.Ended = &k.Ended
				}
				if !k.Read {
					out.Unread++
				}
				out.Notices = append(out.Notices, shown)
			}
			return nil
		})
		slices.SortFunc(out.Notices, func(a, b Notice) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.ID, a.ID)) })
		return out, err
	})
}

// MarkRead marks notices as read. One that is no longer kept is no error.
func (n *Notices) MarkRead(ids []uint64) error {
	return do(n.b, "Notices.MarkRead", func(d *Deps) error {
		return markRead(d, func(k db.Notice) bool { return slices.Contains(ids, k.Seq) })
	})
}

// MarkAllRead marks all of them as read.
func (n *Notices) MarkAllRead() error {
	return do(n.b, "Notices.MarkAllRead", func(d *Deps) error {
		return markRead(d, func(db.Notice) bool { return true })
	})
}

func markRead(d *Deps, which func(db.Notice) bool) error {
	return d.Books.Update(d.Now(), func(tx *db.Tx) error {
		for _, k := range tx.Notices() {
			if k.Read || !which(k) {
				continue
			}
			k.Read = true
			if _, err := tx.PutNotice(k); err != nil {
				return err
			}
		}
		return nil
	})
}

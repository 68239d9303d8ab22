package bridge

import (
	"log/slog"
	"slices"
	"sync"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/desktop"
	"evenstock/backend/view"
)

const (
	// staleLasts is how long a store's orders have to be unreadable while the program runs: after a night's sleep every
	// store is behind for a moment.
	staleLasts = 10 * time.Minute
	// noticeAgain is the shortest time between two notices of the same condition: one that comes and goes is one story.
	noticeAgain = time.Hour
)

// noticeOf is the kind of notice that a need is. What was never counted is safe, so it is none.
var noticeOf = map[string]desktop.NoticeKind{
	view.NeedKeys: desktop.NoticeKey, view.NeedKeyEnds: desktop.NoticeKey, view.NeedOrders: desktop.NoticeStale, view.NeedBackup: desktop.NoticeBackup,
	view.NeedHeld: desktop.NoticeHeld, view.NeedRefused: desktop.NoticeRefused, view.NeedOversold: desktop.NoticeOversold,
	view.NeedUnmatched: desktop.NoticeUnmatched, view.NeedReview: desktop.NoticeQuestion, view.NeedRenamed: desktop.NoticeQuestion,
}

// Watch writes into the books what a person should know when it begins, and when it is over. The window's list of notices
// and the notices of the system are what it wrote.
type Watch struct {
	books *db.DB
	view  *view.View

	mu    sync.Mutex
	tell  func(desktop.Notice)
	since map[noticeID]time.Time // of what has to last before it is told
}

// noticeID names a condition: the kind of need, and the store it is about.
type noticeID struct {
	need  string
	store uint32
}

// NewWatch returns a watch over books. It looks when it is told to.
func NewWatch(books *db.DB, v *view.View) *Watch {
	return &Watch{books: books, view: v, since: map[noticeID]time.Time{}}
}

// OnNotice sets what is told of everything that begins and is wanted.
func (w *Watch) OnNotice(tell func(desktop.Notice)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tell = tell
}

// Look compares what is true now with what was written. It writes only when something began, grew or is over. Books that
// cannot be read or written are for the log: what works on them says so.
func (w *Watch) Look(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.look(now); err != nil {
		slog.Warn("notices", "err", err)
	}
}

func (w *Watch) look(now time.Time) error {
	needs, err := w.view.Needs(now)
	if err != nil {
		return err
	}
	needs = slices.DeleteFunc(needs, func(n view.Need) bool { return noticeOf[n.Kind] == "" })
	w.remember(needs, now)
	var begun []view.Need
	changes := func(tx *db.Tx, put func(db.Notice) error) error {
		begun = nil
		for _, s := range w.step(tx.Notices(), needs, now) {
			muted, err := mutes(tx, noticeOf[s.notice.Kind])
			if err != nil {
				return err
			}
			s.notice.Muted = s.notice.Muted || s.begins && muted
			if s.begins && !muted {
				begun = append(begun, s.need)
			}
			if err := put(s.notice); err != nil {
				return err
			}
		}
		return nil
	}
	n := 0
	err = w.books.View(func(tx *db.Tx) error { return changes(tx, func(db.Notice) error { n++; return nil }) })
	if err != nil || n == 0 {
		return err
	}
	err = w.books.Update(now, func(tx *db.Tx) error {
		return changes(tx, func(n db.Notice) error { _, err := tx.PutNotice(n); return err })
	})
	if err != nil || w.tell == nil || len(begun) == 0 {
		return err
	}
	return w.announce(begun, now)
}

// remember notes since when what has to last is true.
func (w *Watch) remember(needs []view.Need, now time.Time) {
	seen := map[noticeID]bool{}
	for _, n := range needs {
		id := noticeID{n.Kind, n.StoreID}
		seen[id] = true
		if _, known := w.since[id]; !known {
			w.since[id] = now
		}
	}
	for id := range w.since {
		if !seen[id] {
			delete(w.since, id)
		}
	}
}

// noticeStep is a notice to be written.
type noticeStep struct {
	notice db.Notice
	need   view.Need
	begins bool
}

// step says what has to be written. A condition that comes back within an hour goes on; one that has grown since an hour
// is unread again.
func (w *Watch) step(kept []db.Notice, needs []view.Need, now time.Time) (out []noticeStep) {
	at := now.UnixMilli()
	is := map[noticeID]view.Need{}
	for _, n := range needs {
		is[noticeID{n.Kind, n.StoreID}] = n
	}
	known := map[noticeID]bool{}
	for _, k := range slices.Backward(kept) {
		id := noticeID{k.Kind, k.Store}
		need, true_ := is[id]
		if known[id] {
			continue // a later one stands for the condition
		}
		was := k
		switch {
		case !true_ && k.Ended == 0:
			k.Ended = at
		case true_ && (k.Ended == 0 || now.Sub(time.UnixMilli(k.Ended)) < noticeAgain):
			grew := int64(need.Count) > k.Count
			k.Ended, k.Count, k.Text, k.By = 0, int64(need.Count), need.Text, need.By
			if grew && now.Sub(time.UnixMilli(k.At)) >= noticeAgain {
				k.At, k.Read = at, false
			}
		case true_:
			continue // over for long: it begins anew below
		}
		known[id] = true
		if k != was {
			out = append(out, noticeStep{notice: k, need: need})
		}
	}
	for _, n := range needs {
		id := noticeID{n.Kind, n.StoreID}
		if known[id] || n.Kind == view.NeedOrders && now.Sub(w.since[id]) < staleLasts {
			continue
		}
		out = append(out, noticeStep{need: n, begins: true, notice: db.Notice{Kind: n.Kind, Store: n.StoreID, StoreName: n.Store,
			Count: int64(n.Count), Text: n.Text, By: n.By, At: at}})
	}
	return out
}

// announce tells of what began. Practice stores are silent.
func (w *Watch) announce(begun []view.Need, now time.Time) error {
	stores, err := w.view.Stores(now.UnixMilli())
	if err != nil {
		return err
	}
	sp := speaker{chosenWords(w.books), now}
	for _, n := range begun {
		i := slices.IndexFunc(stores, func(s view.Store) bool { return s.ID == n.StoreID })
		switch {
		case n.StoreID == 0:
			w.tell(desktop.Notice{Kind: noticeOf[n.Kind], Title: "Evenstock", Text: asSentence(sp.need(n))})
		case i >= 0 && !stores[i].Practice:
			w.tell(sp.storeNotice(stores[i], n))
		}
	}
	return nil
}

// mutes reports whether notices of a kind are switched off.
func mutes(tx *db.Tx, kind desktop.NoticeKind) (bool, error) {
	value, err := tx.Meta(kind.Switch())
	return value == desktop.NoticeOff, err
}

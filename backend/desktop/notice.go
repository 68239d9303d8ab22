package desktop

// NoticeKind is a kind of condition that a person is told of, in the window and by the system. Each has a switch of its
// own.
type NoticeKind string

const (
	NoticeStale     NoticeKind = "stale"     // a store's orders cannot be read
	NoticeKey       NoticeKind = "key"       // a store's key was refused
	NoticeBackup    NoticeKind = "backup"    // the nightly backup failed
	NoticeHeld      NoticeKind = "held"      // the safety catch holds rows of a store
	NoticeRefused   NoticeKind = "refused"   // a shop keeps refusing numbers
	NoticeOversold  NoticeKind = "oversold"  // more is promised than there is
	NoticeUnmatched NoticeKind = "unmatched" // order lines match no product
	NoticeQuestion  NoticeKind = "question"  // an order or a listing asks something
)

// NoticeOff is what is remembered under a kind's Switch when its notices are not wanted.
const NoticeOff = "off"

// Switch is the name under which it is remembered whether notices of the kind are wanted.
func (k NoticeKind) Switch() string { return "notice/" + string(k) }

// Notice is what the system shows. Store is 0 when it is about none.
type Notice struct {
	Kind        NoticeKind
	Store       uint32
	Title, Text string
}

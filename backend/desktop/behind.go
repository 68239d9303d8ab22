package desktop

import "evenstock/backend/words"

// Window is what the shell does with the window. Its methods do nothing when there is none.
type Window interface {
	Show() // to the front, also when hidden or minimised
	Hide()
	Quit()
	// Ask shows a question with two answers and reports whether it was answered with yes.
	Ask(question, yes, no string) bool
	// Notify has the system show a notice; clicked is called when the person clicks on it.
	Notify(id, title, text string, clicked func()) error
}

// Outlook is what the shell shows of the books.
type Outlook struct {
	Tray TrayState
	// OfferAway says that quitting should ask whether the shops are to hold units back meanwhile.
	OfferAway bool
	Waiting   int // changes that have not been sent
}

// Books is what the shell needs of open books. The functions may be called from several goroutines.
type Books struct {
	Look     func() Outlook
	Do       func(TrayAction) // everything but quitting; the window is shown already where the choice asks for it
	Recall   func(name string) string
	Remember func(name, value string)
	Words    func() words.Words // in which the person is spoken to now
}

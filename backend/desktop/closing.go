package desktop

import "evenstock/backend/words"

// What the person was told when the window was closed last: it is said again only when it is no longer true.
const (
	toldGoesOn = "goes on"
	toldEnds   = "ends"
)

// closeFacts are what closing the window depends on.
type closeFacts struct {
	tray    bool   // the icon is there, so a hidden window can be found again
	waiting int    // changes that have not been sent
	told    string // "", toldGoesOn or toldEnds
}

// closeStep is what closing the window, or quitting, does.
type closeStep struct {
	hide bool   // hide the window and go on working; otherwise end
	say  string // what is said once the window is hidden
	ask  string // a question, yes or no, of which only yes leads on
	told string // what is then to be remembered
}

// closing decides what closing the window does: where there is an icon to find the window again, the program goes on.
func closing(w words.Words, f closeFacts) closeStep {
	step := closeStep{hide: f.tray, told: toldGoesOn}
	if !f.tray {
		step = quitting(w, f.waiting)
		step.told = toldEnds
	}
	switch {
	case f.told == step.told:
	case f.tray:
		step.say = w.Say("Evenstock goes on syncing in the tray.")
	case f.waiting > 0:
		step.ask = w.Say(noTray) + " " + step.ask
	default:
		step.ask = w.Say(noTray) + " " + w.Say("Quit?")
	}
	return step
}

const noTray = "This desktop has no tray, so closing the window ends Evenstock. Nothing is read or sent until you open it again."

// quitting decides what quitting does: it asks only if something waits.
func quitting(w words.Words, waiting int) closeStep {
	if waiting == 0 {
		return closeStep{}
	}
	return closeStep{ask: w.Count(waiting, "1 change has not been sent yet. Quit and send it at the next start?",
		"%s changes have not been sent yet. Quit and send them at the next start?")}
}

//go:build !headless

package desktop

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"evenstock/backend/words"
)

// closeTold is the name of what was said when the window was closed last.
const closeTold = "close/told"

const (
	// trayComesWithin is how long a hidden start waits for the panel: at login programs start before it.
	trayComesWithin = 20 * time.Second
	trayLookEvery   = 250 * time.Millisecond
	// signalArrives is how long a close waits for the signal that may have caused it: Wails and the program are told of
	// a signal at the same time, and only one of them knows that it was one.
	signalArrives = 100 * time.Millisecond
)

// Shell is what surrounds the window: the tray, what closing does, and notices of the system.
type Shell struct {
	window Window
	icons  fs.FS
	hidden bool
	ctx    context.Context

	quitting atomic.Bool
	asking   atomic.Bool
	open     atomic.Pointer[opened]
	work     sync.WaitGroup
}

// opened is the shell around open books.
type opened struct {
	Books
	tray *Tray
	ctx  context.Context
	stop context.CancelFunc
}

// NewShell returns a shell around a window, without books. When ctx ends, the window closes without a question. hidden
// says that the window was not shown at the start, and is only if there is no tray.
func NewShell(ctx context.Context, window Window, icons fs.FS, hidden bool) *Shell {
	return &Shell{window: window, icons: icons, hidden: hidden, ctx: ctx}
}

// Open shows the tray until [Shell.Close]. The window has to exist.
func (s *Shell) Open(b Books) {
	o := &opened{Books: b}
	o.ctx, o.stop = context.WithCancel(s.ctx)
	o.tray = NewTray(TrayOptions{Icons: s.icons, State: func() TrayState { return b.Look().Tray }, On: s.on,
		Log: func(msg string, err error) { slog.Warn(msg, "err", err) }})
	err := o.tray.Start()
	s.open.Store(o)
	switch {
	case err != nil:
		slog.Info("no tray", "err", err)
		if s.hidden {
			s.window.Show()
		}
	case s.hidden:
		s.work.Go(func() { s.showWithoutTray(o) })
	}
}

// Close takes the tray away. Without books, closing the window ends the program.
func (s *Shell) Close() {
	o := s.open.Swap(nil)
	if o == nil {
		return
	}
	o.stop()
	o.tray.Stop()
	s.work.Wait()
}

// Emit makes the shell one of those that are told of changes; it looks for itself at what changed.
func (s *Shell) Emit(string, ...any) {
	if o := s.open.Load(); o != nil {
		o.tray.Update()
	}
}

// Tell has the system show a notice, which leads to its store, or to what needs the person.
func (s *Shell) Tell(n Notice) {
	id := fmt.Sprintf("%s %d", n.Kind, n.Store)
	to := TrayAction{TrayOpenStore, n.Store}
	if n.Store == 0 {
		to = TrayAction{Do: TrayOpenNeeds}
	}
	if err := s.window.Notify(id, n.Title, n.Text, func() { s.on(to) }); err != nil {
		slog.Warn("notice", "kind", n.Kind, "err", err)
	}
}

// say says something about the program itself, and reports whether the system showed it.
func (s *Shell) say(text string) bool {
	err := s.window.Notify("evenstock", "Evenstock", text, s.window.Show)
	if err != nil {
		slog.Warn("notice", "err", err)
	}
	return err == nil
}

// showWithoutTray shows a window that was started hidden if it could not be found otherwise.
func (s *Shell) showWithoutTray(o *opened) {
	tick := time.NewTicker(trayLookEvery)
	defer tick.Stop()
	late := time.After(trayComesWithin)
	for {
		select {
		case <-o.ctx.Done():
			return
		case <-late:
			s.window.Show()
			return
		case <-tick.C:
			if o.tray.Available() {
				return
			}
		}
	}
}

// shows are the choices that bring the window to the front.
var shows = []TrayDoing{TrayOpen, TrayOpenNeeds, TrayOpenStore, TrayAway, TrayAwayQuit}

// on is called for every choice of the person in the tray or on a notice.
func (s *Shell) on(a TrayAction) {
	o := s.open.Load()
	switch {
	case a.Do == TrayQuit:
		s.Quit()
		return
	case slices.Contains(shows, a.Do):
		s.window.Show()
	}
	if o != nil && a.Do != TrayOpen {
		o.Do(a)
	}
}

// Quit ends the program; it asks first if something waits.
func (s *Shell) Quit() {
	var look Outlook
	if o := s.open.Load(); o != nil {
		if look = o.Look(); s.goesAway(o, look) {
			return
		}
	}
	step := quitting(s.words(), look.Waiting)
	if step.ask != "" {
		s.window.Show()
		if !s.ask(step.ask) {
			return
		}
	}
	s.End()
}

const askAway = "Hold some units back in the shops while Evenstock is closed? You see what that changes before anything is sent."

// goesAway asks, where that is wanted, whether the shops are to hold units back while the program is closed, and reports
// whether they are: then the window shows what that changes, and quits after it.
func (s *Shell) goesAway(o *opened, look Outlook) bool {
	if !look.OfferAway {
		return false
	}
	s.window.Show()
	if !s.ask(s.words().Say(askAway)) {
		return false
	}
	o.Do(TrayAction{Do: TrayAwayQuit})
	return true
}

// End ends the program without a question.
func (s *Shell) End() {
	s.quitting.Store(true)
	s.window.Quit()
}

// BeforeClose decides what becomes of a window that is about to close, and reports whether the program stays.
func (s *Shell) BeforeClose() (stay bool) {
	if s.ending() {
		return false
	}
	o := s.open.Load()
	if o == nil {
		return false
	}
	tray := o.tray.Available()
	look := o.Look()
	step := closing(s.words(), closeFacts{tray: tray, waiting: look.Waiting, told: o.Recall(closeTold)})
	if !step.hide && s.goesAway(o, look) {
		return true
	}
	if step.ask != "" && !s.ask(step.ask) {
		return true
	}
	if !step.hide {
		o.Remember(closeTold, step.told)
		s.quitting.Store(true)
		return false
	}
	s.window.Hide()
	if step.say != "" && s.say(step.say) {
		o.Remember(closeTold, step.told)
	}
	return true
}

// ending reports whether the program was told to end, by the person or by a signal.
func (s *Shell) ending() bool {
	if s.quitting.Load() {
		return true
	}
	select {
	case <-s.ctx.Done():
		return true
	case <-time.After(signalArrives):
		return false
	}
}

// ask shows one question at a time; the answer to a second one is no.
func (s *Shell) ask(question string) (yes bool) {
	if !s.asking.CompareAndSwap(false, true) {
		return false
	}
	defer s.asking.Store(false)
	w := s.words()
	return s.window.Ask(question, w.Say("Yes"), w.Say("No"))
}

// words are those of the open books, else of this computer.
func (s *Shell) words() words.Words {
	if o := s.open.Load(); o != nil {
		return o.Words()
	}
	return words.In(words.System, Languages())
}

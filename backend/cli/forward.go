package cli

import (
	"context"
	"fmt"
	"net"
	"time"

	"evenstock/backend/engine"
)

// forward has the owner at the other end of conn carry the command out and plays its terminal. It fails, before anything
// was begun, when the owner does not answer.
func (s *session) forward(ctx context.Context, conn net.Conn) (code int, err error) {
	w := newWire(conn)
	tooLate := time.AfterFunc(helloWithin, func() { conn.Close() })
	first, err := w.receive()
	if !tooLate.Stop() || err != nil || first.Hello == nil {
		return 0, ownedf("Evenstock has these books open and does not answer. End its process, then try again.")
	}
	if err := w.send(frame{Start: &start{s.args, s.t.Folder, s.t.Env}}); err != nil {
		return 0, fmt.Errorf("hand over the command: %w", err)
	}
	defer context.AfterFunc(ctx, func() {
		w.send(frame{Cancel: true})
		time.AfterFunc(goodbyeWithin, func() { conn.Close() })
	})()
	code, err = s.play(w)
	if err != nil && ctx.Err() != nil {
		return exitInterrupted, nil
	}
	return code, err
}

// play is the terminal's part until the owner tells the exit code.
func (s *session) play(w *wire) (int, error) {
	for {
		f, err := w.receive()
		switch {
		case err != nil:
			return 0, &engine.Error{Code: engine.CodeBusy, Err: err,
				Message: "Evenstock was closed while it carried this out. Look at the books before you do it again."}
		case f.Exit != nil:
			return *f.Exit, nil
		case f.Ask != nil:
			if err := w.send(frame{Answer: s.answer(*f.Ask)}); err != nil {
				return 0, fmt.Errorf("answer the owner: %w", err)
			}
		case f.Out != nil:
			s.t.Out.Write(f.Out) // a closed pipe stops nothing: the books matter more than the printout
		case f.Err != nil:
			s.t.Err.Write(f.Err)
		}
	}
}

func (s *session) answer(a ask) *answer {
	switch a.What {
	case askRead:
		return newAnswer(s.t.Read(a.Name))
	case askWrite:
		return newAnswer(nil, s.t.Write(a.Name, a.Data))
	case askLine, askSecret:
		text, err := s.t.Ask(a.Name, a.What == askSecret)
		return newAnswer([]byte(text), err)
	}
	return newAnswer(nil, fmt.Errorf("question %q is not known here", a.What))
}

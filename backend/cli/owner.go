package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
)

// Serve carries out the commands that are forwarded to l on the open books until ctx ends. It returns when the last one
// has ended.
func Serve(ctx context.Context, l net.Listener, p *Program, app *App) error {
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	var busy sync.WaitGroup
	defer busy.Wait()
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("wait for commands: %w", err)
		}
		busy.Go(func() {
			defer conn.Close()
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			serveOne(ctx, newWire(conn), p, app)
		})
	}
}

// errHungUp is what a question gets when the process at the terminal has gone.
var errHungUp = errors.New("the terminal is gone")

func serveOne(ctx context.Context, w *wire, p *Program, app *App) {
	if w.send(frame{Hello: &hello{p.Version, os.Getpid()}}) != nil {
		return
	}
	first, err := w.receive()
	if err != nil || first.Start == nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan *answer)
	go func() {
		defer close(answers)
		defer cancel()
		for {
			f, err := w.receive()
			if err != nil || f.Cancel {
				return
			}
			if f.Answer != nil {
				select {
				case answers <- f.Answer:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	code := perform(ctx, p, app, remoteTerminal(ctx, w, first.Start, answers), first.Start.Args)
	w.send(frame{Exit: &code}) // when it cannot be sent, nobody is waiting for it
}

// remoteTerminal is the terminal at the other end of w.
func remoteTerminal(ctx context.Context, w *wire, s *start, answers <-chan *answer) *Terminal {
	var one sync.Mutex
	request := func(a ask) ([]byte, error) {
		one.Lock()
		defer one.Unlock()
		if err := w.send(frame{Ask: &a}); err != nil {
			return nil, err
		}
		select {
		case got, ok := <-answers:
			if !ok {
				return nil, errHungUp
			}
			return got.Data, got.err()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return &Terminal{
		Out:    stream{w, func(b []byte) frame { return frame{Out: b} }},
		Err:    stream{w, func(b []byte) frame { return frame{Err: b} }},
		Folder: s.Folder,
		Env:    s.Env,
		Read:   func(file string) ([]byte, error) { return request(ask{What: askRead, Name: file}) },
		Write: func(file string, b []byte) error {
			_, err := request(ask{What: askWrite, Name: file, Data: b})
			return err
		},
		Ask: func(label string, secret bool) (string, error) {
			what := askLine
			if secret {
				what = askSecret
			}
			b, err := request(ask{What: what, Name: label})
			return string(b), err
		},
	}
}

package cli

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"
)

// A command and its owner exchange frames, JSON values one after another, over the owner's socket. The owner begins with
// Hello, the command answers with Start; then the owner sends Out, Err and Ask until it sends Exit. Every Ask is
// followed by an Answer. The command may send Cancel at any time, and hanging up means the same.
type frame struct {
	Hello  *hello  `json:"hello,omitempty"`
	Start  *start  `json:"start,omitempty"`
	Out    []byte  `json:"out,omitempty"`
	Err    []byte  `json:"err,omitempty"`
	Ask    *ask    `json:"ask,omitempty"`
	Answer *answer `json:"answer,omitempty"`
	Cancel bool    `json:"cancel,omitempty"`
	Exit   *int    `json:"exit,omitempty"`
}

type hello struct {
	Version string `json:"version"`
	Process int    `json:"process"`
}

type start struct {
	Args   []string          `json:"args"`
	Folder string            `json:"folder"`
	Env    map[string]string `json:"env"`
}

// ask is something only the process at the terminal can do: its files and its person are not the owner's.
type ask struct {
	What string `json:"what"` // read, write, line, secret
	Name string `json:"name"` // a file's name, or a label
	Data []byte `json:"data,omitempty"`
}

const (
	askRead   = "read"
	askWrite  = "write"
	askLine   = "line"
	askSecret = "secret"
)

type answer struct {
	Data   []byte `json:"data,omitempty"`
	Error  string `json:"error,omitempty"`
	Nobody bool   `json:"nobody,omitempty"`
	Absent bool   `json:"absent,omitempty"`
}

func newAnswer(b []byte, err error) *answer {
	a := &answer{Data: b}
	if err != nil {
		a.Error, a.Nobody, a.Absent = err.Error(), errors.Is(err, errNobody), errors.Is(err, os.ErrNotExist)
	}
	return a
}

// err is the error the answer stands for.
func (a *answer) err() error {
	switch {
	case a.Nobody:
		return errNobody
	case a.Absent:
		return absent{a.Error}
	case a.Error != "":
		return errors.New(a.Error)
	}
	return nil
}

// absent is os.ErrNotExist with the words of the other side.
type absent struct{ text string }

func (a absent) Error() string        { return a.text }
func (a absent) Is(target error) bool { return target == os.ErrNotExist }

// wire sends and receives frames. Sending is safe from several goroutines.
type wire struct {
	mu  sync.Mutex
	enc *json.Encoder
	dec *json.Decoder
}

func newWire(c io.ReadWriter) *wire { return &wire{enc: json.NewEncoder(c), dec: json.NewDecoder(c)} }

func (w *wire) send(f frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.enc.Encode(f)
}

func (w *wire) receive() (f frame, err error) {
	err = w.dec.Decode(&f)
	return f, err
}

// stream is a writer that sends frames.
type stream struct {
	w    *wire
	wrap func([]byte) frame
}

func (s stream) Write(b []byte) (int, error) {
	if err := s.w.send(s.wrap(b)); err != nil {
		return 0, err
	}
	return len(b), nil
}

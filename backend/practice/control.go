package practice

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// controlPrefix is where a shop takes orders from a test or a person at the command line. It asks for no credentials:
// a practice shop listens on loopback only.
const controlPrefix = "/practice/"

// controls serves the practice routes:
//
//	POST /practice/fault  {match, call, times, kind, after}  lets the next matching calls go wrong
//	POST /practice/clock  {advance: "4h"} or {offset: "-20m"} or {now: Unix ms}
//	POST /practice/hide   {order, seconds}                   keeps an order out of every answer
//	GET  /practice/log                                       the latest calls
func controls(w *World) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /practice/fault", func(rw http.ResponseWriter, r *http.Request) { reply(rw, w.postFault(r)) })
	mux.HandleFunc("POST /practice/clock", func(rw http.ResponseWriter, r *http.Request) {
		err := w.postClock(r)
		if err != nil {
			reply(rw, err)
			return
		}
		writeJSON(rw, http.StatusOK, map[string]any{"now": w.Now().UnixMilli()})
	})
	mux.HandleFunc("POST /practice/hide", func(rw http.ResponseWriter, r *http.Request) { reply(rw, w.postHide(r)) })
	mux.HandleFunc("GET /practice/log", func(rw http.ResponseWriter, _ *http.Request) { writeJSON(rw, http.StatusOK, w.logBody()) })
	return mux
}

func reply(rw http.ResponseWriter, err error) {
	if err != nil {
		writeJSON(rw, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	writeJSON(rw, http.StatusOK, map[string]bool{"ok": true})
}

func writeJSON(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	json.NewEncoder(rw).Encode(v)
}

func (w *World) postFault(r *http.Request) error {
	var in struct {
		Match string
		Call  Call
		Times int
		Kind  FaultKind
		After string
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	if !slices.Contains(Kinds, in.Kind) {
		return fmt.Errorf("kind %q is none of %v", in.Kind, Kinds)
	}
	f := Fault{Call: in.Call, Match: in.Match, Kind: in.Kind, Times: in.Times}
	if in.After != "" {
		after, err := time.ParseDuration(in.After)
		if err != nil {
			return fmt.Errorf("after: %w", err)
		}
		f.After = after
	}
	w.Fault(f)
	return nil
}

func (w *World) postClock(r *http.Request) error {
	var in struct {
		Advance, Offset string
		Now             int64 // Unix ms
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	for _, field := range []struct {
		text  string
		apply func(time.Duration)
	}{{in.Advance, w.Advance}, {in.Offset, w.SetOffset}} {
		if field.text == "" {
			continue
		}
		d, err := time.ParseDuration(field.text)
		if err != nil {
			return err
		}
		field.apply(d)
	}
	if in.Now != 0 {
		w.SetNow(time.UnixMilli(in.Now))
	}
	return nil
}

func (w *World) postHide(r *http.Request) error {
	var in struct{ Order, Seconds int64 }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	err := errors.New("there is no such order")
	w.Do(func(s *State) {
		if o := s.Order(in.Order); o != nil {
			s.Hide(o, time.Duration(in.Seconds)*time.Second)
			err = nil
		}
	})
	return err
}

func (w *World) logBody() map[string]any {
	type entry struct {
		At     int64     `json:"at"`
		Method string    `json:"method"`
		Path   string    `json:"path"`
		Call   Call      `json:"call"`
		Status int       `json:"status"`
		Fault  FaultKind `json:"fault,omitempty"`
	}
	calls := []entry{}
	for _, e := range w.Log() {
		calls = append(calls, entry{e.At.UnixMilli(), e.Method, e.Path, e.Call, e.Status, e.Fault})
	}
	return map[string]any{"calls": calls, "count": w.Calls(AnyCall), "written": w.Written()}
}

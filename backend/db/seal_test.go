package db

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

var testKey = bytes.Repeat([]byte{7}, MasterKeySize)

func isKind(err error, kind *OpenError) bool { return errors.Is(err, kind) }

func TestSealedSecretOpensOnlyInItsPlace(t *testing.T) {
	s, err := NewSealer(testKey)
	must(t, err)
	other, err := NewSealer(NewMasterKey())
	must(t, err)
	sealed := s.Seal(3, "token", canary)
	if again := s.Seal(3, "token", canary); bytes.Equal(sealed, again) {
		t.Error("sealing twice gives the same bytes")
	}
	if plain, err := s.Open(3, "token", sealed); err != nil || string(plain) != canary {
		t.Errorf("opened: %v, %v", plain == canary, err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, open := range map[string]func() (Secret, error){
		"another store": func() (Secret, error) { return s.Open(4, "token", sealed) },
		"another field": func() (Secret, error) { return s.Open(3, "secret", sealed) },
		"another key":   func() (Secret, error) { return other.Open(3, "token", sealed) },
		"changed":       func() (Secret, error) { return s.Open(3, "token", changed) },
		"cut short":     func() (Secret, error) { return s.Open(3, "token", sealed[:5]) },
		"nothing":       func() (Secret, error) { return s.Open(3, "token", nil) },
		"other version": func() (Secret, error) { return s.Open(3, "token", append([]byte{9}, sealed[1:]...)) },
	} {
		if plain, err := open(); !isKind(err, ErrWrongKey) || plain != "" {
			t.Errorf("%s: err = %v", name, err)
		}
	}
}

func TestMasterKeyHasOneLength(t *testing.T) {
	for _, n := range []int{0, 16, 31, 33} {
		if _, err := NewSealer(make([]byte, n)); err == nil {
			t.Errorf("a key of %d bytes was accepted", n)
		}
	}
}

func TestSecretHidesItself(t *testing.T) {
	type holder struct {
		Key  Secret
		Ptr  *Secret
		More map[string]Secret
	}
	s := Secret(canary)
	h := holder{s, &s, map[string]Secret{"a": s}}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c", "%08.3f", "%U"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", h)
		fmt.Fprintf(&out, verb+"\n", []Secret{s})
	}
	fmt.Fprintln(&out, s, s.String(), s.GoString(), errors.New("with "+fmt.Sprint(s)))
	b, err := json.Marshal(h)
	must(t, err)
	out.Write(b)
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("opened", "secret", s, "all", h)
	}
	for name, form := range forms(canary) {
		if strings.Contains(out.String(), form) {
			t.Errorf("the secret shows (%s):\n%s", name, out.String())
		}
	}
	if _, err := encode(h); err == nil {
		t.Error("a secret in plain was encoded for the database")
	}
}

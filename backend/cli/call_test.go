package cli

import (
	"errors"
	"testing"
)

func TestANewPassphraseIsTypedTwice(t *testing.T) {
	tests := []struct {
		name  string
		env   map[string]string
		typed []string
		want  string
		usage bool
	}{
		{"typed twice", nil, []string{"horse", "horse"}, "horse", false},
		{"mistyped", nil, []string{"horse", "hrose"}, "", true},
		{"given by the environment", map[string]string{envPassphrase: "battery"}, nil, "battery", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			typed := tt.typed
			term := &Terminal{Env: tt.env, Ask: func(_ string, secret bool) (string, error) {
				if !secret {
					t.Error("it is shown while it is typed")
				}
				answer := typed[0]
				typed = typed[1:]
				return answer, nil
			}}
			ask := term.newPassphrase(t.TempDir())
			for range 2 { // the key is kept and read back
				got, err := ask()
				var usage *usageError
				if errors.As(err, &usage) != tt.usage || !tt.usage && got != tt.want {
					t.Fatalf("%q, %v", got, err)
				}
			}
		})
	}
}

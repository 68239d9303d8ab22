package channel

import "testing"

func TestSignedBy(t *testing.T) {
	// RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?".
	const right, other = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=",
		"W4xaYTxnQhpG2iisoGXm3GOOV/LNawUQtjhamhm2dxA="
	text := "what do ya want for nothing?"
	for _, tc := range []struct {
		name, key, signature, text string
		want                       bool
	}{
		{"as it was signed", "Jefe", right, text, true},
		{"another key", "Jeff", right, text, false},
		{"no key", "", right, text, false},
		{"another text", "Jefe", right, text + " ", false},
		{"another signature", "Jefe", other, text, false},
		{"a part of the signature", "Jefe", right[:40], text, false},
		{"no signature", "Jefe", "", text, false},
		{"not base64", "Jefe", "%%%", text, false},
		{"hex", "Jefe", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", text, false},
		{"no key and the signature that it makes", "", "dtnnGU59vDqgC76P+59vy1qTIXD5cflIuyq2FgfSudY=", text, false},
	} {
		if got := SignedBy(tc.key, tc.signature, []byte(tc.text)); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}

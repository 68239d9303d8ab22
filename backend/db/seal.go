package db

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
)

// Secret is a credential in plain. It hides itself from every way of printing; only string(s) shows it.
type Secret string

const redacted = "[redacted]"

// Format prints [redacted] under every verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, redacted) }

// String is [redacted].
func (s Secret) String() string { return redacted }

// GoString is [redacted].
func (s Secret) GoString() string { return redacted }

// MarshalText is [redacted], and so is what encoding/json makes of a Secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalCBOR refuses: a secret is stored sealed or not at all.
func (s Secret) MarshalCBOR() ([]byte, error) {
	return nil, fmt.Errorf("a secret in plain is not stored")
}

// LogValue is [redacted].
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MasterKeySize is the length of a master key in bytes.
const MasterKeySize = 32

// NewMasterKey returns a random master key.
func NewMasterKey() []byte {
	k := make([]byte, MasterKeySize)
	rand.Read(k) // never fails
	return k
}

// Sealer seals the secrets of stores under the master key, with AES-256-GCM. A sealed value opens only for the store
// and the field it was sealed for, so it is of no use in another place.
type Sealer struct{ aead cipher.AEAD }

// NewSealer returns a Sealer for a master key of [MasterKeySize] bytes.
func NewSealer(master []byte) (*Sealer, error) {
	if len(master) != MasterKeySize {
		return nil, fmt.Errorf("master key of %d bytes instead of %d", len(master), MasterKeySize)
	}
	block, err := aes.NewCipher(master)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return &Sealer{aead}, nil
}

// sealVersion is the first byte of a sealed value.
const sealVersion = 1

// Seal returns plain sealed for a field of a store.
func (s *Sealer) Seal(store uint32, field string, plain Secret) []byte {
	return s.aead.Seal([]byte{sealVersion}, nil, []byte(plain), boundTo(store, field))
}

// Open returns the plain value of what was sealed for a field of a store. Under another master key, or for a value that
// was changed or moved, it is an [OpenError] of kind ErrWrongKey.
func (s *Sealer) Open(store uint32, field string, sealed []byte) (Secret, error) {
	if len(sealed) > 0 && sealed[0] == sealVersion {
		plain, err := s.aead.Open(nil, nil, sealed[1:], boundTo(store, field))
		if err == nil {
			return Secret(plain), nil
		}
	}
	return "", problem(ErrWrongKey, nil, "The stored credentials of this store cannot be opened with the key of this computer. Connect the store again.")
}

// boundTo binds a sealed value to where it belongs.
func boundTo(store uint32, field string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte("evenstock secret\x00"), store), field...)
}

// HasSecrets reports whether any store has a sealed secret.
func (tx *Tx) HasSecrets() bool {
	for range tx.scan([]byte{tagSecret}, nil, false) {
		return true
	}
	return false
}

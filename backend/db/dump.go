package db

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
)

// dumped is one line of [DB.Dump].
type dumped struct {
	Kind  string         `json:"kind"`
	Key   map[string]any `json:"key,omitempty"`
	Value any            `json:"value,omitempty"`
	Raw   string         `json:"raw,omitempty"`   // base64 of what cannot be read
	Error string         `json:"error,omitempty"` // why
}

// Dump writes every record as one line of JSON, in the order of the keys, but for the sealed secrets. A record that
// cannot be read appears with its bytes.
func (db *DB) Dump(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	err := db.View(func(tx *Tx) error {
		for item, value := range tx.walk(nil, true) {
			k := item.KeyCopy(nil)
			if k[0] == tagSecret {
				continue
			}
			v, err := value()
			if err != nil {
				return fmt.Errorf("read %q: %w", k[0], err)
			}
			if err := enc.Encode(dumpLine(k, v)); err != nil {
				return fmt.Errorf("write dump: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

func dumpLine(k, v []byte) dumped {
	raw := base64.StdEncoding.EncodeToString
	kd, ok := kindOf(k)
	if !ok {
		return dumped{Kind: "unknown", Key: map[string]any{"raw": raw(k)}, Raw: raw(v), Error: "a kind this version does not know"}
	}
	line := dumped{Kind: kd.name}
	var err error
	if line.Key, err = kd.parts(k); err != nil {
		line.Key = map[string]any{"raw": raw(k)}
	}
	if line.Value, err = kd.read(k, v); err != nil {
		line.Value, line.Raw, line.Error = nil, raw(v), err.Error()
	}
	return line
}

package db

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math"
	"unicode/utf8"

	"github.com/dgraph-io/badger/v4"
)

// kind describes the keys and values of one tag, for Dump and Verify. It is the table of keys.go in a form that a
// program can read.
type kind struct {
	tag   byte
	name  string
	key   []keyPart
	value func([]byte) (any, error)
}

type keyPart struct {
	name string
	form partForm
}

type partForm int

const (
	asU32    partForm = iota
	asU64             // big-endian
	asTime            // inverted Unix ms
	asClosed          // text closed by 0x00
	asText            // text to the end
	asBytes           // bytes to the end
	asSpot            // a listing's ref to the end, or closed by 0x00 and a location's to the end
)

var (
	partItem   = keyPart{"item", asU64}
	partLoc    = keyPart{"loc", asU32}
	partStore  = keyPart{"store", asU32}
	partSeq    = keyPart{"seq", asU64}
	partRef    = keyPart{"ref", asText}
	partSpot   = keyPart{"ref", asSpot}
	partSKU    = keyPart{"sku", asText}
	partInOrd  = keyPart{"order", asClosed}
	partLine   = keyPart{"line", asText}
	partAt     = keyPart{"at", asTime}
	linesParts = []keyPart{partStore, partInOrd, partLine}
)

// kinds has one entry for every tag.
var kinds = []kind{
	{tagMeta, "meta", []keyPart{{"name", asText}}, nil}, // numbers and texts: see metaValue
	{tagItem, "product", []keyPart{partItem}, record[Item]},
	{tagSKU, "sku", []keyPart{partSKU}, numberOf(8)},
	{tagStock, "stock", []keyPart{partItem, partLoc}, record[Stock]},
	{tagMovement, "movement", []keyPart{partSeq}, record[Movement]},
	{tagHistory, "history", []keyPart{partItem, partSeq}, nothing},
	{tagMinted, "minted", []keyPart{{"hash", asBytes}}, record[Minted]},
	{tagStore, "store", []keyPart{partStore}, record[Store]},
	{tagCursor, "cursor", []keyPart{partStore, {"stream", asText}}, text},
	{tagListing, "listing", []keyPart{partStore, partRef}, record[Listing]},
	{tagLinks, "links", []keyPart{partItem}, record[Links]},
	{tagOrder, "order", []keyPart{partStore, partRef}, record[Order]},
	{tagLine, "line", linesParts, record[Line]},
	{tagPlaced, "placed", []keyPart{partAt, partStore, partRef}, nothing},
	{tagUnmatched, "unmatched", append([]keyPart{{"sku", asClosed}}, linesParts...), nothing},
	{tagBooked, "booked", append([]keyPart{partItem}, linesParts...), nothing},
	{tagDirty, "dirty", []keyPart{partStore, partSpot}, record[Dirty]},
	{tagPushed, "pushed", []keyPart{partStore, partSpot}, record[Pushed]},
	{tagWrite, "write", []keyPart{partItem, partAt, partStore, partSpot}, record[Write]},
	{tagRun, "run", []keyPart{partAt, {"run", asU64}}, record[Run]},
	{tagLane, "lane", []keyPart{partStore}, record[Lane]},
	{tagAccount, "account", []keyPart{{"account", asText}}, numberOf(4)},
	{tagApproval, "approval", []keyPart{partStore, partSKU}, numberOf(8)},
	{tagSecret, "secret", []keyPart{partStore, {"field", asText}}, text},
	{tagWarehouse, "warehouse", []keyPart{partLoc}, record[Warehouse]},
	{tagNotice, "notice", []keyPart{partSeq}, record[Notice]},
	{tagCalled, "called", []keyPart{partStore, {"hash", asBytes}}, numberOf(8)},
	{tagNote, "note", []keyPart{partStore, {"name", asText}}, text},
}

// kindOf finds the entry of a key.
func kindOf(k []byte) (kind, bool) {
	for _, kd := range kinds {
		if len(k) > 0 && kd.tag == k[0] {
			return kd, true
		}
	}
	return kind{}, false
}

var errKey = errors.New("a key that does not fit its kind")

// parts takes a key apart by name.
func (kd kind) parts(k []byte) (map[string]any, error) {
	out := map[string]any{}
	rest := k[1:]
	for _, p := range kd.key {
		switch p.form {
		case asU32:
			if len(rest) < 4 {
				return nil, errKey
			}
			out[p.name], rest = u32(rest), rest[4:]
		case asU64, asTime:
			if len(rest) < 8 {
				return nil, errKey
			}
			n := u64(rest)
			if p.form == asTime {
				n = math.MaxUint64 - n
			}
			out[p.name], rest = n, rest[8:]
		case asClosed:
			before, after, ok := bytes.Cut(rest, []byte{0})
			if !ok {
				return nil, errKey
			}
			out[p.name], rest = string(before), after
		case asText:
			out[p.name], rest = string(rest), nil
		case asSpot:
			ref, location := SplitSpot(string(rest))
			if out[p.name], rest = ref, nil; location != "" {
				out["location"] = location
			}
		case asBytes:
			out[p.name], rest = bytes.Clone(rest), nil
		}
	}
	if len(rest) > 0 {
		return nil, errKey
	}
	return out, nil
}

// read is the value of a key in a form that JSON can show.
func (kd kind) read(k, v []byte) (any, error) {
	if kd.tag == tagMeta {
		return metaValue(string(k[1:]), v)
	}
	return kd.value(v)
}

func metaValue(name string, v []byte) (any, error) {
	if len(name) > 5 && name[:5] == "next/" {
		return numberOf(8)(v)
	}
	return text(v)
}

func record[T any](v []byte) (any, error) {
	var rec T
	err := decode(v, &rec)
	return rec, err
}

func numberOf(width int) func([]byte) (any, error) {
	return func(v []byte) (any, error) {
		if len(v) != width {
			return nil, fmt.Errorf("%d bytes instead of %d", len(v), width)
		}
		if width == 4 {
			return u32(v), nil
		}
		return u64(v), nil
	}
}

func nothing(v []byte) (any, error) {
	if len(v) != 0 {
		return nil, fmt.Errorf("%d bytes where none belong", len(v))
	}
	return nil, nil
}

func text(v []byte) (any, error) {
	if utf8.Valid(v) {
		return string(v), nil
	}
	return bytes.Clone(v), nil
}

// walk yields every key below prefix with its value. Other than scan it yields a value that cannot be read, as an error.
func (tx *Tx) walk(prefix []byte, values bool) iter.Seq2[*badger.Item, func() ([]byte, error)] {
	return func(yield func(*badger.Item, func() ([]byte, error)) bool) {
		opt := badger.DefaultIteratorOptions
		opt.Prefix = prefix
		opt.PrefetchValues = values
		it := tx.txn.NewIterator(opt)
		defer it.Close()
		for it.Seek(prefix); it.ValidForPrefix(prefix); it.Next() {
			if !yield(it.Item(), func() ([]byte, error) { return it.Item().ValueCopy(nil) }) {
				return
			}
		}
	}
}

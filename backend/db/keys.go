// Package db keeps the books in Badger: every key, every record, transactions, opening and repair, backup and
// verification. It knows what is stored and how, not what it means: the rules are in ledger and engine.
package db

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
)

// Every key of the database. Integers are big-endian so that byte order is numeric order; a caret marks an inverted
// one, which puts the newest first. Strings come last or are closed by 0x00.
//
//	m name                          = schema, next ids, next sequence number, install id, switches
//	i item u64                      = Item          product: SKU, title, thresholds
//	I sku                           = item u64      trimmed, case-sensitive, unique
//	s item u64, loc u32             = Stock         projection of v
//	v seq u64                       = Movement      append-only, gapless
//	V item u64, seq u64             = –             history of one product
//	k sha256(key)[:16]              = Minted        idempotency: sequence number and hash of the input
//	c store u32                     = Store         settings and switches; no secrets
//	u store u32, stream             = Cursor        written with the page it came with
//	l store u32, ref                = Listing
//	L item u64                      = Links         one record per product, not one key per link
//	o store u32, order              = Order         header; no buyer's name, address or e-mail
//	n store u32, order 0x00 line    = Line
//	O ^placed u64, store u32, order = –             newest first
//	U sku 0x00 store u32, order 0x00 line = –       order lines without a product
//	B item u64, store u32, order 0x00 line = –      lines that hold open units of a product
//	d store u32, spot               = Dirty         numbers that have to be pushed; see Spot
//	p store u32, spot               = Pushed        last accepted number, base of the next expectation
//	w item u64, ^at u64, store u32, spot = Write    push history
//	r ^start u64, run u64           = Run
//	g store u32                     = Lane          due times, cool-downs, hard-refresh stamps
//	a account id                    = store u32     one store per account, removed ones included
//	A store u32, sku                = until u64     approvals of the safety catch
//	x store u32, field              = sealed secret
//	h loc u32                       = Warehouse
//	e seq u64                       = Notice        what a person was told of, the newest 200
//	H store u32, hash(id)[:16]      = at u64        calls of shops that were seen, the newest for a week
//	N store u32, name               = what a connector remembers, in its own form; stays when the store is removed
const (
	tagMeta byte = 'm'
	tagItem byte = 'i'
	tagSKU  byte = 'I'

	tagStock    byte = 's'
	tagMovement byte = 'v'
	tagHistory  byte = 'V'
	tagMinted   byte = 'k'

	tagStore   byte = 'c'
	tagCursor  byte = 'u'
	tagListing byte = 'l'
	tagLinks   byte = 'L'

	tagOrder     byte = 'o'
	tagLine      byte = 'n'
	tagPlaced    byte = 'O'
	tagUnmatched byte = 'U'
	tagBooked    byte = 'B'

	tagDirty  byte = 'd'
	tagPushed byte = 'p'
	tagWrite  byte = 'w'

	tagRun       byte = 'r'
	tagLane      byte = 'g'
	tagAccount   byte = 'a'
	tagApproval  byte = 'A'
	tagSecret    byte = 'x'
	tagWarehouse byte = 'h'
	tagNote      byte = 'N'
	tagNotice    byte = 'e'
	tagCalled    byte = 'H'
)

// DefaultLoc is the one warehouse every database has from the start.
const DefaultLoc uint32 = 1

// key builds a key from a tag and its parts: uint32, uint64, string, or closed for a string that more parts follow.
func key(tag byte, parts ...any) []byte {
	b := make([]byte, 1, 40)
	b[0] = tag
	for _, p := range parts {
		switch p := p.(type) {
		case uint32:
			b = binary.BigEndian.AppendUint32(b, p)
		case uint64:
			b = binary.BigEndian.AppendUint64(b, p)
		case string:
			b = append(b, p...)
		case closed:
			b = append(append(b, p...), 0)
		default:
			panic("db: a key part of an unknown type")
		}
	}
	return b
}

// closed is a string within a key; it must not contain 0x00.
type closed string

// newest inverts a time in Unix milliseconds so that later ones come first.
func newest(at int64) uint64 { return math.MaxUint64 - uint64(max(0, at)) }

func mintedKey(minted string) []byte { return hashed(key(tagMinted), minted) }

// hashed ends a key with what stands for a text of any length.
func hashed(k []byte, text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return append(k, sum[:16]...)
}

func u32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
func u64(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

package amazon

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"evenstock/backend/channel"
)

// errColumns says that a report has other columns than it should. They may be named in the marketplace's language
// (amazon.md, 5.1); those names are not published.
var errColumns = errors.New("a report of listings without the columns seller-sku and quantity")

// parse reads a report: lines of fields divided by tabs, of which the first names the columns. Columns may stand in any
// order, and lines may be short. Fields have no quotes of their own.
func parse(r io.Reader, made time.Time) ([]channel.Listing, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(text(raw), "\n")
	names := strings.Split(strings.ToLower(strings.TrimRight(lines[0], "\r")), "\t")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	if !slices.Contains(names, "seller-sku") || !slices.Contains(names, "quantity") {
		return nil, errColumns
	}
	var out []channel.Listing
	for _, line := range lines[1:] {
		fields := strings.Split(strings.TrimRight(line, "\r"), "\t")
		get := func(name string) string {
			if i := slices.Index(names, name); i >= 0 && i < len(fields) {
				return strings.TrimSpace(fields[i])
			}
			return ""
		}
		sku := get("seller-sku")
		if sku == "" {
			continue
		}
		l := channel.Listing{Ref: sku, SKU: sku, Title: get("item-name"), Image: get("image-url"), Status: channel.Active, Updated: made}
		if get("status") == "Incomplete" {
			l.Status = channel.Draft
		}
		switch code := get("fulfillment-channel"); {
		case byAmazon(code):
			l.Fulfilled = true
		case code == "" || code == codeSeller:
			if get("quantity") == "" {
				continue // a parent, which has no offer (amazon.md, 5.1)
			}
			l.Tracked = true
			n, err := strconv.ParseInt(get("quantity"), 10, 64)
			if err == nil {
				l.Quantity = &n
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// text decodes a report. Its encoding is not the same in every marketplace (amazon.md, 5.1): a mark at its beginning or its
// bytes tell UTF-16 and UTF-8, what is neither is one byte a letter.
func text(raw []byte) string {
	if len(raw) > 1 && (raw[0] == 0xff && raw[1] == 0xfe || raw[0] == 0xfe && raw[1] == 0xff) {
		units := make([]uint16, 0, len(raw)/2)
		for i := 2; i+1 < len(raw); i += 2 {
			low, high := raw[i], raw[i+1]
			if raw[0] == 0xfe {
				low, high = high, low
			}
			units = append(units, uint16(low)|uint16(high)<<8)
		}
		return string(utf16.Decode(units))
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if utf8.Valid(raw) {
		return string(raw)
	}
	letters := make([]rune, len(raw))
	for i, b := range raw {
		letters[i] = rune(b)
	}
	return string(letters)
}

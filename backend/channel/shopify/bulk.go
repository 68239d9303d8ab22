package shopify

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	// bulkAfter is how many variants are read page by page before the rest comes as one file, which costs no points
	// (shopify.md, 2.2).
	bulkAfter = 10_000
	// bulkRows is how many lines of the file make a page of ours.
	bulkRows = 1000
	// bulkPause is between two looks at an operation; no source names a time.
	bulkPause = 15 * time.Second
	// bulkLine is the longest line that is read: a variant is a few hundred bytes.
	bulkLine = 1 << 20

	// The places of a full reading that are not the id of a variant: in a file, and page by page to the end.
	bulkMark, plainMark = "bulk", "plain:"
)

// bulkQuery is what a bulk operation carries out; it stands as text in the call that begins one, with the search in it.
const bulkQuery = `{
  productVariants(query: "SEARCH") {
    edges { node {
      id sku barcode title updatedAt requiresComponents inventoryQuantity
      product { id title status updatedAt isGiftCard hasOnlyDefaultVariant }
      inventoryItem { id tracked updatedAt }
    } }
  }
}`

// waiting is how a phase says that there is nothing yet.
type waiting struct {
	after string
	until time.Time
}

func (w *waiting) Error() string { return "nothing yet" }

// bulkPlace is a place in the file of an operation.
type bulkPlace struct {
	op   string // number of the operation
	row  int    // the next line
	from string // number of the variant behind which the file begins
}

func (p bulkPlace) text() string { return fmt.Sprintf("%s:%s:%d:%s", bulkMark, p.op, p.row, p.from) }

func parseBulk(after string) (p bulkPlace, ok bool) {
	parts := strings.Split(after, ":")
	if len(parts) != 4 || parts[0] != bulkMark || !digits(parts[1]) || !digits(parts[3]) {
		return p, false
	}
	row, err := strconv.Atoi(parts[2])
	return bulkPlace{parts[1], row, parts[3]}, err == nil && row >= 0
}

type bulkOperation struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	URL    string `json:"url"`
	Count  string `json:"objectCount"`
}

// allVariants reads the variants of a shop page by page and, of a large one, the rest by a bulk operation. Where Shopify
// does not carry one out, it goes on page by page.
func (s *Store) allVariants(ctx context.Context, at cursor) ([]channel.Listing, string, time.Time, *httpx.Response, error) {
	if p, ok := parseBulk(at.After); ok {
		return s.bulkPage(ctx, p)
	}
	after, plain := strings.CutPrefix(at.After, plainMark)
	if !plain && after != "" && at.Pages*s.pageSize >= s.bulkAfter {
		op, err := s.beginBulk(ctx, after)
		if err != nil {
			return nil, "", time.Time{}, nil, err
		}
		if op != "" {
			return nil, "", time.Time{}, nil, &waiting{bulkPlace{op: op, from: after}.text(), s.now().Add(bulkPause)}
		}
		plain = true
	}
	out, next, high, resp, err := s.variants(ctx, onSale, after)
	if plain && next != "" {
		next = plainMark + next
	}
	return out, next, high, resp, err
}

// beginBulk returns the number of an operation that reads the variants behind one, "" when Shopify begins none: five run at
// a time in a shop, other apps' among them.
func (s *Store) beginBulk(ctx context.Context, after string) (string, error) {
	var got struct {
		Run struct {
			Operation *bulkOperation `json:"bulkOperation"`
			Errors    []userError    `json:"userErrors"`
		} `json:"bulkOperationRunQuery"`
	}
	query := strings.Replace(bulkQuery, "SEARCH", onSale+" id:>"+after, 1)
	if _, err := s.ask(ctx, opListings, "bulk_run", variables{"query": query}, 12, &got); err != nil {
		return "", err
	}
	if len(got.Run.Errors) > 0 || got.Run.Operation == nil {
		s.log.Info("shopify begins no bulk operation", "errors", len(got.Run.Errors))
		return "", nil
	}
	return number(got.Run.Operation.ID), nil
}

// bulkPage is the next piece of an operation's file.
func (s *Store) bulkPage(ctx context.Context, p bulkPlace) (out []channel.Listing, next string, high time.Time, resp *httpx.Response, err error) {
	var got struct {
		Operation *bulkOperation `json:"bulkOperation"`
	}
	if resp, err = s.ask(ctx, opListings, "bulk_poll", variables{"id": gid("BulkOperation", p.op)}, 3, &got); err != nil {
		return nil, "", high, nil, err
	}
	switch o := got.Operation; {
	case o != nil && (o.Status == "CREATED" || o.Status == "RUNNING" || o.Status == "CANCELING"):
		return nil, "", high, nil, &waiting{p.text(), s.now().Add(bulkPause)}
	case o == nil || o.Status != "COMPLETED" || o.URL == "" && o.Count != "0": // failed, or its file is gone
		return nil, plainMark + p.from, high, resp, nil
	case o.URL == "":
		return nil, "", high, resp, nil
	}
	rows, err := s.bulkFile(ctx, p.op, got.Operation.URL)
	if err != nil {
		return nil, "", high, nil, err
	}
	to := min(len(rows), p.row+s.bulkRows)
	for i := min(p.row, to); i < to; i++ {
		v := &rows[i]
		out = append(out, s.listing(v))
		high = later(high, v.Updated, v.Item.Updated, v.Product.Updated)
	}
	if p.row = to; to < len(rows) {
		return out, p.text(), high, resp, nil
	}
	s.keepBulk("", nil)
	return out, "", high, resp, nil
}

// bulkFile reads the file of an operation, once for all its pages.
func (s *Store) bulkFile(ctx context.Context, op, url string) ([]variant, error) {
	s.mu.Lock()
	rows, known := s.bulkOf, s.bulkOp == op
	s.mu.Unlock()
	if known {
		return rows, nil
	}
	rows = nil
	err := s.http.Fetch(ctx, httpx.Document{Op: opListings, URL: url}, func(r io.Reader) error {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, bulkLine)
		for lines.Scan() {
			var v variant
			if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
				return channel.BadAnswer(opListings, err)
			}
			if v.ID == "" {
				return channel.BadAnswer(opListings, errors.New("a line without an id"))
			}
			rows = append(rows, v)
		}
		if err := lines.Err(); err != nil {
			return channel.BadAnswer(opListings, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.keepBulk(op, rows)
	return rows, nil
}

func (s *Store) keepBulk(op string, rows []variant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bulkOp, s.bulkOf = op, rows
}

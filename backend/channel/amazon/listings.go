package amazon

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/url"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opListings = "read listings"
	reportType = "GET_MERCHANT_LISTINGS_ALL_DATA"
	// The largest report as it travels and unpacked: 100,000 listings with 1 kB for each.
	reportPacked = 32 << 20
	reportGrown  = 128 << 20
	// A report takes a minute or more; one that failed is asked for again later (amazon.md, 5.1).
	reportSoon  = 30 * time.Second
	reportLater = 10 * time.Minute
)

// place is the cursor of a list of listings: how far a report was read.
type place struct {
	V      int    `json:"v"`
	Report string `json:"report,omitempty"`
	Offset int    `json:"offset,omitempty"` // rows that were handed over
}

const placeVersion = 1

func decodePlace(c channel.Cursor) place {
	var p place
	if len(c) == 0 || json.Unmarshal(c, &p) != nil || p.V != placeVersion || p.Offset < 0 {
		return place{V: placeVersion}
	}
	return p
}

func (p place) encode() channel.Cursor {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	return b
}

// ListListings implements [channel.Store], by a report of all listings. While Amazon writes it, a page is empty and says
// when to come back.
func (s *Store) ListListings(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Listing], error] {
	return func(yield func(channel.Page[channel.Listing], error) bool) {
		at := decodePlace(since)
		rows, wait, err := s.report(ctx, &at)
		if err != nil {
			yield(channel.Page[channel.Listing]{}, err)
			return
		}
		if !wait.IsZero() {
			yield(channel.Page[channel.Listing]{Next: at.encode(), Wait: wait}, nil)
			return
		}
		for {
			if err := ctx.Err(); err != nil {
				yield(channel.Page[channel.Listing]{}, err)
				return
			}
			from := min(at.Offset, len(rows))
			to := min(from+s.pageSize, len(rows))
			if err := s.heldByAmazon(ctx, rows[from:to]); err != nil {
				yield(channel.Page[channel.Listing]{}, err)
				return
			}
			page := channel.Page[channel.Listing]{Items: rows[from:to], Total: len(rows)}
			at.Offset = to
			last := to == len(rows)
			if last {
				at = place{V: placeVersion}
			}
			page.Next = at.encode()
			if !yield(page, nil) || last {
				return
			}
		}
	}
}

// report returns the rows of the report at is about, which is asked for if there is none, or when to come back.
func (s *Store) report(ctx context.Context, at *place) (rows []channel.Listing, wait time.Time, err error) {
	if at.Report == "" {
		var made madeReport
		resp, err := s.ask(ctx, httpx.Request{Op: opListings, Method: http.MethodPost, Path: "reports/2021-06-30/reports", Budget: forNewReport,
			Body: map[string]any{"reportType": reportType, "marketplaceIds": []string{s.marketplace}}})
		if err != nil {
			return nil, wait, listError(err)
		}
		if err := resp.Decode(opListings, &made); err != nil {
			return nil, wait, err
		}
		*at = place{V: placeVersion, Report: made.Report}
	}
	resp, err := s.ask(ctx, httpx.Request{Op: opListings, Path: "reports/2021-06-30/reports/" + url.PathEscape(at.Report), Budget: forReport})
	if channel.IsKind(err, channel.Invalid) || channel.IsKind(err, channel.Missing) {
		*at = place{V: placeVersion} // it was too long ago
		return nil, s.now().Add(reportSoon), nil
	}
	if err != nil {
		return nil, wait, err
	}
	var j job
	if err := resp.Decode(opListings, &j); err != nil {
		return nil, wait, err
	}
	switch j.Status {
	case jobDone:
	case jobCancelled, jobFatal:
		*at = place{V: placeVersion}
		return nil, s.now().Add(reportLater), nil
	default:
		return nil, s.now().Add(reportSoon), nil
	}
	err = s.document(ctx, opListings, forReportDoc, "reports/2021-06-30/documents/"+url.PathEscape(j.Document), func(r io.Reader) error {
		rows, err = parse(r, j.Created)
		return err
	})
	return rows, wait, err
}

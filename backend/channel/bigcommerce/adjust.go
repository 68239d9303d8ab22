package bigcommerce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// refused is a 422: BigCommerce looked at the rows and wrote none.
type refused struct {
	text string
	err  error
}

// send writes the rows of some listings. An error means that nobody knows what was written.
func (p *push) send(ctx context.Context, method, path string, some []int, rows []row) (*refused, error) {
	to, expect := map[spot]int64{}, map[spot]*int64{}
	for _, i := range some {
		at := p.spot(i)
		to[at], expect[at] = p.batch[i].Available, p.batch[i].Expect
	}
	if err := p.store.recent.add(to, expect); err != nil {
		return nil, fmt.Errorf("note what is sent: %w", err)
	}
	resp, err := p.store.ask(ctx, httpx.Request{Op: opPush, Method: method, Path: path, Body: adjustment{Reason: reasonText, Items: rows}})
	if resp != nil && resp.Status == http.StatusUnprocessableEntity {
		return &refused{refusal(resp), err}, nil
	}
	if err != nil {
		return nil, listError(err)
	}
	var done struct {
		Transaction string `json:"transaction_id"`
	}
	if err := resp.Decode(opPush, &done); err != nil {
		return nil, err
	}
	if done.Transaction == "" {
		return nil, channel.BadAnswer(opPush, errors.New("an answer without a transaction"))
	}
	return nil, nil
}

var names = regexp.MustCompile(`(variant_id|product_id)\W+(\d+)`)

// named are the listings whose rows a refusal names, such as "[Item with variant_id 106 is tracked by product, …]".
func (p *push) named(text string, some []int, rows []row) []int {
	var out []int
	for _, m := range names.FindAllStringSubmatch(text, -1) {
		id, err := strconv.ParseInt(m[2], 10, 64)
		if err != nil {
			continue
		}
		for n, i := range some {
			if (m[1] == "variant_id" && rows[n].Variant == id || m[1] == "product_id" && rows[n].Product == id) && !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	return out
}

func refuse(message string) error {
	return &channel.Error{Kind: channel.Invalid, Op: opPush, Code: channel.CodeInvalid, Message: message}
}

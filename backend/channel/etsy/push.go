package etsy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const opPush = "push stock"

const (
	zeroMessage    = "Etsy takes no listing down to zero. Let Evenstock set it inactive in this store's settings, or set it inactive on Etsy."
	soldOutMessage = "This listing is sold out on Etsy. Putting it back on sale costs Etsy's listing fee, so renew it on Etsy, or let Evenstock renew sold out listings in this store's settings."
	expiredMessage = "This listing has expired on Etsy. Renewing it costs Etsy's listing fee, so renew it on Etsy if it is to be sold again."
	neverMessage   = "This listing was never saved with Etsy's inventory tools. Open it on Etsy, enter its quantity and save it once."
	oddMessage     = "This listing has prices or offers that Evenstock cannot write back unchanged, so its quantity is left alone. Change it on Etsy."
)

// PushStock implements [channel.Store]. Etsy replaces the inventory of a listing as a whole, so each listing is read anew,
// changed in nothing but quantities and written back (etsy.md, 3.2).
func (s *Store) PushStock(ctx context.Context, batch []channel.StockLevel) ([]channel.Result, error) {
	if len(batch) > pushBatch {
		return nil, channel.TooMany(opPush, len(batch), pushBatch)
	}
	out := make([]channel.Result, len(batch))
	byListing := map[int64][]int{}
	var order []int64
	for i, l := range batch {
		id, ok := listingOf(l.Listing)
		switch {
		case !ok:
			out[i].Err = gone(opPush)
			continue
		case l.Available < 0 || l.Available > maxQuantity:
			out[i].Err = refuse(fmt.Sprintf("Etsy does not take a quantity of %d; %d is the most.", l.Available, maxQuantity))
			continue
		}
		if byListing[id] == nil {
			order = append(order, id)
		}
		byListing[id] = append(byListing[id], i)
	}
	for _, id := range order {
		if err := s.pushListing(ctx, id, batch, byListing[id], out); err != nil {
			return out, err
		}
	}
	return out, nil
}

// pushListing brings the numbers of one listing to it. What concerns this listing alone goes into the results.
func (s *Store) pushListing(ctx context.Context, id int64, batch []channel.StockLevel, some []int, out []channel.Result) error {
	all := func(err error) error {
		for _, i := range some {
			if out[i].Err == nil {
				out[i].Err = err
			}
		}
		return nil
	}
	l, err := s.inventory(ctx, id)
	if own := ofOne(err); own != nil {
		return all(own)
	}
	if err != nil {
		return err
	}
	rests, err := s.rested.rests(id, l.State)
	if err != nil {
		return noteError(opPush, err)
	}
	if len(l.Inventory.Products) == 0 {
		return all(refuse(neverMessage))
	}
	numbers, changes := s.plan(l, rests, batch, some, out)
	if !changes {
		return nil
	}
	err = s.bring(ctx, l, rests, numbers)
	if own := ofOne(err); own != nil {
		return all(own)
	}
	return err
}

// plan works out the numbers of a listing's products after the push. A level whose expectation no longer holds is left
// out: a customer bought since, and what was computed before that would give the sale back.
func (s *Store) plan(l listing, rests bool, batch []channel.StockLevel, some []int, out []channel.Result) (numbers []int64, changes bool) {
	inv := l.Inventory
	numbers = make([]int64, len(inv.Products))
	for i, p := range inv.Products {
		if !rests {
			numbers[i] = p.quantity()
		}
	}
	known := variantsOf(l.ID, inv)
	for _, i := range some {
		at := slices.IndexFunc(known, func(v variant) bool { return v.ref == batch[i].Listing })
		if at < 0 {
			out[i].Err = gone(opPush)
			continue
		}
		v := known[at]
		was := v.quantity
		if rests {
			was = 0
		}
		if e := batch[i].Expect; e != nil && *e != was {
			out[i].Err = &channel.Error{Kind: channel.Stale, Op: opPush, Code: channel.CodeNotApplied,
				Message: fmt.Sprintf("Etsy shows %d where %d was expected.", was, *e)}
			continue
		}
		out[i].Was, changes = &was, true
		for j := range inv.Products {
			if inv.group(j) == inv.group(v.products[0]) {
				numbers[j] = batch[i].Available
			}
		}
	}
	return numbers, changes
}

// bring makes a listing show numbers, in the way its state allows.
func (s *Store) bring(ctx context.Context, l listing, rests bool, numbers []int64) error {
	some := slices.ContainsFunc(numbers, func(n int64) bool { return n > 0 })
	switch {
	case !some && l.State != stateActive:
		return nil // nobody can buy it
	case !some && !s.zero:
		return refuse(zeroMessage)
	case !some:
		return s.rest(ctx, l.ID)
	case l.State == stateExpired:
		return refuse(expiredMessage)
	case l.State == stateSoldOut && !s.renews:
		return refuse(soldOutMessage)
	}
	if err := s.put(ctx, l, numbers); err != nil {
		return err
	}
	if l.State != stateSoldOut && !rests {
		return nil
	}
	shown, err := s.setState(ctx, l.ID, stateActive)
	if err != nil {
		return err
	}
	if err := s.rested.set(l.ID, false); err != nil {
		return noteError(opPush, err)
	}
	if l.State == stateSoldOut && shown != sumOf(l.Inventory, numbers) {
		return s.put(ctx, l, numbers) // renewing may set the quantity to 1 (OpenAPI file, updateListing)
	}
	return nil
}

// rest sets a listing inactive because nothing is left, which is Etsy's only zero (etsy.md, 3.2).
func (s *Store) rest(ctx context.Context, id int64) error {
	if err := s.rested.set(id, true); err != nil {
		return noteError(opPush, err)
	}
	_, err := s.setState(ctx, id, stateInactive)
	return err
}

// setState changes whether a listing is on sale and returns the quantity it then shows.
func (s *Store) setState(ctx context.Context, id int64, state string) (int64, error) {
	r, err := s.inShop(ctx, opPush, "/listings/"+formatID(id), nil)
	if err != nil {
		return 0, err
	}
	r.Method, r.Form = http.MethodPatch, url.Values{"state": {state}}
	resp, err := s.ask(ctx, r)
	if err != nil {
		return 0, err
	}
	var got listing
	if err := resp.Decode(opPush, &got); err != nil {
		return 0, err
	}
	if got.ID != id {
		return 0, channel.BadAnswer(opPush, fmt.Errorf("an answer about listing %d instead of %d", got.ID, id))
	}
	if got.State != state {
		return 0, &channel.Error{Kind: channel.Stale, Op: opPush, Code: channel.CodeNotApplied,
			Message: fmt.Sprintf("Etsy was asked to make the listing %s and shows it as %s.", state, httpx.Plain(got.State))}
	}
	return got.Quantity, nil
}

// inventory reads one listing anew, with its state.
func (s *Store) inventory(ctx context.Context, id int64) (listing, error) {
	resp, err := s.ask(ctx, httpx.Request{Op: opPush, Path: "v3/application/listings/" + formatID(id) + "/inventory",
		Query: url.Values{"includes": {"Listing"}}})
	if err != nil {
		return listing{}, err
	}
	var inv inventory
	if err := resp.Decode(opPush, &inv); err != nil {
		return listing{}, err
	}
	if inv.Listing == nil || inv.Listing.ID != id || inv.Listing.State == "" {
		return listing{}, channel.BadAnswer(opPush, errors.New("an inventory without its listing"))
	}
	l := *inv.Listing
	l.Inventory = &inv
	return l, nil
}

// put writes numbers and proves by the answer that nothing else changed.
func (s *Store) put(ctx context.Context, l listing, numbers []int64) error {
	body, three, ok := l.Inventory.with(numbers)
	if !ok {
		return refuse(oddMessage)
	}
	r := httpx.Request{Op: opPush, Method: http.MethodPut, Path: "v3/application/listings/" + formatID(l.ID) + "/inventory", Body: body}
	if three {
		r.Query = url.Values{"max_variations_supported": {"3"}}
	}
	resp, err := s.ask(ctx, r)
	if err != nil {
		return err
	}
	var got inventory
	if err := resp.Decode(opPush, &got); err != nil {
		return err
	}
	want := l.Inventory.shows(numbers)
	if len(got.Products) == 0 {
		return channel.BadAnswer(opPush, errors.New("an inventory without products"))
	}
	if shown := got.shows(nil); !slices.Equal(shown, want) {
		return &channel.Error{Kind: channel.Stale, Op: opPush, Code: channel.CodeNotApplied,
			Message: "Etsy did not take the quantities, or shows other prices or choices than before. Look at the listing on Etsy.",
			Err:     fmt.Errorf("wrote %q, shows %q", want, shown)}
	}
	return nil
}

func refuse(message string) error {
	return &channel.Error{Kind: channel.Invalid, Op: opPush, Code: channel.CodeInvalid, Message: message}
}

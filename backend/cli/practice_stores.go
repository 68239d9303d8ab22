package cli

import (
	"context"
	"net"
	"slices"
	"strconv"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/practice"
	"evenstock/backend/practice/server"
)

const (
	practiceSeed = 1

	// PracticeEvery is the order period of practice stores: nobody watches a demo for ten minutes.
	PracticeEvery = 20 * time.Second

	// waitingEvery is how often a practice store that is still preparing its listings is tried again.
	waitingEvery = 3 * time.Second

	// demoStep is how often the practice stores are asked whether something happens in them.
	demoStep = time.Second
)

// servePractice serves practice stores until ctx ends, for a person or a test to connect.
func servePractice(ctx context.Context, o PracticeOptions, now func() time.Time, ready func([]PracticeStore)) error {
	s, err := server.Serve(ctx, server.Options{Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port)), Seed: o.Seed,
		Listings: o.Listings, DateOffset: o.DateOffset, Version: o.Version, Now: now})
	if err != nil {
		return err
	}
	var stores []PracticeStore
	for _, shop := range s.Shops {
		stores = append(stores, PracticeStore{Channel: shop.Channel, Name: shop.Name, URL: shop.URL, Endpoint: shop.Endpoint, Fields: shop.Fields})
	}
	ready(stores)
	s.Wait()
	return nil
}

// Practice are practice stores that are connected to books.
type Practice struct {
	Demo   *practice.Demo
	Worlds map[uint32]*practice.World // by the number of the store in the books
}

// ConnectPractice serves practice stores until ctx ends, connects them to the engine's books and turns them on. Customers
// buy in them as long as [Live] is called with their demo.
func ConnectPractice(ctx context.Context, e *engine.Engine, now func() time.Time) (*Practice, error) {
	s, err := server.Serve(ctx, server.Options{Seed: practiceSeed, Now: now})
	if err != nil {
		return nil, err
	}
	var ids []uint32
	worlds := map[uint32]*practice.World{}
	for _, shop := range s.Shops {
		store, _, err := e.AddStore(ctx, engine.NewStore{Channel: shop.Channel, Name: shop.Name, Fields: shop.Fields,
			AllowHTTP: true, Endpoint: shop.Endpoint, Practice: true})
		if err != nil {
			return nil, err
		}
		ids = append(ids, store.ID)
		worlds[store.ID] = shop.World
		if _, err := e.SyncListings(ctx, store.ID); err != nil {
			return nil, err
		}
	}
	waiting, err := turnOnAll(ctx, e, ids)
	if err != nil {
		return nil, err
	}
	go func() { // a shop that is still preparing its listings is turned on when they are there
		for len(waiting) > 0 && err == nil && engine.Sleep(ctx, waitingEvery) == nil {
			waiting, err = turnOnAll(ctx, e, waiting)
		}
	}()
	return &Practice{Demo: s.Demo, Worlds: worlds}, nil
}

// turnOnAll turns stores on and returns those whose listings are not there yet.
func turnOnAll(ctx context.Context, e *engine.Engine, ids []uint32) (waiting []uint32, err error) {
	for _, id := range ids {
		runs, err := e.TurnOn(ctx, id, engine.TurnOn{Copy: true, Push: engine.PushAll})
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(runs, func(r db.Run) bool { return r.Outcome == db.Partly }) {
			waiting = append(waiting, id)
		}
	}
	return waiting, nil
}

// Live lets customers buy in practice stores until ctx ends.
func Live(ctx context.Context, demo *practice.Demo) {
	tick := time.NewTicker(demoStep)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			demo.Step(now)
		}
	}
}

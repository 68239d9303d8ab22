package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"evenstock/backend/cli"
	"evenstock/backend/desktop"
	"evenstock/backend/engine"
	"evenstock/backend/practice"
	"evenstock/backend/practice/server"
)

const (
	practiceFolder = "practice" // below the data folder
	practiceSeed   = 1

	// practiceEvery is the order period of practice stores: nobody watches a demo for ten minutes.
	practiceEvery = 20 * time.Second

	// demoStep is how often the practice stores are asked whether something happens in them.
	demoStep = time.Second
)

// servePractice serves practice stores until ctx ends, for a person or a test to connect.
func servePractice(ctx context.Context, o cli.PracticeOptions, ready func([]cli.PracticeStore)) error {
	s, err := server.Serve(ctx, server.Options{Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port)), Seed: o.Seed,
		Listings: o.Listings, DateOffset: o.DateOffset, Version: o.Version, Now: now})
	if err != nil {
		return err
	}
	var stores []cli.PracticeStore
	for _, shop := range s.Shops {
		stores = append(stores, cli.PracticeStore{Channel: shop.Channel, Name: shop.Name, URL: shop.URL, Fields: shop.Fields})
	}
	ready(stores)
	s.Wait()
	return nil
}

// beginAnew empties a folder of practice books: their stores ended with the process that served them.
func beginAnew(folder string) error {
	owner, err := desktop.Listen(folder) // so that nobody else works there
	if err != nil {
		return err
	}
	defer owner.Close()
	for _, name := range []string{booksFolder, backupsFolder, logName} {
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("practice books: %w", err)
		}
	}
	return nil
}

// startPractice serves practice stores until ctx ends, connects them to these books and turns them on.
func (a *App) startPractice(ctx context.Context) (*practice.Demo, error) {
	s, err := server.Serve(ctx, server.Options{Seed: practiceSeed, Now: now})
	if err != nil {
		return nil, err
	}
	var ids []uint32
	for _, shop := range s.Shops {
		store, _, err := a.engine.AddStore(ctx, engine.NewStore{Channel: shop.Channel, Name: shop.Name, Fields: shop.Fields,
			AllowHTTP: true, Practice: true})
		if err != nil {
			return nil, err
		}
		ids = append(ids, store.ID)
		if _, err := a.engine.SyncListings(ctx, store.ID); err != nil {
			return nil, err
		}
	}
	for _, id := range ids {
		if _, err := a.engine.TurnOn(ctx, id, engine.TurnOn{Copy: true, Push: engine.PushAll}); err != nil {
			return nil, err
		}
	}
	return s.Demo, nil
}

// live lets customers buy in practice stores until ctx ends.
func live(ctx context.Context, demo *practice.Demo) {
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

// practise is startPractice and live in one.
func (a *App) practise(ctx context.Context) error {
	demo, err := a.startPractice(ctx)
	if err != nil {
		return err
	}
	live(ctx, demo)
	return nil
}

// Command fill writes books of a size into an empty data folder, for measuring the window over them:
//
//	go run ./backend/bench/fill FOLDER 100000
//
// Every product is counted and listed in two stores that wait for their keys, so that nothing is read or sent meanwhile.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// batch is how many products one transaction writes.
const batch = 500

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("say which folder and how many products: fill FOLDER 100000")
	}
	n, err := strconv.Atoi(args[1])
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no number of products", args[1])
	}
	d, err := db.Open(filepath.Join(args[0], "books"))
	if err != nil {
		return err
	}
	if err := fill(d, n); err != nil {
		d.Close()
		return err
	}
	return d.Close()
}

func fill(d *db.DB, n int) error {
	var stores []db.Store
	at := time.Date(2026, 8, 18, 9, 0, 0, 0, time.UTC)
	err := d.Update(at, func(tx *db.Tx) error {
		for _, name := range []string{"Fernhill Home", "Fernhill Trade"} {
			s, err := tx.PutStore(db.Store{Name: name, Channel: "woocommerce", Account: name, URL: "https://shop.example", Needs: "auth"})
			if err != nil {
				return err
			}
			stores = append(stores, s)
		}
		return nil
	})
	for from := 0; from < n && err == nil; from += batch {
		err = d.Update(at, func(tx *db.Tx) error {
			for i := from; i < min(n, from+batch); i++ {
				if err := product(tx, stores, i, n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}

func product(tx *db.Tx, stores []db.Store, i, n int) error {
	sku := fmt.Sprintf("%s-%06d", [...]string{"MUG", "BRD", "tee", "JEANS"}[i%4], i*7919%n)
	it, err := tx.PutItem(db.Item{SKU: sku, Title: fmt.Sprintf("Handmade product number %d of Fernhill", i), Variant: "Size M"})
	if err != nil {
		return err
	}
	m := db.Movement{Item: it.ID, Loc: db.DefaultLoc, Kind: domain.Counted, OnHand: int64(i % 100)}
	if _, err := tx.Append(m, true); err != nil {
		return err
	}
	for _, s := range stores {
		l := db.Listing{Store: s.ID, Ref: fmt.Sprint(i), SKU: sku, Status: db.ListingActive, Tracked: true, Item: it.ID}
		if err := tx.PutListing(l); err != nil {
			return err
		}
		if err := tx.Link(it.ID, db.Link{Store: s.ID, Ref: l.Ref}); err != nil {
			return err
		}
	}
	return nil
}

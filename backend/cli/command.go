package cli

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
)

// action carries a command out.
type action func(ctx context.Context, c *Call) error

// command is one row of the table of commands.
type command struct {
	name string // one or two words
	args string // its words, as in "STORE [NUMBER]"
	text string // what it does, one sentence
	make func(fs *flag.FlagSet) action

	where place
	keys  bool // it may speak to stores, so it needs their keys, and a while
	long  bool // it needs a while
	quiet bool // left out of the help
}

// place says where a command is carried out.
type place int

const (
	byOwner place = iota // by the process that owns the folder, or here when none does
	alone                // here, and only when no process owns the folder
	noBooks              // here; it opens no books
)

// arity is the least and the most words the command takes.
func (c *command) arity() (least, most int) {
	words := strings.Fields(c.args)
	for _, w := range words {
		if !strings.HasPrefix(w, "[") {
			least++
		}
	}
	return least, len(words)
}

// prepare reads the command's flags and words. args are without its name.
func (c *command) prepare(args []string) (action, []string, globals, error) {
	var g globals
	fs := newFlagSet()
	g.register(fs)
	run := c.make(fs)
	words, err := parse(fs, args)
	if err != nil {
		return nil, nil, g, err
	}
	if g.help {
		return run, words, g, nil
	}
	if least, most := c.arity(); len(words) < least || len(words) > most {
		return nil, nil, g, usagef("It is typed: evenstock %s", c.usage())
	}
	return run, words, g, g.check()
}

// usage is how the command is typed.
func (c *command) usage() string { return strings.TrimSpace(c.name + " " + c.args) }

// commands is the table of all commands, in the order of the help. It is a function because the help is in it.
func commands() []*command {
	return []*command{
		{name: "store add", args: "CHANNEL", make: storeAdd, keys: true, text: "Connect a store and read its listings."},
		{name: "store list", make: storeList, text: "Show the connected stores and how fresh they are."},
		{name: "store check", args: "STORE", make: storeCheck, keys: true, text: "Test a store's key."},
		{name: "store set", args: "STORE", make: storeSet, keys: true, text: "Change a store's settings or keys."},
		{name: "store locations", args: "STORE", make: storeLocations, keys: true, text: "Show a store's locations and which warehouse each is."},
		{name: "store webhooks", args: "STORE", make: storeHooks, keys: true, text: "Show how a store's shop is made to call when something changed."},
		{name: "store on", args: "STORE", make: storeOn, keys: true, text: "Turn inventory sync on, after showing what it would send."},
		{name: "store off", args: "STORE", make: storeOff, long: true, text: "Turn inventory sync off. Nothing is read or sent any more."},
		{name: "store remove", args: "STORE", make: storeRemove, long: true, text: "Disconnect a store."},
		{name: "pause", args: "[STORE]", make: pause, text: "Send nothing, to all stores or to one; reading goes on."},
		{name: "resume", args: "[STORE]", make: resume, text: "Send again."},

		{name: "webhooks", args: "[on|off]", make: webhooksSet, text: "Let shops call through a tunnel of yours, or not."},

		{name: "rehearse", args: "STORE", make: rehearse, keys: true, text: "Show what would be sent to a store."},
		{name: "held list", args: "STORE", make: heldList, text: "Show what the safety catch holds."},
		{name: "held approve", args: "STORE", make: heldApprove, keys: true, text: "Send what it holds."},
		{name: "held drop", args: "STORE", make: heldDrop, text: "Leave what it holds as it is in the shop."},
		{name: "drift", args: "STORE", make: drift, keys: true, text: "Show which listings differ in the shop, and put them right."},

		{name: "sync", args: "[STORE]", make: syncNow, keys: true, text: "Read the latest orders, then send what changed."},
		{name: "inventory refresh", args: "STORE", make: inventoryRefresh, keys: true, text: "Bring every counted listing to its number. Once in 4 hours."},
		{name: "listings sync", args: "STORE", make: listingsSync, keys: true, text: "Read the listings that changed."},
		{name: "listings refresh", args: "STORE", make: listingsRefresh, keys: true, text: "Read all listings again. Once in 4 hours."},
		{name: "listings list", make: listingsList, text: "Show listings and why each has its number."},
		{name: "listings track", args: "STORE", make: listingsTrack, keys: true, text: "Switch stock tracking on in the shop."},

		{name: "stock list", make: stockList, text: "Show products with In stock, Booked and Available."},
		{name: "stock show", args: "SKU", make: stockShow, text: "Show a product and its online listings."},
		{name: "stock explain", args: "SKU", make: stockExplain, text: "Show how a product's numbers came about."},
		{name: "stock set", args: "SKU N", make: stockSet, keys: true, text: "Set In stock and send the new Available."},
		{name: "stock add", args: "SKU N", make: stockAdd, keys: true, text: "Add to In stock, or take from it with a negative N."},

		{name: "warehouse list", make: warehouseList, text: "Show the warehouses, and what lies in each."},
		{name: "warehouse add", args: "CODE", make: warehouseAdd, text: "Add a warehouse."},
		{name: "warehouse set", args: "CODE", make: warehouseSet, text: "Rename a warehouse, or say where orders are booked first."},
		{name: "warehouse remove", args: "CODE", make: warehouseRemove, text: "Take an empty warehouse out of use."},

		{name: "orders list", make: ordersList, text: "Show orders, the newest first."},
		{name: "orders show", args: "STORE NUMBER", make: ordersShow, text: "Show an order and what it did to stock."},
		{name: "orders link", args: "LINE", make: ordersLink, text: "Book an unmatched order line on a product."},
		{name: "orders settle", args: "STORE", make: ordersSettle, text: "Say what becomes of units that shipped while sync was off."},
		{name: "undo", args: "[SEQ]", make: undo, keys: true, text: "Reverse a movement by a counter-entry, or with --run what a run sent."},
		{name: "health", make: health, text: "Show what needs a look in the catalogue."},
		{name: "activity", args: "[STORE]", make: activity, text: "Show what was done, the newest first."},

		{name: "run", make: run, where: alone, keys: true, text: "Work by itself without a window, until it is stopped."},
		{name: "practice", make: practiceStores, where: noBooks, text: "Serve practice stores and print their addresses and keys."},

		{name: "backup", args: "FILE", make: backup, text: "Write all books to one file."},
		{name: "restore", args: "FILE", make: restore, where: alone, text: "Put the books of a backup in place of these."},
		{name: "verify", make: verify, text: "Work all books out again and compare."},
		{name: "rebuild", make: rebuild, text: "Write everything that follows from the movements again."},
		{name: raiseName, make: raise, quiet: true, text: "Bring the window to the front."},
		{name: "--dump", make: dump, quiet: true, text: "Print the database as JSON lines."},

		{name: "version", make: version, where: noBooks, text: "Show versions and folders."},
		{name: "help", args: "[COMMAND] [COMMAND]", make: help, where: noBooks, quiet: true, text: "Show how commands are typed."},
	}
}

func lookUp(name string) *command {
	all := commands()
	if i := slices.IndexFunc(all, func(c *command) bool { return c.name == name }); i >= 0 {
		return all[i]
	}
	return nil
}

// unknownCommand says what could have been meant by a first word that is no command.
func unknownCommand(word string) error {
	var with []string
	for _, c := range commands() {
		if first, second, two := strings.Cut(c.name, " "); two && first == word {
			with = append(with, second)
		}
	}
	if with != nil {
		return usagef("%s is followed by %s.", word, oneOf(with))
	}
	return usagef("There is no command %q. \"evenstock help\" lists them.", word)
}

func oneOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return fmt.Sprintf("%s or %s", strings.Join(words[:len(words)-1], ", "), words[len(words)-1])
}

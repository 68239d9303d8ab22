package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// runList is the answer of every command that makes runs. Failure is set when none of them did anything.
type runList struct {
	Runs    []db.Run `json:"runs"`
	Off     []string `json:"off,omitempty"` // stores left out because their sync is off
	Failure *failure `json:"error,omitempty"`
}

// exitAfter is the exit code that what became of runs asks for, nil when all went well.
func exitAfter(runs []db.Run) error {
	worst, failed := exitDone, 0
	for _, r := range runs {
		code := exitOfRun(r)
		if code != exitDone && code != exitPartly {
			failed++
		}
		worst = max(worst, code)
	}
	switch {
	case worst == exitDone:
		return nil
	case failed > 0 && failed < len(runs):
		return outcome(exitPartly)
	}
	return outcome(worst)
}

func exitOfRun(r db.Run) int {
	switch r.Outcome {
	case db.Failed:
		return max(exitFailed, exitOf(r.Code))
	case db.Refused:
		return exitRefused
	case db.Cancelled:
		return exitInterrupted
	case db.Held:
		if r.Written == 0 {
			return exitRefused
		}
		return exitPartly
	case db.Partly:
		return exitPartly
	}
	if r.Refused > 0 || r.Pending > 0 || r.HeldRows > 0 {
		return exitPartly
	}
	return exitDone
}

// showRuns answers with runs, and ends with the exit code they ask for.
func (c *Call) showRuns(runs []db.Run, off []string) error {
	after := exitAfter(runs)
	list := runList{Runs: runs, Off: off}
	if code, bad := after.(outcome); bad && code != exitPartly {
		r := runs[len(runs)-1]
		list.Failure = &failure{Code: codeOfRun(r), Message: r.Note, Store: r.StoreName}
	}
	for _, name := range off {
		c.say("Inventory sync is off for %s, so it was left out.", name)
	}
	if err := c.tellPaused(runs); err != nil {
		return err
	}
	if err := c.show(list, func(w io.Writer) {
		for _, r := range runs {
			printRun(w, r)
		}
	}); err != nil {
		return err
	}
	return after
}

// tellPaused says which of the stores only read because sending to them is paused (M7).
func (c *Call) tellPaused(runs []db.Run) error {
	all, err := c.stores()
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Paused && slices.ContainsFunc(runs, func(r db.Run) bool { return r.Store == s.ID }) {
			c.say("Sending to %s is paused: orders were read, nothing was sent.", s.Name)
		}
	}
	return nil
}

func codeOfRun(r db.Run) string {
	switch {
	case r.Code != "":
		return r.Code
	case r.Outcome == db.Held:
		return engine.CodeHeld
	}
	return engine.CodeInvalid
}

// printRun is a run in one or a few lines.
func printRun(w io.Writer, r db.Run) {
	took := time.Duration(r.FinishedAt-r.StartedAt) * time.Millisecond
	fmt.Fprintf(w, "%s: %s in %.1f s. %s.\n", clean(r.StoreName), runWords[r.Kind], took.Seconds(), runNumbers(r))
	if text := outcomeWords[r.Outcome]; text != "" {
		fmt.Fprintf(w, "  %s\n", text)
	}
	if r.Note != "" {
		fmt.Fprintf(w, "  %s\n", clean(r.Note))
	}
	for _, e := range r.Errors {
		fmt.Fprintf(w, "  %s: %s\n", clean(first(e.SKU, "Listing "+e.Listing)), clean(e.Message))
	}
}

var runWords = map[string]string{
	db.RunSync:             "sync",
	db.RunInventoryRefresh: "hard refresh of inventory",
	db.RunListingsSync:     "listings that changed",
	db.RunListingsRefresh:  "all listings",
	db.RunTurnOn:           "turning on",
	db.RunUndoPush:         "undo of a push",
}

var outcomeWords = map[string]string{
	db.Partly:    "Not all of it could be done.",
	db.Failed:    "It was not done.",
	db.Refused:   "It was refused.",
	db.Held:      "The safety catch holds rows of it.",
	db.Cancelled: "It was stopped before its end.",
}

// runNumbers says what a run read, booked and wrote.
func runNumbers(r db.Run) string {
	var parts []string
	add := func(n int64, one, verb string) {
		if n > 0 {
			parts = append(parts, count(n, one)+" "+verb)
		}
	}
	add(r.OrdersRead, "order", "read")
	add(r.OrdersChanged, "order", "changed")
	add(r.ListingsRead, "listing", "read")
	add(r.UnitsBooked, "unit", "booked")
	add(r.UnitsFulfilled, "unit", "shipped")
	add(r.UnitsReleased, "unit", "released")
	add(r.Checked, "listing", "checked")
	add(r.Written, "listing", "written")
	add(r.AlreadyRight, "listing", "already right")
	add(r.Refused, "listing", "refused by the shop")
	add(r.Pending, "listing", "still to come")
	add(r.HeldRows, "listing", "held")
	if parts == nil {
		return "Nothing new"
	}
	return sentence(strings.Join(parts, ", "))
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func syncNow(*flag.FlagSet) action {
	return func(ctx context.Context, c *Call) error {
		s, err := c.optionalStore()
		if err != nil {
			return err
		}
		if s.ID != 0 {
			return c.oneRun(ctx, s.ID, (*engine.Engine).Sync)
		}
		runs, off, err := c.App.Engine.SyncAll(ctx)
		if err != nil {
			return err
		}
		if len(runs) == 0 {
			return &engine.Error{Code: engine.CodeSyncOff, Message: noneOn(off)}
		}
		return c.showRuns(runs, off)
	}
}

func noneOn(off []string) string {
	if len(off) == 0 {
		return "No store is connected yet. \"evenstock store add\" connects one."
	}
	return fmt.Sprintf("Inventory sync is off for %s, so no orders are read and nothing is sent.", strings.Join(off, ", "))
}

func inventoryRefresh(*flag.FlagSet) action { return manualRun((*engine.Engine).RefreshInventory) }
func listingsSync(*flag.FlagSet) action     { return manualRun(toTheEnd((*engine.Engine).SyncListings)) }
func listingsRefresh(*flag.FlagSet) action {
	return manualRun(toTheEnd((*engine.Engine).RefreshListings))
}

type runner func(*engine.Engine, context.Context, uint32) (db.Run, error)

// listingsWait is how long a command waits for listings that a shop is still preparing: several times the minutes a report
// takes (amazon.md, 5.1).
const listingsWait = 10 * time.Minute

// toTheEnd has a runner wait for listings that the shop is still preparing.
func toTheEnd(do runner) runner {
	return func(e *engine.Engine, ctx context.Context, id uint32) (db.Run, error) {
		return e.ToTheEnd(ctx, id, listingsWait, func(ctx context.Context, id uint32) (db.Run, error) { return do(e, ctx, id) })
	}
}

func manualRun(do runner) action {
	return func(ctx context.Context, c *Call) error {
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		return c.oneRun(ctx, s.ID, do)
	}
}

func (c *Call) oneRun(ctx context.Context, id uint32, do runner) error {
	run, err := do(c.App.Engine, ctx, id)
	if err != nil {
		return err
	}
	return c.showRuns([]db.Run{run}, nil)
}

func activity(fs *flag.FlagSet) action {
	limit := fs.Int("limit", 50, "at most so many runs")
	offset := fs.Int("offset", 0, "leave out so many of the newest")
	return func(_ context.Context, c *Call) error {
		s, err := c.optionalStore()
		if err != nil {
			return err
		}
		if *limit < 1 || *offset < 0 {
			return usagef("--limit is at least 1 and --offset at least 0.")
		}
		runs, err := c.App.View.Runs(s.ID, *offset, *limit)
		if err != nil {
			return err
		}
		return c.show(runList{Runs: runs}, func(w io.Writer) {
			t := newTable("At", "Store", "What", "Outcome", "Numbers")
			for _, r := range runs {
				t.add(time.UnixMilli(r.StartedAt), r.StoreName, runWords[r.Kind], r.Outcome, first(r.Note, runNumbers(r)))
			}
			if t.empty() {
				fmt.Fprintln(w, "Nothing was done yet.")
				return
			}
			t.write(w)
		})
	}
}

package cli

import (
	"context"
	"flag"

	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// turnOn are the answers of the turn-on wizard as flags.
type turnOn struct {
	copy, noCopy *bool
	push, open   *string
}

func turnOnFlags(fs *flag.FlagSet) turnOn {
	return turnOn{
		copy:   fs.Bool("copy", false, "copy the store's numbers to products that were never counted"),
		noCopy: fs.Bool("no-copy", false, "do not"),
		push:   fs.String("push", "", "`all|none|file`: which rows are sent; without it all but those that go to zero"),
		open:   fs.String("open-units", "inside", "`inside|on-top`: are open units of counted products inside the counted stock"),
	}
}

func (t turnOn) read(c *Call) (engine.TurnOn, error) {
	if *t.copy && *t.noCopy {
		return engine.TurnOn{}, usagef("Give either --copy or --no-copy, not both.")
	}
	out := engine.TurnOn{Copy: *t.copy}
	switch *t.open {
	case "inside":
	case "on-top":
		out.OnTop = true
	default:
		return out, usagef("--open-units is inside or on-top, not %q.", *t.open)
	}
	switch *t.push {
	case "":
		out.Push = engine.PushTicked
	case "all":
		out.Push = engine.PushAll
	case "none":
		out.Push = engine.PushNone
	default:
		rows, err := c.readRows(*t.push)
		if err != nil {
			return out, err
		}
		out.Push, out.Rows = engine.PushSome, rows
	}
	return out, nil
}

func storeOn(fs *flag.FlagSet) action {
	answers := turnOnFlags(fs)
	yes := fs.Bool("yes", false, "do it")
	return func(ctx context.Context, c *Call) error {
		if *answers.copy == *answers.noCopy {
			return usagef("Give exactly one of --copy and --no-copy: are the store's numbers copied to products that were never counted?")
		}
		t, err := answers.read(c)
		if err != nil {
			return err
		}
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		if s.Sync == string(db.SyncOn) {
			c.say("Inventory sync of %s is on already.", s.Name)
			return c.showRuns(nil, nil)
		}
		if err := c.sayLocations(s); err != nil {
			return err
		}
		if !*yes {
			r, err := c.App.Engine.Rehearse(ctx, s.ID, t)
			if err != nil {
				return err
			}
			if err := c.showRows(r); err != nil {
				return err
			}
			c.say("This is a rehearsal: nothing was stored and nothing was sent. Give --yes to turn sync on.")
			return outcome(exitRefused)
		}
		runs, err := c.App.Engine.TurnOn(ctx, s.ID, t)
		if err != nil {
			return err
		}
		return c.showRuns(runs, nil)
	}
}

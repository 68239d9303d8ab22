package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// shortest is the shortest order period `run --every` takes. A seller has no use for less than a minute; tests have.
const shortest = time.Second

func run(fs *flag.FlagSet) action {
	every := fs.Duration("every", 0, "time between order pulls of every store; without it each store's own")
	web := fs.String("web", "", "serve the window's page on this loopback `address`, such as 127.0.0.1:0")
	practise := fs.Bool("practice", false, "open practice stores, connect them and let customers buy")
	return func(ctx context.Context, c *Call) error {
		if given(fs, "every") && *every < shortest {
			return usagef("--every is at least %v.", shortest)
		}
		diary := &diary{c: c}
		var app *App
		err := insist(ctx, c.Err, func() (err error) {
			app, err = c.program.Open(ctx, Options{Folder: c.globals.folder, Practice: *practise, Every: *every,
				Listen: diary.event, Passphrase: c.passphrase})
			return err
		})
		if err != nil {
			return err
		}
		err = diary.keep(ctx, app, *web, *practise)
		if errors.Is(context.Cause(ctx), errTerminated) && (err == nil || errors.Is(err, context.Canceled)) {
			return app.Close()
		}
		if err = errors.Join(err, app.Close()); err == nil && ctx.Err() != nil {
			return outcome(exitInterrupted)
		}
		return err
	}
}

// diary writes down what happens while the program works by itself.
type diary struct {
	c   *Call
	now func() time.Time
	mu  sync.Mutex
}

// entry is one line of the diary with --json.
type entry struct {
	Event string `json:"event"`
	*db.Run
	Folder  string `json:"folder,omitempty"`
	Process int    `json:"process,omitempty"`
	Web     string `json:"web,omitempty"`
}

func (d *diary) keep(ctx context.Context, app *App, web string, practise bool) error {
	d.now = app.Now
	where := d.c.globals.secrets
	if err := app.Unlock(where, where != "", d.c.newPassphrase(app.Folder)); err != nil {
		return err
	}
	url := ""
	if web != "" {
		var err error
		if url, err = app.ServeWeb(ctx, web, d.address); err != nil {
			return err
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	practice := make(chan error, 1)
	err := app.Run(ctx, func() {
		d.write(entry{Event: "ready", Folder: app.Folder, Process: os.Getpid(), Web: url}, func(w io.Writer) { ready(w, app, url) })
		if practise {
			go func() {
				err := app.Practise(ctx)
				if err != nil && ctx.Err() == nil {
					stop()
				} else {
					err = nil
				}
				practice <- err
			}()
			return
		}
		practice <- nil
	})
	stop()
	select {
	case practiceErr := <-practice:
		err = errors.Join(err, practiceErr)
	case <-time.After(stopPractice):
	}
	return err
}

// stopPractice bounds the wait for the practice stores; what they were doing matters to nobody.
const stopPractice = 500 * time.Millisecond

func ready(w io.Writer, app *App, url string) {
	fmt.Fprintf(w, "%s  Evenstock keeps the books in %s.\n", clock(app.Now()), clean(app.Folder))
	if url != "" {
		fmt.Fprintf(w, "%s  Open %s in a browser on this computer. The address works once.\n", clock(app.Now()), url)
	}
}

// address notes the next address of the page, after the one before was used.
func (d *diary) address(url string) {
	d.write(entry{Event: "ready", Web: url}, func(w io.Writer) {
		fmt.Fprintf(w, "%s  The page is open. For another browser: %s\n", clock(d.now()), url)
	})
}

func clock(t time.Time) string { return t.Local().Format(time.TimeOnly) }

// event is engine.Options.Listen.
func (d *diary) event(e engine.Event) {
	d.write(entry{Event: e.Kind, Run: e.Run}, func(w io.Writer) {
		if e.Run == nil {
			return
		}
		r := *e.Run
		fmt.Fprintf(w, "%s  %s: %s\n", clock(time.UnixMilli(r.FinishedAt)), clean(r.StoreName), clean(cycle(r)))
		for _, e := range r.Errors {
			fmt.Fprintf(w, "          %s: %s\n", clean(first(e.SKU, "Listing "+e.Listing)), clean(e.Message))
		}
	})
}

// cycle is a run in one line: pulled, booked, written; or why not.
func cycle(r db.Run) string {
	if r.Outcome == db.Failed || r.Outcome == db.Refused {
		return first(r.Note, outcomeWords[r.Outcome])
	}
	text := fmt.Sprintf("pulled %s, booked %s, wrote %s.", count(r.OrdersRead, "order"), count(r.UnitsBooked, "unit"),
		count(r.Written, "listing"))
	if r.Kind == db.RunListingsSync || r.Kind == db.RunListingsRefresh {
		text = fmt.Sprintf("read %s.", count(r.ListingsRead, "listing"))
	}
	if r.Note != "" {
		text += " " + r.Note
	}
	return text
}

// write writes one entry, for programs or for people.
func (d *diary) write(e entry, people func(io.Writer)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.c.globals.json {
		d.c.text(people) // a closed pipe stops nothing: the work goes on
		return
	}
	enc := json.NewEncoder(d.c.Out)
	enc.SetEscapeHTML(false)
	enc.Encode(noNulls(e))
}

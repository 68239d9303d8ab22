package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
)

const helpFoot = `
Every command takes --json, --data FOLDER and --help. STORE is a store's name or id.
Exit codes: 0 done, 1 not done, 2 typed wrongly, 3 refused, 4 partly done or pending, 5 the folder is in use,
6 new keys needed, 130 interrupted.
`

// help shows all commands, or how one is typed.
func help(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error {
		if len(c.Args) == 0 {
			return c.tell(func(w io.Writer) { overview(w, c.program) })
		}
		cmd := lookUp(strings.Join(c.Args, " "))
		if cmd == nil {
			cmd = lookUp(c.Args[0])
		}
		if cmd == nil {
			return unknownCommand(c.Args[0])
		}
		return c.tell(func(w io.Writer) { manual(w, cmd) })
	}
}

// tell answers with help, which is a document too when one is asked for.
func (c *Call) tell(text func(io.Writer)) error {
	var b strings.Builder
	text(&b)
	return c.show(map[string]string{"help": b.String()}, text)
}

func overview(w io.Writer, p *Program) {
	fmt.Fprintf(w, "Evenstock %s keeps stock even across shops.\n\n", p.Version)
	if p.Window != nil {
		fmt.Fprintln(w, "evenstock without a command opens the window; --hidden starts it in the tray.")
		fmt.Fprintln(w)
	}
	t := newTable()
	t.whole = true
	for _, cmd := range commands() {
		if !cmd.quiet {
			t.add(cmd.usage(), cmd.text)
		}
	}
	t.write(w)
	fmt.Fprint(w, helpFoot)
}

func manual(w io.Writer, cmd *command) {
	fmt.Fprintf(w, "evenstock %s\n\n%s\n", cmd.usage(), cmd.text)
	fs := newFlagSet()
	cmd.make(fs)
	t := newTable()
	t.whole = true
	fs.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		name := "--" + f.Name
		if value != "" {
			name += " " + strings.ToUpper(value)
		}
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "0s" {
			text += " (default " + f.DefValue + ")"
		}
		t.add("  "+name, text)
	})
	if len(t.rows) > 0 {
		fmt.Fprintln(w)
		t.write(w)
	}
}

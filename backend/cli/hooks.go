package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"evenstock/backend/engine"
	"evenstock/backend/hook"
)

// webhooks is whether shops may call through a tunnel of the user's.
type webhooks struct {
	On      bool   `json:"on"`
	Port    int    `json:"port"`
	Trouble string `json:"trouble"` // why nobody listens although it is on
}

// storeWebhooks is what it takes to have one store's shop call.
type storeWebhooks struct {
	Store  string   `json:"store"`
	On     bool     `json:"on"`
	Local  string   `json:"local"`  // where the tunnel has to lead to
	Ready  bool     `json:"ready"`  // there is a key, so that calls are understood
	Secret string   `json:"secret"` // to enter in the shop, where we make it
	Steps  []string `json:"steps"`
}

func webhooksSet(fs *flag.FlagSet) action {
	port := fs.Int("port", 0, "another `port` of this computer")
	return func(_ context.Context, c *Call) error {
		now := c.App.Hooks.State()
		on, at := now.On, now.Port
		if len(c.Args) > 0 {
			if on = c.Args[0] == "on"; !on && c.Args[0] != "off" {
				return usagef("It is on or off, not %q.", c.Args[0])
			}
		}
		if *port != 0 {
			at = *port
		}
		if len(c.Args) > 0 || *port != 0 {
			if err := c.App.Hooks.Set(on, at); err != nil {
				return err
			}
			now = c.App.Hooks.State()
		}
		return c.show(webhooks{now.On, now.Port, now.Trouble}, func(w io.Writer) {
			if !now.On {
				fmt.Fprintln(w, "No shop can call. What changed is asked for.")
				return
			}
			fmt.Fprintf(w, "Shops can call at port %d while Evenstock runs. \"evenstock store webhooks STORE\" says how.\n", now.Port)
			if now.Trouble != "" {
				fmt.Fprintln(w, clean(now.Trouble))
			}
		})
	}
}

func storeHooks(fs *flag.FlagSet) action {
	file := fs.String("secret-file", "", "`file` with the key that the shop signs with; - is standard input")
	forget := fs.Bool("forget", false, "forget the key")
	return func(_ context.Context, c *Call) error {
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		switch {
		case *file != "" && *forget:
			return usagef("Give --secret-file or --forget, not both.")
		case *forget:
			err = c.App.Engine.SetHookSecret(s.ID, "")
		case *file != "":
			err = c.keepHookSecret(s.ID, *file)
		}
		if err != nil {
			return err
		}
		return c.showHooks(s.ID, s.Name, !*forget)
	}
}

func (c *Call) keepHookSecret(id uint32, file string) error {
	b, err := c.Terminal.Read(file)
	if errors.Is(err, os.ErrNotExist) {
		return usagef("There is no file %s.", file)
	}
	if err != nil {
		return fmt.Errorf("secret file %s: %w", file, err)
	}
	if strings.TrimSpace(string(b)) == "" {
		return usagef("The file %s is empty. --forget forgets a key.", file)
	}
	return c.App.Engine.SetHookSecret(id, string(b))
}

// showHooks says how the store's shop is made to call; a key of ours is made for it unless it has just been forgotten.
func (c *Call) showHooks(id uint32, name string, makes bool) error {
	sheet, err := c.App.Engine.HookSheet(id)
	if err != nil {
		return err
	}
	now := c.App.Hooks.State()
	out := storeWebhooks{Store: name, On: now.On, Ready: sheet.Ready, Local: hook.Local(now.Port, id), Steps: hook.Steps(sheet.Setup, id)}
	if sheet.Setup.Made && makes {
		if out.Secret, err = c.App.Engine.MakeHookSecret(id); err != nil {
			return err
		}
		out.Ready = true
	}
	return c.show(out, func(w io.Writer) { printHooks(w, out, sheet) })
}

func printHooks(w io.Writer, out storeWebhooks, sheet engine.HookSheet) {
	if !out.On {
		fmt.Fprintln(w, "No shop can call yet: \"evenstock webhooks on\".")
	}
	fmt.Fprintf(w, "Your tunnel leads to %s\n", out.Local)
	for i, step := range out.Steps {
		fmt.Fprintf(w, "%d. %s\n", i+1, step)
	}
	switch {
	case out.Secret != "":
		fmt.Fprintf(w, "%s: %s\n", sheet.Setup.Secret.Label, out.Secret)
	case !out.Ready:
		fmt.Fprintf(w, "The %s is missing: give it by --secret-file FILE.\n", strings.ToLower(sheet.Setup.Secret.Label))
	default:
		fmt.Fprintf(w, "The key is known.\n")
	}
}

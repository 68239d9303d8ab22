package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/channel/login"
	"evenstock/backend/desktop"
)

// browser is the way to a shop's login page: the address is written to the terminal, and shown in a browser where this
// computer has one.
func (c *Call) browser() channel.Browser {
	return login.Browser{
		Open: func(page string) error {
			c.say("Log in to the shop in your browser. If it does not open, this is the page:\n%s", page)
			if err := desktop.Browse(page); err != nil {
				c.say("No browser was opened here.")
			}
			return nil
		},
		Ask: func(context.Context) (string, error) {
			return c.Terminal.Ask("The address that your browser ended at", true)
		},
	}
}

// credentials are the fields of a store as given at the command line.
type credentials struct {
	fields pairs // not secret
	files  pairs // of secrets
	kept   bool  // what is no secret is known, and stays as it is unless it is given
}

func credentialFlags(fs *flag.FlagSet) *credentials {
	c := &credentials{fields: pairs{}, files: pairs{}}
	fs.Var(c.fields, "field", "`name=value` of a field that is no secret")
	fs.Var(c.files, "secret-file", "`name=file` that holds a secret; - is standard input")
	return c
}

// given reports whether any field was given by a flag.
func (c *credentials) given() bool { return len(c.fields)+len(c.files) > 0 }

// read collects the fields of a channel. A secret comes from its file, else, when ask is set, from EVENSTOCK_SECRET_NAME
// or from the person at the terminal; never from an argument, which other users of the computer could see.
func (c *credentials) read(t *Terminal, typ channel.Type, ask bool) (map[string]string, error) {
	if err := c.known(typ); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, f := range typ.Fields {
		value, given, err := c.value(t, f, ask)
		if err != nil {
			return nil, err
		}
		if given {
			out[f.Name] = value
		}
	}
	return out, nil
}

func (c *credentials) value(t *Terminal, f channel.Field, ask bool) (value string, given bool, err error) {
	if !f.Secret {
		value, given = c.fields[f.Name]
		if !given && ask && f.Required && !c.kept {
			return c.ask(t, f)
		}
		return value, given, nil
	}
	if file, ok := c.files[f.Name]; ok {
		b, err := t.Read(file)
		if errors.Is(err, os.ErrNotExist) {
			return "", false, usagef("There is no file %s for the field %s.", file, f.Name)
		}
		if err != nil {
			return "", false, fmt.Errorf("secret file %s: %w", file, err)
		}
		return strings.TrimSpace(string(b)), true, nil
	}
	if !ask {
		return "", false, nil
	}
	if v := t.Env[envSecret+strings.ToUpper(f.Name)]; v != "" {
		return strings.TrimSpace(v), true, nil
	}
	if !f.Required {
		return "", false, nil
	}
	return c.ask(t, f)
}

func (c *credentials) ask(t *Terminal, f channel.Field) (string, bool, error) {
	value, err := t.Ask(f.Label, f.Secret)
	switch {
	case errors.Is(err, errNobody) && f.Secret:
		return "", false, usagef("The %s is missing. Give it by --secret-file %s=FILE, as %s%s or at a terminal.",
			f.Label, f.Name, envSecret, strings.ToUpper(f.Name))
	case errors.Is(err, errNobody) && f.Name == "url":
		return "", false, usagef("--url is missing: where is the shop?")
	case errors.Is(err, errNobody):
		return "", false, usagef("--field %s=… is missing: %s.", f.Name, f.Label)
	}
	return strings.TrimSpace(value), true, err
}

// known refuses fields the channel does not have, and secrets among the arguments.
func (c *credentials) known(typ channel.Type) error {
	var plain, secret []string
	for _, f := range typ.Fields {
		if f.Secret {
			secret = append(secret, f.Name)
		} else {
			plain = append(plain, f.Name)
		}
	}
	for name := range c.fields {
		if slices.Contains(secret, name) {
			return usagef("The field %s is a secret and is not given as an argument, which others can see. Use --secret-file %s=FILE.", name, name)
		}
		if !slices.Contains(plain, name) {
			return usagef("%s has no field %q; it has %s.", typ.Title, name, strings.Join(plain, ", "))
		}
	}
	for name := range c.files {
		if !slices.Contains(secret, name) {
			return usagef("%s has no secret %q; it has %s.", typ.Title, name, strings.Join(secret, ", "))
		}
	}
	return nil
}

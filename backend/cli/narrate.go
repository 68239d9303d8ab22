package cli

import (
	"fmt"
	"time"

	"evenstock/backend/view"
)

// narrateEvery is how often a person who waits is told how far the work is. What takes less is not narrated.
const narrateEvery = 3 * time.Second

// narrate tells on standard error what the stores are doing, until the function it returns is called.
func (c *Call) narrate() (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(narrateEvery)
		defer tick.Stop()
		last := map[uint32]string{}
		for {
			select {
			case <-end:
				return
			case <-tick.C:
			}
			all, err := c.stores()
			if err != nil {
				return // the command itself will say what is wrong
			}
			for _, s := range all {
				if s.Activity == nil {
					continue
				}
				if text := doing(*s.Activity); text != last[s.ID] {
					last[s.ID] = text
					c.say("%s: %s", s.Name, text)
				}
			}
		}
	}()
	return func() { close(end); <-ended }
}

// doing is what a store is doing, and how far it is.
func doing(p view.Progress) string {
	text := p.Phase
	switch {
	case p.Total > 0:
		text += fmt.Sprintf(", %d of %d", p.Done, p.Total)
	case p.Done > 0:
		text += fmt.Sprintf(", %d", p.Done)
	}
	if p.LeftMs != nil {
		text += fmt.Sprintf(", about %v left", (time.Duration(*p.LeftMs) * time.Millisecond).Round(time.Second))
	}
	return text
}

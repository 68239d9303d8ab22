package bridge

import "evenstock/backend/view"

// Today is whether everything is even.
type Today struct{ b *Bridge }

// Get answers for this moment, by the days of this computer's zone.
func (t *Today) Get() (view.Today, error) {
	return call(t.b, "Today.Get", func(d *Deps) (view.Today, error) { return d.View.Today(d.Now()) })
}

package sim

import (
	"time"

	"evenstock/backend/db"
)

// rest lets everything that goes wrong end, lets enough time pass, and checks what must be true then: the books are those
// of the model, every order is known as it is, and every shop shows the number it should (V2, V6, V7, V9–V12, V14, V16,
// V34); where the user lets the program mend drift, really every one.
func (s *Sim) rest() {
	s.trace("rest")
	s.mend()
	defer func() { s.calm = false }()
	s.asleep(13 * time.Hour) // back-off, cool-downs and the six hours of O8 are over, even if a clock set back doubled them
	s.pass(5 * time.Minute)
	if !s.jumped.IsZero() {
		s.pass(16 * time.Minute) // a cool-down began anew when the clock was seen to have been set back
	}
	s.check()
	s.checkTold()
	s.checkShops(false)
	for _, sh := range s.on() {
		if !s.paused(s.store(sh.i)) {
			s.fixDrift(sh)
		}
	}
	s.pass(3 * time.Minute)
	s.check()
	s.checkShops(true)
	s.verify()
}

// checkTold checks that the program knows every order of every store that is on as it is (V12), and those that are
// gone as gone (O8).
func (s *Sim) checkTold() {
	for _, sh := range s.on() {
		for _, o := range sh.orders {
			if o.gone && !o.told {
				continue // no list ever told of it
			}
			if !o.told || o.gone != o.toldGone && s.holdsUnits(sh, o) {
				s.fail("V12: order %d/%s is told %v, gone %v, told to be gone %v", sh.i, o.ref, o.told, o.gone, o.toldGone)
			}
			for i, l := range s.m.Lines[formatID(int64(sh.i))+"/"+o.ref] {
				now := o.lines[i].now
				if !o.gone && l.told && (l.Now.open() != now.open() || l.Now.away() != now.away()) {
					s.fail("V12: line %d/%s-%d is known as %+v, it is %+v", sh.i, o.ref, i+1, l.Now, now)
				}
			}
		}
	}
}

func (s *Sim) holdsUnits(sh *shop, o *order) bool {
	for _, l := range s.m.Lines[formatID(int64(sh.i))+"/"+o.ref] {
		if l.told && l.Product != nil && l.Now.open() > 0 {
			return true
		}
	}
	return false
}

// checkShops checks what the shops show. all: what the user edited by hand or left as it is has been mended too.
func (s *Sim) checkShops(all bool) {
	for _, sh := range s.on() {
		if s.paused(s.store(sh.i)) {
			continue
		}
		for _, l := range sh.onSale() {
			p := s.m.Links[s.key(sh, l)]
			if p == nil || !p.Counted || l.draft {
				continue
			}
			got, want := sh.Quantity(l.ref), target(p)
			if max(0, got) == want {
				l.drift = false
				continue
			}
			var d db.Dirty
			s.view(func(tx *db.Tx) error {
				d, _ = tx.Dirty(s.id(sh), s.spot(sh, l))
				return nil
			})
			if !all && (l.drift || d.Held != "" || d.Left) {
				continue
			}
			s.fail("V16: listing %d/%s (%s) shows %d, want %d; mark %+v", sh.i, l.ref.Listing, l.sku, got, want, d)
		}
	}
}

// verify has the books checked from scratch (V34).
func (s *Sim) verify() {
	report, err := s.r.DB.Verify(nil)
	if err != nil || !report.OK() {
		s.fail("V34: %v %v", err, report.Err())
	}
}

// idle lets a quiet stretch pass: where nothing changes, nothing is written (V21).
func (s *Sim) idle(d time.Duration) {
	s.trace("idle for %s", d)
	s.mend()
	before := 0
	for _, sh := range s.shops {
		before += sh.pushes
	}
	s.pass(d)
	after := 0
	for _, sh := range s.shops {
		after += sh.pushes
	}
	if after != before {
		s.fail("V21: %d calls wrote numbers, though nothing had changed", after-before)
	}
}

package ebay

import (
	"slices"
	"strings"
	"sync"
)

// refOf names a listing: by eBay's number and its SKU, in both worlds alike, so that an order's line leads to it whichever
// world it is in and a listing that both show is one. The SKU stands there as eBay has it, since it is written by it. A variant without a SKU is named by its choices; nobody can write its
// number by a bulk call (ebay.md, 4.4).
func refOf(listing, sku string, chosen []pair) string {
	switch {
	case sku != "":
		return listing + "/" + sku
	case len(chosen) == 0:
		return listing
	}
	parts := make([]string, len(chosen))
	for i, c := range chosen {
		parts[i] = c.Name + "=" + c.Value
	}
	slices.Sort(parts)
	return listing + "?" + strings.Join(parts, "&")
}

// splitRef takes a ref apart; sku is empty where the listing has none.
func splitRef(ref string) (listing, sku string) {
	if i := strings.IndexAny(ref, "/?"); i >= 0 && ref[i] == '/' {
		return ref[:i], ref[i+1:]
	} else if i >= 0 {
		return ref[:i], ""
	}
	return ref, ""
}

// place is where a listing is kept: behind an offer of the Inventory API, or, without one, in the Trading API. The two are
// disjoint for writing, and nothing is moved from one to the other (ebay.md, 4.1).
type place struct {
	offer string
	shut  bool // no number is written there: an auction, or numbers by warehouse
}

// places remembers where listings are kept, by ref: to ask for the offer of every SKU is the slow part
// (marketplace-auth-and-gotchas.md, 9).
type places struct {
	mu    sync.Mutex
	known map[string]place
	seen  map[string]bool // refs of the Inventory API in the sweep of all listings under way
	one   bool            // a bulk update takes one SKU only
	pages int             // of all active listings, as far as a list told; 0 if none did
	begun bool            // the first page of items was read since the program started
	whole bool            // every item of the Inventory API was met since the program started
}

// meet notes a listing that the Trading API shows. One that is no item of the Inventory API, all of which were met, is kept
// nowhere else; of any other it is looked up where it is kept.
func (p *places) meet(ref string, shut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, known := p.known[ref]; p.whole && (!known || at.offer == "") {
		p.known[ref] = place{shut: shut}
	}
}

// items notes that a page of the items of the Inventory API was read, the first or the last.
func (p *places) items(first, last bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begun = p.begun || first
	p.whole = p.whole || p.begun && last
}

// learnPages notes how many pages all active listings are.
func (p *places) learnPages(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages = n
}

func (p *places) howMany() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pages
}

// sweep forgets what earlier sweeps saw.
func (p *places) sweep() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = map[string]bool{}
}

// saw notes a listing that the Inventory API shows.
func (p *places) saw(ref string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	p.seen[ref] = true
}

func (p *places) wasSeen(ref string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[ref]
}

// single says whether a bulk update takes one SKU only.
func (p *places) single() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.one
}

func (p *places) goSingle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.one = true
}

func (p *places) get(ref string) (place, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.known[ref]
	return at, ok
}

func (p *places) set(ref string, at place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[ref] = at
}

// forget has the next call look again: eBay did not know the listing where it was thought to be.
func (p *places) forget(ref string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, ref)
}

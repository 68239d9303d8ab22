package ebay

import (
	"context"
	"encoding/xml"
	"maps"
	"slices"
	"strings"
	"time"

	"evenstock/backend/channel"
)

// The Trading API allows 5,000 calls a day, so legacy listings are read as many a call as it takes: by SKU where a listing has
// one number, page by page where most of the account is asked for, and one by one where neither told of a listing. That a list
// tells of every listing is believed of no answer (ebay.md, 4.2, says what it is asked by; the rest is unverified).

const (
	// skusMost is how many SKUs one list is asked for by. No document has a limit; an account that refuses so many is asked
	// in the other ways.
	skusMost = 50
	// listAhead is how far ahead the ends of listings are that a list is asked for by, the longest that is taken; those that
	// go on until they are cancelled end every month, and begin anew (ebay.md, 4.2).
	listAhead = 119 * 24 * time.Hour
)

type listRequest struct {
	XMLName  xml.Name `xml:"urn:ebay:apis:eBLBaseComponents GetSellerListRequest"`
	From     string   `xml:"EndTimeFrom"`
	To       string   `xml:"EndTimeTo"`
	Variants bool     `xml:"IncludeVariations"`
	Level    string   `xml:"GranularityLevel"`
	Page     pageWish `xml:"Pagination"`
	SKUs     []string `xml:"SKUArray>SKU,omitempty"`
	Fields   string   `xml:"OutputSelector"`
}

type listAnswer struct {
	said
	Items []legacy `xml:"ItemArray>Item"`
	Pages paged    `xml:"PaginationResult"`
}

type itemRequest struct {
	XMLName xml.Name `xml:"urn:ebay:apis:eBLBaseComponents GetItemRequest"`
	ID      string   `xml:"ItemID"`
	Fields  string   `xml:"OutputSelector"`
}

type itemAnswer struct {
	said
	Item legacy `xml:"Item"`
}

// fields are what is read of a listing below at. Who sells and who bids is not among them.
func fields(at string) string {
	names := []string{"ItemID", "SKU", "Title", "ListingType", "Quantity", "SellingStatus.QuantitySold", "SellingStatus.ListingStatus", "Variations"}
	for i, name := range names {
		names[i] = at + name
	}
	return "Ack,Errors," + strings.Join(names, ",")
}

// oldReading is a reading of legacy listings under way.
type oldReading struct {
	*Store
	op   string
	left map[string][]string // refs by eBay's number of the listing, of those that nothing is known of yet
	out  map[string]one      // by ref
}

// oldItems reads legacy listings by ref. What is not there, or ended, is left out.
func (s *Store) oldItems(ctx context.Context, op string, refs []string) (map[string]one, error) {
	r := oldReading{s, op, map[string][]string{}, map[string]one{}}
	for _, ref := range refs {
		id, _ := splitRef(ref)
		r.left[id] = append(r.left[id], ref)
	}
	for _, read := range []func(context.Context) error{r.bySKU, r.byPage, r.oneByOne} {
		if len(r.left) == 0 {
			break
		}
		if err := read(ctx); err != nil {
			return nil, err
		}
	}
	return r.out, nil
}

// take keeps what an answer says of listings that were asked for. One that ended is looked at by itself.
func (r oldReading) take(found []legacy) {
	for _, l := range found {
		if _, asked := r.left[l.ID]; !asked || l.ended() {
			continue
		}
		for _, o := range l.all() {
			r.out[o.ref] = o
		}
		delete(r.left, l.ID)
	}
}

// ended says whether nobody can buy from a listing any more.
func (l legacy) ended() bool { return l.Status.Is == "Completed" || l.Status.Is == "Ended" }

// bySKU reads the listings that have one number and a SKU. Whether a list asked by the SKU of a variant tells of its listing
// is unverified, so none is.
func (r oldReading) bySKU(ctx context.Context) error {
	var skus []string
	for id, refs := range r.left {
		if listing, sku := splitRef(refs[0]); len(refs) == 1 && listing == id && sku != "" {
			skus = append(skus, sku)
		}
	}
	slices.Sort(skus)
	skus = slices.Compact(skus)
	if len(skus) < 2 {
		return nil
	}
	for part := range slices.Chunk(skus, skusMost) {
		for page, more := 1, true; more; page++ {
			got, err := r.list(ctx, page, part)
			if err != nil {
				return err
			}
			more = page < got.Pages.Pages && page < mostPages
		}
	}
	return nil
}

// byPage reads the whole account as long as more listings are asked for than pages are left of it.
func (r oldReading) byPage(ctx context.Context) error {
	pages := max(1, r.places.howMany())
	for page := 1; page <= mostPages && len(r.left) > pages-page+1; page++ {
		got, err := r.list(ctx, page, nil)
		if err != nil || got.Ack == "Failure" {
			return err
		}
		if pages = got.Pages.Pages; page >= pages {
			break
		}
	}
	return nil
}

// list reads one page of a list and keeps what it says. A list that is refused tells nothing.
func (r oldReading) list(ctx context.Context, page int, skus []string) (got listAnswer, err error) {
	now := r.now()
	err = r.trade(ctx, r.op, "GetSellerList", listRequest{From: stamp(now), To: stamp(now.Add(listAhead)), Variants: true, Level: "Fine",
		Page: pageWish{r.pageSize, page}, SKUs: skus, Fields: "PaginationResult," + fields("ItemArray.Item.")}, &got)
	if err != nil || got.ofListing(r.op) != nil {
		return listAnswer{said: said{Ack: "Failure"}}, err
	}
	if skus == nil {
		r.places.learnPages(got.Pages.Pages)
	}
	r.take(got.Items)
	return got, nil
}

// oneByOne reads what is left, all variants of a listing with one call.
func (r oldReading) oneByOne(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(r.left)) {
		var got itemAnswer
		if err := r.trade(ctx, r.op, "GetItem", itemRequest{ID: id, Fields: fields("Item.")}, &got); err != nil {
			return err
		}
		switch err := got.ofListing(r.op); {
		case channel.IsKind(err, channel.Transient):
			return err
		case channel.IsKind(err, channel.Missing), err == nil && got.Item.ended():
		case err != nil:
			for _, ref := range r.left[id] {
				r.out[ref] = one{err: err}
			}
		default:
			r.take([]legacy{got.Item})
		}
		delete(r.left, id)
	}
	return nil
}

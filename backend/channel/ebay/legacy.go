package ebay

import (
	"context"
	"encoding/xml"
	"strings"

	"evenstock/backend/channel"
)

// Legacy listings were made on the site or by older tools; only the Trading API writes them (ebay.md, 4.1). Who sells and who
// bids, which answers carry, is not read.

// legacy is a listing of the Trading API.
type legacy struct {
	ID       string `xml:"ItemID"`
	SKU      string `xml:"SKU"`
	Title    string `xml:"Title"`
	Type     string `xml:"ListingType"`
	Quantity int64  `xml:"Quantity"`
	Left     *int64 `xml:"QuantityAvailable"` // in lists only
	Status   struct {
		Sold int64  `xml:"QuantitySold"`
		Is   string `xml:"ListingStatus"`
	} `xml:"SellingStatus"`
	Image struct {
		URL string `xml:"GalleryURL"`
	} `xml:"PictureDetails"`
	Variants []variant `xml:"Variations>Variation"`
}

type variant struct {
	SKU      string `xml:"SKU"`
	Quantity int64  `xml:"Quantity"`
	Status   struct {
		Sold int64 `xml:"QuantitySold"`
	} `xml:"SellingStatus"`
	Specifics []struct {
		Name  string   `xml:"Name"`
		Value []string `xml:"Value"`
	} `xml:"VariationSpecifics>NameValueList"`
}

// pairs are the choices of a variant.
func (v variant) pairs() []pair {
	out := make([]pair, len(v.Specifics))
	for i, s := range v.Specifics {
		out[i] = pair{s.Name, strings.Join(s.Value, ", ")}
	}
	return out
}

// one is a number of a legacy listing.
type one struct {
	ref, sku, choices string
	quantity          *int64 // nil for an auction, whose number is never touched (ebay.md, 4.4)
	err               error  // why the listing could not be read; then nothing else is set
}

// all are the numbers of a listing. What is left is the quantity without what was sold (ebay.md, 4.2).
func (l legacy) all() []one {
	left := func(n int64) *int64 {
		if l.Type == "Chinese" {
			return nil
		}
		n = max(0, n)
		return &n
	}
	if len(l.Variants) == 0 {
		n := l.Quantity - l.Status.Sold
		if l.Left != nil {
			n = *l.Left
		}
		return []one{{ref: refOf(l.ID, l.SKU, nil), sku: strings.TrimSpace(l.SKU), quantity: left(n)}}
	}
	out := make([]one, len(l.Variants))
	for i, v := range l.Variants {
		sku, chosen := strings.TrimSpace(v.SKU), v.pairs()
		values := make([]string, len(chosen))
		for j, c := range chosen {
			values[j] = c.Value
		}
		out[i] = one{ref: refOf(l.ID, v.SKU, chosen), sku: sku, choices: strings.Join(values, ", "), quantity: left(v.Quantity - v.Status.Sold)}
	}
	return out
}

type sellingRequest struct {
	XMLName xml.Name `xml:"urn:ebay:apis:eBLBaseComponents GetMyeBaySellingRequest"`
	Active  struct {
		Include bool     `xml:"Include"`
		Sort    string   `xml:"Sort"`
		Page    pageWish `xml:"Pagination"`
	} `xml:"ActiveList"`
}

// pageWish asks for a page; pages are counted from 1.
type pageWish struct {
	Size   int `xml:"EntriesPerPage"`
	Number int `xml:"PageNumber"`
}

type sellingAnswer struct {
	said
	Items []legacy `xml:"ActiveList>ItemArray>Item"`
	Pages paged    `xml:"ActiveList>PaginationResult"`
}

// paged is how long a list is.
type paged struct {
	Pages int `xml:"TotalNumberOfPages"`
	Items int `xml:"TotalNumberOfEntries"`
}

// oldPage reads a page of all active listings. Whether those of the Inventory API are among them is unverified; they are left
// out, since both have one ref.
func (s *Store) oldPage(ctx context.Context, page int) (out []channel.Listing, total, after int, err error) {
	var r sellingRequest
	r.Active.Include, r.Active.Sort = true, "StartTime"
	r.Active.Page = pageWish{s.pageSize, page + 1}
	var got sellingAnswer
	if err := s.trade(ctx, opListings, "GetMyeBaySelling", r, &got); err != nil {
		return nil, 0, 0, err
	}
	if err := got.ofListing(opListings); err != nil {
		return nil, 0, 0, listError(err)
	}
	for _, l := range got.Items {
		for _, o := range l.all() {
			if s.places.wasSeen(o.ref) {
				continue
			}
			listing := channel.Listing{Ref: o.ref, SKU: o.sku, Title: l.Title, Variant: o.choices, Image: l.Image.URL, Status: channel.Active,
				Quantity: o.quantity, Updated: s.now()}
			if len(l.Variants) > 0 {
				listing.Parent = l.ID
			}
			listing.Tracked = o.quantity != nil && !(o.sku == "" && listing.Parent != "")
			s.places.meet(listing.Ref, listing.Quantity == nil)
			out = append(out, listing)
		}
	}
	s.places.learnPages(got.Pages.Pages)
	if page+1 < got.Pages.Pages {
		after = page + 1
	}
	return out, got.Pages.Items, after, nil
}

// reviseMost is how many numbers one ReviseInventoryStatus takes (ebay.md, 4.4).
const reviseMost = 4

type reviseRequest struct {
	XMLName xml.Name   `xml:"urn:ebay:apis:eBLBaseComponents ReviseInventoryStatusRequest"`
	Numbers []newTotal `xml:"InventoryStatus"`
}

// newTotal is a number to write: what is available, to which eBay adds what was sold (ebay.md, 4.4).
type newTotal struct {
	ID       string `xml:"ItemID"`
	SKU      string `xml:"SKU,omitempty"` // of a variant only
	Quantity int64  `xml:"Quantity"`
}

type reviseAnswer struct {
	said
	Numbers []newTotal `xml:"InventoryStatus"`
}

// old writes numbers of legacy listings, four a call. When a call fails for one of them, each is sent by itself.
func (p push) old(ctx context.Context, which []int) error {
	for len(which) > 0 {
		part := which[:min(reviseMost, len(which))]
		which = which[len(part):]
		left, err := p.revise(ctx, part)
		if err != nil {
			return err
		}
		for _, i := range left {
			if _, err := p.revise(ctx, []int{i}); err != nil {
				return err
			}
		}
	}
	return nil
}

// revise sends one call. It returns those of several that it was not done for, so that each is sent by itself; of one alone the
// failure is its result.
func (p push) revise(ctx context.Context, part []int) (left []int, err error) {
	var r reviseRequest
	for _, i := range part {
		l := p.batch[i]
		id, sku := splitRef(l.Listing)
		if l.Parent == "" {
			sku = ""
		}
		r.Numbers = append(r.Numbers, newTotal{id, sku, l.Available})
	}
	var got reviseAnswer
	if err := p.trade(ctx, opPush, "ReviseInventoryStatus", r, &got); err != nil {
		return nil, err
	}
	why := got.ofListing(opPush)
	switch {
	case why == nil:
		return nil, nil
	case channel.IsKind(why, channel.Transient):
		return nil, why
	case len(part) > 1:
		return part, nil
	}
	// The listing may be kept elsewhere by now, so the next call looks again.
	p.places.forget(p.batch[part[0]].Listing)
	p.out[part[0]].Err = why
	return nil, nil
}

package ebay

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"strconv"

	"evenstock/backend/practice"
)

// tradingPath is the one address of the Trading API (ebay.md, 4). Forms of its answers, and the numbers of its errors, are
// unverified throughout: no file describes them.
const tradingPath = "/ws/api.dll"

// tradingCall is one call of the Trading API.
type tradingCall struct {
	kind   practice.Call
	answer func(*call) practice.Response
}

func (t tradingCall) class() practice.Call {
	if t.kind == "" {
		return practice.AnyCall
	}
	return t.kind
}

var tradingCalls map[string]tradingCall

func init() {
	tradingCalls = map[string]tradingCall{
		"GetMyeBaySelling":      {practice.ListListings, getSelling},
		"GetSellerList":         {practice.ReadStock, getSellerList},
		"GetItem":               {practice.ReadStock, getItem},
		"ReviseInventoryStatus": {practice.PushStock, reviseStatus},
		"GetUserPreferences":    {practice.AnyCall, getPreferences},
		"SetUserPreferences":    {practice.AnyCall, setPreferences},
	}
}

// trading answers a call, by the OAuth token in a header of its own (ebay.md, 4).
func (c *call) trading() practice.Response {
	name := c.r.Header.Get("X-EBAY-API-CALL-NAME")
	t, ok := tradingCalls[name]
	switch {
	case c.r.Method != http.MethodPost || !ok || c.r.Header.Get("X-EBAY-API-SITEID") == "" || c.r.Header.Get("X-EBAY-API-COMPATIBILITY-LEVEL") == "":
		return c.failure("2", "Unsupported API call.", "RequestError")
	case !c.face.good(c.r.Header.Get("X-EBAY-API-IAF-TOKEN")):
		return c.failure("21917053", "Expired IAF token.", "RequestError")
	}
	var res practice.Response
	c.face.world.Do(func(s *practice.State) {
		c.s = s
		c.face.mu.Lock()
		defer c.face.mu.Unlock()
		if !c.charge(tradingAPI) {
			res = c.failure("218050", "Call usage limit has been reached.", "RequestError")
			return
		}
		res = t.answer(c)
	})
	res.Throttled = c.over
	return res
}

// xmlError is an error of the Trading API.
type xmlError struct {
	Short    string `xml:"ShortMessage"`
	Long     string `xml:"LongMessage"`
	Code     string `xml:"ErrorCode"`
	Severity string `xml:"SeverityCode"`
	Class    string `xml:"ErrorClassification"`
}

// answerHead is what every answer begins with.
type answerHead struct {
	Time   string     `xml:"Timestamp,omitempty"`
	Ack    string     `xml:"Ack"`
	Errors []xmlError `xml:"Errors,omitempty"`
}

func (c *call) head(ack string, errors ...xmlError) answerHead {
	return answerHead{stamp(c.s.Now()), ack, errors}
}

func (c *call) failure(code, text, class string) practice.Response {
	return c.xml(answerHead{Ack: "Failure", Errors: []xmlError{{text, text, code, "Error", class}}})
}

func (c *call) xml(v any) practice.Response {
	out := bytes.NewBufferString(xml.Header)
	name := xml.Name{Space: "urn:ebay:apis:eBLBaseComponents", Local: c.r.Header.Get("X-EBAY-API-CALL-NAME") + "Response"}
	if err := xml.NewEncoder(out).EncodeElement(v, xml.StartElement{Name: name}); err != nil {
		panic("ebay face: " + err.Error())
	}
	c.header.Set("Content-Type", "text/xml;charset=utf-8")
	return practice.Response{Status: http.StatusOK, Header: c.header, Body: out.Bytes()}
}

// xmlItem is a listing.
type xmlItem struct {
	ID       string       `xml:"ItemID"`
	SKU      string       `xml:"SKU,omitempty"`
	Title    string       `xml:"Title"`
	Type     string       `xml:"ListingType"`
	Quantity int64        `xml:"Quantity"`
	Left     *int64       `xml:"QuantityAvailable,omitempty"`
	Seller   string       `xml:"Seller>UserID"`
	Sold     int64        `xml:"SellingStatus>QuantitySold"`
	Status   string       `xml:"SellingStatus>ListingStatus,omitempty"`
	Variants []xmlVariant `xml:"Variations>Variation,omitempty"`
}

type xmlVariant struct {
	SKU       string   `xml:"SKU,omitempty"`
	Quantity  int64    `xml:"Quantity"`
	Sold      int64    `xml:"SellingStatus>QuantitySold"`
	Specifics []xmlOne `xml:"VariationSpecifics>NameValueList"`
}

type xmlOne struct {
	Name  string `xml:"Name"`
	Value string `xml:"Value"`
}

// listing is a product as a listing: what was sold is part of its quantity (ebay.md, 4.2).
func (c *call) listing(top *practice.Item, list bool) xmlItem {
	out := xmlItem{ID: strconv.FormatInt(top.ID, 10), SKU: top.SKU, Title: top.Name, Type: "FixedPriceItem", Seller: Canaries[6]}
	if !list {
		out.Status = "Active"
	}
	if top.Kind != practice.Parent {
		out.Sold = top.Sold
		left := c.number(top)
		out.Quantity = left + top.Sold
		if list {
			out.Left = &left
		}
		return out
	}
	out.SKU = ""
	for _, id := range top.Variants {
		v := c.s.Item(id)
		if !c.listed(v) {
			continue
		}
		x := xmlVariant{SKU: v.SKU, Quantity: c.number(v) + v.Sold, Sold: v.Sold}
		for _, o := range v.Options {
			x.Specifics = append(x.Specifics, xmlOne{o.Name, o.Value})
		}
		out.Variants = append(out.Variants, x)
		out.Quantity += x.Quantity
	}
	return out
}

// onList is the listing with a number, nil if there is none that is active.
func (c *call) onList(id string) *practice.Item {
	n, err := strconv.ParseInt(id, 10, 64)
	top := c.s.Item(n)
	if err != nil || top == nil || top.Kind == practice.Variant || !c.onSale(top) {
		return nil
	}
	return top
}

func getItem(c *call) practice.Response {
	var in struct {
		ID string `xml:"ItemID"`
	}
	if xml.Unmarshal(c.body, &in) != nil {
		return c.failure("37", "Input data is invalid.", "RequestError")
	}
	top := c.onList(in.ID)
	if top == nil {
		return c.failure("17", "Item \""+in.ID+"\" is invalid, not activated, or no longer in our database.", "RequestError")
	}
	return c.xml(struct {
		answerHead
		Item xmlItem `xml:"Item"`
	}{c.head("Success"), c.listing(top, false)})
}

type xmlStatus struct {
	ID       string `xml:"ItemID"`
	SKU      string `xml:"SKU,omitempty"`
	Quantity *int64 `xml:"Quantity"`
}

// reviseStatus writes up to four numbers. One that is wrong has the whole call fail.
func reviseStatus(c *call) practice.Response {
	var in struct {
		Numbers []xmlStatus `xml:"InventoryStatus"`
	}
	if xml.Unmarshal(c.body, &in) != nil || len(in.Numbers) == 0 || len(in.Numbers) > 4 {
		return c.failure("37", "Input data is invalid.", "RequestError")
	}
	var which []*practice.Item
	var warnings []xmlError
	for _, n := range in.Numbers {
		it, code, why := c.revisable(n)
		if why != "" {
			return c.failure(code, why, "RequestError")
		}
		if c.number(it) == *n.Quantity {
			warnings = []xmlError{{"Requested user action is redundant.", "The existing price and quantity values are identical.", "21917091", "Warning", "RequestError"}}
		}
		which = append(which, it)
	}
	for i, it := range which {
		if !c.revise(c.listingID(it)) {
			return c.failure("21919165", "You have exceeded the number of times the listing may be revised in a day.", "RequestError")
		}
		c.write(it, [2]int64{*in.Numbers[i].Quantity, *in.Numbers[i].Quantity})
	}
	ack := "Success"
	if len(warnings) > 0 {
		ack = "Warning"
	}
	return c.xml(struct {
		answerHead
		Numbers []xmlStatus `xml:"InventoryStatus"`
	}{c.head(ack, warnings...), in.Numbers})
}

// revisable is the item that a number is for, or why it cannot be written.
func (c *call) revisable(n xmlStatus) (it *practice.Item, code, why string) {
	top := c.onList(n.ID)
	if top == nil {
		return nil, "17", "The item is invalid, not activated, or no longer in our database."
	}
	if it = top; top.Kind == practice.Parent {
		it = nil
		for _, id := range top.Variants {
			if v := c.s.Item(id); c.listed(v) && v.SKU != "" && v.SKU == n.SKU {
				it = v
			}
		}
	}
	switch {
	case it == nil:
		return nil, "21916664", "Variation Specifics provided does not match with the variation specifics of the variations on the item."
	case !c.legacy(it):
		return nil, "21919474", "Inventory-based listing management is not currently supported by this tool."
	case n.Quantity == nil || *n.Quantity < 0 || *n.Quantity == 0 && !c.face.control && it.Kind != practice.Variant:
		return nil, "515", "The quantity must be a valid number greater than 0."
	}
	return it, "", ""
}

func getPreferences(c *call) practice.Response {
	return c.xml(struct {
		answerHead
		On bool `xml:"OutOfStockControlPreference"`
	}{c.head("Success"), c.face.control})
}

func setPreferences(c *call) practice.Response {
	var in struct {
		On *bool `xml:"OutOfStockControlPreference"`
	}
	if xml.Unmarshal(c.body, &in) != nil || in.On == nil {
		return c.failure("37", "Input data is invalid.", "RequestError")
	}
	c.face.control = *in.On
	return c.xml(c.head("Success"))
}

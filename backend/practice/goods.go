package practice

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Status says whether customers can buy an item.
type Status string

const (
	Published Status = "publish"
	Draft     Status = "draft"
	Pending   Status = "pending"
	Private   Status = "private"
	Trashed   Status = "trash"
	Unlisted  Status = "unlisted" // on sale, found by its address only
)

// Kind is the shape of an item.
type Kind string

const (
	Simple  Kind = "simple"
	Parent  Kind = "variable"  // has variants, may own the stock of those that count none
	Variant Kind = "variation" // belongs to a parent
	Grouped Kind = "grouped"   // a bundle page without stock
	Extern  Kind = "external"  // sold elsewhere, without stock
)

// Availability is what a shop says about an item it does not count.
type Availability string

const (
	InStock   Availability = "instock"
	OutStock  Availability = "outofstock"
	Backorder Availability = "onbackorder"
)

// Option is one choice that makes a variant, such as Size M.
type Option struct{ Name, Value string }

// Attribute is what the variants of a parent differ in.
type Attribute struct {
	Name    string
	Values  []string
	Varies  bool
	Visible bool
}

// Item is a product or a variant.
type Item struct {
	ID, Parent   int64 // Parent is 0 unless the item is a variant
	Kind         Kind
	Name, SKU    string
	Barcode      string
	Status       Status
	WasStatus    Status // before it went to the trash
	TrashedAt    time.Time
	Price        string // decimal, empty when unset
	Counted      bool   // the shop keeps a number for it
	Quantity     *int64 // nil when not counted, or counted and never set
	Availability Availability
	Backorders   string // no, notify, yes
	LowAt        *int64
	Virtual      bool
	Downloadable bool
	GiftCard     bool
	Bundle       bool // made of other items, whose stock it shows
	Sold         int64
	Created      time.Time
	Modified     time.Time
	Edited       time.Time   // as Modified, but not moved by its number
	Options      []Option    // of a variant
	Attributes   []Attribute // of a parent
	Variants     []int64     // of a parent, ascending
	Fulfilled    bool        // the marketplace holds the units and sends them itself

	before    *int64           // Quantity before its last change, for stale reads
	elsewhere map[int64]*level // by location, the first left out
}

// FullName is the item's name with the options of a variant.
func (it *Item) FullName() string {
	if len(it.Options) == 0 {
		return it.Name
	}
	return it.Name + " - " + it.OptionText()
}

// OptionText is the options of a variant, such as "M, Red".
func (it *Item) OptionText() string {
	values := make([]string, len(it.Options))
	for i, o := range it.Options {
		values[i] = o.Value
	}
	return strings.Join(values, ", ")
}

// Before is the quantity the item had before its last change.
func (it *Item) Before() *int64 { return it.before }

// Item returns the item with id, or nil.
func (s *State) Item(id int64) *Item { return s.items[id] }

// Products returns all products, trashed ones included, by ascending id. The slice belongs to the shop.
func (s *State) Products() []*Item { return s.products }

// AllVariants returns the variants of all parents by ascending id. The slice belongs to the shop.
func (s *State) AllVariants() []*Item { return s.variants }

// BySKU returns the items with a SKU, letter case set aside.
func (s *State) BySKU(sku string) []*Item { return s.bySKU[strings.ToLower(sku)] }

// Add puts an item into the shop and gives it an id and its dates.
func (s *State) Add(it Item) *Item {
	it.ID, it.Created, it.Modified, it.Edited = s.newID(), s.now, s.now, s.now
	if it.Kind == "" {
		it.Kind = Simple
	}
	if it.Status == "" {
		it.Status = Published
	}
	if it.Backorders == "" {
		it.Backorders = "no"
	}
	if it.Availability == "" {
		it.Availability = InStock
	}
	item := &it
	s.note(Change{ID: it.ID, New: true})
	s.items[it.ID] = item
	s.index(item)
	if it.Kind != Variant {
		s.products = append(s.products, item)
		return item
	}
	parent := s.items[it.Parent]
	if parent == nil {
		panic(fmt.Sprintf("practice: variant of unknown product %d", it.Parent))
	}
	s.variants = append(s.variants, item)
	parent.Variants = append(parent.Variants, it.ID)
	parent.Modified, parent.Edited = s.now, s.now
	return item
}

// Delete removes an item for good, with its variants.
func (s *State) Delete(id int64) {
	it := s.items[id]
	if it == nil {
		return
	}
	s.note(Change{ID: id, Gone: true})
	for _, v := range slices.Clone(it.Variants) {
		s.Delete(v)
	}
	if parent := s.items[it.Parent]; parent != nil {
		parent.Variants = slices.DeleteFunc(parent.Variants, func(v int64) bool { return v == id })
		parent.Modified = s.now
	}
	s.unindex(it)
	delete(s.items, id)
	if it.Kind == Variant {
		s.variants = without(s.variants, id)
	} else {
		s.products = without(s.products, id)
	}
}

// Trash puts an item where lists do not show it.
func (s *State) Trash(it *Item) {
	it.WasStatus, it.Status, it.TrashedAt = it.Status, Trashed, s.now
	s.Touch(it)
}

// SetSKU changes the SKU of an item.
func (s *State) SetSKU(it *Item, sku string) {
	s.unindex(it)
	it.SKU = sku
	s.index(it)
	s.Touch(it)
}

// Touch moves the date of an item, and that of the parent of a variant.
func (s *State) Touch(it *Item) {
	s.moved(it)
	it.Edited = s.now
	if parent := s.items[it.Parent]; parent != nil {
		parent.Edited = s.now
	}
}

// moved is Touch for a change of the number alone.
func (s *State) moved(it *Item) {
	s.note(Change{ID: it.ID})
	it.Modified = s.now
	if parent := s.items[it.Parent]; parent != nil {
		parent.Modified = s.now
	}
}

func (s *State) index(it *Item) {
	if key := strings.ToLower(it.SKU); key != "" {
		s.bySKU[key] = append(s.bySKU[key], it)
	}
}

func (s *State) unindex(it *Item) {
	key := strings.ToLower(it.SKU)
	if left := slices.DeleteFunc(s.bySKU[key], func(o *Item) bool { return o == it }); len(left) > 0 {
		s.bySKU[key] = left
	} else {
		delete(s.bySKU, key)
	}
}

func without(items []*Item, id int64) []*Item {
	i, found := slices.BinarySearchFunc(items, id, func(it *Item, id int64) int { return int(it.ID - id) })
	if !found {
		return items
	}
	return slices.Delete(items, i, i+1)
}

package db

import (
	"bytes"
	"fmt"
	"slices"
)

// products compares the index by SKU with the products.
func (c *checker) products() error {
	want := map[string][]byte{}
	err := eachRecord(c, tagItem, "products", func(k []byte, it Item) error {
		c.report.Products++
		index := string(key(tagSKU, it.SKU))
		if other, ok := want[index]; ok {
			c.unsound = true
			c.differ("sku", "Products %d and %d both have the SKU %s.", u64(other), u64(k[1:]), it.SKU)
			return nil
		}
		want[index] = k[1:]
		return nil
	})
	if err != nil {
		return err
	}
	return c.compare("sku", tagSKU, want, func(k, has, want []byte) string {
		return fmt.Sprintf("The SKU %s leads to %s, but belongs to %s.", k[1:], sayItem(has), sayItem(want))
	})
}

func sayItem(b []byte) string {
	if len(b) != 8 {
		return "no product"
	}
	return fmt.Sprintf("product %d", u64(b))
}

// listings compares the links of every product with the listings that name it, also those of removed stores.
func (c *checker) listings() error {
	linked := map[uint64][]Link{}
	err := eachRecord(c, tagListing, "listings", func(k []byte, l Listing) error {
		c.report.Listings++
		at := Link{u32(k[1:]), string(k[5:])}
		if ok, err := c.exists(key(tagStore, at.Store)); err != nil || !ok {
			c.differ("listing", "Listing %s belongs to store %d, which is not there.", at.Ref, at.Store)
			return err
		}
		if l.Item == 0 {
			return nil
		}
		if ok, err := c.exists(key(tagItem, l.Item)); err != nil || !ok {
			c.differ("listing", "Listing %s of store %d is linked to product %d, which is not there.", at.Ref, at.Store, l.Item)
			return err
		}
		linked[l.Item] = append(linked[l.Item], at)
		return nil
	})
	if err != nil {
		return err
	}
	err = eachRecord(c, tagLinks, "links", func(k []byte, has Links) error {
		item := u64(k[1:])
		want := inOrder(has.Links, linked[item])
		delete(linked, item)
		return c.compareLinks(item, has.Links, want)
	})
	if err != nil {
		return err
	}
	for item, want := range linked {
		if err := c.compareLinks(item, nil, want); err != nil {
			return err
		}
	}
	return nil
}

// inOrder is want in the order of has, which is the order in which the listings were linked; new ones come last.
func inOrder(has, want []Link) []Link {
	var out []Link
	for _, l := range append(slices.Clone(has), want...) {
		if slices.Contains(want, l) && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

func (c *checker) compareLinks(item uint64, has, want []Link) error {
	k := key(tagLinks, item)
	stored, err := c.tx.raw(k)
	if absent, err := missing(err); err != nil {
		return err
	} else if absent && len(want) == 0 {
		return nil
	}
	should, err := encode(Links{want})
	if err != nil {
		return err
	}
	empty := len(want) == 0 && len(has) == 0 && decode(stored, new(Links)) == nil
	if empty || bytes.Equal(stored, should) {
		return nil
	}
	c.differ("links", "Product %d is shown with %d listings, but %d listings are linked to it.", item, len(has), len(want))
	c.fixes = append(c.fixes, fix{key: k, value: should})
	return nil
}

// orders compares the three indexes of orders and lines with them, and the open units of a header with its lines.
func (c *checker) orders() error {
	placed, open := map[string][]byte{}, map[OrderRef]int64{}
	err := eachRecord(c, tagOrder, "orders", func(k []byte, o Order) error {
		c.report.Orders++
		at := OrderRef{u32(k[1:]), string(k[5:])}
		placed[string(key(tagPlaced, newest(o.Placed), at.Store, at.Ref))] = nil
		if !o.Marketplace && o.Open != 0 {
			open[at] = o.Open
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = c.compare("placed", tagPlaced, placed, func(k, has, want []byte) string {
		return sayIndex("The list of orders by date", fmt.Sprintf("order %s of store %d", k[13:], u32(k[9:])), want != nil)
	})
	if err != nil {
		return err
	}
	return c.lines(open)
}

// lines compares the indexes of the order lines; open are the open units that the headers state.
func (c *checker) lines(open map[OrderRef]int64) error {
	unmatched, booked := map[string][]byte{}, map[string][]byte{}
	err := eachRecord(c, tagLine, "lines", func(k []byte, l Line) error {
		c.report.Lines++
		ref := lineRef(k[1:])
		at := OrderRef{ref.Store, ref.Order}
		if ok, err := c.exists(key(tagOrder, at.Store, at.Ref)); err != nil || !ok {
			c.differ("order", "Line %s belongs to order %s of store %d, which is not there.", ref.Line, ref.Order, ref.Store)
			return err
		}
		units := l.Now.Domain().Open()
		open[at] -= units
		if open[at] == 0 {
			delete(open, at)
		}
		switch {
		case l.Item == 0:
			unmatched[string(key(tagUnmatched, closed(l.SKU), ref.Store, closed(ref.Order), ref.Line))] = nil
		case units > 0:
			booked[string(key(tagBooked, l.Item, ref.Store, closed(ref.Order), ref.Line))] = nil
		}
		return nil
	})
	if err != nil {
		return err
	}
	for at, n := range open {
		c.differ("order", "Order %s of store %d states %d open units more than its lines have.", at.Ref, at.Store, n)
	}
	err = c.compare("unmatched", tagUnmatched, unmatched, func(k, has, want []byte) string {
		return sayIndex("The list of lines without a product", sayLine(k[1+indexZero(k[1:])+1:]), want != nil)
	})
	if err != nil {
		return err
	}
	return c.compare("booked", tagBooked, booked, func(k, has, want []byte) string {
		return sayIndex("The list of lines with open units", sayLine(k[9:]), want != nil)
	})
}

func sayIndex(list, what string, lacks bool) string {
	if lacks {
		return fmt.Sprintf("%s lacks %s.", list, what)
	}
	return fmt.Sprintf("%s names %s, which does not belong there.", list, what)
}

func sayLine(b []byte) string {
	ref := lineRef(b)
	return fmt.Sprintf("line %s of order %s in store %d", ref.Line, ref.Order, ref.Store)
}

package db

import "fmt"

// counters checks that no number can be given twice: every counter is at or above the largest number in use, and the
// newest movement is the one the sequence ends with.
func (c *checker) counters() error {
	stores, err := c.largest(tagStore)
	if err != nil {
		return err
	}
	items, err := c.largest(tagItem)
	if err != nil {
		return err
	}
	notices, err := c.largest(tagNotice)
	if err != nil {
		return err
	}
	if err := c.counter("next/notice", notices, false); err != nil {
		return err
	}
	if err := c.counter("next/seq", c.last, true); err != nil {
		return err
	}
	if err := c.counter("next/item", items, false); err != nil {
		return err
	}
	if err := c.counter("next/store", stores, false); err != nil {
		return err
	}
	ok, err := c.exists(key(tagWarehouse, DefaultLoc))
	if err == nil && !ok {
		c.differ("warehouse", "The main warehouse is missing.")
	}
	return err
}

// largest is the largest number that a kind with one number as its key has in use.
func (c *checker) largest(tag byte) (uint64, error) {
	var most uint64
	for item := range c.tx.walk([]byte{tag}, false) {
		k := item.Key()[1:]
		if len(k) == 4 {
			most = uint64(u32(k))
		} else if len(k) == 8 {
			most = u64(k)
		}
	}
	return most, nil
}

func (c *checker) counter(name string, used uint64, exact bool) error {
	b, err := c.tx.raw(key(tagMeta, name))
	if _, err := missing(err); err != nil {
		return err
	}
	var n uint64
	if len(b) == 8 { // any other length was reported as a record that cannot be read
		n = u64(b)
	}
	if n < used || exact && n != used {
		c.differ("counter", "The counter %s stands at %d, but %d is in use.", name, n, used)
		c.fixes = append(c.fixes, fix{key: key(tagMeta, name), value: key(0, used)[1:]})
	}
	return nil
}

// accounts compares the index of shop accounts with the stores.
func (c *checker) accounts() error {
	want := map[string][]byte{}
	err := eachRecord(c, tagStore, "stores", func(k []byte, s Store) error {
		index := string(key(tagAccount, s.Channel+":"+s.Account))
		if other, ok := want[index]; ok {
			c.unsound = true
			c.differ("account", "Stores %d and %d are the same account.", u32(other), u32(k[1:]))
			return nil
		}
		want[index] = k[1:]
		return nil
	})
	if err != nil {
		return err
	}
	return c.compare("account", tagAccount, want, func(k, has, want []byte) string {
		return fmt.Sprintf("The account %s leads to another store than the one that has it.", k[1:])
	})
}

// marks checks that what hangs on a listing or a movement has one.
func (c *checker) marks() error {
	for _, tag := range []byte{tagNote, tagCalled} {
		for item := range c.tx.walk([]byte{tag}, false) {
			k := item.KeyCopy(nil)
			if !wellFormed(k) {
				continue // reported as a record
			}
			ok, err := c.exists(key(tagStore, u32(k[1:])))
			if err != nil {
				return err
			}
			if !ok {
				c.differ("store", "Something is remembered about store %d, which is not there.", u32(k[1:]))
			}
		}
	}
	for _, tag := range []byte{tagDirty, tagPushed} {
		for item := range c.tx.walk([]byte{tag}, false) {
			k := item.KeyCopy(nil)
			if len(k) < 5 {
				continue // reported as a record
			}
			ref, _ := SplitSpot(string(k[5:]))
			ok, err := c.exists(key(tagListing, u32(k[1:]), ref))
			if err != nil {
				return err
			}
			if !ok && wellFormed(k) {
				c.differ("listing", "Something is noted about listing %s of store %d, which is not there.", ref, u32(k[1:]))
			}
		}
	}
	return eachRecord(c, tagMinted, "keys", func(k []byte, m Minted) error {
		if m.Seq > c.last {
			c.differ("sequence", "A key that was used once leads to change number %d, but the newest is %d.", m.Seq, c.last)
		}
		return nil
	})
}

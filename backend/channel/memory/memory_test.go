package memory_test

import (
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
)

func TestSuite(t *testing.T) {
	for name, o := range map[string]memory.Options{
		"absolute numbers": {},
		"differences":      {Delta: true},
		"compare and set":  {CompareAndSet: true},
		"a largest number": {MaxQuantity: 1_000_000_000_000},
		"batches of seven": {PushBatch: 7, ReadBatch: 7},
	} {
		t.Run(name, func(t *testing.T) {
			shop := func(pageSize int) func(*testing.T) (channel.Store, channeltest.Shop) {
				o := o
				o.PageSize = pageSize
				return func(*testing.T) (channel.Store, channeltest.Shop) {
					s := memory.New(o)
					return s, s
				}
			}
			channeltest.Suite{New: shop(3), Large: shop(100)}.Run(t)
		})
	}
}

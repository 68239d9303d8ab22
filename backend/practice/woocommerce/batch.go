package woocommerce

import (
	"evenstock/backend/practice"
)

// maxBatch is how many items a batch takes in all.
const maxBatch = 100

// operations are what a batch does to one kind of thing.
type operations struct {
	create func(body map[string]any) (object, *apiError)
	update func(id int64, body map[string]any) (object, *apiError)
	remove func(id int64) (object, *apiError)
}

// run carries a batch out. The answer is 200 even if items fail; each failed item has an error of its own, a failed
// create the id 0 and an update without an id null (e03-batch-mixed). An empty batch answers an empty list.
func (c *call) run(ops operations) practice.Response {
	c.batch = true
	creates, updates, deletes := c.entries("create"), c.entries("update"), c.entries("delete")
	if len(creates)+len(updates)+len(deletes) > maxBatch {
		return c.fail(errBatchSize)
	}
	pick := c.pick
	c.pick = nil
	answer := object{}
	add := func(name string, list []any, do func(entry any) object) {
		if len(list) == 0 {
			return
		}
		done := make([]object, len(list))
		for i, entry := range list {
			done[i] = do(entry)
		}
		answer = append(answer, member{name, done})
	}
	add("create", creates, func(entry any) object {
		body, _ := entry.(map[string]any)
		o, failure := ops.create(body)
		return outcome(int64(0), o, failure)
	})
	add("update", updates, func(entry any) object {
		body, _ := entry.(map[string]any)
		var id any
		if body["id"] != nil {
			id = integer(body["id"])
		}
		o, failure := ops.update(integer(body["id"]), body)
		return outcome(id, o, failure)
	})
	add("delete", deletes, func(entry any) object {
		o, failure := ops.remove(integer(entry))
		return outcome(integer(entry), o, failure)
	})
	c.pick = pick
	if len(answer) == 0 {
		return c.respond(200, []any{})
	}
	return c.ok(answer)
}

func (c *call) entries(name string) []any {
	list, _ := c.body[name].([]any)
	return list
}

func outcome(id any, o object, failure *apiError) object {
	if failure == nil {
		return o
	}
	return object{{"id", id}, {"error", failure.body()}}
}

func batchProducts(c *call) practice.Response {
	return c.run(operations{
		create: func(body map[string]any) (object, *apiError) { return show(c.product)(c.newProduct(body)) },
		update: func(id int64, body map[string]any) (object, *apiError) {
			return show(c.product)(c.changeProduct(id, body))
		},
		remove: func(id int64) (object, *apiError) { return c.removeProduct(id, true) },
	})
}

func batchVariations(c *call) practice.Response {
	parent := c.ids[0]
	return c.run(operations{
		create: func(body map[string]any) (object, *apiError) { return show(c.variation)(c.newVariation(parent, body)) },
		update: func(id int64, body map[string]any) (object, *apiError) {
			return show(c.variation)(c.changeVariation(parent, id, body))
		},
		remove: func(id int64) (object, *apiError) { return c.removeVariation(parent, id, true) },
	})
}

func batchOrders(c *call) practice.Response {
	return c.run(operations{
		create: func(body map[string]any) (object, *apiError) { return show(c.order)(c.newOrder(body)) },
		update: func(id int64, body map[string]any) (object, *apiError) { return show(c.order)(c.changeOrder(id, body)) },
		remove: func(id int64) (object, *apiError) { return c.removeOrder(id, true) },
	})
}

// show renders what a write returned unless it failed.
func show[T any](render func(T) object) func(T, *apiError) (object, *apiError) {
	return func(v T, failure *apiError) (object, *apiError) {
		if failure != nil {
			return nil, failure
		}
		return render(v), nil
	}
}

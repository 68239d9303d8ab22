package woocommerce

import (
	"fmt"

	"evenstock/backend/practice"
)

// variant finds the variation a path names. Older versions do not look at the parent in it (woocommerce-observed.md).
func (c *call) variant(parent, id int64) *practice.Item {
	it := c.s.Item(id)
	if it == nil || it.Kind != practice.Variant || it.Parent != parent && c.face.version.since(parentChecked) {
		return nil
	}
	return it
}

func getVariation(c *call) practice.Response {
	it := c.variant(c.ids[0], c.ids[1])
	if it == nil {
		c.header.Del("Allow") // d15-wrong-parent
		return c.fail(errVariation)
	}
	return c.ok(c.variation(it))
}

func createVariation(c *call) practice.Response {
	it, failure := c.newVariation(c.ids[0], c.body)
	if failure != nil {
		return c.fail(failure)
	}
	return c.created(fmt.Sprintf("%s%s/wc/v3/products/%d/variations/%d", c.home, apiRoot, it.Parent, it.ID), c.variation(it))
}

func putVariation(c *call) practice.Response {
	it, failure := c.changeVariation(c.ids[0], c.ids[1], c.body)
	if failure != nil {
		c.header.Del("Allow") // d15b-wrong-parent-put
		return c.fail(failure)
	}
	return c.ok(c.variation(it))
}

func deleteVariation(c *call) practice.Response {
	o, failure := c.removeVariation(c.ids[0], c.ids[1], c.query.flag("force"))
	if failure != nil {
		return c.fail(failure)
	}
	return c.ok(o)
}

func (c *call) newVariation(parent int64, body map[string]any) (*practice.Item, *apiError) {
	above := c.s.Item(parent)
	if above == nil || above.Kind == practice.Variant { // unverified
		return nil, errProduct
	}
	if failure := c.checkSKU(nil, body); failure != nil {
		return nil, failure
	}
	it := c.s.Add(practice.Item{Kind: practice.Variant, Parent: parent, Name: above.Name,
		Status: practice.Status(text(body["status"]))})
	c.write(it, body)
	return it, nil
}

func (c *call) changeVariation(parent, id int64, body map[string]any) (*practice.Item, *apiError) {
	it := c.variant(parent, id)
	if it == nil {
		return nil, errVariation
	}
	if failure := c.checkSKU(it, body); failure != nil {
		return nil, failure
	}
	c.write(it, body)
	return it, nil
}

// removeVariation deletes for good or trashes, as removeProduct does. Trashing one was not recorded (unverified).
func (c *call) removeVariation(parent, id int64, force bool) (object, *apiError) {
	it := c.variant(parent, id)
	if it == nil {
		return nil, errVariation
	}
	was := c.variation(it)
	if force {
		c.s.Delete(id)
	} else {
		c.s.Trash(it)
	}
	return was, nil
}

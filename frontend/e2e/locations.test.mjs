// A shop with several locations: mapped in the window, over the real services and Shopify's own calls.
import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { becomes, open, row } from './browser.mjs'
import { command, evenstockOn, folder, root, shopify } from './programs.mjs'
import { change, goto } from './steps.mjs'

const floor = 61
const barn = 62

/** Chooses the warehouse of a location. */
async function link(page, locations, location, warehouse) {
  await locations.getByRole('combobox', { name: `Warehouse of ${location}` }).click()
  await page.getByRole('option', { name: warehouse }).click()
  await locations.getByRole('combobox', { name: `Warehouse of ${location}` }).getByText(warehouse).waitFor()
}

/** Waits until a row of the product's numbers reads as it should. */
async function numbers(page, place, target) {
  const line = page.getByRole('grid', { name: 'Online listings' }).getByRole('row').filter({ hasText: place })
  await line.locator('[data-column="target"]').getByText(target, { exact: true }).waitFor()
  return line
}

test('locations: linked before sync is on, sent to where they are linked, and an order is taken from where it was sent', async (t) => {
  const garden = await shopify(t)
  const { sku, item, variant } = await garden.goods()
  await garden.count(item, floor, 20)
  await garden.count(item, barn, 8)
  const dir = await folder(t)
  const fields = ['--field', `shop=${garden.fields.shop}`, '--field', `clientId=${garden.fields.clientId}`]
  await command(dir, ['store', 'add', 'shopify', '--name', 'Garden', '--endpoint', garden.url, '--secrets', 'file', ...fields], {
    EVENSTOCK_SECRET_CLIENTSECRET: garden.fields.clientSecret,
  })
  await command(dir, ['warehouse', 'add', 'BARN', '--name', 'The barn'])
  const { address } = await evenstockOn(t, dir)
  const page = await open(t, address)
  const locations = page.getByRole('region', { name: 'Locations' })
  const picture = (name) => page.screenshot({ path: path.join(root, 'build/test/e2e', `${name}.png`) })

  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: /Garden/ }).click()
  await page.getByRole('button', { name: 'Turn on…' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await locations.getByText('The shop ships orders from here.').first().waitFor()
  assert.equal(await locations.getByRole('listitem').count(), 2)
  await link(page, locations, 'Garden shop', 'Main warehouse')
  await picture('locations-turning-on')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText(/^Copy inventory from/).click()
  await page.getByRole('button', { name: 'Rehearse' }).click()
  await page.getByText(/Nothing has been written yet/).waitFor()
  await page.getByRole('button', { name: /^Turn on/ }).last().click()
  await page.getByRole('switch', { name: /^Inventory sync of/ }).waitFor()

  await goto(page, 'Stock')
  await change(page, sku, '=15')
  await becomes('the shop floor', 15, () => garden.at(item, floor))
  assert.equal(await garden.at(item, barn), 8, 'the barn, which nobody linked')
  await row(page, sku).getByRole('button', { name: sku, exact: true }).click()
  await numbers(page, 'Garden shop', '15')
  await page.getByRole('grid', { name: 'Online listings' }).getByRole('row').filter({ hasText: 'Barn' }).getByText('No warehouse', { exact: true }).waitFor()
  await picture('locations-product')

  await command(dir, ['stock', 'set', sku, '30', '--warehouse', 'BARN'])
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: /Garden/ }).click()
  await page.getByRole('tab', { name: 'Locations' }).click()
  await link(page, locations, 'Barn', 'The barn')
  await becomes('the barn, once it is linked', 30, () => garden.at(item, barn))
  assert.equal(await garden.at(item, floor), 15)

  await garden.shipFrom(await garden.sell(variant, 4), barn)
  await page.getByRole('tab', { name: 'Overview' }).click()
  await page.getByRole('button', { name: 'Sync inventory & orders' }).click()
  await becomes('the barn, which sent 4', 26, () => garden.at(item, barn))
  await becomes('the shop floor, which sent none', 15, () => garden.at(item, floor))
  await goto(page, 'Stock')
  await row(page, sku).getByRole('button', { name: sku, exact: true }).click()
  await numbers(page, 'Garden shop', '15')
  await numbers(page, 'Barn', '26')
  await picture('locations-both')
})

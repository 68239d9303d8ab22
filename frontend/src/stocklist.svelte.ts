import type { StockFilter } from './api'
import type { Sort } from './grid/columns'

/** What the stock list shows. It outlives the screen: coming back from a product finds the list as it was. */
class StockList {
  query = $state('')
  filter = $state<StockFilter>('')
  sort = $state.raw<Sort>({ by: 'sku', descending: false })
  current = $state(-1)
}

export const stockList = new StockList()

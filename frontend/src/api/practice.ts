// What crosses the border about the practice stores.

export type PracticeItem = { id: number; sku: string; name: string; quantity: number }
export type PracticeLine = { id: number; sku: string; name: string; quantity: number; left: number }
export type PracticeOrder = { id: number; stage: string; hidden: boolean; lines: PracticeLine[] }
export type PracticeBreak = '500' | 'none' | 'html' | 'slow'
export type PracticeShop = {
  store: number
  now: number
  ahead: number
  broken: PracticeBreak | 'other' | ''
  left: number
  hiding: number
  items: PracticeItem[]
  orders: PracticeOrder[]
}
export type PracticeShops = { live: boolean; shops: PracticeShop[] }
export type PracticeRefund = { order: number; line: number; units: number; restock: boolean }

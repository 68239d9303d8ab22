import type * as T from './types'

/** What is announced when something in the books changed. An announcement carries no data: ask again for what you show. */
export type Topic = 'stock' | 'listings' | 'orders' | 'stores' | 'activity' | 'notices' | 'progress' | 'login'

/** Everything the page may ask of the program. Calls reject with AppError and nothing else. */
export interface Api {
  /** Calls back when one of the topics is announced, until the returned function is called. */
  onChanged(topics: Topic[], callback: () => void): () => void
  /** Calls back when the person asks elsewhere for a place, such as in the tray, until the returned function is called. */
  onOpen(callback: (place: T.Place) => void): () => void
  /** Opens an address in the user's browser. */
  openURL(url: string): void
  /** Puts text on the clipboard. */
  copy(text: string): Promise<void>

  app: {
    /** Answers at any time, also before the books are open. */
    state(): Promise<T.AppState>
    startPractice(): Promise<void>
    /** Writes to a store wait; 0 means all stores. */
    pause(store: number): Promise<void>
    resume(store: number): Promise<void>
  }
  stores: {
    list(): Promise<T.Store[]>
    channels(): Promise<T.Channel[]>
    /** Checks the keys first; nothing is kept when they do not work. */
    add(form: T.StoreForm): Promise<T.AddedStore>
    /** The login at a shop's own page that adding a store, or giving it new keys, has begun. */
    login(): Promise<T.Login>
    /** The address that the browser ended at, for the login that asks for it. */
    paste(address: string): Promise<void>
    cancelLogin(): Promise<void>
    check(store: number): Promise<T.Account>
    settings(store: number, patch: T.SettingsPatch): Promise<T.Store>
    /** Release gives its booked units back; otherwise they stay booked. */
    remove(store: number, release: boolean): Promise<void>
    /** Reads the store and changes nothing. */
    rehearse(store: number, answers: T.Answers): Promise<T.Table>
    tableRows(query: T.TableQuery): Promise<{ total: number; rows: T.RehearsalRow[] }>
    /** What is ticked then. */
    tick(tick: T.TableTick): Promise<T.TableRisk[]>
    turnOn(store: number, answers: T.Answers): Promise<T.RunList>
    turnOff(store: number): Promise<void>
    sync(store: number): Promise<T.Run>
    syncAll(): Promise<T.RunList>
    refreshInventory(store: number): Promise<T.Run>
    syncListings(store: number): Promise<T.Run>
    refreshListings(store: number): Promise<T.Run>
    /** Stops after the batch on the wire. */
    cancel(store: number): Promise<void>
    held(store: number): Promise<T.Table>
    /** The ticked rows of what is held. */
    approve(store: number, table: number): Promise<T.Run>
    drop(store: number, table: number): Promise<number>
    /** Reads the store and says what differs; nothing is adopted. */
    drift(store: number): Promise<T.Rehearsal>
    fixDrift(store: number, skus: string[] | null): Promise<T.Run>
    /** What it takes to have the shop call when something changed. */
    hooks(store: number): Promise<T.StoreWebhooks>
    /** The key that the seller enters in the shop, made when it is first asked for. */
    makeHookSecret(store: number): Promise<string>
    /** An empty key is forgotten. */
    setHookSecret(store: number, secret: string): Promise<void>
    track(store: number, skus: string[] | null): Promise<T.Run>
    answerRenamed(store: number, ref: string, renamed: boolean): Promise<void>
    answerShipped(store: number, takeOut: boolean): Promise<void>
  }
  stock: {
    rows(query: T.StockQuery): Promise<T.StockWindow>
    change(change: T.StockChange): Promise<T.StockChanged>
    /** Changes at most 200 products, each for itself and by its own key. */
    changeMany(changes: T.StockChange[]): Promise<T.ManyChanged>
    undoMany(seqs: number[]): Promise<T.ManyUndone>
    /** Writes a list to a file the person chooses, or returns the asked part of it where the page has to save it. */
    sheet(request: T.SheetRequest): Promise<T.StockSheet>
    product(sku: string): Promise<T.Product>
    explain(sku: string): Promise<T.Explanation>
    /** What the numbers were, oldest first, at most 200 points. */
    overTime(sku: string): Promise<T.OverTime>
    undo(seq: number): Promise<T.StockChanged>
    /** Waits until the product's listings are settled and says what became of each. */
    settle(item: number, waitMs: number): Promise<T.PushOutcome[]>
  }
  warehouses: {
    /** In the order in which orders are booked. */
    list(): Promise<T.Warehouse[]>
    /** At most 200 products, by their numbers, as they are in one warehouse, in the order asked for. */
    stock(code: string, items: number[]): Promise<T.WarehouseStock[]>
    add(code: string, name: string): Promise<void>
    set(code: string, patch: T.WarehousePatch): Promise<void>
    /** It has to be empty and sold by no store; its history stays. */
    remove(code: string): Promise<void>
    /** Ask has the shop asked for its locations first. */
    locations(store: number, ask: boolean): Promise<T.StoreLocations>
    /** Which warehouse a location of a store is, by code; "" is none. */
    link(store: number, location: string, code: string): Promise<void>
  }
  orders: {
    rows(query: T.OrderQuery): Promise<T.OrderWindow>
    link(line: string, sku: string): Promise<void>
  }
  /** What a person lets happen in the practice stores, and what they show. */
  practice: {
    shops(): Promise<T.PracticeShops>
    /** Puts goods on sale in every practice store that does not have them. */
    offer(sku: string, name: string, quantity: number): Promise<void>
    /** The order's number. */
    order(store: number, item: number, units: number): Promise<number>
    ship(store: number, order: number): Promise<void>
    cancel(store: number, order: number): Promise<void>
    refund(store: number, refund: T.PracticeRefund): Promise<void>
    count(store: number, item: number, quantity: number): Promise<void>
    hideNew(store: number): Promise<void>
    break(store: number, how: T.PracticeBreak, times: number): Promise<void>
    heal(store: number): Promise<void>
    jump(store: number, minutes: number): Promise<void>
    /** Customers come by themselves, or stay away. */
    live(on: boolean): Promise<void>
  }
  /** Runs, newest first; store 0 means all. */
  activity(store: number, offset: number, limit: number): Promise<T.Run[]>
  /** Takes back what a run sent, as far as the store still shows it, and pauses sending to that store. */
  undoPush(run: number): Promise<T.Run>
  health(): Promise<T.Health>
  settings: {
    /** The newest nightly backup, and how far a verification has come. */
    get(): Promise<T.Safety>
    /** Asks for a file where there is a dialog; its file is "" when that was closed. */
    backup(): Promise<T.Backup>
    verify(): Promise<T.Verified>
    look(): Promise<T.Look>
    setLook(look: T.Look): Promise<void>
    /** Shows the data folder in the file manager. */
    openFolder(): Promise<void>
    background(): Promise<T.Background>
    setAtLogin(on: boolean): Promise<void>
    setNotice(kind: T.NoticeKind, on: boolean): Promise<void>
    hooks(): Promise<T.Webhooks>
    setHooks(on: boolean, port: number): Promise<void>
  }
  away: {
    get(): Promise<T.AwayState>
    /** What every store that is on would be sent, by the books. */
    preview(units: number, percent: number): Promise<T.Table[]>
    /** Ends says that everything was sent and the program ends now. */
    start(start: T.AwayStart): Promise<{ runs: T.Run[]; ends: boolean }>
    end(): Promise<void>
    setPlan(units: number, percent: number, plan: T.AwayDay[]): Promise<void>
    setOffer(on: boolean): Promise<void>
  }
  /** What began and needed a person; kept over a restart, at most 200. */
  notices: {
    list(): Promise<T.NoticeList>
    markRead(ids: number[]): Promise<void>
    markAllRead(): Promise<void>
  }
  /** Cheap enough to ask for at every change. */
  today(): Promise<T.Today>
}

// Package bridge is all the window may call: one service per screen, bound by Wails or served to a plain browser by
// [Serve]. In both the page sees window.go.bridge.SERVICE.METHOD(…), which returns a promise.
//
//	App.State() AppState                                  version, data folder, first start?, paused, stores in short
//	App.StartPractice()                                   opens practice stores
//	App.Pause(store)                                      writes to a store wait; 0 = all stores
//	App.Resume(store)
//
//	Stores.List() []view.Store                            with ages, cooldowns, counts, what each is doing
//	Stores.Channels() []ChannelType                       kinds of shop with fields and steps, for the connect form
//	Stores.Add(StoreForm) AddedStore                      checks the keys first; nothing is kept when they do not work
//	Stores.Check(store) Account
//	Stores.Settings(store, SettingsPatch) view.Store      null fields stay as they are
//	Stores.Rehearse(store, Answers) Table                 reads the store; its rows stay here
//	Stores.TableRows(TableQuery) TableWindow              at most 2,000 rows
//	Stores.Tick(TableTick) []TableRisk                    what is sent, row by row or all of a risk
//	Stores.TurnOn(store, Answers) RunList
//	Stores.TurnOff(store)
//	Stores.Remove(store, release)                         release: its booked units are given back; else they stay booked
//	Stores.Sync(store) db.Run                             M1
//	Stores.SyncAll() RunList                              M1 of every store that is on; names those left out
//	Stores.RefreshInventory(store) db.Run                 M2
//	Stores.SyncListings(store) db.Run                     M3
//	Stores.RefreshListings(store) db.Run                  M4
//	Stores.Cancel(store)                                  stops after the batch on the wire
//	Stores.Progress(store) view.Progress | null
//	Stores.Held(store) Table                              what the safety catch holds
//	Stores.Approve(store, table) db.Run                   the ticked rows; none is refused
//	Stores.Drop(store, table) number                      leaves those rows as they are
//	Stores.Drift(store) engine.Rehearsal                  reads the store, adopts nothing
//	Stores.FixDrift(store, skus | null) db.Run
//	Stores.Track(store, skus | null) db.Run               after the user's consent
//	Stores.AnswerRenamed(store, ref, renamed)             a listing's new SKU: the same product renamed, or another one
//	Stores.AnswerShipped(store, takeOut)                  units shipped while sync was off
//
//	Stock.Rows(view.StockQuery) view.StockWindow
//	Stock.Change(StockChange) StockChanged                the key is a ULID made in the page; sent twice, applied once
//	Stock.Product(sku) view.Product                       with its online listings
//	Stock.Explain(sku) view.Explanation
//	Stock.OverTime(sku) view.OverTime                     at most 200 points
//	Stock.Undo(seq) StockChanged                          a second undo of the same change is refused, so no key is needed
//	Stock.Settle(item, waitMs) PushList                   waits until the product's listings are settled, at most 60 s
//
//	Orders.Rows(view.OrderQuery) view.OrderWindow
//	Orders.Link(line, sku)                                line is view.Line.ID
//
//	Activity.Runs(store, offset, limit) view.RunWindow    store 0 = all; newest first
//	Activity.UndoPush(run) db.Run                         pauses the store; what shows another number by now stays
//	Health.Get() view.Health
//	Today.Get() view.Today                                cheap enough to ask for again at every change
//
//	Settings.Get() Safety                                 the newest nightly backup, how far a verification has come
//	Settings.Backup() Backup                              asks for a file where there is a dialog; restores the copy in memory
//	Settings.Verify() Verified                            reads all books; one at a time
//	Settings.Look() Look                                  how the page looks
//	Settings.SetLook(Look)
//	Settings.Background() Background                      start at login, notices
//	Settings.SetAtLogin(on)
//	Settings.SetNotice(kind, on)                          kind: key, stale, backup, held, refused, oversold, unmatched, question
//	Settings.OpenFolder()                                 shows the data folder in the file manager
//
//	Notices.List() NoticeList                             what began and needed a person, newest first, at most 200
//	Notices.MarkRead(ids)
//	Notices.MarkAllRead()
//
//	Away.Get() AwayState
//	Away.Preview(units, percent) []Table                  of every store that is on, by the books
//	Away.Start(AwayStart) AwaySent                        with quit: sends first, then ends the program
//	Away.End()
//	Away.SetPlan(units, percent, days)                    times of the week; none: no plan
//	Away.SetOffer(on)                                     quitting offers it
//
//	Practice.Shops() PracticeShops                        what the practice stores show, their orders, faults and clocks
//	Practice.Offer(sku, name, quantity)                   puts new goods on sale in every practice store
//	Practice.Order(store, item, units) number             a customer orders; the order's number
//	Practice.Ship(store, order)
//	Practice.Cancel(store, order)
//	Practice.Refund(store, PracticeRefund)
//	Practice.Count(store, item, quantity)                 someone edits the stock by hand in the shop
//	Practice.HideNew(store)                               orders of the next minute are not told before it is over
//	Practice.Break(store, how, times)                     500, none, html or slow
//	Practice.Heal(store)
//	Practice.Jump(store, minutes)                         the shop's clock
//	Practice.Live(on)                                     customers come by themselves
//
// Long actions (Sync, the refreshes, Rehearse, TurnOn) run within the call and go on when the page is closed. The page
// learns what changed from the event "changed", whose data is a list of topics: stock, listings, orders, stores,
// activity, notices, progress. It carries no data: the screen asks again for what it shows. After a lost connection the browser
// page gets all topics. The window's page is also told by "open", whose data is a [Place], what the person asked for in
// the tray.
//
// A method fails with the JSON text of a [Failure] as the message of the page's Error. Nothing that crosses is nil where
// the page expects a list, and no type has a time.Time, an interface or a float in it.
package bridge

export namespace bridge {
	
	export interface Account {
	    id: string;
	    name: string;
	    url: string;
	    version: string;
	    currency: string;
	    time: number;
	    warnings: string[];
	}
	export interface AddedStore {
	    store: view.Store;
	    account: Account;
	}
	export interface Answers {
	    copy: boolean;
	    onTop: boolean;
	    push: string;
	    rows: string[];
	    table: number;
	}
	export interface StoreInShort {
	    id: number;
	    name: string;
	    channel: string;
	    badge: string;
	    sync: string;
	    state: string;
	    lastOrderPull?: number;
	    due: number;
	    held: number;
	    practice: boolean;
	}
	export interface AwayNow {
	    units: number;
	    percent: number;
	    until?: number;
	    atStart: boolean;
	}
	export interface AppState {
	    version: string;
	    dataDir: string;
	    ready: boolean;
	    trouble: string;
	    firstStart: boolean;
	    paused: boolean;
	    practice: boolean;
	    away?: AwayNow;
	    state: string;
	    stores: StoreInShort[];
	}
	
	export interface AwaySent {
	    runs: db.Run[];
	    ends: boolean;
	}
	export interface AwayStart {
	    units: number;
	    percent: number;
	    until: number;
	    quit: boolean;
	}
	export interface AwayState {
	    on: boolean;
	    units: number;
	    percent: number;
	    until?: number;
	    atStart: boolean;
	    planned: boolean;
	    planUnits: number;
	    planPercent: number;
	    plan: db.AwayDay[];
	    offer: boolean;
	    quits: boolean;
	}
	export interface NoticeSwitch {
	    kind: string;
	    on: boolean;
	}
	export interface Background {
	    atLogin?: boolean;
	    notices: NoticeSwitch[];
	}
	export interface Backup {
	    file: string;
	    createdAt: number;
	    size: number;
	    rehearsed: boolean;
	}
	export interface ChangedRow {
	    sku: string;
	    seq: number;
	    refused: string;
	}
	export interface FormField {
	    name: string;
	    label: string;
	    help: string;
	    secret: boolean;
	    required: boolean;
	    choices: string[];
	}
	export interface ChannelType {
	    name: string;
	    title: string;
	    badge: string;
	    steps: string[];
	    login: string;
	    fields: FormField[];
	}
	
	export interface Login {
	    page: string;
	    asks: boolean;
	}
	export interface Look {
	    theme: string;
	    contrast: string;
	    language: string;
	}
	export interface ManyChanged {
	    rows: ChangedRow[];
	    notices: string[];
	}
	export interface ManyUndone {
	    undone: number;
	    refused: string[];
	}
	export interface Notice {
	    id: number;
	    kind: string;
	    storeId: number;
	    store: string;
	    count: number;
	    text: string;
	    by: number;
	    at: number;
	    ended?: number;
	    read: boolean;
	}
	export interface NoticeList {
	    unread: number;
	    notices: Notice[];
	}
	
	export interface PracticeItem {
	    id: number;
	    sku: string;
	    name: string;
	    quantity: number;
	}
	export interface PracticeLine {
	    id: number;
	    sku: string;
	    name: string;
	    quantity: number;
	    left: number;
	}
	export interface PracticeOrder {
	    id: number;
	    stage: string;
	    hidden: boolean;
	    lines: PracticeLine[];
	}
	export interface PracticeRefund {
	    order: number;
	    line: number;
	    units: number;
	    restock: boolean;
	}
	export interface PracticeShop {
	    store: number;
	    now: number;
	    ahead: number;
	    broken: string;
	    left: number;
	    hiding: number;
	    items: PracticeItem[];
	    orders: PracticeOrder[];
	}
	export interface PracticeShops {
	    live: boolean;
	    shops: PracticeShop[];
	}
	export interface PushList {
	    pushes: engine.PushOutcome[];
	}
	export interface Reading {
	    part: string;
	    read: number;
	}
	export interface RunList {
	    runs: db.Run[];
	    off: string[];
	}
	export interface Safety {
	    folder: string;
	    chooses: boolean;
	    nightly?: Backup;
	    reading?: Reading;
	}
	export interface SettingsPatch {
	    name?: string;
	    includeDrafts?: boolean;
	    every?: number;
	    statusMap: Record<string, string>;
	    fields: Record<string, string>;
	}
	export interface SheetRequest {
	    query: view.StockQuery;
	    columns: string[];
	    heads: string[];
	    name: string;
	}
	export interface StockChange {
	    sku: string;
	    op: string;
	    quantity: number;
	    packed: boolean;
	    reason: string;
	    note: string;
	    warehouse: string;
	    key: string;
	}
	export interface StockChanged {
	    seq: number;
	    item: number;
	    notices: string[];
	    stock: view.StockRow;
	}
	export interface StockSheet {
	    file: string;
	    text: string;
	    rows: number;
	    next: number;
	}
	export interface StoreForm {
	    channel: string;
	    name: string;
	    fields: Record<string, string>;
	    allowHttp: boolean;
	}
	
	export interface StoreWebhooks {
	    on: boolean;
	    port: number;
	    trouble: string;
	    able: boolean;
	    local: string;
	    steps: string[];
	    label: string;
	    help: string;
	    made: boolean;
	    ready: boolean;
	    own: boolean;
	    lastAt?: number;
	    refusedAt?: number;
	}
	export interface TableRisk {
	    risk: string;
	    rows: number;
	    changes: number;
	    ticked: number;
	    empties: number;
	}
	export interface Table {
	    id: number;
	    store: string;
	    totals: engine.Totals;
	    risks: TableRisk[];
	}
	export interface TableQuery {
	    table: number;
	    risk: string;
	    offset: number;
	    limit: number;
	}
	
	export interface TableTick {
	    table: number;
	    risk: string;
	    row: string;
	    on: boolean;
	}
	export interface TableWindow {
	    total: number;
	    rows: engine.RehearsalRow[];
	}
	export interface Verified {
	    ok: boolean;
	    at: number;
	    report: db.Report;
	}
	export interface WarehousePatch {
	    name?: string;
	    priority?: number;
	}
	export interface Webhooks {
	    on: boolean;
	    port: number;
	    trouble: string;
	}

}

export namespace db {
	
	export interface AwayDay {
	    weekday: number;
	    from: number;
	    to: number;
	}
	export interface Difference {
	    code: string;
	    message: string;
	}
	export interface Report {
	    movements: number;
	    products: number;
	    listings: number;
	    orders: number;
	    lines: number;
	    total: number;
	    differences: Difference[];
	}
	export interface RunError {
	    sku: string;
	    listing: string;
	    code: string;
	    message: string;
	}
	export interface Run {
	    id: number;
	    store: string;
	    kind: string;
	    startedAt: number;
	    finishedAt: number;
	    outcome: string;
	    ordersRead: number;
	    ordersChanged: number;
	    listingsRead: number;
	    unitsBooked: number;
	    unitsFulfilled: number;
	    unitsReleased: number;
	    checked: number;
	    written: number;
	    alreadyRight: number;
	    refused: number;
	    pending: number;
	    held: number;
	    errors: RunError[];
	    note?: string;
	    code?: string;
	}

}

export namespace engine {
	
	export interface Because {
	    from: string;
	    inStock: number;
	    booked: number;
	    available: number;
	    away: number;
	}
	export interface PushOutcome {
	    store: string;
	    listing: string;
	    location?: string;
	    target?: number;
	    outcome: string;
	    message: string;
	}
	export interface Totals {
	    rows: number;
	    changes: number;
	    same: number;
	    zero: number;
	    halved: number;
	    unset: number;
	    ticked: number;
	    openOrders: number;
	    openUnits: number;
	}
	export interface RehearsalRow {
	    listing: string;
	    location?: string;
	    place?: string;
	    sku: string;
	    title: string;
	    has?: number;
	    target?: number;
	    difference?: number;
	    why: string;
	    because?: Because;
	    flags: string[];
	    ticked: boolean;
	    since?: number;
	}
	export interface Rehearsal {
	    store: string;
	    rows: RehearsalRow[];
	    totals: Totals;
	}
	

}

export namespace view {
	
	export interface Cause {
	    store: string;
	    order: string;
	    line: string;
	}
	export interface Cooldown {
	    inventory: number;
	    listings: number;
	}
	export interface ListingAt {
	    ref: string;
	    name: string;
	    warehouse: string;
	    target?: number;
	    lastPushed?: number;
	    lastPushedAt?: number;
	    away?: number;
	    state: string;
	    reason: string;
	}
	export interface Listing {
	    store: string;
	    storeId: number;
	    channel: string;
	    ref: string;
	    parentRef: string;
	    sku: string;
	    title: string;
	    variant: string;
	    status: string;
	    linked: boolean;
	    storeHas?: number;
	    readAt?: number;
	    target?: number;
	    lastPushed?: number;
	    lastPushedAt?: number;
	    away?: number;
	    state: string;
	    reason: string;
	    locations: ListingAt[];
	}
	export interface Duplicate {
	    sku: string;
	    store: string;
	    listings: Listing[];
	}
	export interface PushLog {
	    store: string;
	    listing: string;
	    place?: string;
	    target: number;
	    away?: number;
	    at: number;
	    outcome: string;
	}
	export interface Term {
	    seq: number;
	    at: number;
	    kind: string;
	    warehouse?: string;
	    inStock: number;
	    booked: number;
	    inStockAfter?: number;
	    bookedAfter: number;
	    actor: string;
	    reason: string;
	    note: string;
	    cause?: Cause;
	    reverses?: number;
	    undone: boolean;
	}
	export interface Explanation {
	    sku: string;
	    inStock?: number;
	    booked: number;
	    available?: number;
	    terms: Term[];
	    pushes: PushLog[];
	}
	export interface ReviewItem {
	    store: string;
	    order: string;
	    number: string;
	    question: string;
	}
	export interface StoreCell {
	    store: number;
	    state: string;
	}
	export interface StockRow {
	    id: number;
	    sku: string;
	    title: string;
	    variant: string;
	    inStock?: number;
	    booked: number;
	    available?: number;
	    counted: boolean;
	    oversold: number;
	    listings: number;
	    changed?: number;
	    stores: StoreCell[];
	}
	export interface Unmatched {
	    id: string;
	    ref: string;
	    listing: string;
	    sku: string;
	    title: string;
	    product?: string;
	    ordered: number;
	    fulfilled: number;
	    released: number;
	    writtenOff: number;
	    returned: number;
	    booked: number;
	    baseline: boolean;
	    store: string;
	    order: string;
	    number: string;
	    suggested?: string;
	}
	export interface NearPair {
	    a: string;
	    b: string;
	}
	export interface Health {
	    noSku: Listing[];
	    duplicateSku: Duplicate[];
	    nearSku: NearPair[];
	    unmatchedLines: Unmatched[];
	    untracked: Listing[];
	    shared: Listing[];
	    marketplace: Listing[];
	    unset: StockRow[];
	    held: Listing[];
	    renamed: Listing[];
	    review: ReviewItem[];
	}
	export interface KeyEnd {
	    field: string;
	    at: number;
	    soon: boolean;
	    renew: string;
	}
	export interface Line {
	    id: string;
	    ref: string;
	    listing: string;
	    sku: string;
	    title: string;
	    product?: string;
	    ordered: number;
	    fulfilled: number;
	    released: number;
	    writtenOff: number;
	    returned: number;
	    booked: number;
	    baseline: boolean;
	}
	
	
	
	export interface Need {
	    kind: string;
	    count: number;
	    storeId: number;
	    store: string;
	    text: string;
	    by: number;
	}
	export interface Order {
	    store: string;
	    storeId: number;
	    ref: string;
	    number: string;
	    placedAt?: number;
	    updatedAt?: number;
	    storeStatus: string;
	    state: string;
	    notice: string;
	    lines: Line[];
	}
	export interface OrderQuery {
	    store: number;
	    open: boolean;
	    number: string;
	    offset: number;
	    limit: number;
	}
	export interface OrderWindow {
	    total: number;
	    orders: Order[];
	}
	export interface Point {
	    at: number;
	    inStock?: number;
	    booked: number;
	    available?: number;
	}
	export interface OverTime {
	    sku: string;
	    moved: number;
	    points: Point[];
	}
	
	export interface WarehouseStock {
	    code: string;
	    name: string;
	    inStock?: number;
	    booked: number;
	    available?: number;
	    counted: boolean;
	}
	export interface Product {
	    id: number;
	    sku: string;
	    title: string;
	    variant: string;
	    inStock?: number;
	    booked: number;
	    available?: number;
	    counted: boolean;
	    oversold: number;
	    listings: number;
	    changed?: number;
	    stores: StoreCell[];
	    online: Listing[];
	    warehouses: WarehouseStock[];
	}
	export interface Progress {
	    store: number;
	    kind: string;
	    phase: string;
	    done: number;
	    total: number;
	    startedAt: number;
	    leftMs?: number;
	    seq: number;
	}
	
	export interface Quota {
	    left: number;
	    most: number;
	    resetAt?: number;
	}
	
	export interface RunWindow {
	    runs: db.Run[];
	}
	export interface RunningOut {
	    sku: string;
	    title: string;
	    variant: string;
	    available: number;
	    sold: number;
	    days: number;
	}
	export interface SentDay {
	    at: number;
	    numbers: number;
	}
	export interface SoldDay {
	    at: number;
	    units: number;
	}
	export interface StockQuery {
	    query: string;
	    store: number;
	    filter: string;
	    sort: string;
	    offset: number;
	    limit: number;
	}
	
	export interface StockWindow {
	    total: number;
	    version: number;
	    rows: StockRow[];
	}
	export interface StoreCounts {
	    listings: number;
	    linked: number;
	    noSku: number;
	    untracked: number;
	    due: number;
	    held: number;
	}
	export interface Store {
	    id: number;
	    name: string;
	    channel: string;
	    url: string;
	    accountId: string;
	    sync: string;
	    paused: boolean;
	    needs?: string;
	    needsText: string;
	    includeDrafts: boolean;
	    every: number;
	    listingEvery: number;
	    lastOrderPull?: number;
	    lastInventorySync?: number;
	    lastListingSync?: number;
	    cooldown: Cooldown;
	    counts: StoreCounts;
	    warnings: string[];
	    lastError: string;
	    retryAt?: number;
	    practice: boolean;
	    statuses: string[];
	    statusMap: Record<string, string>;
	    activity?: Progress;
	    located: boolean;
	    quota?: Quota;
	    unlinked: boolean;
	    keyEnd?: KeyEnd;
	}
	
	
	export interface StoreLocation {
	    ref: string;
	    name: string;
	    active: boolean;
	    fulfils: boolean;
	    warehouse: string;
	}
	export interface StoreLocations {
	    store: string;
	    located: boolean;
	    locations: StoreLocation[];
	}
	
	export interface Today {
	    now: number;
	    products: number;
	    oversold: number;
	    sentToday: number;
	    needs: Need[];
	    sold: SoldDay[];
	    sent: SentDay[];
	    runningOut: RunningOut[];
	    runs: db.Run[];
	}
	
	export interface Warehouse {
	    code: string;
	    name: string;
	    priority: number;
	    main: boolean;
	    products: number;
	    units: number;
	    booked: number;
	    stores: string[];
	}

}


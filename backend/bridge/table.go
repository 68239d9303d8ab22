package bridge

import (
	"slices"
	"sync"

	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// Table is a rehearsal, or what is held back, as the page sees it: the rows stay here, with the ticks a person gave them, and the
// page asks for those in sight.
type Table struct {
	ID     uint64        `json:"id"`
	Store  string        `json:"store"`
	Totals engine.Totals `json:"totals"` // ticked: as the rows were at first
	Risks  []TableRisk   `json:"risks"`  // worst first, those that occur
}

// TableRisk sums up the rows of one risk.
type TableRisk struct {
	Risk    string `json:"risk"`
	Rows    int    `json:"rows"`
	Changes int    `json:"changes"`
	Ticked  int    `json:"ticked"`  // of those that change: what would be sent
	Empties int    `json:"empties"` // of the ticked: those that go to zero
}

// TableQuery asks for a part of a table.
type TableQuery struct {
	Table  uint64 `json:"table"`
	Risk   string `json:"risk"` // "" is all of them
	Offset int    `json:"offset"`
	Limit  int    `json:"limit"` // at most 2,000
}

// TableWindow is a part of a table.
type TableWindow struct {
	Total int                   `json:"total"`
	Rows  []engine.RehearsalRow `json:"rows"`
}

// TableTick ticks a row, or all of a risk that change.
type TableTick struct {
	Table uint64 `json:"table"`
	Risk  string `json:"risk"` // with no row: "" is all of them
	Row   string `json:"row"`  // its name: the listing, and its location behind an @ where the shop has some
	On    bool   `json:"on"`
}

// Risks of a row besides its flags.
const (
	riskSmall = "small" // it changes, and nothing is the matter with it
	riskSame  = "same"
)

// risksOf are all risks in the order of the rows, and flagsFirst the flags of a row in the order in which they name its risk.
var (
	risksOf = []string{engine.FlagZero, engine.FlagHalved, engine.FlagNegative, engine.FlagDuplicate, engine.FlagNotDeducted,
		riskSmall, engine.FlagUnset, riskSame}
	flagsFirst = []string{engine.FlagZero, engine.FlagHalved, engine.FlagNegative, engine.FlagDuplicate, engine.FlagNotDeducted, engine.FlagUnset}
)

const (
	// tableParts is how many rows one answer holds at most.
	tableParts = sheetPart
	// tablesOfAKind is how many tables of one kind are kept for a store: the page may show one while it asks for the next.
	tablesOfAKind = 2
)

// table is a Table with its rows, in order of risk. Its rows are those of a kind of question about one store.
type table struct {
	id    uint64
	about tableOf
	rows  []engine.RehearsalRow
	start map[string]int // by risk: the place of its first row; that of the next ends it
}

type tableOf struct {
	kind  string
	store uint32 // of the away preview its place among the stores
}

// Kinds of questions that tables answer.
const (
	kindRehearsal = "rehearsal"
	kindHeld      = "held"
	kindAway      = "away"
)

// tables are those that the page may still ask about. Its methods may be called from several goroutines.
type tables struct {
	mu   sync.Mutex
	last uint64
	kept []*table // oldest first
}

// keep takes the rows of a rehearsal over.
func (t *tables) keep(about tableOf, r engine.Rehearsal) Table {
	one := &table{about: about, rows: make([]engine.RehearsalRow, 0, len(r.Rows)), start: map[string]int{}}
	for _, risk := range risksOf {
		one.start[risk] = len(one.rows)
		for _, row := range r.Rows {
			if riskOf(row) == risk {
				one.rows = append(one.rows, row)
			}
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	one.id = t.last
	t.kept = append(t.kept, one)
	n := 0
	for i := len(t.kept) - 1; i >= 0; i-- {
		if t.kept[i].about != about {
			continue
		}
		if n++; n > tablesOfAKind {
			t.kept = slices.Delete(t.kept, i, i+1)
		}
	}
	return Table{ID: one.id, Store: r.Store, Totals: r.Totals, Risks: one.risks()}
}

// with calls fn with a table that nobody else looks at meanwhile.
func (t *tables) with(id uint64, fn func(*table) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, one := range t.kept {
		if one.id == id {
			return fn(one)
		}
	}
	return &Failure{Code: engine.CodeNotFound, Message: "This list is no longer kept. Read it again."}
}

// ticked calls fn with the rows of a table that are to be sent, and whether those are all that change. A table about another
// store, or of another kind, is refused.
func (t *tables) ticked(id uint64, about tableOf, fn func(rows []engine.RehearsalRow, all bool) error) error {
	return t.with(id, func(one *table) error {
		if one.about != about {
			return invalid("This list is about another store.")
		}
		return fn(one.sent())
	})
}

// forget drops all tables of a kind of question about a store.
func (t *tables) forget(about tableOf) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = slices.DeleteFunc(t.kept, func(one *table) bool { return one.about == about })
}

// clear drops all tables: their books are closed.
func (t *tables) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = nil
}

// of returns the rows of a risk, "" for all.
func (t *table) of(risk string) []engine.RehearsalRow {
	if risk == "" {
		return t.rows
	}
	i := slices.Index(risksOf, risk)
	if i < 0 {
		return nil
	}
	end := len(t.rows)
	if i+1 < len(risksOf) {
		end = t.start[risksOf[i+1]]
	}
	return t.rows[t.start[risk]:end]
}

func (t *table) risks() []TableRisk {
	var out []TableRisk
	for _, risk := range risksOf {
		sum := TableRisk{Risk: risk}
		for _, r := range t.of(risk) {
			sum.Rows++
			if !r.Changes() {
				continue
			}
			sum.Changes++
			if r.Ticked {
				sum.Ticked++
				if *r.Target == 0 {
					sum.Empties++
				}
			}
		}
		if sum.Rows > 0 {
			out = append(out, sum)
		}
	}
	return out
}

// sent are the ticked rows that change.
func (t *table) sent() (rows []engine.RehearsalRow, all bool) {
	all = true
	for _, r := range t.rows {
		switch {
		case !r.Changes():
		case r.Ticked:
			rows = append(rows, r)
		default:
			all = false
		}
	}
	return rows, all
}

// skus are those of the ticked rows. Choosing none is refused.
func (t *tables) skus(id uint64, store uint32) (skus []string, err error) {
	err = t.ticked(id, tableOf{kindHeld, store}, func(rows []engine.RehearsalRow, _ bool) error {
		if len(rows) == 0 {
			return invalid("No rows are chosen, so nothing was done.")
		}
		for _, r := range rows {
			skus = append(skus, r.SKU)
		}
		return nil
	})
	return skus, err
}

// choice is what is ticked, in the words of the wizard's answers.
func (t *tables) choice(id uint64, store uint32, a *engine.TurnOn) error {
	return t.ticked(id, tableOf{kindRehearsal, store}, func(rows []engine.RehearsalRow, all bool) error {
		switch {
		case len(rows) == 0:
			a.Push, a.Rows = engine.PushNone, nil
		case all:
			a.Push, a.Rows = engine.PushAll, nil
		default:
			a.Push, a.Rows = engine.PushSome, make([]string, 0, len(rows))
			for _, r := range rows {
				a.Rows = append(a.Rows, r.Name())
			}
		}
		return nil
	})
}

// riskOf is the worst of what is to be said of a row.
func riskOf(r engine.RehearsalRow) string {
	for _, flag := range flagsFirst {
		if slices.Contains(r.Flags, flag) {
			return flag
		}
	}
	if r.Difference != nil && *r.Difference == 0 {
		return riskSame
	}
	return riskSmall
}

// TableRows returns a part of a table.
func (s *Stores) TableRows(q TableQuery) (TableWindow, error) {
	return call(s.b, "Stores.TableRows", func(*Deps) (out TableWindow, err error) {
		err = s.b.tables.with(q.Table, func(t *table) error {
			rows := t.of(q.Risk)
			from := min(max(0, q.Offset), len(rows))
			out = TableWindow{Total: len(rows), Rows: slices.Clone(rows[from:min(len(rows), from+min(max(0, q.Limit), tableParts))])}
			return nil
		})
		return out, err
	})
}

// Tick ticks a row of a table, or all rows of a risk that change, and returns what is ticked then.
func (s *Stores) Tick(q TableTick) ([]TableRisk, error) {
	return call(s.b, "Stores.Tick", func(*Deps) (out []TableRisk, err error) {
		err = s.b.tables.with(q.Table, func(t *table) error {
			rows := t.of(q.Risk)
			for i := range rows {
				if r := &rows[i]; r.Changes() && (q.Row == "" || r.Name() == q.Row) {
					r.Ticked = q.On
				}
			}
			out = t.risks()
			return nil
		})
		return out, err
	})
}

// table keeps what was asked about a store.
func (b *Bridge) table(kind string, store uint32, ask func() (engine.Rehearsal, error)) (Table, error) {
	r, err := ask()
	if err != nil {
		return Table{}, err
	}
	return b.tables.keep(tableOf{kind, store}, r), nil
}

// Approve lets the ticked rows of what is held pass for 24 hours.
func (s *Stores) Approve(store uint32, table uint64) (db.Run, error) {
	return call(s.b, "Stores.Approve", func(d *Deps) (db.Run, error) {
		skus, err := s.b.tables.skus(table, store)
		if err != nil {
			return db.Run{}, err
		}
		return d.Engine.Approve(d.Context, store, skus)
	})
}

// Drop leaves the ticked rows of what is held as they are in the shop and returns how many.
func (s *Stores) Drop(store uint32, table uint64) (int, error) {
	return call(s.b, "Stores.Drop", func(d *Deps) (int, error) {
		skus, err := s.b.tables.skus(table, store)
		if err != nil {
			return 0, err
		}
		return d.Engine.Drop(d.Context, store, skus)
	})
}

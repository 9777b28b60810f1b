package store

import (
	"database/sql"
	"errors"
	"time"
)

// Tx is one transaction of the Writer. Its methods may come in any order: a fact of a run may come before
// the run's header, and shows once the header has come. A fact that was known changes nothing and is not
// in the Change.
type Tx struct {
	w      *Writer
	change Change
	runs   map[string]int64 // ids to rows
	fresh  map[int64]bool   // rows that this transaction added and for which no series was written yet
	names  map[string]int64 // names that this transaction added
	counts map[int64]counts
	active map[int64]int64 // newest point's time by run
	tails  tails
}

// counts is by how much a name's uses changed.
type counts struct{ metrics, params, tags, system int64 }

func newTx(w *Writer) *Tx {
	return &Tx{
		w:      w,
		change: Change{Runs: map[string]bool{}, Datasets: map[string]bool{}, Subjects: map[string]bool{}},
		runs:   map[string]int64{},
		fresh:  map[int64]bool{},
		names:  map[string]int64{},
		counts: map[int64]counts{},
		active: map[int64]int64{},
		tails:  tails{open: map[seriesKey]*openSeries{}},
	}
}

// exec runs a statement and says how many rows it changed.
func (tx *Tx) exec(s statement, noun string, args ...any) (changed int64, err error) {
	res, err := tx.w.stmts[s].Exec(args...)
	if err != nil {
		return 0, fail("write", noun, err)
	}
	changed, err = res.RowsAffected()
	return changed, fail("write", noun, err)
}

// insert runs a statement that adds a row and says its number.
func (tx *Tx) insert(s statement, noun string, args ...any) (id int64, err error) {
	res, err := tx.w.stmts[s].Exec(args...)
	if err != nil {
		return 0, fail("write", noun, err)
	}
	id, err = res.LastInsertId()
	return id, fail("write", noun, err)
}

// find runs a query of one row into dest.
func (tx *Tx) find(s statement, noun string, dest []any, args ...any) (ok bool, err error) {
	err = tx.w.stmts[s].QueryRow(args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, fail("read", noun, err)
}

// name is the number of a metric's, param's or tag's name.
func (tx *Tx) name(text string) (int64, error) {
	if id, ok := tx.w.names[text]; ok {
		return id, nil
	}
	if id, ok := tx.names[text]; ok {
		return id, nil
	}
	var id int64
	ok, err := tx.find(findName, "name", []any{&id}, text)
	if err == nil && !ok {
		id, err = tx.insert(addName, "name", text)
	}
	if err != nil {
		return 0, err
	}
	tx.names[text] = id
	return id, nil
}

// keepNames lets the writer remember what was committed.
func (tx *Tx) keepNames() {
	if len(tx.w.names)+len(tx.names) > maxNames {
		clear(tx.w.names)
	}
	if len(tx.names) <= maxNames {
		for text, id := range tx.names {
			tx.w.names[text] = id
		}
	}
}

// run is the row of a run, which is added without a header where nobody spoke of it yet.
func (tx *Tx) run(id string) (int64, error) {
	rid, ok, err := tx.knownRun(id)
	if err != nil || ok {
		return rid, err
	}
	if rid, err = tx.insert(addRun, "run", id); err != nil {
		return 0, err
	}
	tx.runs[id], tx.fresh[rid] = rid, true
	return rid, nil
}

func (tx *Tx) knownRun(id string) (rid int64, ok bool, err error) {
	if rid, ok := tx.runs[id]; ok {
		return rid, true, nil
	}
	ok, err = tx.find(findRun, "run", []any{&rid}, id)
	if ok {
		tx.runs[id] = rid
	}
	return rid, ok, err
}

func (tx *Tx) count(name int64, by counts) {
	c := tx.counts[name]
	tx.counts[name] = counts{c.metrics + by.metrics, c.params + by.params, c.tags + by.tags, c.system + by.system}
}

// flush writes what the transaction still holds in memory.
func (tx *Tx) flush() error {
	if err := tx.spill(); err != nil {
		return err
	}
	for name, c := range tx.counts {
		if c == (counts{}) {
			continue
		}
		if _, err := tx.exec(countName, "name", name, c.metrics, c.params, c.tags, c.system); err != nil {
			return err
		}
	}
	for run, t := range tx.active {
		if _, err := tx.exec(touchRun, "run", run, t); err != nil {
			return err
		}
	}
	return nil
}

// micros is how a time is kept: microseconds since 1970 UTC, NULL for the zero time.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

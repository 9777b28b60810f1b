package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"pace/engine/report"
	"pace/engine/table"
)

// openTables is how many datasets stay open between two pages.
const openTables = 4

// asks keeps what answering opened. One page of one dataset is read at a time.
type asks struct {
	mu   sync.Mutex
	open []*openTable // the last used last
}

// openTable is a dataset that was opened to page through, as the file was then.
type openTable struct {
	path     string
	columns  []string
	size     int64
	modified time.Time
	source   table.Source
}

func (a *asks) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.open {
		t.source.Close()
	}
	a.open = nil
}

func (e *Engine) rows(ctx context.Context, r report.RowsPage) (report.Rows, error) {
	if r.From < 0 || r.N < 0 {
		return report.Rows{}, fmt.Errorf("read rows of %s: from %d, %d rows", r.Dataset, r.From, r.N)
	}
	e.asks.mu.Lock()
	defer e.asks.mu.Unlock()
	src, err := e.table(ctx, e.abs(r.Dataset), r.Columns)
	if err != nil {
		return report.Rows{}, err
	}
	b, err := src.Rows(ctx, r.From, min(r.N, report.MaxRowsPage))
	if err != nil {
		return report.Rows{}, err
	}
	total := src.Info().Rows
	if d, ok, err := e.Reader().Dataset(ctx, r.Dataset); err == nil && ok && total < 0 {
		total = d.Rows
	}
	return page(r, src.Schema(), b, total), nil
}

// table opens a dataset or takes the one that is open, unless the file has changed since.
func (e *Engine) table(ctx context.Context, path string, columns []string) (table.Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open dataset: %w", err)
	}
	a := &e.asks
	for i, t := range a.open {
		if t.path != path || !slices.Equal(t.columns, columns) {
			continue
		}
		a.open = slices.Delete(a.open, i, i+1)
		if t.size == info.Size() && t.modified.Equal(info.ModTime()) {
			a.open = append(a.open, t)
			return t.source, nil
		}
		t.source.Close()
		break
	}
	src, err := openTableFile(ctx, e.opt.Tables, path, columns)
	if err != nil {
		return nil, err
	}
	if len(a.open) >= openTables {
		a.open[0].source.Close()
		a.open = slices.Delete(a.open, 0, 1)
	}
	a.open = append(a.open, &openTable{path: path, columns: slices.Clone(columns), size: info.Size(),
		modified: info.ModTime(), source: src})
	return src, nil
}

// openTableFile opens a file by the first table format that claims it.
func openTableFile(ctx context.Context, formats []table.Format, path string, columns []string) (table.Source, error) {
	head, err := fileHead(path, tableHead)
	if err != nil {
		return nil, fmt.Errorf("open dataset: %w", err)
	}
	for _, f := range formats {
		if f.Claim(path, head) {
			return f.Open(ctx, path, table.Options{Columns: columns})
		}
	}
	return nil, fmt.Errorf("open dataset %s: %w", path, errNoTable)
}

var errNoTable = errors.New("no known table format")

func page(r report.RowsPage, schema table.Schema, b *table.Batch, total int64) report.Rows {
	out := report.Rows{Dataset: r.Dataset, From: r.From, Total: total, Cells: make([][]report.Cell, b.N)}
	for _, f := range schema {
		out.Columns = append(out.Columns, report.RowsColumn{Name: f.Name, Type: string(f.Type)})
	}
	for i := range b.N {
		out.Cells[i] = make([]report.Cell, len(b.Columns))
		for j := range b.Columns {
			c := &b.Columns[j]
			out.Cells[i][j] = report.Cell{Text: string(c.AppendText(nil, i)), Missing: c.Missing(i)}
		}
	}
	for _, bad := range b.Issues {
		if at := bad.Row; at >= 0 && at < int64(b.N) && len(out.Cells[at]) > 0 {
			out.Cells[at][0].Bad = bad.Reason
		}
	}
	return out
}

// Package csv reads delimited text (CSV, TSV and kin; plain, compressed or UTF-16) as a table source.
// It must not know what the values mean beyond telling a header from data, nor who reads them.
package csv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"pace/engine/table"
	"pace/engine/table/text"
)

// Format is delimited text.
var Format = table.Format{Name: "csv", Claim: claim, Open: open}

func claim(path string, head []byte) bool {
	switch text.Ext(path, head) {
	case ".csv", ".tsv", ".tab", ".psv":
		return true
	}
	return false
}

const (
	headSize   = 256 << 10
	maxColumns = 1 << 17
)

var (
	errTooManyColumns = fmt.Errorf("more than %d columns", maxColumns)
	errNoHeader       = errors.New("no header: the file is empty")
)

// source is an opened file.
type source struct {
	*text.Records
	place
}

// place is what was settled about the text at opening.
type place struct {
	dialect
	schema    table.Schema
	keep      []int // column for field i, -1 to drop it
	hasHeader bool
	header    int // bytes of the header
}

// Schema is one raw column for each name.
func (s *source) Schema() table.Schema { return s.schema }

// Info tells the dialect; rows are not known before the end.
func (s *source) Info() table.Info {
	term := "\n"
	if s.term == '\r' {
		term = "\r"
	}
	quote := ""
	if s.quote != 0 {
		quote = string(rune(s.quote))
	}
	r := s.Reader()
	return table.Info{Format: Format.Name, Bytes: r.Size, Rows: -1, Dialect: &table.Dialect{Delimiter: string(rune(s.delim)), Quote: quote,
		Header: s.hasHeader, Terminator: term, Encoding: r.Encoding, Compression: r.Compression}}
}

func open(_ context.Context, path string, opts table.Options) (table.Source, error) {
	s, err := newSource(path, opts)
	if err != nil {
		return nil, fmt.Errorf("open table: %w", err)
	}
	return s, nil
}

func newSource(path string, opts table.Options) (*source, error) {
	r, err := text.Open(path)
	if err != nil {
		return nil, err
	}
	if opts.MaxRecord <= 0 {
		opts.MaxRecord = text.DefaultLimit
	}
	s, err := begin(r, path, opts)
	if err != nil {
		r.Close()
		return nil, &table.Error{Path: path, Row: -1, Err: err}
	}
	return s, nil
}

// begin reads the head, settles the dialect and leaves the rest of the head to the records.
func begin(r *text.Reader, path string, opts table.Options) (*source, error) {
	head := make([]byte, headSize)
	n, whole, err := r.Fill(head)
	if err != nil {
		return nil, err
	}
	head = head[:n]
	d := sniff(path, head, whole, opts)
	for !whole && d.cut(head) < 0 {
		if len(head) > opts.MaxRecord {
			return nil, fmt.Errorf("the first record is longer than %d bytes", opts.MaxRecord)
		}
		more := make([]byte, len(head))
		if n, whole, err = r.Fill(more); err != nil {
			return nil, err
		}
		head = append(head, more[:n]...)
	}
	p, err := settle(d, head, whole, opts)
	if err != nil {
		return nil, err
	}
	layout := text.Layout{Path: path, Schema: p.schema, Start: int64(p.header), Limit: opts.MaxRecord, Progress: opts.Progress,
		Line:  1 + int64(bytes.Count(head[:p.header], []byte{d.term})),
		Shape: text.Shape{Cut: func(b []byte) (int, bool) { return d.cut(b), false }, Term: d.term, New: func() text.Splitter { return newParser(d, p.keep, len(p.schema)) }}}
	return &source{Records: text.NewRecords(r, layout, head[p.header:], whole), place: p}, nil
}

// settle makes the schema from the first records.
func settle(d dialect, head []byte, whole bool, opts table.Options) (place, error) {
	records := d.records(head, whole, sniffRecords)
	if len(records) == 0 {
		return place{}, errNoHeader
	}
	p := place{dialect: d}
	p.hasHeader = opts.Header == table.HeaderYes || opts.Header == table.HeaderAuto && hasHeader(records)
	names := make([]string, 0, len(records[0]))
	if p.hasHeader {
		p.header = d.firstRecord(head)
		for _, n := range records[0] {
			names = append(names, string(n))
		}
		if w, _ := modalWidth(records[1:]); w == len(names)+1 {
			names = append([]string{""}, names...) // R writes row names without a header of their own
		}
	} else {
		w, _ := modalWidth(records)
		names = make([]string, w)
	}
	if len(names) > maxColumns {
		return place{}, errTooManyColumns
	}
	return p, p.choose(names, opts.Columns)
}

// choose keeps the wanted columns.
func (p *place) choose(names, columns []string) error {
	for i, n := range names {
		if n == "" {
			n = fmt.Sprintf("Unnamed: %d", i)
		}
		if len(columns) > 0 && !slices.Contains(columns, n) {
			p.keep = append(p.keep, -1)
			continue
		}
		p.keep = append(p.keep, len(p.schema))
		p.schema = append(p.schema, table.Field{Name: n, Storage: table.Raw})
	}
	for _, c := range columns {
		if p.schema.Index(c) < 0 {
			return fmt.Errorf("no column %q", c)
		}
	}
	return nil
}

// firstRecord is the offset after the first record that is not blank.
func (d *dialect) firstRecord(head []byte) int {
	p := newParser(*d, nil, 0)
	p.rows = 1
	p.Reset(slices.Clip(head), 1)
	var b table.Batch
	return p.Fill(&b, 0)
}

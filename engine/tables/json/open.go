// Package json reads JSON as a table source: an object on each line, an array of objects, or the columns and data of pandas'
// "split" form. It must not know what the values mean, nor who reads them.
package json

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"pace/engine/table"
	"pace/engine/table/text"
)

// Lines is an object on each line (JSON Lines, NDJSON).
var Lines = table.Format{Name: linesName, Claim: claimLines, Open: openLines}

// Document is an array of objects, or {"columns": [...], "data": [[...], ...]}.
var Document = table.Format{Name: documentName, Claim: claimDocument, Open: openDocument}

const (
	linesName    = "jsonl"
	documentName = "json"
	maxColumns   = 1 << 17
)

var (
	errNoObjects = errors.New("no JSON objects")
	errNoArray   = errors.New(`neither an array of objects nor {"columns": [...], "data": [...]}`)
	errColumns   = fmt.Errorf("more than %d columns", maxColumns)
)

// claimLines takes .json too when one whole object follows another on a line of its own. By its name alone no log of JSON is
// taken for a table: there is one for every day, or it belongs to a run.
func claimLines(path string, head []byte) bool {
	if head == nil {
		return false
	}
	switch text.Ext(path, head) {
	case ".jsonl", ".ndjson":
		return true
	case ".json":
	default:
		return false
	}
	b := text.Peek(head)
	i := space(b, 0)
	if i >= len(b) || b[i] != '{' {
		return false
	}
	end, whole := skip(b, i)
	next := space(b, end)
	return whole && next < len(b) && b[next] == '{' && bytes.IndexByte(b[end:next], '\n') >= 0
}

// claimDocument looks into a .json: most of them are no tables.
func claimDocument(path string, head []byte) bool {
	if text.Ext(path, head) != ".json" {
		return false
	}
	b := text.Peek(head)
	i := space(b, 0)
	if i >= len(b) {
		return false
	}
	if b[i] == '[' {
		i = space(b, i+1)
		return i < len(b) && b[i] == '{'
	}
	return bytes.HasPrefix(b[min(space(b, i+1), len(b)):], []byte(`"columns"`))
}

// source is an opened file.
type source struct {
	*text.Records
	format string
}

// Schema has a field for each key. Numbers, dates and truth values are raw text, words are strings, lists and objects are their
// text.
func (s *source) Schema() table.Schema { return s.Fields() }

// Info tells what the file is packed in; rows are not known before the end.
func (s *source) Info() table.Info {
	r := s.Reader()
	return table.Info{Format: s.format, Bytes: r.Size, Rows: -1, Dialect: &table.Dialect{Encoding: r.Encoding, Compression: r.Compression}}
}

func openLines(_ context.Context, path string, opts table.Options) (table.Source, error) {
	return openFile(path, opts, linesName, grammar{})
}

func openDocument(_ context.Context, path string, opts table.Options) (table.Source, error) {
	return openFile(path, opts, documentName, grammar{array: true})
}

func openFile(path string, opts table.Options, format string, g grammar) (table.Source, error) {
	r, err := text.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open table: %w", err)
	}
	if opts.MaxRecord <= 0 {
		opts.MaxRecord = text.DefaultLimit
	}
	o := opener{path: path, opts: opts, grammar: g, reader: r, keys: &keys{index: map[string]int{}}}
	records, err := o.begin()
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("open table: %w", &table.Error{Path: path, Row: -1, Err: err})
	}
	return &source{records, format}, nil
}

// opener settles the schema.
type opener struct {
	path string
	opts table.Options
	grammar
	reader *text.Reader
	keys   *keys
	head   []byte
	start  int // offset of the first record in head
	whole  bool
}

func (o *opener) begin() (*text.Records, error) {
	if err := o.grow(text.BlockSize); err != nil {
		return nil, err
	}
	if o.array {
		if err := o.prologue(); err != nil {
			return nil, err
		}
	}
	for !o.whole && o.first() < 0 {
		if len(o.head) > o.opts.MaxRecord {
			return nil, fmt.Errorf("the first record is longer than %d bytes", o.opts.MaxRecord)
		}
		if err := o.grow(len(o.head)); err != nil {
			return nil, err
		}
	}
	if err := o.learn(); err != nil {
		return nil, err
	}
	schema, keep, err := o.choose()
	if err != nil {
		return nil, err
	}
	g, k := o.grammar, o.keys
	layout := text.Layout{Path: o.path, Schema: schema, Start: int64(o.start), Limit: o.opts.MaxRecord, Progress: o.opts.Progress,
		Line:  1 + int64(bytes.Count(o.head[:o.start], []byte{'\n'})),
		Shape: text.Shape{Cut: g.cut, Term: '\n', New: func() text.Splitter { return newParser(g, k, keep, schema) }}}
	return text.NewRecords(o.reader, layout, o.head[o.start:], o.whole), nil
}

// grow reads so many bytes more of the head.
func (o *opener) grow(n int) error {
	have := len(o.head)
	o.head = append(o.head, make([]byte, n)...)
	n, ended, err := o.reader.Fill(o.head[have:])
	o.head, o.whole = o.head[:have+n], ended
	return err
}

// first is how much of the head is whole records, -1 when that is none.
func (o *opener) first() int {
	end, done := o.cut(o.head[o.start:])
	if done {
		o.whole = true
		o.head = o.head[:o.start+max(end, 0)]
	}
	return end
}

// cut is the offset past the last whole record; behind the end of an array nothing counts.
func (g grammar) cut(b []byte) (end int, done bool) {
	if !g.array {
		if end = bytes.LastIndexByte(b, '\n'); end >= 0 {
			end++
		}
		return end, false
	}
	end = -1
	for i := 0; ; {
		if i, done = g.nextInArray(b, i); i == len(b) || done {
			return end, done
		}
		next, whole := skip(b, i)
		if !whole {
			return end, false
		}
		i, end = next, next
	}
}

// learn gathers the keys of the head and, where the file can be looked into, of places all over it.
func (o *opener) learn() error {
	p := newParser(o.grammar, o.keys, nil, nil)
	p.learn = true
	feed := func(b []byte) (records int) {
		var ignored table.Batch
		p.Reset(slices.Clip(b), 1)
		for at := 0; at < len(b); {
			at = p.Fill(&ignored, at)
			if records += ignored.N - ignored.Bad; ignored.N == 0 {
				break
			}
		}
		return records
	}
	head := o.head[o.start:]
	if !o.whole {
		head = head[:max(o.first(), 0)]
	}
	if feed(head) == 0 && !o.empty(head) {
		return errNoObjects
	}
	if !o.whole && !o.array && o.reader.Compression == "" && o.reader.Encoding == "utf-8" {
		if err := o.sample(func(b []byte) { feed(b) }); err != nil {
			return err
		}
	}
	if len(o.keys.names) > maxColumns {
		return errColumns
	}
	return nil
}

// empty tells an array without records, which is a table, from one whose records are none.
func (o *opener) empty(head []byte) bool {
	i, done := o.nextInArray(head, 0)
	return o.array && (done || i == len(head) && o.positional)
}

const (
	samples    = 16
	sampleSize = 128 << 10
)

// sample reads pieces of whole lines from the file, evenly apart, the last at its end.
func (o *opener) sample(feed func([]byte)) error {
	buf := make([]byte, sampleSize)
	rest := o.reader.Size - int64(len(o.head)) - sampleSize
	for k := range int64(samples) {
		if rest <= 0 {
			return nil
		}
		r, err := text.OpenAt(o.path, int64(len(o.head))+rest*(k+1)/samples)
		if err != nil {
			return err
		}
		n, _, err := r.Fill(buf)
		r.Close()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		b := buf[:n]
		first, last := bytes.IndexByte(b, '\n'), bytes.LastIndexByte(b, '\n')
		if first < last {
			feed(b[first+1 : last+1])
		}
	}
	return nil
}

// choose makes the schema and keeps the wanted columns.
func (o *opener) choose() (schema table.Schema, keep []int, err error) {
	for i, name := range o.keys.names {
		if len(o.opts.Columns) > 0 && !slices.Contains(o.opts.Columns, name) {
			keep = append(keep, -1)
			continue
		}
		keep = append(keep, len(schema))
		schema = append(schema, field(name, o.keys.seen[i], o.keys.plain[i]))
	}
	for _, c := range o.opts.Columns {
		if schema.Index(c) < 0 {
			return nil, nil, fmt.Errorf("no column %q", c)
		}
	}
	return schema, keep, nil
}

// field decides how the values of a key are kept: words alone are strings that no one reads as anything else ("00501", "NA"),
// unless they are all times.
func field(name string, seen uint8, plain bool) table.Field {
	has := func(k kind) bool { return seen>>k&1 != 0 }
	f := table.Field{Name: name, Storage: table.Raw}
	switch {
	case has(object):
		f.Storage, f.Type, f.Native = table.Nested, table.Struct, "object"
	case has(list):
		f.Storage, f.Type, f.Native = table.Nested, table.List, "array"
	case has(word) && !has(number) && !has(truth):
		f.Native = "string"
		if plain {
			f.Storage = table.String
		}
	case has(number) && !has(word) && !has(truth):
		f.Native = "number"
	case has(truth) && !has(word) && !has(number):
		f.Native = "boolean"
	}
	return f
}

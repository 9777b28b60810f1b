package table

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/zeebo/xxh3"
)

// Opener opens one file.
type Opener func(ctx context.Context, path string, opts Options) (Source, error)

// parts is several files as one dataset.
type parts struct {
	open  Opener
	files []piece
	union Schema
	opts  Options
	info  Info
	next  int
	now   *shared
	done  int64
	live
	pages partsPager
}

// piece is one file: where its columns go.
type piece struct {
	path    string
	number  uint64
	bytes   int64
	rows    int64 // -1 until they have been counted
	columns []string
	fit
}

// fit says how a file's batches become the dataset's.
type fit struct {
	schema Schema
	from   []int // the file's column for each of the dataset's, -1 for none
	same   bool  // they are the dataset's already
}

// live are the sources whose parts may still be decoded.
type live struct {
	sync.Mutex
	sources map[*shared]bool
}

// shared is a source that closes when its last part has been decoded.
type shared struct {
	Source
	piece *piece
	uses  int
}

var errNoFiles = errors.New("no files")

// Parts opens files as one dataset, in the order given. The schema is the union of theirs: columns are matched by name (of a name
// that repeats the first with the first, and so on) and stand in the order in which they first appear; a file without a column
// has missing values there. A column that is stored in two ways is Float when both are numbers and Raw text otherwise. Rows are
// numbered through.
func Parts(ctx context.Context, open Opener, files []string, opts Options) (Source, error) {
	if len(files) == 0 {
		return nil, fmt.Errorf("open parts: %w", errNoFiles)
	}
	p := &parts{open: open, opts: opts, live: live{sources: map[*shared]bool{}}}
	for i, path := range files {
		src, err := open(ctx, path, Options{Delimiter: opts.Delimiter, Header: opts.Header, MaxRecord: opts.MaxRecord})
		if err != nil {
			return nil, err
		}
		info := src.Info()
		p.files = append(p.files, piece{path: path, number: uint64(i), bytes: info.Bytes, rows: info.Rows, fit: fit{schema: src.Schema()}})
		if err := src.Close(); err != nil {
			return nil, err
		}
		p.sum(i, info)
	}
	return p, p.settle()
}

// sum adds a file to what is known of all.
func (p *parts) sum(i int, info Info) {
	if i == 0 {
		p.info = info
		return
	}
	p.info.Bytes += info.Bytes
	if p.info.Rows >= 0 && info.Rows >= 0 {
		p.info.Rows += info.Rows
	} else {
		p.info.Rows = -1
	}
}

// settle makes the union and fits each file into it.
func (p *parts) settle() error {
	place := map[occurrence]int{}
	for i := range p.files {
		for _, o := range occurrences(p.files[i].schema) {
			f := p.files[i].schema[o.column]
			if len(p.opts.Columns) > 0 && !slices.Contains(p.opts.Columns, f.Name) {
				continue
			}
			at, ok := place[o.occurrence]
			if !ok {
				place[o.occurrence] = len(p.union)
				p.union = append(p.union, f)
				continue
			}
			p.union[at] = unite(p.union[at], f)
		}
	}
	for _, c := range p.opts.Columns {
		if p.union.Index(c) < 0 {
			return fmt.Errorf("open parts: no column %q", c)
		}
	}
	for i := range p.files {
		p.files[i].settle(p.union, place, len(p.opts.Columns) > 0)
	}
	return nil
}

// settle reads only the wanted columns of the file, all of them when it has none.
func (f *piece) settle(union Schema, place map[occurrence]int, chosen bool) {
	var kept Schema
	for _, o := range occurrences(f.schema) {
		if _, ok := place[o.occurrence]; ok && chosen {
			kept = append(kept, f.schema[o.column])
			f.columns = append(f.columns, o.name)
		}
	}
	if len(kept) > 0 {
		f.schema = kept
	}
	f.from = slices.Repeat([]int{-1}, len(union))
	f.same = len(union) == len(f.schema)
	for _, o := range occurrences(f.schema) {
		if at, ok := place[o.occurrence]; ok {
			f.from[at] = o.column
			f.same = f.same && at == o.column && union[at].Storage == f.schema[at].Storage
		}
	}
}

// occurrence is the n-th column of a name.
type occurrence struct {
	name string
	n    int
}

type placed struct {
	occurrence
	column int
}

func occurrences(s Schema) (out []placed) {
	seen := map[string]int{}
	for i, f := range s {
		out = append(out, placed{occurrence{f.Name, seen[f.Name]}, i})
		seen[f.Name]++
	}
	return out
}

// unite is the field that holds the values of two.
func unite(a, b Field) Field {
	if a.Native != b.Native {
		a.Native = ""
	}
	if a.Storage == b.Storage {
		if a.Type != b.Type {
			a.Type = ""
		}
		return a
	}
	number := func(s Storage) bool { return s == Int || s == Float }
	both := number(a.Storage) && number(b.Storage)
	if a.Type, a.Storage = "", Raw; both {
		a.Storage = Float
	}
	return a
}

// Schema is the union.
func (p *parts) Schema() Schema { return p.union }

// Info sums up the files; the format and dialect are the first one's.
func (p *parts) Info() Info { return p.info }

// Close closes what is still open.
func (p *parts) Close() error {
	p.Lock()
	defer p.Unlock()
	err := p.pages.close()
	for s := range p.sources {
		err = errors.Join(err, s.Close())
	}
	clear(p.sources)
	return err
}

// Next gives out the next part of the file at hand, then those of the next.
func (p *parts) Next(ctx context.Context) (Part, error) {
	for {
		if p.now == nil {
			if p.next == len(p.files) {
				return nil, io.EOF
			}
			s, err := p.file(ctx, p.next, p.progress())
			if err != nil {
				return nil, err
			}
			p.next++
			p.now = s
		}
		part, err := p.now.Next(ctx)
		if err == nil {
			p.use(p.now, 1)
			return &partsPart{p, p.now, part}, nil
		}
		if !errors.Is(err, io.EOF) {
			return nil, err
		}
		p.done += p.now.piece.bytes
		err = p.use(p.now, -1)
		if p.now = nil; err != nil {
			return nil, err
		}
	}
}

func (p *parts) progress() func(done, total int64) {
	if p.opts.Progress == nil {
		return nil
	}
	return func(done, _ int64) { p.opts.Progress(p.done+done, p.info.Bytes) }
}

var errChanged = errors.New("the columns have changed since it was opened")

// file opens a file; whoever asks is its first user.
func (p *parts) file(ctx context.Context, i int, progress func(done, total int64)) (*shared, error) {
	f := &p.files[i]
	opts := p.opts
	opts.Columns, opts.Progress = f.columns, progress
	src, err := p.open(ctx, f.path, opts)
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(src.Schema(), f.schema, func(a, b Field) bool { return a.Name == b.Name && a.Storage == b.Storage }) {
		return nil, errors.Join(&Error{Path: f.path, Row: -1, Err: errChanged}, src.Close())
	}
	s := &shared{src, f, 1}
	p.Lock()
	p.sources[s] = true
	p.Unlock()
	return s, nil
}

// use adds users to a source, or takes some away; the last closes it.
func (p *parts) use(s *shared, by int) error {
	p.Lock()
	defer p.Unlock()
	if s.uses += by; s.uses > 0 || !p.sources[s] {
		return nil
	}
	delete(p.sources, s)
	return s.Close()
}

// partsPart is a part of one of the files.
type partsPart struct {
	parts *parts
	from  *shared
	part  Part
}

// Decode decodes the part and gives its rows the dataset's columns.
func (p *partsPart) Decode(ctx context.Context, b *Batch, yield func(*Batch) error) error {
	f := &p.from.piece.fit
	var err error
	if f.same {
		err = p.part.Decode(ctx, b, func(b *Batch) error {
			p.from.piece.tell(b)
			return yield(b)
		})
	} else {
		inner, ok := b.Scratch.(*Batch)
		if !ok {
			inner = &Batch{}
			b.Scratch = inner
		}
		err = p.part.Decode(ctx, inner, func(in *Batch) error {
			f.convert(b, in, p.parts.union)
			p.from.piece.tell(b)
			return yield(b)
		})
	}
	return errors.Join(err, p.parts.use(p.from, -1))
}

// tell makes the numbers of the file's dictionaries different from other files'.
func (f *piece) tell(b *Batch) {
	for i := range b.Columns {
		if c := &b.Columns[i]; c.IDs != nil {
			var key [8]byte
			binary.LittleEndian.PutUint64(key[:], c.Dict)
			c.Dict = xxh3.HashSeed(key[:], f.number)
		}
	}
}

// convert gives in's rows the dataset's columns.
func (f *fit) convert(out, in *Batch, union Schema) {
	out.N, out.First, out.Issues, out.Bad = in.N, in.First, in.Issues, in.Bad
	if len(out.Columns) != len(union) {
		out.Columns = make([]Column, len(union))
	}
	for i := range union {
		switch from := f.from[i]; {
		case from < 0:
			out.Columns[i] = Column{Storage: union[i].Storage}
			for row := range in.N {
				out.Columns[i].AppendMissing(row)
			}
		case in.Columns[from].Storage == union[i].Storage:
			out.Columns[i] = in.Columns[from]
		default:
			out.Columns[i] = in.Columns[from].as(union[i].Storage, in.N)
		}
	}
}

// as is a column in another storage: numbers as floats, anything as text.
func (c *Column) as(s Storage, n int) Column {
	out := Column{Storage: s}
	for i := range n {
		switch {
		case c.Nulls.Has(i):
			out.AppendMissing(i)
		case s == Float:
			x, _ := c.Float(i)
			out.Floats = append(out.Floats, x)
		default:
			out.Start = append(out.Start, uint32(len(out.Data)))
			out.Data = c.AppendText(out.Data, i)
			out.End = append(out.End, uint32(len(out.Data)))
		}
	}
	return out
}

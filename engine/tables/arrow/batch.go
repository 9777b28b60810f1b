package arrow

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"pace/engine/table"
)

// part is one record batch of the file.
type part struct {
	source *source
	index  int
}

const batchRows = 4096

// Decode reads the batch in pieces of some thousand rows.
func (p *part) Decode(ctx context.Context, b *table.Batch, yield func(*table.Batch) error) error {
	var stop error // what yield said comes back as it is
	err := p.source.each(p.index, 0, func(fill func(*table.Batch, int) error, rows int64) error {
		for row := int64(0); row < rows; row += int64(b.N) {
			if stop = ctx.Err(); stop != nil {
				return nil
			}
			if err := fill(b, int(min(batchRows, rows-row))); err != nil {
				return err
			}
			b.First = row
			if stop = yield(b); stop != nil {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return &table.Error{Path: p.source.path, Row: -1, Err: fmt.Errorf("batch %d: %w", p.index, err)}
	}
	return stop
}

// Rows reads a page of rows.
func (s *source) Rows(ctx context.Context, from int64, n int) (*table.Batch, error) {
	out := &table.Batch{First: from, Columns: make([]table.Column, len(s.schema))}
	for i := range s.batches {
		skip := from + int64(out.N) - s.ranks[i]
		if from < 0 || out.N >= n || skip < 0 || from+int64(out.N) >= s.ranks[i+1] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := s.each(i, skip, func(fill func(*table.Batch, int) error, rows int64) error {
			for rows -= skip; rows > 0 && out.N < n; {
				var b table.Batch
				if err := fill(&b, int(min(batchRows, rows, int64(n-out.N)))); err != nil {
					return err
				}
				rows -= int64(b.N)
				out.Append(&b, 0, b.N)
			}
			return nil
		})
		if err != nil {
			return nil, &table.Error{Path: s.path, Row: from, Err: err}
		}
	}
	return out, nil
}

// each opens a batch of the file at one of its rows; fill reads the next few.
func (s *source) each(index int, from int64, f func(fill func(*table.Batch, int) error, rows int64) error) error {
	return parse(func() error {
		columns, rows, err := s.columns(index)
		if err != nil {
			return err
		}
		return f(func(b *table.Batch, n int) error {
			b.Issues, b.Bad = b.Issues[:0], 0
			if len(b.Columns) != len(columns) {
				b.Columns = make([]table.Column, len(columns))
			}
			for i := range columns {
				col := &b.Columns[i]
				if col.IDs != nil { // the texts are the dictionary's, not the batch's
					*col = table.Column{IDs: col.IDs[:0]}
				}
				*col = table.Column{Ints: col.Ints[:0], Floats: col.Floats[:0], Bools: col.Bools[:0], Data: col.Data[:0],
					Start: col.Start[:0], End: col.End[:0], IDs: col.IDs[:0]}
				if err := columns[i].read(col, from, n); err != nil {
					return fmt.Errorf("column %q: %w", columns[i].Name, err)
				}
			}
			b.N = n
			from += int64(n)
			return nil
		}, rows)
	})
}

// columns opens the wanted columns of a batch.
func (s *source) columns(index int) ([]*vec, int64, error) {
	b := s.batches[index]
	m, err := s.message(b)
	if err != nil {
		return nil, 0, err
	}
	r := s.body(m.object(2), b)
	var out []*vec
	for i, n := range s.fields {
		v, err := r.vec(n)
		if err != nil {
			return nil, 0, err
		}
		if !s.keep[i] {
			continue
		}
		if v.dict, err = s.values(n, s.seen[index]); err != nil {
			return nil, 0, fmt.Errorf("dictionary of column %q: %w", n.Name, err)
		}
		out = append(out, v)
	}
	return out, r.rows, nil
}

// body is a RecordBatch whose buffers are handed out in order.
type body struct {
	*source
	meta     object
	place    block
	rows     int64
	codec    int // of BodyCompression, -1 for none
	node     int
	buffer   int
	variadic int
}

func (s *source) body(m object, b block) *body {
	r := &body{source: s, meta: m, place: b, rows: m.long(0), codec: -1}
	if m.field(3) != 0 {
		r.codec = int(m.object(3).byte(0))
	}
	return r
}

// vec is a node with its buffers in one batch.
type vec struct {
	*node
	rows     int64
	nulls    bool
	buffers  []*data
	variadic []*data
	children []*vec
	dict     *table.Column // the values, where the buffers hold only indexes
}

// vec takes the next node, its buffers and its children, in the order of Columnar.rst, "Recordbatch message".
func (r *body) vec(n *node) (*vec, error) {
	pos, length := r.meta.vector(1, 16)
	if r.node >= length {
		return nil, errMetadata
	}
	at := pos + 16*r.node
	r.node++
	v := &vec{node: n, rows: r.meta.i64(at), nulls: r.meta.i64(at+8) != 0}
	if v.rows < 0 {
		return nil, errMetadata
	}
	buffers := 2
	switch {
	case n.dict != nil:
	case n.kind == typeNull:
		buffers = 0
	case n.kind == typeStruct, n.kind == typeFixedSizeList:
		buffers = 1
	case n.kind == typeUtf8, n.kind == typeBinary, n.kind == typeLargeUtf8, n.kind == typeLargeBinary:
		buffers = 3
	}
	for range buffers {
		v.buffers = append(v.buffers, r.data())
	}
	if n.dict != nil {
		return v, nil
	}
	if n.kind == typeUtf8View || n.kind == typeBinaryView {
		counts, m := r.meta.vector(4, 8)
		if r.variadic >= m {
			return nil, errMetadata
		}
		for range r.meta.i64(counts + 8*r.variadic) {
			v.variadic = append(v.variadic, r.data())
		}
		r.variadic++
	}
	for _, c := range n.children {
		child, err := r.vec(c)
		if err != nil {
			return nil, err
		}
		if c.dict != nil {
			return nil, errors.New("dictionaries inside lists and structs are not read")
		}
		v.children = append(v.children, child)
	}
	return v, nil
}

// data is one buffer of a batch.
type data struct {
	body   *body
	at, n  int64 // place in the file
	plain  []byte
	loaded bool
	window []byte
}

func (r *body) data() *data {
	pos, length := r.meta.vector(2, 16)
	if r.buffer >= length {
		panic(errMetadata)
	}
	at := pos + 16*r.buffer
	r.buffer++
	d := &data{body: r, at: r.meta.i64(at), n: r.meta.i64(at + 8)}
	if d.at < 0 || d.n < 0 || d.n > r.place.bodyN || d.at > r.place.bodyN-d.n {
		panic(errMetadata)
	}
	d.at += r.place.body
	return d
}

// maxWindow bounds what is held of one buffer.
const maxWindow = 1 << 30

// bytes is a window of the buffer, valid until the next one is asked for.
func (d *data) bytes(from, n int64) ([]byte, error) {
	if from < 0 || n < 0 || n > maxWindow {
		return nil, errMetadata
	}
	if d.body.codec >= 0 {
		all, err := d.whole()
		if err != nil || from > int64(len(all))-n {
			return nil, errors.Join(errMetadata, err)
		}
		return all[from : from+n], nil
	}
	if from > d.n-n || d.at+from+n > d.body.size {
		return nil, errMetadata
	}
	if int64(cap(d.window)) < n {
		d.window = make([]byte, n)
	}
	d.window = d.window[:n]
	_, err := d.body.raw.ReadAt(d.window, d.at+from)
	return d.window, err
}

// whole is the buffer, decompressed.
func (d *data) whole() ([]byte, error) {
	if d.loaded {
		return d.plain, nil
	}
	if d.n > maxWindow {
		return nil, fmt.Errorf("buffer of %d bytes", d.n)
	}
	raw, err := d.body.read(d.at, d.n)
	if err == nil && d.body.codec >= 0 && len(raw) > 0 {
		raw, err = decompress(raw, d.body.codec)
	}
	d.plain, d.loaded = raw, err == nil
	return raw, err
}

// decompress reads the length that stands before each buffer, -1 for one that is not compressed.
func decompress(b []byte, codec int) ([]byte, error) {
	if len(b) < 8 {
		return nil, errMetadata
	}
	n := int64(binary.LittleEndian.Uint64(b))
	b = b[8:]
	if n == -1 {
		return b, nil
	}
	if n < 0 || n > maxWindow {
		return nil, fmt.Errorf("buffer of %d bytes", n)
	}
	var src io.Reader = bytes.NewReader(b)
	switch codec {
	case 0:
		src = lz4.NewReader(src)
	case 1:
		z, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow/8))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		src = z
	default:
		return nil, fmt.Errorf("compression %d is not known", codec)
	}
	var out bytes.Buffer
	out.Grow(int(min(n, 64*int64(len(b))+512)) + bytes.MinRead)
	if _, err := out.ReadFrom(io.LimitReader(src, n)); err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	if int64(out.Len()) != n {
		return nil, errMetadata
	}
	return out.Bytes(), nil
}

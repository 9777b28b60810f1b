// Package table is the contract of a data source: columns, typed batches, a schema, and how a file is opened, streamed and paged.
// It must not know any file format, the store, the engine or the screen.
package table

import (
	"context"
	"fmt"
	"io"
)

// Type is what a variable means, in the product's words.
type Type string

// The types of a variable. List and Struct are shown but have no statistics.
const (
	Numeric     Type = "numeric"
	Categorical Type = "categorical"
	Boolean     Type = "boolean"
	Datetime    Type = "datetime"
	Text        Type = "text"
	List        Type = "list"
	Struct      Type = "struct"
)

// Storage is how a column's values lie in a Batch.
type Storage uint8

// Raw is text whose type no one has declared (CSV): readers of a Batch decide what it means. Nested holds each value's JSON-like
// text. Time holds microseconds since 1970 UTC.
const (
	Raw Storage = iota
	String
	Int
	Float
	Bool
	Time
	Nested
)

var storageNames = [...]string{"raw", "string", "integer", "float", "boolean", "timestamp", "nested"}

// String names the storage as the profile's `storage` field does.
func (s Storage) String() string {
	if int(s) < len(storageNames) {
		return storageNames[s]
	}
	return fmt.Sprintf("storage(%d)", uint8(s))
}

// Field describes one column. Type is empty where only the values can tell (Raw).
type Field struct {
	Name    string
	Storage Storage
	Type    Type
	Native  string // the format's own word: "INT64", "DECIMAL(10,2)", ""
}

// Schema is the columns in order. Names may repeat; a column's place is its identity.
type Schema []Field

// Index finds the first column of a name, or -1.
func (s Schema) Index(name string) int {
	for i, f := range s {
		if f.Name == name {
			return i
		}
	}
	return -1
}

// Dialect is how a delimited text was read; zero for other formats.
type Dialect struct {
	Delimiter   string `json:"delimiter,omitempty"`
	Quote       string `json:"quote,omitempty"`
	Header      bool   `json:"header"`
	Terminator  string `json:"terminator,omitempty"`
	Encoding    string `json:"encoding,omitempty"`
	Compression string `json:"compression,omitempty"`
}

// Info is what a source knows before it is read.
type Info struct {
	Format  string   // the Format's name
	Bytes   int64    // size on disk; -1 unknown
	Rows    int64    // declared rows (a footer's claim, not trusted for allocation); -1 unknown
	Dialect *Dialect // nil where there is none
}

// Options tune Open. The zero value is right for a file of unknown origin.
type Options struct {
	Columns   []string                // only these columns, in the file's order; nil means all
	Delimiter byte                    // 0: sniff
	Header    Header                  // Auto: sniff
	MaxRecord int                     // longest record in bytes; 0: 64 MiB
	Progress  func(done, total int64) // bytes read of the file, called from one goroutine; total -1 when unknown
}

// Header says whether a delimited file's first record names the columns.
type Header uint8

// The choices of Options.Header.
const (
	HeaderAuto Header = iota
	HeaderYes
	HeaderNo
)

// Format is one member of the list in engine/tables.
type Format struct {
	Name string
	// Claim tells from the path and the first bytes (4 KiB at most, fewer for a short file) whether the file is of this format.
	// Without a head (nil) it tells whether the name alone makes the file a dataset that nobody has asked for.
	Claim func(path string, head []byte) bool
	Open  func(ctx context.Context, path string, opts Options) (Source, error)
}

// Source is an opened dataset. Next and Rows may be used at the same time; neither from two goroutines.
type Source interface {
	Schema() Schema
	Info() Info
	// Next returns the next part of the stream, io.EOF after the last.
	Next(ctx context.Context) (Part, error)
	// Rows reads n rows from row `from` on (0 is the first row of data) for a screen; fewer at the end, none past it.
	Rows(ctx context.Context, from int64, n int) (*Batch, error)
	io.Closer
}

// Part is a run of rows that can be decoded in any goroutine, and before or after other parts.
type Part interface {
	// Decode fills b again and again and calls yield for each filling. b.First is the row within the part. Memory of b is reused.
	Decode(ctx context.Context, b *Batch, yield func(*Batch) error) error
}

// Error is a complaint about the data itself, with its place.
type Error struct {
	Path string
	Row  int64 // 0-based row of data, -1 when not about a row
	Line int64 // 1-based line of the file, 0 when the format has none
	Err  error
}

// Error says the place before the cause.
func (e *Error) Error() string {
	switch {
	case e.Line > 0 && e.Row >= 0:
		return fmt.Sprintf("read %s: row %d (line %d): %v", e.Path, e.Row, e.Line, e.Err)
	case e.Line > 0:
		return fmt.Sprintf("read %s: line %d: %v", e.Path, e.Line, e.Err)
	case e.Row >= 0:
		return fmt.Sprintf("read %s: row %d: %v", e.Path, e.Row, e.Err)
	}
	return fmt.Sprintf("read %s: %v", e.Path, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

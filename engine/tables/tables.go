// Package tables is the list of table formats and how one is picked for a path.
// It must not know what is done with the rows.
package tables

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"pace/engine/table"
	"pace/engine/tables/arrow"
	"pace/engine/tables/csv"
	"pace/engine/tables/json"
	"pace/engine/tables/parquet"
	"pace/engine/tables/sqlite"
)

// All lists the formats in the order in which they are asked.
func All() []table.Format {
	return []table.Format{
		csv.Format,
		json.Lines,
		json.Document,
		parquet.Format,
		arrow.Format,
		sqlite.Format,
	}
}

// ErrUnknown says that no format claims the path.
var ErrUnknown = errors.New("no known table format")

const headSize = 4096

// Find returns the format that claims the file, reading 4 KiB of it at most.
func Find(path string) (table.Format, error) {
	file, _ := table.Split(path)
	f, err := os.Open(file)
	if err != nil {
		return table.Format{}, fmt.Errorf("find format: %w", err)
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return table.Format{}, fmt.Errorf("find format: %w", err)
	}
	return Claim(path, head[:n])
}

// Claim returns the format that claims a path with these first bytes.
func Claim(path string, head []byte) (table.Format, error) {
	for _, f := range All() {
		if f.Claim(path, head) {
			return f, nil
		}
	}
	return table.Format{}, fmt.Errorf("find format of %s: %w", path, ErrUnknown)
}

// Open opens a dataset in whatever format it is: a file, a table inside one (path.db#table), a folder or a glob of parts.
func Open(ctx context.Context, path string, opts table.Options) (table.Source, error) {
	files, ok, err := Expand(path)
	if err != nil {
		return nil, err
	}
	if ok {
		return table.Parts(ctx, openFile, files, opts)
	}
	return openFile(ctx, path, opts)
}

func openFile(ctx context.Context, path string, opts table.Options) (table.Source, error) {
	f, err := Find(path)
	if err != nil {
		return nil, err
	}
	return f.Open(ctx, path, opts)
}

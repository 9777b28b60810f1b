package json

import (
	"bytes"
	"fmt"
)

// prologue goes to the first record of a document: behind the bracket of an array, or behind that of the data whose columns it
// reads before.
func (o *opener) prologue() error {
	i := space(o.head, 0)
	if i < len(o.head) && o.head[i] == '[' {
		o.start = i + 1
		return nil
	}
	for {
		done, err := o.split(i)
		if err != nil || done {
			return err
		}
		if o.whole {
			return errNoArray
		}
		if len(o.head) > o.opts.MaxRecord {
			return fmt.Errorf("no data within %d bytes", o.opts.MaxRecord)
		}
		if err := o.grow(len(o.head)); err != nil {
			return err
		}
	}
}

// split reads {"columns": [...], "index": [...], "data": [ as pandas' to_json(orient="split") writes it. done is false when the
// head ends before the data begins.
func (o *opener) split(i int) (done bool, err error) {
	b := o.head
	if i >= len(b) || b[i] != '{' {
		return false, errNoArray
	}
	var columns []byte
	for i++; ; {
		if i = space(b, i); i < len(b) && b[i] == ',' {
			i = space(b, i+1)
		}
		if i >= len(b) {
			return false, nil
		}
		if b[i] != '"' {
			return false, errNoArray
		}
		end, _ := stringEnd(b, i+1)
		if end == len(b) {
			return false, nil
		}
		name := b[i+1 : end]
		if i = space(b, end+1); i >= len(b) {
			return false, nil
		}
		if b[i] != ':' {
			return false, errNoArray
		}
		if i = space(b, i+1); i >= len(b) {
			return false, nil
		}
		if string(name) == "data" && columns != nil {
			if b[i] != '[' {
				return false, errNoArray
			}
			o.start, o.positional = i+1, true
			return true, o.name(columns)
		}
		from, whole := i, false
		if i, whole = skip(b, i); !whole {
			return false, nil
		}
		if string(name) == "columns" {
			columns = b[from:i]
		}
	}
}

// name makes the keys from the array of the columns' names; levels of names stay together as they stand.
func (o *opener) name(columns []byte) error {
	if columns[0] != '[' {
		return errNoArray
	}
	for i := 1; ; {
		var done bool
		if i, done = o.nextInArray(columns, i); done || i == len(columns) {
			return nil
		}
		end, whole := skip(columns, i)
		if !whole || len(o.keys.names) > maxColumns {
			return errColumns
		}
		name := columns[i:end]
		if name[0] == '"' {
			name = unquote(nil, bytes.Trim(name, `"`))
		}
		o.keys.add(string(name))
		i = end
	}
}

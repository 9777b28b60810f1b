package arrow

import (
	"fmt"

	"pace/engine/table"
)

// values are those of a column's dictionary when so many dictionary messages have been seen: its last whole one and what was
// added to it since. nil for a column that has none.
func (s *source) values(n *node, seen int) (*table.Column, error) {
	if n.dict == nil {
		return nil, nil
	}
	s.dicts.Lock()
	defer s.dicts.Unlock()
	key := [2]int64{n.dict.id, int64(seen)}
	if known := s.dicts.read[key]; known != nil {
		return known, nil
	}
	out := table.Batch{Columns: make([]table.Column, 1)}
	out.Columns[0].Storage = n.Storage
	for _, b := range s.words[:seen] {
		m, err := s.message(b)
		if err != nil {
			return nil, err
		}
		d := m.object(2)
		if m.byte(1) != headerDictionary || d.long(0) != n.dict.id {
			continue
		}
		if !d.bool(2) {
			out = table.Batch{Columns: make([]table.Column, 1)}
			out.Columns[0].Storage = n.Storage
		}
		if err := s.extend(&out, n, s.body(d.object(1), b)); err != nil {
			return nil, err
		}
	}
	out.Columns[0].Dict = uint64(len(s.dicts.read) + 1)
	s.dicts.read[key] = &out.Columns[0]
	return &out.Columns[0], nil
}

// maxDictionary bounds the values of a dictionary.
const maxDictionary = 1 << 28

// extend adds the values of one message.
func (s *source) extend(out *table.Batch, n *node, r *body) error {
	plain := *n
	plain.dict = nil
	v, err := r.vec(&plain)
	if err != nil {
		return err
	}
	if v.rows > min(maxDictionary, 1<<20+64*s.size) {
		return fmt.Errorf("%w: %d values", errMetadata, v.rows)
	}
	more := table.Batch{Columns: make([]table.Column, 1), N: int(v.rows)}
	if err := v.read(&more.Columns[0], 0, more.N); err != nil {
		return err
	}
	out.Append(&more, 0, more.N)
	return nil
}

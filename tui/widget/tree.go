package widget

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"pace/themes"
)

// Node is one value of a document shown as a tree.
type Node struct {
	Key  string
	Text string // a scalar's text, or a container's size
	Role themes.Role
	Kids []*Node
	Open bool
}

// The bounds of ParseJSON: what lies beyond cannot be browsed by a person.
const (
	treeDepth = 100
	treeNodes = 200_000
	treeText  = 4 << 10
)

// ErrTree is a document beyond the viewer's bounds.
var ErrTree = errors.New("too large to browse")

// ParseJSON reads a document into a tree in its own order, the first level
// open. Depth and count are bounded; long strings are cut with an ellipsis.
func ParseJSON(data []byte) (*Node, error) {
	d := treeReader{json: json.NewDecoder(bytes.NewReader(data))}
	d.json.UseNumber()
	root, err := d.value("", 0)
	if err != nil {
		return nil, fmt.Errorf("read json: %w", err)
	}
	if _, err := d.json.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read json: more than one document")
	}
	root.Open = true
	return root, nil
}

type treeReader struct {
	json  *json.Decoder
	nodes int
}

func (d *treeReader) value(key string, depth int) (*Node, error) {
	if d.nodes++; d.nodes > treeNodes || depth > treeDepth {
		return nil, ErrTree
	}
	token, err := d.json.Token()
	if err != nil {
		return nil, err
	}
	n := &Node{Key: key}
	switch v := token.(type) {
	case json.Delim:
		return n, d.container(n, v, depth)
	case string:
		if len(v) > treeText {
			v = strings.ToValidUTF8(v[:treeText], "") + "..."
		}
		n.Text, n.Role = `"`+v+`"`, themes.Fg
	case json.Number:
		n.Text, n.Role = v.String(), themes.Fg
	default:
		n.Text, n.Role = fmt.Sprint(v), themes.Dim
		if v == nil {
			n.Text = "null"
		}
	}
	return n, nil
}

func (d *treeReader) container(n *Node, open json.Delim, depth int) error {
	for d.json.More() {
		key := Count(int64(len(n.Kids)), NoLimit)
		if open == '{' {
			token, err := d.json.Token()
			if err != nil {
				return err
			}
			key, _ = token.(string)
		}
		kid, err := d.value(key, depth+1)
		if err != nil {
			return err
		}
		n.Kids = append(n.Kids, kid)
	}
	shut, size := "}", Count(int64(len(n.Kids)), NoLimit)
	if open == '[' {
		shut = "]"
	}
	n.Text, n.Role = open.String()+size+shut, themes.Dim
	_, err := d.json.Token()
	return err
}

// Tree shows a document with folds. Toggle and Move are the keys' meanings.
type Tree struct {
	Root  *Node
	Row   int
	Top   int
	Focus bool
	rows  []treeRow
}

type treeRow struct {
	node  *Node
	depth int
}

// flatten lists the rows that are not folded away.
func (t *Tree) flatten() {
	t.rows = t.rows[:0]
	if t.Root == nil {
		return
	}
	var walk func(n *Node, depth int)
	walk = func(n *Node, depth int) {
		t.rows = append(t.rows, treeRow{n, depth})
		if n.Open {
			for _, k := range n.Kids {
				walk(k, depth+1)
			}
		}
	}
	walk(t.Root, 0)
}

// Move moves the cursor.
func (t *Tree) Move(rows int) { t.Row = max(0, t.Row+rows) }

// Toggle folds or unfolds the current row.
func (t *Tree) Toggle() {
	if n := t.Current(); n != nil && len(n.Kids) > 0 {
		n.Open = !n.Open
	}
}

// Current is the node at the cursor, nil in an empty tree.
func (t *Tree) Current() *Node {
	t.flatten()
	if len(t.rows) == 0 {
		return nil
	}
	t.Row = clamp(t.Row, 0, len(t.rows)-1)
	return t.rows[t.Row].node
}

// Lines draws the visible rows.
func (t *Tree) Lines(look Look, w, h int) []string {
	if w <= 0 || h <= 0 {
		return Blank(w, h)
	}
	t.flatten()
	t.Row = clamp(t.Row, 0, max(0, len(t.rows)-1))
	t.Top = clamp(clamp(t.Top, t.Row-h+1, t.Row), 0, max(0, len(t.rows)-h))
	lines := make([]string, 0, h)
	n := look.NewLine(w)
	for i := t.Top; i < len(t.rows) && len(lines) < h; i++ {
		row := t.rows[i]
		surface := themes.Page
		if i == t.Row {
			surface = themes.Rest
			if t.Focus {
				surface = themes.Cursor
			}
		}
		n.Reset(w, surface)
		n.Gap(min(1+2*row.depth, w/2))
		fold := " "
		if len(row.node.Kids) > 0 {
			fold = look.Glyphs.Text.Closed
			if row.node.Open {
				fold = look.Glyphs.Text.Open
			}
		}
		n.Put(themes.Dim, fold).Gap(1)
		if row.node.Key != "" {
			n.Put(themes.Dim, look.Fit(Clean(row.node.Key), w/2)).Gap(2)
		}
		lines = append(lines, n.Put(row.node.Role, row.node.Text).String())
	}
	return pad(lines, w, h)
}

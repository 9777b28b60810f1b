package widget

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"pace/themes"
)

// Item is one row of a list: a text, a dim detail beside it, a note at the right end. Match are the byte
// offsets in Text of the runes a search found. Off says why the row cannot be taken; it is dimmed and the
// reason takes the detail's place.
type Item struct {
	Text, Detail, Note, Off string
	Match                   []int
	Role                    themes.Role
}

// List is a scrolled list with a cursor.
type List struct {
	Items []Item
	Row   int
	Top   int
	Focus bool
	Empty string
}

// Move moves the cursor.
func (t *List) Move(rows int) { t.Row = clamp(t.Row+rows, 0, max(0, len(t.Items)-1)) }

// Lines draws the visible rows. Details stand in one column.
func (t *List) Lines(look Look, w, h int) []string {
	if w <= 0 || h <= 0 {
		return Blank(w, h)
	}
	t.Row = clamp(t.Row, 0, max(0, len(t.Items)-1))
	t.Top = clamp(clamp(t.Top, t.Row-h+1, t.Row), 0, max(0, len(t.Items)-h))
	lines := make([]string, 0, h)
	n := look.NewLine(w)
	if len(t.Items) == 0 && t.Empty != "" {
		lines = append(lines, n.Gap(2).Put(themes.Dim, t.Empty).String())
	}
	shown := t.Items[t.Top:min(len(t.Items), t.Top+h)]
	texts := textWidth(shown, w)
	for i := range shown {
		surface, cursor := themes.Page, " "
		if t.Top+i == t.Row {
			surface, cursor = themes.Rest, look.Glyphs.Text.Cursor
			if t.Focus {
				surface = themes.Cursor
			}
		}
		n.Reset(w, surface)
		n.Put(themes.Focus, cursor).Gap(1)
		n.item(&shown[i], texts)
		lines = append(lines, n.String())
	}
	return pad(lines, w, h)
}

// textWidth is the column in which the details of some items begin.
func textWidth(items []Item, w int) int {
	texts := 0
	for i := range items {
		if items[i].Detail != "" || items[i].Off != "" {
			texts = max(texts, Width(Clean(items[i].Text)))
		}
	}
	return min(texts, w/2)
}

// item puts text, detail and note; the note goes first where room is short, then the detail.
func (n *Line) item(item *Item, texts int) {
	detail, role := item.Detail, item.Role
	if item.Off != "" {
		detail, role = item.Off, themes.Dim
	}
	note := n.look.Fit(Clean(item.Note), n.width/3)
	room := n.Room() - Width(note) - 3
	if note == "" || room < 8 {
		room, note = n.Room(), ""
	}
	if detail == "" {
		texts = room
	}
	end := n.used + texts
	n.matched(role, item.Text, item.Match, min(texts, room))
	if detail != "" && room > texts+6 {
		n.To(end).Gap(2).Put(themes.Dim, n.look.Fit(Clean(detail), room-texts-2))
	}
	n.Right(themes.Key, note+" ")
}

// matched puts a text in at most w columns with the runes at the given offsets
// set off.
func (n *Line) matched(r themes.Role, s string, at []int, w int) {
	if Clean(s) != s || len(at) == 0 || Width(s) > w {
		// Offsets no longer hold once characters are gone; the text matters more.
		n.Put(r, n.look.Fit(Clean(s), w))
		return
	}
	from := 0
	for i := 0; i < len(at); {
		start := at[i]
		if start < from || start >= len(s) {
			i++
			continue
		}
		end := start
		for i < len(at) && at[i] == end && end < len(s) {
			_, size := utf8.DecodeRuneInString(s[end:])
			end += size
			i++
		}
		n.Put(r, s[from:start]).Put(themes.Match, s[start:end])
		from = end
	}
	n.Put(r, s[from:])
}

// Fuzzy matches a query against a text without regard to case: first as a
// whole, then letter by letter in order. Higher scores are better: whole before
// scattered, early before late, at the start of a word before inside, short
// texts before long. at are the byte offsets of the runes matched. The empty
// query matches everything with score 0.
func Fuzzy(query, text string) (score int, at []int, ok bool) {
	if query == "" {
		return 0, nil, true
	}
	q, t := []rune(strings.ToLower(query)), []rune(text)
	if len(q) > len(t) {
		return 0, nil, false
	}
	offsets := make([]int, 0, len(t))
	for i := range text {
		offsets = append(offsets, i)
	}
	for i := range t {
		t[i] = unicode.ToLower(t[i])
	}
	if i := index(t, q); i >= 0 {
		score = 1000 - min(i, 200) - min(len(t), 200)
		if i == 0 || !unicode.IsLetter(t[i-1]) && !unicode.IsDigit(t[i-1]) {
			score += 400
		}
		return score, offsets[i : i+len(q)], true
	}
	next := 0
	score = 400 - min(len(t), 200)
	for i, r := range t {
		if next == len(q) {
			break
		}
		if r != q[next] {
			continue
		}
		if i > 0 && (unicode.IsLetter(t[i-1]) || unicode.IsDigit(t[i-1])) {
			score -= 5
		}
		if n := len(at); n > 0 && at[n-1] != offsets[i-1] {
			score -= 10
		}
		at = append(at, offsets[i])
		next++
	}
	if next < len(q) {
		return 0, nil, false
	}
	return score, at, true
}

func index(t, q []rune) int {
	// A word's start is worth more than an earlier place inside one.
	first := -1
	for i := 0; i+len(q) <= len(t); i++ {
		if string(t[i:i+len(q)]) != string(q) {
			continue
		}
		if i == 0 || !unicode.IsLetter(t[i-1]) && !unicode.IsDigit(t[i-1]) {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

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

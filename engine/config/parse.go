package config

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Limits of one file.
const (
	maxFile  = 1 << 20
	maxNodes = 50_000
	maxDeep  = 50
)

// Error is one thing that is wrong in a file.
type Error struct {
	File         string
	Line, Column int // from 1; 0 for the file as a whole
	Msg          string
}

// Error is `file:line:column: what is wrong`.
func (e Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Msg
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Msg)
}

// Errors are all that is wrong in a file, in order of lines.
type Errors []Error

// Error is one line an error.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

// readLimited refuses what is no file: to open a pipe waits for its writer.
func readLimited(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("more than %d bytes", limit)
	}
	return b, err
}

// parse reads YAML, checks it against the schema and fills into.
func parse(path string, text, schema []byte, into any) error {
	t := tree{file: path, at: map[string]*yaml.Node{}}
	var doc yaml.Node
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return Errors{yamlError(path, err)}
	}
	if len(doc.Content) == 0 {
		return nil
	}
	value := t.value(doc.Content[0], nil, 0)
	if len(t.errs) == 0 && value != nil {
		t.validate(schema, value)
	}
	if len(t.errs) > 0 {
		slices.SortStableFunc(t.errs, func(a, b Error) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
		return t.errs
	}
	raw, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		return Errors{{File: path, Msg: err.Error()}}
	}
	return nil
}

var lineInError = regexp.MustCompile(`line (\d+)(?:, column (\d+))?`)

func yamlError(path string, err error) Error {
	e := Error{File: path, Msg: strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "\n", " ")}
	if m := lineInError.FindStringSubmatch(e.Msg); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		e.Column = 1
		if c, err := strconv.Atoi(m[2]); err == nil {
			e.Column = c
		}
	}
	return e
}

// tree turns YAML nodes into JSON values and remembers where each stood.
type tree struct {
	file  string
	at    map[string]*yaml.Node // JSON pointer -> node of the value; with a # before it, of the key
	nodes int
	errs  Errors
}

func (t *tree) fail(n *yaml.Node, msg string) {
	t.errs = append(t.errs, Error{File: t.file, Line: n.Line, Column: n.Column, Msg: msg})
}

func pointer(path []string) string { return strings.Join(path, "\x00") }

func (t *tree) value(n *yaml.Node, path []string, depth int) any {
	if t.nodes++; t.nodes > maxNodes || depth > maxDeep {
		if len(t.errs) == 0 {
			t.fail(n, "too many or too deep values")
		}
		return nil
	}
	t.at[pointer(path)] = n
	switch n.Kind {
	case yaml.AliasNode:
		return t.value(n.Alias, path, depth+1)
	case yaml.MappingNode:
		return t.mapping(n, path, depth)
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, c := range n.Content {
			out[i] = t.value(c, append(slices.Clone(path), strconv.Itoa(i)), depth+1)
		}
		return out
	}
	return t.scalar(n)
}

func (t *tree) mapping(n *yaml.Node, path []string, depth int) any {
	out := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge" {
			t.fail(key, "a key is a plain word")
			continue
		}
		if _, again := out[key.Value]; again {
			t.fail(key, fmt.Sprintf("%s stands here twice", key.Value))
			continue
		}
		at := append(slices.Clone(path), key.Value)
		out[key.Value] = t.value(n.Content[i+1], at, depth+1)
		t.at["#"+pointer(at)] = key
	}
	return out
}

func (t *tree) scalar(n *yaml.Node) any {
	var v any
	switch n.ShortTag() {
	case "!!int", "!!float":
		var f float64
		if err := n.Decode(&f); err != nil || f != f || f-f != 0 {
			t.fail(n, fmt.Sprintf("%s is no number here", n.Value))
			return nil
		}
		v = f
	case "!!bool":
		var b bool
		if err := n.Decode(&b); err != nil {
			t.fail(n, err.Error())
		}
		v = b
	case "!!null":
		return nil
	case "!!str", "!!timestamp":
		v = n.Value
	default:
		t.fail(n, fmt.Sprintf("the tag %s has no meaning here", n.Tag))
	}
	return v
}

// validate turns the schema's complaints into errors with lines.
func (t *tree) validate(schema []byte, value any) {
	compiled, err := compile(schema)
	if err != nil {
		t.errs = append(t.errs, Error{File: t.file, Msg: err.Error()})
		return
	}
	var bad *jsonschema.ValidationError
	if err := compiled.Validate(value); errors.As(err, &bad) {
		t.leaves(compiled, bad)
	}
}

func compile(schema []byte) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	return c.Compile("schema.json")
}

func (t *tree) leaves(schema *jsonschema.Schema, e *jsonschema.ValidationError) {
	if len(e.Causes) > 0 {
		for _, c := range e.Causes {
			t.leaves(schema, c)
		}
		return
	}
	if extra, ok := e.ErrorKind.(*kind.AdditionalProperties); ok {
		known := keysAt(schema, e.InstanceLocation)
		for _, name := range extra.Properties {
			at := append(slices.Clone(e.InstanceLocation), name)
			t.fail(t.at["#"+pointer(at)], unknownKey(name, known))
		}
		return
	}
	where := strings.Join(e.InstanceLocation, ".")
	if where == "" {
		where = "the file"
	}
	t.fail(t.at[pointer(e.InstanceLocation)], where+": "+e.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
}

// keysAt finds the names that the schema knows at a place.
func keysAt(s *jsonschema.Schema, path []string) []string {
	for _, step := range path {
		next := s.Properties[step]
		if next == nil {
			next, _ = s.AdditionalProperties.(*jsonschema.Schema)
		}
		if next == nil {
			next = s.Items2020
		}
		if next == nil {
			return nil
		}
		for next.Ref != nil {
			next = next.Ref
		}
		s = next
	}
	keys := make([]string, 0, len(s.Properties))
	for k := range s.Properties {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func unknownKey(name string, known []string) string {
	if len(known) == 0 {
		return fmt.Sprintf("unknown key %s", name)
	}
	best, dist := "", 3
	for _, k := range known {
		if d := edits(name, k); d < dist && d < len(k) {
			best, dist = k, d
		}
	}
	if best != "" {
		return fmt.Sprintf("unknown key %s; is it %s?", name, best)
	}
	return fmt.Sprintf("unknown key %s; keys here are %s", name, strings.Join(known, ", "))
}

// edits is the number of letters to change, add, drop or swap with a neighbour (optimal string alignment).
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var d [65][65]int
	for i := range len(a) + 1 {
		for j := range len(b) + 1 {
			if i == 0 || j == 0 {
				d[i][j] = i + j
				continue
			}
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

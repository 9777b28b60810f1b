package json

import (
	"bytes"
	"context"
	stdjson "encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"pace/engine/table"
)

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rows splits content with blocks of the given size into records of text; nil stands for a null.
func rows(t testing.TB, g grammar, k *keys, content []byte, block int) (out [][]any) {
	t.Helper()
	schema := make(table.Schema, len(k.names))
	var keep []int
	for i := range schema {
		schema[i].Storage = table.String
		keep = append(keep, i)
	}
	p := newParser(g, k, keep, schema)
	var b table.Batch
	for size := block; len(content) > 0; {
		piece := content[:min(size, len(content))]
		if len(piece) < len(content) {
			end, done := g.cut(piece)
			if done {
				piece, content = piece[:max(end, 0)], piece[:max(end, 0)]
			} else if end < 0 {
				size *= 2
				continue
			} else {
				piece = content[:end]
			}
		}
		p.Reset(bytes.Clone(piece), 1)
		for at := 0; at < len(piece); {
			at = p.Fill(&b, at)
			for i := range b.N {
				record := make([]any, len(schema))
				for c := range record {
					if !b.Columns[c].Missing(i) {
						record[c] = string(b.Columns[c].Bytes(i))
					}
				}
				out = append(out, record)
			}
		}
		content, size = content[len(piece):], block
	}
	return out
}

// plain is a value of encoding/json as the parser gives it.
func plain(raw stdjson.RawMessage) any {
	switch raw[0] {
	case '"':
		var s string
		if stdjson.Unmarshal(raw, &s) != nil {
			return nil
		}
		return s
	case 'n':
		return nil
	}
	return string(raw)
}

func keysOf(names ...string) *keys {
	k := &keys{index: map[string]int{}}
	for _, n := range names {
		k.add(n)
	}
	return k
}

var seeds = []string{`{"a":1,"b":"x"}`, `{"b":"\u00e9\ud834\udd1e\ud834","a":null}`, `{"a":{"b":[1,"}"]},"b":[]}`, `{ "a" : true , "a":2 , "c": -1.5e3}`, `{}`, `{"a":1`,
	`{"a":"\\\""}x`, `{"a\"":1,"":2}`, `{"a":1]`, "{\"a\":\"\x00\xff\"}", `[1,"x"]`, `{"a":NaN,"b":-Infinity}`, `]}{"a":1}`, `1,2:`, `{"a":"x"b":1}`}

// FuzzRecords holds that objects that encoding/json accepts come out as it reads them, and that where the text is cut does not
// matter, in lines and in arrays.
func FuzzRecords(f *testing.F) {
	for _, a := range seeds {
		f.Add(a, seeds[0], 7)
		f.Add(seeds[1], a, 20)
	}
	f.Fuzz(func(t *testing.T, first, second string, block int) {
		if len(first)+len(second) > 1<<14 {
			return
		}
		k := keysOf("a", "b", `a"`, "")
		lines := []byte(first + "\n" + second + "\n")
		array := []byte(" " + first + " ,\n" + second + "]" + first)
		for _, g := range []grammar{{}, {array: true}, {array: true, positional: true}} {
			content := lines
			if g.array {
				content = array
			}
			whole := rows(t, g, k, content, len(content)+1)
			cut := rows(t, g, k, content, max(1, min(block, len(content))))
			if fmt.Sprint(whole) != fmt.Sprint(cut) {
				t.Fatalf("%+v %q in blocks of %d: %q, at once %q", g, content, block, cut, whole)
			}
			if g.positional || strings.ContainsAny(first+second, "\n\r") && !g.array {
				continue
			}
			compare(t, k, []string{first, second}, whole)
		}
	})
}

func compare(t *testing.T, k *keys, records []string, got [][]any) {
	t.Helper()
	for i, text := range records {
		var object map[string]stdjson.RawMessage
		if !utf8.ValidString(text) || stdjson.Unmarshal([]byte(text), &object) != nil || object == nil {
			return // what follows a record that is none may be read otherwise
		}
		if i >= len(got) {
			t.Fatalf("%q: %d rows", records, len(got))
		}
		for c, name := range k.names {
			var want any
			if raw, ok := object[name]; ok {
				want = plain(raw)
			}
			if got[i][c] != want {
				t.Fatalf("%q key %q is %q, encoding/json has %q", text, name, got[i][c], want)
			}
		}
	}
}

func read(t testing.TB, f table.Format, path string, o table.Options) (cells [][]string, issues []string, err error) {
	t.Helper()
	src, err := f.Open(context.Background(), path, o)
	if err != nil {
		return nil, nil, err
	}
	defer src.Close()
	err = table.Scan(context.Background(), src, func(b *table.Batch) error {
		for i := range b.N {
			var row []string
			for c := range b.Columns {
				row = append(row, string(b.Columns[c].AppendText(nil, i)))
			}
			cells = append(cells, row)
		}
		for _, i := range b.Issues {
			issues = append(issues, fmt.Sprintf("%d/%d %s", b.First+i.Row, i.Line, i.Reason))
		}
		return nil
	})
	return cells, issues, err
}

func TestClaim(t *testing.T) {
	if Lines.Claim("a.jsonl", nil) || Document.Claim("a.json", nil) {
		t.Error("claimed by name alone")
	}
	for _, c := range []struct {
		name, head, want string
	}{
		{"a.jsonl", "", "jsonl"}, {"a.ndjson.zst", "", "jsonl"}, {"a.json", "{\"a\": {}}\n{\"a\"", "jsonl"}, {"a.json", "{\"a\": 1}\n", ""}, {"a.json", "{\"a\": 1} {\"a\": 1}", ""},
		{"a.json", " [\n {", "json"}, {"a.json", "[1, 2]", ""}, {"a.json", `{"columns":["a"],`, "json"}, {"a.json", `{"name": "package"}`, ""}, {"a.json", "", ""}, {"a.json", "{", ""}, {"a.txt", "[{", ""},
	} {
		got := ""
		for _, f := range []table.Format{Lines, Document} {
			if f.Claim(c.name, []byte(c.head)) {
				got += f.Name
			}
		}
		if got != c.want {
			t.Errorf("%s %q is claimed by %q, want %q", c.name, c.head, got, c.want)
		}
	}
}

func TestStorage(t *testing.T) {
	src, err := openLines(context.Background(), write(t, "a.jsonl",
		`{"zip": "00501", "n": 1, "when": "2024-01-01", "flag": true, "mixed": 1, "list": null, "struct": {}}`+"\n"+`{"mixed": "x", "list": [1], "none": null}`), table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	want := "[{zip string  string} {n raw  number} {when raw  string} {flag raw  boolean} {mixed raw  } {list nested list array} {struct nested struct object} {none raw  }]"
	if got := fmt.Sprint(src.Schema()); got != want {
		t.Errorf("schema %s, want %s", got, want)
	}
}

func TestIssuesSayTheLine(t *testing.T) {
	cells, issues, err := read(t, Lines, write(t, "a.jsonl", "{\"a\":1}\n\n{\"a\":2}x\n[3]\n{\"a\":4,\"b\":\n{\"a\":5}"), table.Options{})
	want := "[1/3 text behind the object 2/4 not a JSON object 3/5 not JSON]"
	if err != nil || fmt.Sprint(issues) != want || fmt.Sprint(cells) != "[[1 ] [2 ] [ ] [4 ] [5 ]]" {
		t.Errorf("cells %q issues %v (%v), want %s", cells, issues, err, want)
	}
	_, issues, err = read(t, Document, write(t, "a.json", "{\"columns\":[\"a\",1],\"data\":[[1,2],\n[3],[4,5,6]],\"index\":[[[]]]}"), table.Options{})
	if want = "[1/2 too few values 2/2 too many values]"; err != nil || fmt.Sprint(issues) != want {
		t.Errorf("issues %v (%v), want %s", issues, err, want)
	}
}

// A key that the head does not have is found all over a long file, and where it is missed it is said.
func TestLateKeys(t *testing.T) {
	var b strings.Builder
	for i := range 200_000 {
		switch {
		case i == 190_000:
			b.WriteString("{\"once\": 1}\n")
		case i > 150_000:
			fmt.Fprintf(&b, "{\"id\": %d, \"name\": \"row number %d\", \"late\": %d}\n", i, i, i)
		default:
			fmt.Fprintf(&b, "{\"id\": %d, \"name\": \"row number %d\"}\n", i, i)
		}
	}
	path := write(t, "a.jsonl", b.String())
	cells, issues, err := read(t, Lines, path, table.Options{Columns: []string{"late"}})
	if err != nil || len(cells) != 200_000 || cells[150_000][0] != "" || cells[199_999][0] != "199999" {
		t.Errorf("%d rows (%v)", len(cells), err)
	}
	if want := `[190000/190001 key "once" appears too late to be a column]`; fmt.Sprint(issues) != want {
		t.Errorf("issues %v, want %s", issues, want)
	}
}

func TestLongIndexBeforeData(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"columns":["x","y"],"index":[0`)
	for i := range 900_000 {
		fmt.Fprintf(&b, ",%d", i)
	}
	b.WriteString(`],"data":[[1,"a"],[2,null]]}`)
	path := write(t, "a.json", b.String())
	cells, _, err := read(t, Document, path, table.Options{})
	if err != nil || fmt.Sprint(cells) != "[[1 a] [2 ]]" {
		t.Errorf("cells %v (%v)", cells, err)
	}
	if _, _, err := read(t, Document, path, table.Options{MaxRecord: 1 << 20}); err == nil || !strings.Contains(err.Error(), "no data within 1048576 bytes") {
		t.Errorf("error %v", err)
	}
}

func TestNoTable(t *testing.T) {
	for content, want := range map[string]string{"": "no JSON objects", "1\n2\n": "no JSON objects", "{\"a\": 1": "no JSON objects"} {
		if _, _, err := read(t, Lines, write(t, "a.jsonl", content), table.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", content, err)
		}
	}
	for content, want := range map[string]string{"": "neither", `{"a":1}`: "neither", `{"columns":["a"]}`: "neither", `[1,2]`: "no JSON objects", `{"columns":{},"data":[`: "neither"} {
		if _, _, err := read(t, Document, write(t, "a.json", content), table.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", content, err)
		}
	}
	if cells, _, err := read(t, Document, write(t, "a.json", "[]"), table.Options{}); err != nil || len(cells) != 0 {
		t.Errorf("an empty array: %v (%v)", cells, err)
	}
}

func BenchmarkSplit(b *testing.B) {
	var flat, nested strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&flat, "{\"timestamp\": \"2013-07-01T10:00:%02dZ\", \"request_id\": \"p-0701-%04d\", \"carrier\": \"US\", \"hour\": 6, \"temp\": 75.92, \"precip\": 0.0, \"score\": 0.154975, \"label\": \"on time\"}\n", i%60, i)
		fmt.Fprintf(&nested, "{\"id\": %d, \"features\": {\"a\": [1, 2, 3], \"b\": \"x\"}, \"text\": \"said \\\"yes\\\"\", \"none\": null}\n", i)
	}
	for name, text := range map[string]string{"flat": flat.String(), "nested": nested.String()} {
		b.Run(name, func(b *testing.B) {
			src, err := openLines(b.Context(), write(b, "a.jsonl", text), table.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer src.Close()
			p := src.(*source).New().(*parser)
			var batch table.Batch
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				p.Reset([]byte(text), 1)
				for at := 0; at < p.size; {
					at = p.Fill(&batch, at)
				}
			}
		})
	}
	array := "[" + strings.ReplaceAll(strings.TrimSpace(flat.String()), "\n", ",") + "]"
	b.Run("cut", func(b *testing.B) {
		b.SetBytes(int64(len(array)))
		for b.Loop() {
			if _, done := (grammar{array: true}).cut([]byte(array)[1:]); !done {
				b.Fatal("not cut")
			}
		}
	})
}

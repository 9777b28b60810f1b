package csv

import (
	"bytes"
	"context"
	stdcsv "encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pace/engine/table"
)

// cells splits content with blocks of the given size into records of text.
func cells(t testing.TB, d dialect, width int, content []byte, block int) [][]string {
	t.Helper()
	var keep []int
	for i := range width {
		keep = append(keep, i)
	}
	p := newParser(d, keep, width)
	var out [][]string
	var b table.Batch
	for size := block; len(content) > 0; {
		piece := content[:min(size, len(content))]
		if len(piece) < len(content) {
			end := d.cut(piece)
			if end < 0 {
				size *= 2
				continue
			}
			piece = content[:end]
		}
		p.Reset(bytes.Clone(piece), 1)
		for at := 0; at < len(piece); {
			at = p.Fill(&b, at)
			for i := range b.N {
				record := make([]string, width)
				for c := range record {
					record[c] = string(b.Columns[c].Bytes(i))
				}
				out = append(out, record)
			}
		}
		content, size = content[len(piece):], block
	}
	return out
}

var comma = dialect{delim: ',', term: '\n', quote: '"'}

// FuzzEncodingCSV holds that on text encoding/csv accepts, rows and cells are the same at any block size, and that on any text
// the cut does not matter.
func FuzzEncodingCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a,b\r\n\"1\r\n\",2\r\n", "\"a\"\"b\",c\n,\n", "\"x\"y\",z\na\"b,c\n\"", "\n\n\r\na\n", ",,\n\"\",\"\"\n", "\"a\n,b\"\n1\n", "é,\x00\n\xff,1\n"} {
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, text []byte, block int) {
		if len(text) > 1<<16 {
			return
		}
		block = max(1, min(block, len(text)+1))
		const width = 4
		whole := cells(t, comma, width, text, len(text)+1)
		cut := cells(t, comma, width, text, block)
		if fmt.Sprint(whole) != fmt.Sprint(cut) {
			t.Fatalf("blocks of %d: %q, at once %q", block, cut, whole)
		}
		r := stdcsv.NewReader(bytes.NewReader(text))
		r.FieldsPerRecord = -1
		want, err := r.ReadAll()
		if err != nil {
			return
		}
		if len(want) != len(whole) {
			t.Fatalf("%d rows, encoding/csv has %d", len(whole), len(want))
		}
		for i, record := range want {
			for c := range width {
				cell := ""
				if c < len(record) {
					cell = record[c]
				}
				if got := strings.ReplaceAll(whole[i][c], "\r\n", "\n"); got != cell {
					t.Fatalf("row %d cell %d: %q, encoding/csv has %q", i, c, got, cell)
				}
			}
		}
	})
}

func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSniff(t *testing.T) {
	cases := []struct {
		name, text string
		delim      string
		header     bool
		columns    []string
	}{
		{"a.csv", "x;y\n1,5;2\n3,5;4\n", ";", true, []string{"x", "y"}},
		{"a.tsv", "x\ty, z\n1\t2\n", "\t", true, []string{"x", "y, z"}},
		{"a.csv", "1,2\n3,4\n", ",", false, []string{"Unnamed: 0", "Unnamed: 1"}},
		{"a.csv", "country,2019,2020\nCH,1,2\nDE,3,4\n", ",", true, []string{"country", "2019", "2020"}},
		{"a.csv", "x,y\nr1,1,2\nr2,3,4\n", ",", true, []string{"Unnamed: 0", "x", "y"}},
		{"a.csv", "\ufeff\"x\",y\r\n1,2\r\n", ",", true, []string{"x", "y"}},
		{"a.csv", "x,y\r1,2\r3,4\r", ",", true, []string{"x", "y"}},
		{"a.csv", "'x','y'\n'1,1','2'\n", ",", true, []string{"x", "y"}},
		{"a.csv", "only\n1\n2\n", ",", true, []string{"only"}},
	}
	for _, c := range cases {
		src, err := newSource(write(t, c.name, c.text), table.Options{})
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		d := src.Info().Dialect
		var names []string
		for _, f := range src.Schema() {
			names = append(names, f.Name)
		}
		if d.Delimiter != c.delim || d.Header != c.header || fmt.Sprint(names) != fmt.Sprint(c.columns) {
			t.Errorf("%q: delimiter %q header %v columns %q", c.text, d.Delimiter, d.Header, names)
		}
		src.Close()
	}
}

func TestIssuesSayTheLine(t *testing.T) {
	src, err := newSource(write(t, "a.csv", "a,b\n1,\"x\ny\"\n2\n3,4,5\n6,\"open"), table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var got []string
	err = table.Scan(context.Background(), src, func(b *table.Batch) error {
		for _, i := range b.Issues {
			got = append(got, fmt.Sprintf("%d/%d %s", b.First+i.Row, i.Line, i.Reason))
		}
		return nil
	})
	want := "[1/4 too few fields 2/5 too many fields 3/6 quote is never closed]"
	if err != nil || fmt.Sprint(got) != want {
		t.Errorf("issues %v, want %v (%v)", got, want, err)
	}
}

// A quote that is rewritten while the head is sniffed must not touch what follows the head's last record.
func TestHeadStaysWhole(t *testing.T) {
	var b strings.Builder
	b.WriteString("a,b\n")
	for i := range 40_000 {
		fmt.Fprintf(&b, "%d,\"said \"\"%d\"\"\"\n", i, i)
	}
	src, err := newSource(write(t, "a.csv", b.String()), table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	row := 0
	err = table.Scan(context.Background(), src, func(b *table.Batch) error {
		for i := range b.N {
			if got, want := string(b.Columns[1].Bytes(i)), fmt.Sprintf("said \"%d\"", row); got != want {
				return fmt.Errorf("row %d is %q, want %q", row, got, want)
			}
			row++
		}
		return nil
	})
	if err != nil || row != 40_000 {
		t.Errorf("%d rows: %v", row, err)
	}
}

func TestLongRecordIsRefused(t *testing.T) {
	text := "a,b\n1,2\n" + strings.Repeat("x", 9<<20)
	src, err := newSource(write(t, "a.csv", text), table.Options{MaxRecord: 5 << 20})
	if err == nil {
		defer src.Close()
		err = table.Scan(context.Background(), src, func(*table.Batch) error { return nil })
	}
	if err == nil || !strings.Contains(err.Error(), "longer than 5242880 bytes") {
		t.Errorf("error %v", err)
	}
}

func TestTruncatedGzip(t *testing.T) {
	raw, err := os.ReadFile("../../../testdata/formats/table/flights.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, 2, 10, 100, len(raw) / 2, len(raw) - 1} {
		src, err := newSource(write(t, "a.csv.gz", string(raw[:n])), table.Options{})
		if err == nil {
			err = table.Scan(context.Background(), src, func(*table.Batch) error { return nil })
			src.Close()
		}
		if err == nil && n > 2 {
			t.Errorf("%d of %d bytes read without an error", n, len(raw))
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	plain := bytes.Repeat([]byte("12345,2024-01-02,abcdefg,1.5,,US,true,0.123456\n"), 80_000)
	quoted := bytes.Repeat([]byte("\"12345\",\"2024-01-02\",\"abc, defg\",\"1.5\",\"\",\"US\",\"true\",\"0.123456\"\n"), 60_000)
	for name, text := range map[string][]byte{"plain": plain, "quoted": quoted} {
		b.Run(name, func(b *testing.B) {
			p := newParser(comma, []int{0, 1, 2, 3, 4, 5, 6, 7}, 8)
			var batch table.Batch
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if comma.cut(text) != len(text) {
					b.Fatal("cut")
				}
				p.Reset(text, 1)
				for at := 0; at < p.size; {
					at = p.Fill(&batch, at)
				}
			}
		})
	}
}

package text

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/gzip"
)

func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, path string, offset int64) (string, *Reader) {
	t.Helper()
	r, err := OpenAt(path, offset)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), r
}

// units encodes text as UTF-16 behind a byte order mark.
func units(content string, order binary.ByteOrder) []byte {
	var out []byte
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(content))...) {
		var b [2]byte
		order.PutUint16(b[:], u)
		out = append(out, b[:]...)
	}
	return out
}

func zipOf(t testing.TB, members ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range members {
		f, err := w.Create(name)
		if err == nil && !strings.HasSuffix(name, "/") {
			_, err = f.Write([]byte("a,b\n1,2\n"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTextIsTheSameInEveryDress(t *testing.T) {
	const content = "a,größe\n1,𝄞 東京\n"
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	if _, err := w.Write([]byte("\ufeff" + content)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		raw                   []byte
		compression, encoding string
	}{
		"plain.csv": {[]byte(content), "", "utf-8"}, "mark.csv": {[]byte("\ufeff" + content), "", "utf-8"}, "mark.csv.gz": {gz.Bytes(), "gzip", "utf-8"},
		"le.csv": {units(content, binary.LittleEndian), "", "utf-16le"}, "be.csv": {units(content, binary.BigEndian), "", "utf-16be"},
	} {
		for _, offset := range []int64{0, 1, 10} {
			got, r := read(t, write(t, name, c.raw), offset)
			if got != content[offset:] || r.Compression != c.compression || r.Encoding != c.encoding || r.Size != int64(len(c.raw)) {
				t.Errorf("%s from %d: %q (%s, %s)", name, offset, got, r.Compression, r.Encoding)
			}
		}
	}
}

// FuzzUTF16 holds that streaming gives what decoding at once gives.
func FuzzUTF16(f *testing.F) {
	f.Add("a𝄞b", uint8(3))
	f.Add(strings.Repeat("x😀", 3000), uint8(1))
	f.Fuzz(func(t *testing.T, raw string, step uint8) {
		b := []byte(raw)
		var want []uint16
		for i := 0; i+2 <= len(b); i += 2 {
			want = append(want, binary.LittleEndian.Uint16(b[i:]))
		}
		text := string(utf16.Decode(want))
		if len(b)%2 == 1 {
			text += "\ufffd"
		}
		got, err := io.ReadAll(&utf16Reader{src: &slow{b, int(step%7) + 1}})
		if err != nil || string(got) != text {
			t.Fatalf("%q is %q, want %q (%v)", raw, got, text, err)
		}
	})
}

type slow struct {
	b    []byte
	step int
}

// Read gives a few bytes at a time.
func (s *slow) Read(p []byte) (int, error) {
	if len(s.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.step)], s.b)
	s.b = s.b[n:]
	return n, nil
}

func TestZipHoldsOneTable(t *testing.T) {
	path := write(t, "x.zip", zipOf(t, "deep/table.csv", "__MACOSX/._table.csv", ".DS_Store", "empty/"))
	if got, r := read(t, path, 4); got != "1,2\n" || r.Compression != "zip" {
		t.Errorf("%q (%s)", got, r.Compression)
	}
	for _, members := range [][]string{{}, {"a.csv", "b.csv"}} {
		if _, err := Open(write(t, "x.zip", zipOf(t, members...))); !errors.Is(err, errMembers) {
			t.Errorf("members %q: %v", members, err)
		}
	}
}

func TestBombIsRefused(t *testing.T) {
	r := &bounded{src: &slow{make([]byte, 5000), 900}, left: 3000}
	if b, err := io.ReadAll(r); !errors.Is(err, ErrBomb) || len(b) > 3900 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

func TestExt(t *testing.T) {
	head := zipOf(t, "Sales/Table.CSV")
	for name, want := range map[string]string{"a/b.CSV": ".csv", "b.csv.gz": ".csv", "b.jsonl.zst": ".jsonl", "b.tsv.ZIP": ".tsv", "b.zip": ".csv", "b.gz": "", "b": "", "v1.2.zip": ".2"} {
		if got := Ext(name, head); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := Ext("b.zip", nil); got != "" {
		t.Errorf("a zip no one has looked into is %q", got)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(zipOf(f, "a.csv"))
	f.Add(units("ab\n", binary.BigEndian))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Add([]byte("\x28\xb5\x2f\xfd\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		Peek(raw)
		Ext("x.zip", raw)
		r, err := Open(write(t, "x", raw))
		if err != nil {
			return
		}
		defer r.Close()
		if _, err := io.CopyN(io.Discard, r, 1<<20); err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
	})
}

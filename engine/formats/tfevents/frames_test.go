package tfevents

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
)

// The writers below follow record_writer.h and the wire format of protocol buffers; that the package reads
// the real tools' files is the matter of want_test.go.

func appendRecord(out, data []byte) []byte {
	head := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	out = append(out, head...)
	out = binary.LittleEndian.AppendUint32(out, masked(head))
	out = append(out, data...)
	return binary.LittleEndian.AppendUint32(out, masked(data))
}

func bytesField(out []byte, num int, b []byte) []byte {
	out = binary.AppendUvarint(out, uint64(num<<3|wireBytes))
	return append(binary.AppendUvarint(out, uint64(len(b))), b...)
}

func varintField(out []byte, num int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(out, uint64(num<<3|wireVarint)), v)
}

func appendEvent(out []byte, wall float64, step int64, values ...[]byte) []byte {
	data := binary.LittleEndian.AppendUint64([]byte{1<<3 | wire64}, math.Float64bits(wall))
	data = varintField(data, 2, uint64(step))
	var summary []byte
	for _, v := range values {
		summary = bytesField(summary, 1, v)
	}
	return appendRecord(out, bytesField(data, 5, summary))
}

func simple(tag string, v float32) []byte {
	return binary.LittleEndian.AppendUint32(append(bytesField(nil, 1, []byte(tag)), 2<<3|wire32), math.Float32bits(v))
}

func ofPlugin(tag, plugin string, tensor []byte) []byte {
	out := bytesField(nil, 1, []byte(tag))
	if tensor != nil {
		out = bytesField(out, 8, tensor)
	}
	if plugin != "" {
		out = bytesField(out, 9, bytesField(nil, 1, bytesField(nil, 1, []byte(plugin))))
	}
	return out
}

func version() []byte {
	data := binary.LittleEndian.AppendUint64([]byte{1<<3 | wire64}, math.Float64bits(1.7e9))
	return appendRecord(nil, bytesField(data, 3, []byte("brain.Event:2")))
}

// folder is a project with event files at its root.
type folder struct {
	*testing.T
	src ingest.Source
	*ingesttest.State
	cursor []byte
}

func newFolder(t *testing.T) *folder {
	return &folder{T: t, src: ingest.Source{Root: t.TempDir(), Path: "."}, State: ingesttest.NewState()}
}

func (f *folder) write(name string, content ...[]byte) {
	f.Helper()
	if err := os.WriteFile(filepath.Join(f.src.Root, name), slices.Concat(content...), 0o644); err != nil {
		f.Fatal(err)
	}
}

func (f *folder) read() ingest.Result {
	f.Helper()
	res := ingesttest.ReadUnit(f.T, Format(), ingesttest.From{Source: f.src, Cursor: f.cursor}, f.State)
	f.cursor = res.Cursor
	return res
}

// values are the points of a series, of whatever run.
func (f *folder) values(series string) (out []float64) {
	for id, points := range f.Series {
		if id.Series == series {
			for _, p := range points {
				out = append(out, p.Value())
			}
		}
	}
	return out
}

const first, second = "events.out.tfevents.1700000000.box.1.0", "events.out.tfevents.1700000001.box.1.1"

func (f *folder) want(series string, want ...float64) {
	f.Helper()
	if got := f.values(series); !slices.Equal(got, want) {
		f.Errorf("%s: got %v, want %v", series, got, want)
	}
}

// TestWritersTakeTurns: two writers with one tag in one folder. The file that comes first by name goes first.
func TestWritersTakeTurns(t *testing.T) {
	f := newFolder(t)
	one := appendEvent(version(), 1.7e9, 0, simple("a", 1), simple("own", 7))
	f.write(first, one)
	f.write(second, appendEvent(version(), 1.7e9, 5, simple("a", 3)))
	f.read()
	f.want("a", 1, 3)
	own := appendEvent(one, 1.7e9, 1, simple("own", 8))
	f.write(first, own)
	before := f.Records
	f.read()
	f.want("own", 7, 8)
	if f.Records != before {
		t.Errorf("a tag of its own made the folder be read again")
	}
	f.write(first, appendEvent(own, 1.7e9, 1, simple("a", 2)))
	f.read()
	f.want("a", 1, 2, 3)
	f.want("own", 7, 8)
}

// TestFilesComeAndGo: the run is named after the first file that holds a record.
func TestFilesComeAndGo(t *testing.T) {
	f := newFolder(t)
	f.write(first)
	f.write(second, appendEvent(version(), 1.7e9, 5, simple("a", 3)))
	f.read()
	f.want("a", 3)
	f.write(first, appendEvent(version(), 1.7e9, 0, simple("a", 1)))
	f.read()
	f.want("a", 1, 3)
	if len(byPath(f.State)) != 1 || len(f.Facts) != 1 {
		t.Errorf("facts: %v", f.Facts)
	}
	for _, name := range []string{first, second} {
		if err := os.Remove(filepath.Join(f.src.Root, name)); err != nil {
			t.Fatal(err)
		}
	}
	f.read()
	if len(f.Facts)+len(f.Series) > 0 {
		t.Errorf("all files are gone, %v is not", f.Facts)
	}
}

// TestDamage: a wrong length ends the file, wrong data costs one record, zeros are not written yet.
func TestDamage(t *testing.T) {
	f := newFolder(t)
	good := appendEvent(version(), 1.7e9, 0, simple("a", 1))
	bad := appendEvent(nil, 1.7e9, 1, simple("a", 2))
	bad[len(bad)-5] ^= 1
	tail := appendEvent(nil, 1.7e9, 2, simple("a", 3))
	f.write(first, good, bad, tail, make([]byte, 100))
	if res := f.read(); !res.Torn {
		t.Error("zeros at the end: not torn")
	}
	f.want("a", 1, 3)
	if len(f.Problems) != 1 {
		t.Errorf("problems: %v", f.Problems)
	}
	cut := slices.Concat(good, tail)
	cut[len(good)] ^= 1
	f.write(second, cut)
	if res := f.read(); !res.Torn {
		t.Error("zeros at the end of the first file: not torn")
	}
	f.want("a", 1, 3, 1)
	if len(f.Problems) != 2 {
		t.Errorf("problems: %v", f.Problems)
	}
}

// TestLongRecord: an image longer than what is looked into is passed over, and whoever waits for its end waits.
func TestLongRecord(t *testing.T) {
	f := newFolder(t)
	good := appendEvent(version(), 1.7e9, 0, simple("a", 1))
	long := appendEvent(nil, 1.7e9, 1, bytesField(nil, 4, make([]byte, maxRecord)))
	graph := appendRecord(nil, bytesField(nil, 4, make([]byte, maxRecord)))
	f.write(first, good, graph, long[:len(long)-1])
	if res := f.read(); !res.Torn {
		t.Error("half a record: not torn")
	}
	f.write(first, good, graph, long, appendEvent(nil, 1.7e9, 2, simple("a", 2)))
	if res := f.read(); res.Torn {
		t.Error("torn")
	}
	f.want("a", 1, 2)
	if len(f.Problems) != 1 {
		t.Errorf("problems: %v", f.Problems)
	}
}

// TestOthers: metadata stands with the first value of a tag only; what is no scalar is listed.
func TestOthers(t *testing.T) {
	f := newFolder(t)
	number := bytesField(varintField(nil, 1, uint64(dtDouble)), 4, binary.LittleEndian.AppendUint64(nil, math.Float64bits(0.1)))
	out := appendEvent(version(), 1.7e9, 0, ofPlugin("s", scalars, number), ofPlugin("t", "text", number), ofPlugin("n", "", number))
	f.write(first, out)
	f.read()
	f.write(first, appendEvent(out, 1.7e9, 1, ofPlugin("s", "", number), ofPlugin("t", "", number), ofPlugin("n", scalars, number)))
	f.read()
	f.want("s", 0.1, 0.1)
	if got := listed(f.State, byPath(f.State)["."].Key); len(f.Series) != 1 || !slices.Equal(got, []string{"n", "t"}) {
		t.Errorf("%d series, other tags %q", len(f.Series), got)
	}
}

func TestNames(t *testing.T) {
	for path, want := range map[string]string{
		"runs/exp/train": "exp/train", "a/logs/b/runs/c": "c", "lightning_logs/version_0": "version_0", "model/x": "model/x", "runs": "runs",
	} {
		if got := nameOf(ingest.Source{Root: "/p", Path: path}); got != want {
			t.Errorf("%s is called %q, want %q", path, got, want)
		}
	}
	for name, want := range map[string]string{
		"events.out.tfevents.1700000000.gpu-1.example.org.4242.0.v2": "gpu-1.example.org",
		"events.out.tfevents.1700000000.gpu-1":                       "gpu-1",
		"events.out.tfevents.1700000000.10.0.0.7.12.0":               "10.0.0.7",
		"events.out.tfevents":                                        "",
	} {
		if got := hostOf(name); got != want {
			t.Errorf("%s: host %q, want %q", name, got, want)
		}
	}
}

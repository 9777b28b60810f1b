package main

import (
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// feeder is a training job that logs to every kind of store at once, until it is stopped.
type feeder struct {
	t    testing.TB
	root string
	db   *sql.DB
	runs []string // of the database
	step int
}

// newFeeder makes a project with one store of every run format and a table.
func newFeeder(t testing.TB) *feeder {
	t.Helper()
	f := &feeder{t: t, root: t.TempDir()}
	f.write(".git/HEAD", "ref: refs/heads/main\n") // the project is this folder, whatever lies above it
	const meta = "artifact_location: file:///gone\nexperiment_id: '1'\nlifecycle_stage: active\nname: fed\n"
	f.write("mlruns/1/meta.yaml", meta)
	for i := range 4 {
		id := fmt.Sprintf("%032x", i+1)
		f.write("mlruns/1/"+id+"/meta.yaml", "artifact_uri: file:///gone\nend_time: null\nexperiment_id: '1'\nlifecycle_stage: active\nrun_id: "+
			id+"\nrun_name: fed-"+id[30:]+"\nrun_uuid: "+id+"\nstart_time: 1700000000000\nstatus: 1\nuser_id: ana\n")
	}
	f.write("data.csv", "x,y\n1,2\n")
	f.write("csv/metrics.csv", "epoch,step,train_loss\n")
	f.write("tb/events.out.tfevents.1700000000.host.1.0", string(frame(event(1, "file_version", 0))))
	sample, err := os.ReadFile("../../testdata/formats/mlflowdb/current.db")
	if err != nil {
		t.Fatal(err)
	}
	f.write("mlflow.db", string(sample))
	f.db, err = sql.Open("sqlite", "file:"+filepath.ToSlash(f.abs("mlflow.db"))+"?_pragma=busy_timeout(20000)&_pragma=synchronous(off)")
	if err != nil {
		t.Fatal(err)
	}
	f.db.SetMaxOpenConns(1)
	t.Cleanup(func() { f.db.Close() })
	rows, err := f.db.Query("SELECT run_uuid FROM runs")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		f.runs = append(f.runs, id)
	}
	return f
}

func (f *feeder) abs(rel string) string { return filepath.Join(f.root, filepath.FromSlash(rel)) }

func (f *feeder) write(rel, text string) {
	f.t.Helper()
	if err := os.MkdirAll(filepath.Dir(f.abs(rel)), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(f.abs(rel), []byte(text), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

// add appends, sometimes in two pieces, as a writer whose buffer ends in the middle of a record.
func (f *feeder) add(rel, text string) error {
	if err := os.MkdirAll(filepath.Dir(f.abs(rel)), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(f.abs(rel), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	cut := rand.IntN(len(text) + 1)
	if _, err := file.WriteString(text[:cut]); err != nil {
		return err
	}
	if rand.IntN(4) == 0 {
		time.Sleep(time.Millisecond)
	}
	_, err = file.WriteString(text[cut:])
	return err
}

// run logs until stop is closed.
func (f *feeder) run(stop <-chan struct{}) error {
	for {
		select {
		case <-stop:
			return nil
		case <-time.After(time.Duration(rand.IntN(8)) * time.Millisecond):
		}
		if err := f.turn(); err != nil {
			return err
		}
	}
}

// turn logs twenty points to one of the stores.
func (f *feeder) turn() error {
	at, text := f.step, ""
	f.step += 20
	switch rand.IntN(5) {
	case 0:
		for i := at; i < f.step; i++ {
			text += fmt.Sprintf("%d 0.%d %d\n", 1700000000000+i, i, i)
		}
		return f.add(fmt.Sprintf("mlruns/1/%032x/metrics/loss%d", rand.IntN(4)+1, rand.IntN(3)), text)
	case 1:
		for i := at; i < f.step; i++ {
			text += string(frame(event(int64(i), "loss", float32(i))))
		}
		return f.add("tb/events.out.tfevents.1700000000.host.1.0", text)
	case 2:
		for i := at; i < f.step; i++ {
			text += fmt.Sprintf("%d,%d,0.%d\n", i/100, i, i)
		}
		return f.add("csv/metrics.csv", text)
	case 3:
		for i := at; i < f.step; i++ {
			text += fmt.Sprintf("{\"step\": %d, \"loss\": 0.%d, \"acc\": %d}\n", i, i, i)
		}
		return f.add("json/metrics.jsonl", text)
	}
	tx, err := f.db.Begin()
	if err != nil {
		return err
	}
	for i := at; i < f.step; i++ {
		if _, err := tx.Exec("INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES ('fed', ?, ?, ?, ?, 0)",
			i, 1700000000000+i, f.runs[rand.IntN(len(f.runs))], i); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// event is a TensorBoard event (tensorboard/compat/proto/event.proto): a scalar, or the version that opens a file.
func event(step int64, tag string, value float32) []byte {
	out := binary.LittleEndian.AppendUint64([]byte{0x09}, math.Float64bits(1.7e9+float64(step)))
	if tag == "file_version" {
		return append(append(out, 0x1a, 13), "brain.Event:2"...)
	}
	out = binary.AppendUvarint(append(out, 0x10), uint64(step))
	scalar := append([]byte{0x0a, byte(len(tag))}, tag...)
	scalar = binary.LittleEndian.AppendUint32(append(scalar, 0x15), math.Float32bits(value))
	return append(append(out, 0x2a, byte(len(scalar)+2), 0x0a, byte(len(scalar))), scalar...)
}

// frame puts a record into TFRecord's frame (tensorflow/core/lib/io/record_writer.h).
func frame(data []byte) []byte {
	masked := func(b []byte) uint32 {
		sum := crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))
		return (sum>>15 | sum<<17) + 0xa282ead8
	}
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	out = binary.LittleEndian.AppendUint32(out, masked(out))
	return binary.LittleEndian.AppendUint32(append(out, data...), masked(data))
}

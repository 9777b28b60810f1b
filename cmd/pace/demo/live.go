package demo

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// curve is what xgb-deep-7 logged when it was trained, one JSON object a round.
//
//go:embed live.jsonl
var curve []byte

// Where the replay writes, relative to the project.
const (
	liveRun   = "runs/live-%s/metrics.jsonl"
	liveTable = "data/weather-live.csv"
	fromTable = "data/weather.csv"
)

// badRow has a word where the temperature belongs, and one cell too many.
const badRow = "JFK,2013,12,31,12,warm,26.06,59.37,270,10.35702,,0.0,1012.0,10.0,2013-12-31T17:00:00Z,?\n"

// LiveOptions say how fast the replay goes and who hears of it. Every field may be left zero.
type LiveOptions struct {
	Interval time.Duration                           // between two points; 0 is one second
	Steps    int                                     // points to write; 0 or more than there are is all of them
	Note     func(actor, subject, text string) error // says a note in the project's journal
	Now      func() time.Time                        // the clock of the points; nil is time.Now
	Log      func(line string)                       // tells what happens, one line at a time
}

// Live replays a day's work in an unpacked demo until its points are written or ctx ends: a new run grows by
// a point an Interval; at half of the way a row that does not fit arrives in a copy of the weather table; at
// three quarters a colleague leaves a note on that table. A cancelled ctx is its error; all that was written
// stays.
func Live(ctx context.Context, dir string, options LiveOptions) error {
	options = options.filled()
	points, err := livePoints(options.Steps)
	if err != nil {
		return fmt.Errorf("replay demo: %w", err)
	}
	if err := copyTable(dir); err != nil {
		return fmt.Errorf("copy table: %w", err)
	}
	name := fmt.Sprintf(liveRun, options.Now().UTC().Format("20060102-150405"))
	run, err := create(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return fmt.Errorf("start run: %w", err)
	}
	options.Log("a run grows in " + name)
	err = options.replay(ctx, dir, run, points)
	return errors.Join(err, run.Close())
}

func (o LiveOptions) filled() LiveOptions {
	if o.Interval <= 0 {
		o.Interval = time.Second
	}
	if o.Note == nil {
		o.Note = func(string, string, string) error { return nil }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	return o
}

// replay writes the points, and between them the row and the note.
func (o LiveOptions) replay(ctx context.Context, dir string, run io.Writer, points []point) error {
	tick := time.NewTicker(o.Interval)
	defer tick.Stop()
	for i, p := range points {
		p.Time = float64(o.Now().UnixMilli()) / 1000
		line, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("spell point: %w", err)
		}
		// One write for the whole line: a reader never sees the half of it.
		if _, err := run.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("write point: %w", err)
		}
		if err := o.event(i, len(points), dir); err != nil {
			return err
		}
		if i == len(points)-1 {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	o.Log("the run has ended")
	return nil
}

// event does what is due after point i of n.
func (o LiveOptions) event(i, n int, dir string) error {
	switch i {
	case n / 2:
		o.Log("a row that does not fit arrives in " + liveTable)
		return appendRow(dir)
	case n * 3 / 4:
		o.Log("ben leaves a note on " + liveTable)
		text := "the newest row says temp=warm. Is the station's feed broken again?"
		if err := o.Note("ben", "data:"+liveTable, text); err != nil {
			return fmt.Errorf("leave note: %w", err)
		}
	}
	return nil
}

// point is one line of a run's metrics. Time is in seconds since 1970.
type point struct {
	Step         int64   `json:"step"`
	Time         float64 `json:"time"`
	AUC          float64 `json:"auc"`
	Logloss      float64 `json:"logloss"`
	TrainAUC     float64 `json:"train_auc"`
	TrainLogloss float64 `json:"train_logloss"`
}

// livePoints reads the first n points of the embedded curve; 0 is all of them.
func livePoints(n int) ([]point, error) {
	var points []point
	lines := bufio.NewScanner(bytes.NewReader(curve))
	for lines.Scan() && (n <= 0 || len(points) < n) {
		var p point
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("read curve: %w", err)
		}
		points = append(points, p)
	}
	return points, lines.Err()
}

// create makes a new file and the folders above it.
func create(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o644)
}

// copyTable puts a copy beside the weather table, where there is none yet: the original stays as it is.
func copyTable(dir string) error {
	from, err := os.Open(filepath.Join(dir, filepath.FromSlash(fromTable)))
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := create(filepath.Join(dir, filepath.FromSlash(liveTable)))
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}

func appendRow(dir string) error {
	path := filepath.Join(dir, filepath.FromSlash(liveTable))
	table, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return fmt.Errorf("append row: %w", err)
	}
	_, err = table.WriteString(badRow)
	return errors.Join(err, table.Close())
}

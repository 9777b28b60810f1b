package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pace/store"
)

func TestDirectionsByName(t *testing.T) {
	var d Directions
	for key, want := range map[string]string{
		"loss": "min", "val/loss": "min", "valLoss": "min", "eval_rmse": "min", "binary_crossentropy": "min", "perplexity": "min",
		"auc": "max", "val_acc": "max", "f1_macro": "max", "r2": "max", "neg_mean_squared_error": "max", "test.roc.AUC": "max",
		"epoch": "", "learning_rate": "", "grad_norm": "", "classes": "",
	} {
		got, guessed := d.Of(key)
		if got != want || guessed != (want != "") {
			t.Errorf("direction of %s is %q, guessed %v; want %q", key, got, guessed, want)
		}
	}
}

func TestWhoSaysTheDirection(t *testing.T) {
	experiments := []store.Experiment{{PrimaryMetric: "score", Direction: "minimize"}}
	marks := []store.Mark{
		{Kind: "direction", Key: "loss", Value: "min", Time: noon.Add(-time.Hour)},
		{Kind: "direction", Key: "loss", Value: "max", Time: noon},
	}
	opts := options()
	d := newDirections(opts, marks, experiments)
	if got, guessed := d.Of("score"); got != "min" || guessed {
		t.Errorf("the tool's record says min, got %q guessed %v", got, guessed)
	}
	if got, _ := d.Of("loss"); got != "max" {
		t.Errorf("the newest mark says max, got %q", got)
	}
	opts.Primary, opts.Direction = "loss", "min"
	d = newDirections(opts, marks, experiments)
	if got, _ := d.Of("loss"); got != "min" {
		t.Errorf("pace.yaml says min, got %q", got)
	}
	keys := []store.KeyCount{{Key: "auc", Runs: 9}, {Key: "loss", Runs: 1}}
	if got := d.Primary(keys); got != "loss" {
		t.Errorf("pace.yaml names loss, got %q", got)
	}
	if got := (Directions{}).Primary([]store.KeyCount{{Key: "cpu", Runs: 9, System: true}, {Key: "epoch", Runs: 9}, {Key: "loss", Runs: 9}, {Key: "val_auc", Runs: 9}}); got != "val_auc" {
		t.Errorf("of these val_auc stands for a run, got %q", got)
	}
}

func TestSeriesKeepsTheSpike(t *testing.T) {
	db := openStore(t)
	values := make([]float64, 10_000)
	values[7777] = 42
	values[100], values[200] = math.NaN(), math.Inf(1)
	putRuns(t, db, told{id: "aa", status: "finished", ago: time.Hour, metrics: map[string][]float64{"loss": values}})
	s, err := LoadSeries(t.Context(), db.Reader(), options(), SeriesQuery{Run: "aa", Key: "loss", Width: 50, Points: true})
	if err != nil {
		t.Fatal(err)
	}
	if s.Axis != AxisStep || s.From != 0 || s.To != 9999 || len(s.Curve.Columns) != 50 || len(s.Points) != 10_000 {
		t.Fatalf("axis %s from %g to %g, %d columns, %d points", s.Axis, s.From, s.To, len(s.Curve.Columns), len(s.Points))
	}
	col := s.Curve.Columns[7777*50/9999]
	if col.Max != 42 || col.Min != 0 || s.Curve.High != 42 {
		t.Errorf("the spike is lost: %+v", col)
	}
	if !s.Curve.Columns[0].NaN || !s.Curve.Columns[1].Up {
		t.Errorf("NaN and infinity are lost: %+v %+v", s.Curve.Columns[0], s.Curve.Columns[1])
	}
	if s.Metric.NaN != 1 || s.Infinite != 1 || s.MetricSummary.Max != 42 || s.MaxStep != 7777 {
		t.Errorf("summary %+v", s.MetricSummary)
	}
	zoom, err := LoadSeries(t.Context(), db.Reader(), options(), SeriesQuery{Run: "aa", Key: "loss", Width: 10, From: 7770, To: 7780})
	if err != nil || zoom.Curve.Columns[7].Max != 42 || zoom.Curve.Columns[6].N != 1 {
		t.Errorf("zoomed %+v %v", zoom.Curve, err)
	}
}

func TestSeriesAxes(t *testing.T) {
	db := openStore(t)
	putRuns(t, db, told{id: "aa", status: "finished", ago: time.Hour, metrics: map[string][]float64{"loss": {3, 2, 1}}})
	apply(t, db, func(tx *store.Tx) error {
		return tx.AppendPoints("aa", "bare", false, store.Points{Steps: []int64{store.NoStep, store.NoStep}, Times: []int64{store.NoTime, store.NoTime}, Values: []float64{1, 2}})
	})
	start := float64(noon.Add(-time.Hour).Unix())
	for _, c := range []struct {
		key      string
		axis     Axis
		want     Axis
		from, to float64
	}{
		{"loss", "", AxisStep, 0, 2}, {"loss", AxisIndex, AxisIndex, 0, 2}, {"loss", AxisShare, AxisShare, 0, 1},
		{"loss", AxisElapsed, AxisElapsed, 0, 2}, {"loss", AxisTime, AxisTime, start, start + 2},
		{"bare", AxisStep, AxisIndex, 0, 1}, {"bare", AxisTime, AxisIndex, 0, 1},
	} {
		s, err := LoadSeries(t.Context(), db.Reader(), options(), SeriesQuery{Run: "aa", Key: c.key, Width: 4, Axis: c.axis})
		if err != nil || s.Axis != c.want || s.From != c.from || s.To != c.to {
			t.Errorf("%s over %q: %s from %g to %g, %v", c.key, c.axis, s.Axis, s.From, s.To, err)
		}
	}
	// The debiased average of 3, 2, 1 with weight a half: 3, (3/4 + 1)/(3/4), (7/8 + 1/2)/(7/8).
	s, err := LoadSeries(t.Context(), db.Reader(), options(), SeriesQuery{Run: "aa", Key: "loss", Width: 3, Smooth: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{3, 7.0 / 3, 11.0 / 7} {
		if got := s.Smooth.Columns[i].Last; math.Abs(got-want) > 1e-12 {
			t.Errorf("smoothed point %d is %g, want %g", i, got, want)
		}
	}
	if _, err := LoadSeries(t.Context(), db.Reader(), options(), SeriesQuery{Run: "aa", Key: "none"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("no such series: %v", err)
	}
}

func TestCompare(t *testing.T) {
	db := openStore(t)
	putRuns(t, db, four()...)
	apply(t, db, func(tx *store.Tx) error {
		for run, digest := range map[string]string{"aa": "a41f", "bb": "c09e"} {
			if err := tx.PutInput(store.Input{Run: run, Name: "flights", Digest: digest}); err != nil {
				return err
			}
		}
		return nil
	})
	c, err := LoadCompare(t.Context(), db.Reader(), options(), CompareQuery{IDs: []string{"aa", "bb", "cc"}, Width: 10})
	if err != nil {
		t.Fatal(err)
	}
	if c.Comparable || !slices.Equal(c.DataDiffer, []bool{false, true, false}) || !strings.HasPrefix(c.Data, "data differs in 1 of 3") {
		t.Errorf("data: %q, differs %v", c.Data, c.DataDiffer)
	}
	var keys []string
	for _, row := range c.Rows {
		keys = append(keys, row.Key)
	}
	if want := []string{"kind", "lr", "data"}; !slices.Equal(keys, want) {
		t.Errorf("rows that differ %v, want %v", keys, want)
	}
	auc := c.Metrics[0]
	// The last values are 0.8, 0.7 and NaN; more is better.
	if v := auc.Values; !v[0].Best || v[1].Verdict != "worse" || math.Abs(float64(v[1].Delta)+0.1) > 1e-12 || math.Abs(float64(v[1].Percent)+12.5) > 1e-9 || v[2].Verdict != "changed" {
		t.Errorf("auc %+v", v)
	}
	if len(c.Curves) != 3 || c.Curves[0].Curve.From != c.Curves[1].Curve.From || c.Curves[0].Curve.To != c.Curves[1].Curve.To {
		t.Error("the curves do not share their x")
	}
	all, err := LoadCompare(t.Context(), db.Reader(), options(), CompareQuery{IDs: []string{"aa", "bb"}, All: true})
	if err != nil || all.Shown != all.Total || all.Total <= c.Shown {
		t.Errorf("all shows %d of %d, %v", all.Shown, all.Total, err)
	}
	if _, err := LoadCompare(t.Context(), db.Reader(), options(), CompareQuery{IDs: []string{"aa", "zz"}}); !IsNotFound(err) {
		t.Errorf("an unknown run: %v", err)
	}
}

func TestStale(t *testing.T) {
	at := func(ago time.Duration) store.Run {
		return store.Run{Status: "running", Span: store.Span{Started: noon.Add(-48 * time.Hour), Active: noon.Add(-ago)}}
	}
	m := Moment{Now: noon}
	hourly := []store.Summary{{N: 11, First: store.Point{Time: 0}, Last: store.Point{Time: 10 * time.Hour.Microseconds()}}}
	busy := []store.Summary{{N: 11, First: store.Point{Time: 0}, Last: store.Point{Time: 10 * time.Second.Microseconds()}}}
	for _, c := range []struct {
		summaries []store.Summary
		ago       time.Duration
		want      bool
	}{
		{busy, 4 * time.Minute, false}, {busy, 6 * time.Minute, true}, // five minutes at least
		{hourly, 9 * time.Hour, false}, {hourly, 11 * time.Hour, true}, // ten intervals
		{nil, 23 * time.Hour, false}, {nil, 25 * time.Hour, true},
	} {
		if got := m.stale(at(c.ago), quietLimit(c.summaries)); got != c.want {
			t.Errorf("silent for %s: stale %v, want %v", c.ago, got, c.want)
		}
	}
}

func TestOverview(t *testing.T) {
	db := openStore(t)
	runs := four()
	runs[3].metrics = map[string][]float64{"auc": {0.6, 0.85}} // the running one, silent for an hour
	runs = append(runs, told{id: "ee", name: "now", status: "running", ago: 3 * time.Second, metrics: map[string][]float64{"auc": {0.6, 0.95}}})
	putRuns(t, db, runs...)
	apply(t, db, func(tx *store.Tx) error {
		if err := tx.PutProblem(store.Problem{Source: "x", Path: "x/meta.yaml", Message: "read run: torn", Since: noon}); err != nil {
			return err
		}
		return tx.ReplaceProjection(nil, []store.Note{{ID: "n1", Subject: "run:aa", Actor: "peer", Text: "leak?", Time: noon}}, nil, nil)
	})
	o, err := LoadOverview(t.Context(), db.Reader(), options(), OverviewQuery{Seen: noon.Add(-150 * time.Minute), Width: 20})
	if err != nil {
		t.Fatal(err)
	}
	if c := o.Counts; c.Runs != 5 || c.Live != 1 || c.Stale != 1 || c.Failed != 1 || c.Problems != 1 || c.Unresolved != 1 {
		t.Errorf("counts %+v", c)
	}
	var kinds []string
	for _, f := range o.Needs {
		kinds = append(kinds, f.Kind)
	}
	slices.Sort(kinds)
	if want := []string{"failed", "nan", "note", "problem", "stale"}; !slices.Equal(kinds, want) {
		t.Errorf("needs %v, want %v", kinds, want)
	}
	if len(o.Live) != 1 || o.Live[0].ID != "ee" || o.Live[0].Verdict != "best so far" || len(o.Live[0].Series.Curve.Columns) != 20 {
		t.Errorf("live %+v", o.Live)
	}
	var news []string
	for _, n := range o.News {
		news = append(news, n.Sign+" "+n.Subject)
	}
	if want := []string{"✎ run:aa", "+ run:ee", "+ run:dd", "+ run:cc"}; !slices.Equal(news, want) {
		t.Errorf("news %v, want %v", news, want)
	}
	empty, err := LoadOverview(t.Context(), openStore(t).Reader(), options(), OverviewQuery{})
	if err != nil || empty.Empty == "" {
		t.Errorf("an empty project says nothing: %+v %v", empty, err)
	}
}

func TestResolve(t *testing.T) {
	db := openStore(t)
	putRuns(t, db, told{id: "abcd1", name: "one", status: "finished"}, told{id: "abce2", name: "two", status: "finished"}, told{id: "zz", name: "two", status: "finished"})
	apply(t, db, func(tx *store.Tx) error {
		return tx.PutDataset(store.Dataset{Path: "data/t.csv", Rows: -1, Columns: -1})
	})
	for text, want := range map[string]string{
		"abcd": "run:abcd1", "run:abcd1": "run:abcd1", "one": "run:abcd1", "native-zz": "run:zz", "data/t.csv": "data:data/t.csv",
		"./data/t.csv": "data:data/t.csv", "curve:one/auc@12": "curve:abcd1/auc@12", "row:data/t.csv#7": "row:data/t.csv#7", "cell:data/t.csv#7/x": "cell:data/t.csv#7/x",
	} {
		if got, err := Resolve(t.Context(), db.Reader(), text); err != nil || got != want {
			t.Errorf("resolve %q = %q, %v; want %q", text, got, err, want)
		}
	}
	var ambiguous *Ambiguous
	for _, text := range []string{"abc", "two", "mlruns"} {
		if _, err := Resolve(t.Context(), db.Reader(), text); !errors.As(err, &ambiguous) || len(ambiguous.Candidates) < 2 {
			t.Errorf("resolve %q: %v", text, err)
		}
	}
	for _, text := range []string{"", "nobody", "run:", "data:none.csv", "curve:one"} {
		if _, err := Resolve(t.Context(), db.Reader(), text); !IsNotFound(err) {
			t.Errorf("resolve %q: %v", text, err)
		}
	}
}

func TestNotesThread(t *testing.T) {
	notes := threadNotes([]store.Note{
		{ID: "3", ReplyTo: "2", Time: noon.Add(2)}, {ID: "1", Time: noon}, {ID: "2", ReplyTo: "1", Time: noon.Add(1)},
		{ID: "4", ReplyTo: "gone", Time: noon.Add(3)}, {ID: "5", ReplyTo: "5", Time: noon.Add(4)},
	})
	if len(notes) != 3 || notes[0].ID != "1" || notes[0].Answers[0].Answers[0].ID != "3" || notes[1].ID != "4" || notes[2].ID != "5" {
		t.Errorf("threads %+v", notes)
	}
}

func TestJSONOfWhatNumbersCannotBe(t *testing.T) {
	got, err := json.Marshal([]any{Float(math.NaN()), Float(math.Inf(1)), Float(math.Inf(-1)), Float(0.1), Step(store.NoStep), Step(-3), Time{}, Time{noon},
		KVs{{"b", "1"}, {"a", "\x1b"}}, KVs{}, Metrics(nil), SeriesPoints{{Key: "k"}}})
	want := `["NaN","Infinity","-Infinity",0.1,null,-3,null,"2026-11-22T12:00:00Z",{"b":"1","a":"\u001b"},{},{},{"k":[]}]`
	if err != nil || string(got) != want {
		t.Errorf("json %s %v, want %s", got, err, want)
	}
	var back []Float
	if err := json.Unmarshal([]byte(`["NaN","Infinity","-Infinity",0.1]`), &back); err != nil || !math.IsNaN(float64(back[0])) || !math.IsInf(float64(back[1]), 1) || back[3] != 0.1 {
		t.Errorf("back %v %v", back, err)
	}
}

func TestBuildVerdicts(t *testing.T) {
	db := openStore(t)
	r, err := Build(t.Context(), db.Reader(), options(), BuildQuery{})
	if err != nil || r.Verdict != Nothing {
		t.Errorf("an empty project is %q, %v", r.Verdict, err)
	}
	putRuns(t, db, four()[:2]...)
	if r, err = Build(t.Context(), db.Reader(), options(), BuildQuery{Width: 30}); err != nil || r.Verdict != OK || r.Sections.Runs.Primary != "auc" || len(r.Sections.Runs.Curves) != 2 {
		t.Errorf("two good runs are %q, %v", r.Verdict, err)
	}
	putRuns(t, db, four()...)
	if r, err = Build(t.Context(), db.Reader(), options(), BuildQuery{Only: []string{"runs"}}); err != nil || r.Verdict != Warn || r.Sections.Data != nil {
		t.Errorf("with a failed run it is %q, %v", r.Verdict, err)
	}
	if _, err = Build(t.Context(), db.Reader(), options(), BuildQuery{Only: []string{"nonsense"}}); err == nil {
		t.Error("a section that does not exist is no error")
	}
}

func TestArtifactsAreNoDatasets(t *testing.T) {
	db := openStore(t)
	putRuns(t, db, told{id: "aaaaaaaa", status: "finished"})
	apply(t, db, func(tx *store.Tx) error {
		for _, p := range []string{"mlruns/1/native-aaaaaaaa/artifacts/x.csv", "data/y.csv"} {
			if err := tx.PutDataset(store.Dataset{Path: p, Rows: -1, Columns: -1}); err != nil {
				return err
			}
		}
		return nil
	})
	ds, err := LoadDatasets(t.Context(), db.Reader(), options())
	if err != nil || len(ds) != 1 || ds[0].Path != "data/y.csv" {
		t.Errorf("datasets %+v %v", ds, err)
	}
	d, err := LoadDataset(t.Context(), db.Reader(), options(), "mlruns/1/native-aaaaaaaa/artifacts/x.csv")
	if err != nil || d.Run != "aaaaaaaa" {
		t.Errorf("the artifact belongs to %q, %v", d.Run, err)
	}
}

// TestManyRunsReadByKeyAreTheSame reads more runs than the limit at once and each alone.
func TestManyRunsReadByKeyAreTheSame(t *testing.T) {
	db := openStore(t)
	var runs []told
	for i := range manyRows + 20 {
		runs = append(runs, told{
			id: fmt.Sprintf("run%03d", i), status: "finished", ago: time.Duration(i) * time.Minute,
			params: map[string]string{"b": "x", "a": fmt.Sprint(i)}, tags: map[string]string{"t": fmt.Sprint(i % 3)},
			metrics: map[string][]float64{"loss": {1, float64(i)}, "auc": {float64(i) / 1000}},
		})
	}
	putRuns(t, db, runs...)
	all, err := LoadRuns(t.Context(), db.Reader(), options(), RunsQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if all.Total != len(runs) || len(all.Runs) != len(runs) {
		t.Fatalf("%d runs of %d", len(all.Runs), len(runs))
	}
	for _, run := range all.Runs {
		alone, err := LoadRun(t.Context(), db.Reader(), options(), RunQuery{ID: run.ID})
		if err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(run)
		b, _ := json.Marshal(alone.Run)
		if string(a) != string(b) {
			t.Fatalf("by key %s, alone %s", a, b)
		}
	}
}

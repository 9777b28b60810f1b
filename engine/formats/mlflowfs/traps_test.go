package mlflowfs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
)

const (
	runID   = "0123456789abcdef0123456789abcdef"
	runPath = "mlruns/7/" + runID
	runKey  = "mlflow/7/" + runID
)

// project writes a run as an old client leaves it: a bare number for the experiment, no run_name.
func project(t *testing.T) (root string, src ingest.Source) {
	t.Helper()
	root = t.TempDir()
	put(t, root, runPath+"/meta.yaml", "artifact_uri: file:///old/place/mlruns/7/"+runID+"/artifacts\nend_time: null\n"+
		"experiment_id: 7\nlifecycle_stage: active\nrun_uuid: "+runID+"\nsource_version: abc123\nstart_time: 1700000000000\n"+
		"status: 1\nuser_id: ana\n")
	put(t, root, runPath+"/tags/mlflow.runName", "old run")
	put(t, root, runPath+"/tags/team", "flights")
	put(t, root, runPath+"/metrics/val/loss", "1700000000000 0.5 0\n")
	return root, ingest.Source{Root: root, Path: runPath}
}

func put(t *testing.T, root, rel, text string) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(rel))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func age(t *testing.T, root, rel string) {
	t.Helper()
	if err := os.Chtimes(filepath.Join(root, rel), longAgo, longAgo); err != nil {
		t.Fatal(err)
	}
}

func on(t *testing.T, src ingest.Source, cursor []byte, s *ingesttest.State) ingest.Result {
	t.Helper()
	res, err := read(t.Context(), src, cursor, s, ingest.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestOldRun(t *testing.T) {
	_, src := project(t)
	s := ingesttest.NewState()
	on(t, src, nil, s)
	run := s.Facts["run "+runKey].(ingest.Run)
	if run.Name != "old run" || run.Experiment != "mlflow/mlruns/7" || run.Status != ingest.Running || run.Commit != "abc123" || !run.Ended.IsZero() {
		t.Fatalf("%+v", run)
	}
	if p := s.Series[ingesttest.SeriesID{Run: runKey, Series: "val/loss"}]; len(p) != 1 || p[0].Value() != 0.5 {
		t.Fatalf("%v", p)
	}
}

func TestTornMetaKeepsTheOld(t *testing.T) {
	root, src := project(t)
	s := ingesttest.NewState()
	res := on(t, src, nil, s)
	meta, _ := os.ReadFile(src.Abs(metaFile))
	for _, torn := range []string{"", "artifact_uri: file", string(meta[:len(meta)-20])} {
		put(t, root, runPath+"/meta.yaml", torn)
		put(t, root, runPath+"/metrics/val/loss", "1700000000000 0.5 0\n1700000001000 0.4 1\n")
		again := ingesttest.NewState()
		again.Facts["run "+runKey] = s.Facts["run "+runKey]
		if next := on(t, src, res.Cursor, again); !next.Torn || again.Count != 1 || len(again.Problems) != 0 {
			t.Fatalf("meta.yaml %q: torn %v, %d points, problems %v", torn, next.Torn, again.Count, again.Problems)
		}
	}
	if first := on(t, src, nil, ingesttest.NewState()); !first.Torn {
		t.Fatal("a run never seen before whose meta.yaml is half written is torn")
	}
	put(t, root, runPath+"/meta.yaml", "")
	age(t, root, runPath+"/meta.yaml")
	stayed := ingesttest.NewState()
	next := on(t, src, nil, stayed)
	if next.Torn || len(stayed.Problems) != 1 {
		t.Fatalf("empty for long: torn %v, problems %v", next.Torn, stayed.Problems)
	}
	if on(t, src, next.Cursor, stayed); stayed.Records != 1 {
		t.Fatalf("the problem is said %d times", stayed.Records)
	}
	put(t, root, runPath+"/meta.yaml", strings.Replace(string(meta), "status: 1", "status: 3", 1))
	on(t, src, next.Cursor, stayed)
	if run := stayed.Facts["run "+runKey].(ingest.Run); run.Status != ingest.Finished {
		t.Fatalf("repaired: %+v", run)
	}
}

func TestTagsComeChangeAndGo(t *testing.T) {
	root, src := project(t)
	s := ingesttest.NewState()
	res := on(t, src, nil, s)
	put(t, root, runPath+"/tags/team", "weather")
	put(t, root, runPath+"/tags/mlflow.runName", "renamed")
	put(t, root, runPath+"/tags/new/one", "")
	res = on(t, src, res.Cursor, s)
	if v := s.Facts["tag "+runKey+" team"].(ingest.Tag).Value; v != "weather" {
		t.Fatal(v)
	}
	if n := s.Facts["run "+runKey].(ingest.Run).Name; n != "renamed" {
		t.Fatal(n)
	}
	if _, ok := s.Facts["tag "+runKey+" new/one"]; !ok {
		t.Fatal("a nested tag is missing")
	}
	os.Remove(src.Abs("tags", "team"))
	on(t, src, res.Cursor, s)
	if _, ok := s.Facts["tag "+runKey+" team"]; ok {
		t.Fatal("a removed tag stays")
	}
}

func TestAnotherRunInTheFolder(t *testing.T) {
	root, src := project(t)
	s := ingesttest.NewState()
	res := on(t, src, nil, s)
	meta, _ := os.ReadFile(src.Abs(metaFile))
	put(t, root, runPath+"/meta.yaml", strings.Replace(string(meta), "experiment_id: 7", "experiment_id: 8", 1))
	on(t, src, res.Cursor, s)
	fresh := ingesttest.NewState()
	on(t, src, nil, fresh)
	if d := fresh.Diff(s); d != "" {
		t.Fatalf("moved to another experiment:\n%s", d)
	}
}

func TestClaims(t *testing.T) {
	root, _ := project(t)
	put(t, root, "mlruns/7/meta.yaml", "artifact_location: x\nexperiment_id: 7\nlifecycle_stage: active\nname: seven\n")
	put(t, root, "mlruns/8/meta.yaml", "")
	put(t, root, "mlruns/.trash/9/meta.yaml", "artifact_location: x\nexperiment_id: '9'\nname: nine\n")
	put(t, root, "mlruns/7/datasets/"+runID+"/meta.yaml", "name: x\ndigest: y\n")
	put(t, root, "mlruns/7/traces/tr-1/trace_info.yaml", "x: y\n")
	put(t, root, "mlruns/7/models/m-"+runID+"/meta.yaml", "model_id: m\n")
	put(t, root, "mlruns/7/myrun-1/meta.yaml", "artifact_uri: x\nrun_id: myrun-1\nstatus: 3\n")
	put(t, root, "mlruns/models/Late/meta.yaml", "name: Late\n")
	put(t, root, "mlruns/models/Late/version-1/meta.yaml", "name: Late\nrun_id: "+runID+"\nsource: x\nversion: 1\n")
	put(t, root, "artifacts-only/mlruns/0/"+runID+"/artifacts/model/MLmodel", "flavors: {}\n")
	put(t, root, "hydra/2026/meta.yaml", "title: a page\n")
	var got []string
	for _, u := range ingesttest.Claims(t, root, Format()) {
		got = append(got, u.Path)
	}
	want := []string{
		"mlruns/.trash/9/meta.yaml", "mlruns/7/meta.yaml", runPath,
		"mlruns/7/models/m-" + runID, "mlruns/7/myrun-1", "mlruns/8/meta.yaml",
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestStampOfASettledRun(t *testing.T) {
	root, src := project(t)
	at := func() string {
		s, err := stamp(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	grow := func() {
		put(t, root, runPath+"/metrics/val/loss", strings.Repeat("1700000000000 0.5 0\n", 3+int(time.Now().UnixNano()%97)))
	}
	age(t, root, runPath+"/meta.yaml")
	before := at()
	grow()
	if at() == before {
		t.Fatal("a running run grew in silence")
	}
	meta, _ := os.ReadFile(src.Abs(metaFile))
	put(t, root, runPath+"/meta.yaml", strings.Replace(string(meta), "status: 1", "status: 3", 1))
	age(t, root, runPath+"/meta.yaml")
	before = at()
	put(t, root, runPath+"/metrics/val/auc", "1700000000000 0.5 0\n")
	if at() == before {
		t.Fatal("a new metric of a settled run in silence")
	}
	before = at()
	put(t, root, runPath+"/tags/team", "another team")
	if at() == before {
		t.Fatal("a changed tag of a settled run in silence")
	}
}

func TestUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	_, src := project(t)
	if err := os.Chmod(src.Abs("metrics", "val", "loss"), 0); err != nil {
		t.Fatal(err)
	}
	s := ingesttest.NewState()
	on(t, src, nil, s)
	if len(s.Problems) != 1 || s.Facts["run "+runKey] == nil {
		t.Fatalf("problems %v", s.Problems)
	}
}

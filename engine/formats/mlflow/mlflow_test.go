package mlflow

import (
	"os"
	"path/filepath"
	"testing"

	"pace/engine/ingest"
)

func mkdir(t *testing.T, elem ...string) string {
	t.Helper()
	dir := filepath.Join(elem...)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestArtifactDir(t *testing.T) {
	root, other := t.TempDir(), t.TempDir()
	there := mkdir(t, root, "mlruns", "0", "run1", "artifacts")
	served := mkdir(t, root, "mlartifacts", "0", "run2", "artifacts")
	elsewhere := mkdir(t, other, "artifacts")
	cases := []struct{ name, uri, beside, want string }{
		{"a URI that exists", "file://" + there, elsewhere, there},
		{"a path that exists", there, elsewhere, there},
		{"moved, beside the facts", "file:///old/mlruns/0/run1/artifacts", elsewhere, elsewhere},
		{"moved, below the root", "file:///old/mlruns/0/run1/artifacts", "", there},
		{"relative", "./mlruns/0/run1/artifacts", "", there},
		{"from Windows", "file:///C:/work/mlruns/0/run1/artifacts", "", there},
		{"a Windows path", `C:\work\mlruns\0\run1\artifacts`, "", there},
		{"of a server", "mlflow-artifacts:/0/run2/artifacts", elsewhere, served},
		{"nowhere", "file:///old/mlruns/0/run9/artifacts", "", "file:///old/mlruns/0/run9/artifacts"},
		{"object store", "s3://bucket/0/run1/artifacts", elsewhere, "s3://bucket/0/run1/artifacts"},
		{"climbing", "file:///x/../../../etc/run1/artifacts", "", "file:///x/../../../etc/run1/artifacts"},
		{"none", "", "", ""},
		{"none, beside the facts", "", elsewhere, elsewhere},
	}
	for _, c := range cases {
		if got := ArtifactDir(c.uri, c.beside, root); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestHeader(t *testing.T) {
	r := Header(Native{RunID: "a", Experiment: "12", Status: "KILLED", User: "root"}, map[string]string{
		TagRunName: "name", TagParent: "p", TagUser: "ana", TagSource: "train.py", TagCommit: "c0ffee", TagDirty: "True",
	})
	if r.Key != "mlflow/12/a" || r.Parent != "mlflow/12/p" || r.Status != ingest.Killed || r.Name != "name" ||
		r.User != "root" || r.Command != "train.py" || r.Commit != "c0ffee" || r.Dirty == nil || !*r.Dirty {
		t.Fatalf("%+v", r)
	}
	if Status("SOMETHING") != ingest.Unknown || StatusName("4") != "FAILED" || StatusName("x") != "x" {
		t.Fatal("status")
	}
}

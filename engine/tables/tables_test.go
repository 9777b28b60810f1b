package tables

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pace/engine/table/tabletest"
)

const fixtures = "../../testdata/formats/table"

// TestConform runs the suite over every format and every fixture; each fixture belongs to one format.
func TestConform(t *testing.T) {
	entries, err := os.ReadDir(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	samples := map[string][]string{}
	for _, e := range entries {
		path := filepath.Join(fixtures, e.Name())
		if strings.HasSuffix(path, ".want.json") || e.IsDir() {
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		claims := 0
		for _, f := range All() {
			if f.Claim(path, raw[:min(len(raw), headSize)]) {
				claims++
				samples[f.Name] = append(samples[f.Name], path)
			}
		}
		if claims != 1 {
			t.Errorf("%s is claimed by %d formats", path, claims)
		}
	}
	for _, f := range All() {
		t.Run(f.Name, func(t *testing.T) { tabletest.Conform(t, f, samples[f.Name]) })
	}
}

func TestUnknownFormat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.md")
	if err := os.WriteFile(path, []byte("# notes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(path); err == nil || !strings.Contains(err.Error(), "no known table format") {
		t.Errorf("error %v", err)
	}
}

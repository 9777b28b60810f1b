package ignore

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// JunkFolders are folders that tools fill and nobody looks for work in, by name.
var JunkFolders = [...]string{
	".git", ".hg", ".svn", "node_modules", "bower_components", "__pycache__", "site-packages", ".ipynb_checkpoints",
	".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".nox", ".eggs", ".gradle", ".idea", ".vscode", ".terraform",
	".pace", ".Trash", ".snapshot", "lost+found",
}

// dvcFolders lie in .dvc: the cache holds copies of data under digests.
var dvcFolders = [...]string{"cache", "tmp"}

// marks are entries that only a Python environment has.
var marks = [...]string{"pyvenv.cfg", "conda-meta"}

// junk tells folders that are skipped whatever any file says.
func (m *Matcher) junk(rel, name string) bool {
	if slices.Contains(JunkFolders[:], name) {
		return true
	}
	if slices.Contains(dvcFolders[:], name) && strings.HasSuffix("/"+rel, "/.dvc/"+name) {
		return true
	}
	if inTracked(rel) {
		return false
	}
	full := rel
	if !filepath.IsAbs(rel) {
		full = filepath.Join(m.root, filepath.FromSlash(rel))
	}
	for _, mark := range marks {
		if _, err := os.Lstat(filepath.Join(full, mark)); err == nil {
			return true
		}
	}
	return false
}

// TrackedFolders are written by tracking tools alone; in them a .gitignore means nothing and no environment lies.
var TrackedFolders = [...]string{"mlruns", "mlartifacts", "wandb", "lightning_logs", "tb_logs", "dvclive", "multirun", ".aim"}

// WorkFolders hold data, runs or models in most projects, and stand in their .gitignore for their size.
var WorkFolders = [...]string{
	"data", "dataset", "datasets", "runs", "outputs", "output", "logs", "models", "model", "checkpoints", "ckpt",
	"experiments", "results", "artifacts", "predictions",
}

// workExts are endings of data, tracking and model files.
var workExts = [...]string{
	".csv", ".tsv", ".csv.gz", ".tsv.gz", ".csv.zst", ".tsv.zst", ".parquet", ".arrow", ".feather", ".jsonl", ".ndjson", ".db", ".sqlite", ".sqlite3",
	".dvc", ".wandb", ".onnx", ".ubj", ".safetensors",
}

func inTracked(rel string) bool {
	for name := range strings.SplitSeq(rel, "/") {
		if slices.Contains(TrackedFolders[:], name) {
			return true
		}
	}
	return false
}

// inWork tells what a .gitignore does not hide: everything in tracked folders, work folders, and data files.
func inWork(names []string, folder bool) bool {
	for _, n := range names {
		if slices.Contains(TrackedFolders[:], n) {
			return true
		}
	}
	last := names[len(names)-1]
	if folder {
		return slices.Contains(WorkFolders[:], last)
	}
	if strings.Contains(last, ".tfevents.") {
		return true
	}
	return slices.ContainsFunc(workExts[:], func(ext string) bool { return strings.HasSuffix(last, ext) })
}

package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"pace/engine/report"
)

// maxArtifactDepth bounds the folders below a run's artifacts that are listed.
const maxArtifactDepth = 32

// artifactDir is the folder of a run's artifacts; reason says why there is none.
func (e *Engine) artifactDir(ctx context.Context, run string) (dir, reason string, err error) {
	r, ok, err := e.Reader().Run(ctx, run)
	switch {
	case err != nil:
		return "", "", err
	case !ok:
		return "", "", fmt.Errorf("list artifacts: there is no run %s", run)
	case r.ArtifactDir == "":
		return "", "the run names no folder for artifacts", nil
	case !filepath.IsAbs(r.ArtifactDir):
		return "", r.ArtifactDir + " can't be read here", nil
	}
	if _, err := os.Stat(r.ArtifactDir); err != nil {
		return "", fmt.Sprintf("%s can't be read: %v", r.ArtifactDir, cause(err)), nil
	}
	return r.ArtifactDir, "", nil
}

func (e *Engine) artifacts(ctx context.Context, r report.ArtifactList) (report.Artifacts, error) {
	out := report.Artifacts{Run: r.Run}
	var err error
	if out.Dir, out.Reason, err = e.artifactDir(ctx, r.Run); err != nil || out.Reason != "" {
		return out, err
	}
	err = filepath.WalkDir(out.Dir, func(path string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil || path == out.Dir {
			return nil // a folder that can't be read is listed and has nothing in it
		}
		if len(out.Files) >= report.MaxArtifacts {
			out.More = true
			return fs.SkipAll
		}
		rel, err := filepath.Rel(out.Dir, path)
		if err != nil {
			return err
		}
		if info, err := d.Info(); err == nil {
			out.Files = append(out.Files, artifact(filepath.ToSlash(rel), info))
		}
		if d.IsDir() && strings.Count(rel, string(filepath.Separator)) >= maxArtifactDepth {
			return fs.SkipDir
		}
		return nil
	})
	return out, err
}

func artifact(path string, info fs.FileInfo) report.Artifact {
	a := report.Artifact{Path: path, Dir: info.IsDir(), Modified: report.Time{Time: info.ModTime().UTC()}}
	if !a.Dir {
		a.Bytes = info.Size()
	}
	return a
}

// artifactHead reads the start of one artifact. The folder is opened as a root: no path and no link leads
// out of it.
func (e *Engine) artifactHead(ctx context.Context, r report.ArtifactHead) (report.ArtifactBytes, error) {
	dir, reason, err := e.artifactDir(ctx, r.Run)
	if err != nil {
		return report.ArtifactBytes{}, err
	}
	if reason != "" {
		return report.ArtifactBytes{}, fmt.Errorf("read artifact: %s", reason)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return report.ArtifactBytes{}, fmt.Errorf("read artifact: %w", err)
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(r.Path))
	if err != nil {
		return report.ArtifactBytes{}, fmt.Errorf("read artifact: %w", err)
	}
	if !info.Mode().IsRegular() {
		return report.ArtifactBytes{}, fmt.Errorf("read artifact %s: not a file", r.Path)
	}
	f, err := root.Open(filepath.FromSlash(r.Path))
	if err != nil {
		return report.ArtifactBytes{}, fmt.Errorf("read artifact: %w", err)
	}
	defer f.Close()
	limit := r.Limit
	if limit <= 0 || limit > report.MaxArtifactHead {
		limit = report.MaxArtifactHead
	}
	head, err := io.ReadAll(io.LimitReader(f, limit))
	if err != nil {
		return report.ArtifactBytes{}, fmt.Errorf("read artifact: %w", err)
	}
	whole := int64(len(head)) == info.Size()
	return report.ArtifactBytes{Artifact: artifact(r.Path, info), Head: head, Kind: kindOf(head, whole)}, ctx.Err()
}

// kindOf says what the start of a file looks like.
func kindOf(head []byte, whole bool) string {
	for _, magic := range []string{"\x89PNG\r\n", "\xff\xd8\xff", "GIF8", "II*\x00", "MM\x00*"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return "image"
		}
	}
	if len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP" {
		return "image"
	}
	text := head
	if !whole { // the cut may go through a character
		for i := 0; i < utf8.UTFMax && len(text) > 0 && !utf8.Valid(text); i++ {
			text = text[:len(text)-1]
		}
	}
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return "binary"
	}
	trim := bytes.TrimSpace(text)
	if len(trim) > 0 && (trim[0] == '{' || trim[0] == '[') && (!whole || json.Valid(trim)) {
		return "json"
	}
	return "text"
}

package engine

import (
	"context"
	"fmt"
	"path/filepath"

	"pace/engine/report"
)

// Ask computes an answer now. The requests and their answers are those of package report; any other is an
// error.
func (e *Engine) Ask(ctx context.Context, request report.Request) (report.Answer, error) {
	switch r := request.(type) {
	case report.ArtifactList:
		return e.artifacts(ctx, r)
	case report.ArtifactHead:
		return e.artifactHead(ctx, r)
	case report.RowsPage:
		return e.rows(ctx, r)
	case report.ProfileRequest:
		return e.profile(ctx, r)
	}
	return nil, fmt.Errorf("ask engine: nobody answers %T", request)
}

// abs is where a path lies that is relative to the project, or absolute.
func (e *Engine) abs(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(e.opt.Root, filepath.FromSlash(path))
}

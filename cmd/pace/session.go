package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pace/engine"
	"pace/engine/formats"
	"pace/engine/jobs"
	"pace/engine/report"
	"pace/engine/tables"
	"pace/store"
)

// session is one opened project with its engine.
type session struct {
	*console
	project
	engine *engine.Engine
}

// open opens the project around dir; as is who speaks, "" for whoever is here.
func open(ctx context.Context, c *console, dir, as string) (*session, error) {
	p, err := findProject(dir)
	if err != nil {
		return nil, err
	}
	e, err := engine.Open(ctx, engine.Options{
		Root: p.root, Folders: p.config.Watch, Ignore: p.config.Ignore,
		Index: p.index(), Actor: p.speaker(as), Now: c.now,
		Lists: engine.Lists{Formats: formats.All(), Tables: tables.All(), Jobs: jobs.All(version())},
	})
	if err != nil {
		return nil, unreadable(err, "the index can be deleted, it is built again; PACE_CACHE_DIR names another place for it")
	}
	return &session{console: c, project: p, engine: e}, nil
}

// openRead opens a project and brings its index up to date.
func openRead(ctx context.Context, c *console, dir, as string) (*session, error) {
	s, err := open(ctx, c, dir, as)
	if err != nil {
		return nil, err
	}
	if err := s.once(ctx); err != nil {
		return nil, errors.Join(err, s.engine.Close())
	}
	return s, nil
}

// once reads everything there is, with a bar where somebody watches.
func (s *session) once(ctx context.Context) error {
	stop := s.showProgress(ctx)
	stats, err := s.engine.Once(ctx)
	stop()
	if err != nil {
		return unreadable(fmt.Errorf("read %s: %w", s.root, err), "")
	}
	if stats.Note != "" {
		fmt.Fprintln(s.err, "pace:", stats.Note)
	}
	return nil
}

// close gives the project back and keeps the first error.
func (s *session) close(err *error) { *err = errors.Join(*err, s.engine.Close()) }

func (s *session) reader() *store.Reader { return s.engine.Reader() }

// options are what every Load takes.
func (s *session) options() report.Options {
	return report.Options{
		Moment: report.Moment{Now: s.now().UTC(), Zone: time.UTC}, Project: s.name(),
		Primary: s.config.PrimaryMetric.Name, Direction: s.config.PrimaryMetric.Direction,
	}
}

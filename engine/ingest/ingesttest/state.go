// Package ingesttest is the suite that every run format passes: a recording sink, a walk that claims, and
// the laws of reading. It must not know any one format.
package ingesttest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"pace/engine/ingest"
)

// State is what a sink was told, folded into what is true now. It is a Sink.
type State struct {
	// Facts holds experiments, runs, params, tags, inputs and models by an identifying text.
	Facts map[string]ingest.Record
	// Series holds points in arrival order, by run and series.
	Series map[SeriesID][]Point
	// Problems holds every problem that was said.
	Problems map[ingest.Problem]bool
	// Records and Count count the facts and the points that were said, repetitions included.
	Records, Count int
	// said, when set, is called before anything is taken; its error ends the read.
	said func() error
	meta map[SeriesID][2]bool
}

// SeriesID names a series.
type SeriesID struct{ Run, Series string }

// Point is one point. The value is kept as bits so that NaN equals itself.
type Point struct {
	Step, Time int64
	Bits       uint64
}

// Value is the point's value.
func (p Point) Value() float64 { return math.Float64frombits(p.Bits) }

// NewState is a sink that was told nothing.
func NewState() *State {
	return &State{
		Facts: map[string]ingest.Record{}, Series: map[SeriesID][]Point{},
		Problems: map[ingest.Problem]bool{}, meta: map[SeriesID][2]bool{},
	}
}

// Put takes a fact.
func (s *State) Put(r ingest.Record) error {
	if s.said != nil {
		if err := s.said(); err != nil {
			return err
		}
	}
	s.Records++
	switch r := r.(type) {
	case ingest.Experiment:
		s.Facts["experiment "+r.Key] = r
	case ingest.Run:
		s.Facts["run "+r.Key] = r
	case ingest.Param:
		s.Facts["param "+r.Run+" "+r.Key] = r
	case ingest.Tag:
		s.Facts["tag "+r.Run+" "+r.Key] = r
	case ingest.TagGone:
		delete(s.Facts, "tag "+r.Run+" "+r.Key)
	case ingest.Input:
		s.Facts["input "+r.Run+" "+r.Name+" "+r.Digest+" "+r.Context] = r
	case ingest.LoggedModel:
		s.Facts["model "+r.ID] = r
	case ingest.Reset:
		maps.DeleteFunc(s.Series, func(id SeriesID, _ []Point) bool {
			return id.Run == r.Run && (r.Series == "" || id.Series == r.Series)
		})
	case ingest.RunGone:
		s.forget(r.Run)
	case ingest.Problem:
		s.Problems[r] = true
	default:
		return fmt.Errorf("fold record: unknown %T", r)
	}
	return nil
}

// forget drops a run and all that hangs on it.
func (s *State) forget(run string) {
	maps.DeleteFunc(s.Series, func(id SeriesID, _ []Point) bool { return id.Run == run })
	maps.DeleteFunc(s.Facts, func(id string, _ ingest.Record) bool {
		if id == "run "+run {
			return true
		}
		for _, kind := range []string{"param ", "tag ", "input "} {
			if strings.HasPrefix(id, kind+run+" ") {
				return true
			}
		}
		return false
	})
}

// Points takes points. Slices of different lengths and unknown runs are a format's mistakes.
func (s *State) Points(p ingest.Points) error {
	if s.said != nil {
		if err := s.said(); err != nil {
			return err
		}
	}
	if len(p.Steps) != len(p.Values) || len(p.Times) != len(p.Values) || len(p.Values) == 0 {
		return fmt.Errorf("fold points of %s: %d steps, %d times, %d values", p.Series, len(p.Steps), len(p.Times), len(p.Values))
	}
	if _, ok := s.Facts["run "+p.Run]; !ok {
		return fmt.Errorf("fold points of %s: run %s was not said before", p.Series, p.Run)
	}
	id := SeriesID{p.Run, p.Series}
	s.Count += len(p.Values)
	s.meta[id] = [2]bool{p.System, p.Unordered}
	for i, v := range p.Values {
		s.Series[id] = append(s.Series[id], Point{p.Steps[i], p.Times[i], math.Float64bits(v)})
	}
	return nil
}

// Lines spells the state, one fact or series a line, sorted: equal states have equal lines. Problems are
// left out: what is wrong with a file is said once, not taken back.
func (s *State) Lines() []string {
	var lines []string
	for id, r := range s.Facts {
		if run, ok := r.(ingest.Run); ok && run.Dirty != nil {
			id += fmt.Sprintf(" dirty=%v", *run.Dirty)
			run.Dirty = nil
			r = run
		}
		lines = append(lines, fmt.Sprintf("%s: %+v", id, r))
	}
	for id, points := range s.Series {
		lines = append(lines, fmt.Sprintf("series %s %s %v: %v", id.Run, id.Series, s.meta[id], points))
	}
	slices.Sort(lines)
	return lines
}

// Diff answers the first lines in which two states differ, "" for none.
func (s *State) Diff(other *State) string {
	a, b := s.Lines(), other.Lines()
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return fmt.Sprintf("-%.600s\n+%.600s", x, y)
		}
	}
	return ""
}

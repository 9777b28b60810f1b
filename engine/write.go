package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"pace/engine/ingest"
	"pace/store"
)

// halfWritten is how long a last record may stay half written until somebody is told.
const halfWritten = time.Minute

// troubleOf and folderOf name the engine's own problems apart from those that a format told, so that
// either is cleared without the other.
func troubleOf(path string) string { return "engine:" + path }
func folderOf(dir string) string   { return "folder:" + dir }

// flush writes what was read and what the scan said in one transaction. Where that fails, each unit is
// written alone, so that one that can't be told does not keep back the others.
func (l *loop) flush(ctx context.Context, once bool) error {
	outs, news := l.ready, l.scanNews
	l.ready, l.points, l.scanNews = nil, 0, scanNews{}
	err := l.apply(ctx, &news, outs)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if once && systemic(err) {
		return err
	}
	if systemic(err) || len(outs) == 0 {
		l.hold(news, outs, err)
		return nil
	}
	if err := l.apply(ctx, &news, nil); err != nil {
		l.hold(news, nil, err)
	}
	for _, o := range outs {
		if err := l.apply(ctx, &scanNews{}, []*outcome{o}); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			o.err = err
			l.fail(o)
			l.rest(o.unit)
		}
	}
	return nil
}

// systemic says whether the index itself is in trouble, rather than what was to be written.
func systemic(err error) bool {
	return errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrLocked) || errors.Is(err, store.ErrReadOnly)
}

// hold keeps the scan's news for the next try and lets the units be read again later: nothing was
// written, so nothing is lost. The trouble is said beside the store, which can't take it.
func (l *loop) hold(news scanNews, outs []*outcome, err error) {
	l.stats.trouble("", err)
	l.scanNews = news
	l.held = time.Now().Add(backOff(5))
	for _, o := range outs {
		o.unit.cursor = nil
		o.unit.fails++
		l.rest(o.unit)
	}
	l.raise(store.Change{Sources: true})
}

func (l *loop) apply(ctx context.Context, news *scanNews, outs []*outcome) error {
	now := time.Now()
	told := make([]*teller, len(outs))
	change, err := l.writer.Apply(ctx, func(tx *store.Tx) error {
		if err := news.tell(tx); err != nil {
			return err
		}
		for i, o := range outs {
			told[i] = &teller{tx: tx, root: l.root, u: o.unit, now: now, ids: map[string]string{},
				at: func(path string) []*unit { return l.units[path] }}
			if err := told[i].tell(ctx, o); err != nil {
				return fmt.Errorf("tell %s: %w", o.unit.path, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, o := range outs {
		l.settle(o, told[i], now)
	}
	l.stats.wrote(outs)
	l.raise(change)
	return nil
}

// settle notes what stands in the store now.
func (l *loop) settle(o *outcome, t *teller, now time.Time) {
	u := o.unit
	if u.whole || t.running {
		if l.owned[u.path] && u.rhythm(now, true) == pollRest {
			l.newSights = true // it lives now
		}
		u.changed = now
	}
	if t.running || t.ended {
		u.running = t.running
	}
	if u.said {
		l.cleared = append(l.cleared, troubleOf(u.path))
	}
	u.stored, u.stamp, u.cursor = true, o.stamp, nil
	u.fails, u.said, u.torn = 0, false, l.halfSince(o, now)
	u.whole = !o.result.More && (!o.result.Torn || u.halves >= quickTries)
	if o.result.More {
		u.cursor = o.result.Cursor
	}
	if u.missing {
		u.missing = false
		l.back = append(l.back, u.path)
	}
	for _, path := range t.took {
		l.forget(path)
	}
	l.rest(u)
}

// halfSince is since when the unit's last record has been half written.
func (l *loop) halfSince(o *outcome, now time.Time) time.Time {
	u := o.unit
	if !o.result.Torn {
		u.halves = 0
		return time.Time{}
	}
	if len(o.said.said) > 0 || u.torn.IsZero() {
		u.halves = 1
		return now
	}
	u.halves++
	return u.torn
}

// forget has the units at a path read from their start, should their files come back: another unit took
// a run over from them.
func (l *loop) forget(path string) {
	for _, u := range l.units[path] {
		u.missing, u.whole, u.stamp, u.cursor = true, false, "", nil
	}
}

// fail notes that a unit can't be read now. It is tried again, and somebody is told when that does not help.
func (l *loop) fail(o *outcome) {
	u := o.unit
	if errors.Is(o.err, fs.ErrNotExist) && !exists(l.root, u.path) {
		if !u.missing {
			u.missing = true
			l.gone = append(l.gone, u.path)
		}
		if u.said {
			u.said = false
			l.cleared = append(l.cleared, troubleOf(u.path))
		}
		u.fails = 0
		return
	}
	u.fails++
	l.stats.trouble(u.path, o.err)
	if u.said || u.fails < quickTries && !errors.Is(o.err, fs.ErrPermission) {
		return
	}
	u.said = true
	l.problems = append(l.problems, unitProblem(u, l.root, o.err))
}

func unitProblem(u *unit, root string, err error) store.Problem {
	return store.Problem{Source: troubleOf(u.path), Path: u.path, Place: "read", Since: time.Now(),
		Message: fmt.Sprintf("read %s: %s", u.format.Title, briefly(root, u.path, err)),
		Hint:    advice(err, "it is tried again by itself; the rest is read")}
}

// stillTorn tells somebody about a record that stays half written.
func (l *loop) stillTorn(u *unit, now time.Time) {
	if u.torn.IsZero() || u.said || now.Sub(u.torn) < halfWritten {
		return
	}
	u.said = true
	l.problems = append(l.problems, store.Problem{Source: troubleOf(u.path), Path: u.path, Place: "end", Since: u.torn,
		Message: fmt.Sprintf("read %s: the last record is incomplete", u.format.Title),
		Hint:    "whoever wrote it may have been stopped; what stands before it is read"})
}

// recall makes the units of an index that was filled before; those of live, which say when a run of theirs was active
// last, are looked at first.
func (l *loop) recall(sources []store.Source, live map[string]time.Time, formats []ingest.Format) {
	now := time.Now()
	for _, s := range sources {
		for i := range formats {
			if formats[i].Name != s.Format {
				continue
			}
			u := l.add(s.Path, &formats[i])
			u.stamp, u.stored, u.whole, u.missing = s.Stamp, true, s.Stamp != "", s.Missing
			u.changed, u.running = live[s.Path], !live[s.Path].IsZero()
			due := now
			if u.running {
				due = now.Add(-time.Hour)
			}
			l.queue.set(u, due)
		}
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

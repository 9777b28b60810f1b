package tfevents

import (
	"math"
	"strconv"
	"time"

	"pace/engine/ingest"
)

// The tags of the hparams plugin that tell about the run (tensorboard/plugins/hparams/metadata.py).
const (
	tagStart = "_hparams_/session_start_info"
	tagEnd   = "_hparams_/session_end_info"
)

// session is what the hparams plugin knows of a run (plugins/hparams/plugin_data.proto).
type session struct {
	started, ended bool
	status         uint64
	endSecs        float64
}

// state puts the plugin's Status in pace's words. A run that nobody says anything about is unknown: an
// event file has no end.
func (s session) state() (ingest.Status, string) {
	switch {
	case s.ended && s.status == 1:
		return ingest.Finished, "STATUS_SUCCESS"
	case s.ended && s.status == 2:
		return ingest.Failed, "STATUS_FAILURE"
	case s.ended && s.status == 3:
		return ingest.Running, "STATUS_RUNNING"
	case s.started && !s.ended:
		return ingest.Running, ""
	}
	return ingest.Unknown, ""
}

func (s session) end() time.Time {
	if !s.ended || !(s.endSecs > 0 && s.endSecs < 1<<40) {
		return time.Time{}
	}
	return time.UnixMicro(int64(math.Round(s.endSecs * 1e6))).UTC()
}

// session hears a session's start and end.
func (t *turn) hear(tag string, content []byte) error {
	before := t.session
	switch tag {
	case tagStart:
		t.session.started = true
		if err := t.sayParams(find(content, 3)); err != nil {
			return err
		}
	case tagEnd:
		t.session.ended = true
		w := walker{rest: find(content, 4)}
		for w.next() {
			switch {
			case w.is(1, wireVarint):
				t.session.status = w.n
			case w.is(2, wire64):
				t.session.endSecs = math.Float64frombits(w.n)
			}
		}
	}
	if t.session == before {
		return nil
	}
	return t.sayRun()
}

// sayParams says the hyperparameters of a SessionStartInfo: a map of google.protobuf.Value.
func (t *turn) sayParams(start []byte) error {
	for w := (walker{rest: start}); w.next(); {
		if !w.is(1, wireBytes) {
			continue
		}
		key, val := find(w.b, 1), find(w.b, 2)
		text, ok := spell(val)
		if len(key) == 0 || len(key) > maxTag || !ok {
			continue
		}
		if err := t.sink.Put(ingest.Param{Run: t.key, Key: string(key), Value: text}); err != nil {
			return err
		}
	}
	return nil
}

// spell writes a google.protobuf.Value; the plugin allows numbers, texts and booleans.
func spell(val []byte) (string, bool) {
	w := walker{rest: val}
	if !w.next() {
		return "", false
	}
	switch {
	case w.is(2, wire64):
		return strconv.FormatFloat(math.Float64frombits(w.n), 'g', -1, 64), true
	case w.is(3, wireBytes):
		return string(w.b), true
	case w.is(4, wireVarint):
		return strconv.FormatBool(w.n != 0), true
	}
	return "", false
}

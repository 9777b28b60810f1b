// Package report is what pace knows, as plain structs with units and verdicts decided, and what can be asked of it.
// It must not know who computes the answers, nor whether a screen, a file or a pipe shows them: no engine, no terminal.
package report

import (
	"bytes"
	"encoding/json"
	"math"
	"sort"
	"strconv"
	"time"

	"pace/store"
)

// Float is a number that JSON can carry whatever it is: NaN and infinities become the strings "NaN",
// "Infinity" and "-Infinity".
type Float float64

// MarshalJSON writes the shortest form that reads back to the same float64.
func (f Float) MarshalJSON() ([]byte, error) {
	switch v := float64(f); {
	case math.IsNaN(v):
		return []byte(`"NaN"`), nil
	case math.IsInf(v, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(v, -1):
		return []byte(`"-Infinity"`), nil
	default:
		return json.Marshal(v)
	}
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Float) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		s, err := strconv.Unquote(string(b))
		if err != nil {
			return err
		}
		v, err := strconv.ParseFloat(s, 64)
		*f = Float(v)
		return err
	}
	return json.Unmarshal(b, (*float64)(f))
}

// Finite says whether the number is neither NaN nor an infinity.
func (f Float) Finite() bool { return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0) }

// Step is a point's step; store.NoStep is written as null.
type Step int64

// Known says whether the tool recorded a step.
func (s Step) Known() bool { return int64(s) != store.NoStep }

// MarshalJSON writes the step, or null.
func (s Step) MarshalJSON() ([]byte, error) {
	if !s.Known() {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, int64(s), 10), nil
}

// Time is a moment; the zero Time is written as null, any other as RFC 3339 in UTC.
type Time struct{ time.Time }

// MarshalJSON writes RFC 3339 with as many digits of the second as there are, at most six.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(t.UTC().Format(`"2006-01-02T15:04:05.999999Z07:00"`)), nil
}

// pointTime turns a stored point's microseconds into a Time.
func pointTime(us int64) Time {
	if us == store.NoTime {
		return Time{}
	}
	return Time{time.UnixMicro(us).UTC()}
}

// Level says how much something matters.
type Level string

// The levels, from nothing to worst. Nothing stands where there was nothing to look at.
const (
	Nothing Level = "nothing"
	OK      Level = "ok"
	Info    Level = "info"
	Warn    Level = "warn"
	Error   Level = "error"
)

// rank orders levels; the unknown level ranks with Nothing.
func (l Level) rank() int {
	switch l {
	case OK:
		return 1
	case Info:
		return 2
	case Warn:
		return 3
	case Error:
		return 4
	}
	return 0
}

// AtLeast says whether the level is as bad as o or worse.
func (l Level) AtLeast(o Level) bool { return l.rank() >= o.rank() }

// Worse is the worse of two levels.
func Worse(a, b Level) Level {
	if b.rank() > a.rank() {
		return b
	}
	return a
}

// Finding is one thing that somebody should know, with what can be done about it.
type Finding struct {
	Level   Level  `json:"level"`
	Kind    string `json:"kind"`    // "problem", "alert", "failed", "stale", "nan", "note"
	Subject string `json:"subject"` // a reference ("run:ID", "data:PATH") or a path
	Title   string `json:"title"`   // what it is called: a run's name, a file's path
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Since   Time   `json:"since"`
}

// KV is a param or a tag; the value is the tool's text, unchanged.
type KV struct{ Key, Value string }

// KVs are params or tags in order of their keys. JSON writes them as one object.
type KVs []KV

// Get finds a value by its key.
func (kv KVs) Get(key string) (string, bool) {
	i := sort.Search(len(kv), func(i int) bool { return kv[i].Key >= key })
	if i < len(kv) && kv[i].Key == key {
		return kv[i].Value, true
	}
	return "", false
}

// MarshalJSON writes {"key":"value",...}.
func (kv KVs) MarshalJSON() ([]byte, error) {
	var w objectWriter
	for _, e := range kv {
		if err := w.add(e.Key, e.Value); err != nil {
			return nil, err
		}
	}
	return w.bytes(), nil
}

func newKVs(in []store.KV) KVs {
	out := make(KVs, len(in))
	for i, e := range in {
		out[i] = KV(e)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}

// objectWriter writes a JSON object whose members keep their order.
type objectWriter struct{ buf bytes.Buffer }

func (w *objectWriter) add(key string, value any) error {
	k, err := json.Marshal(key)
	if err != nil {
		return err
	}
	v, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if w.buf.Len() == 0 {
		w.buf.WriteByte('{')
	} else {
		w.buf.WriteByte(',')
	}
	w.buf.Write(k)
	w.buf.WriteByte(':')
	w.buf.Write(v)
	return nil
}

func (w *objectWriter) bytes() []byte {
	if w.buf.Len() == 0 {
		return []byte("{}")
	}
	w.buf.WriteByte('}')
	return w.buf.Bytes()
}

// Moment is when a report is made: what "stale", "-7d" and "since" count from, and the zone of dates without one.
type Moment struct {
	Now  time.Time
	Zone *time.Location // nil is UTC
}

// A running run is stale when nothing was written for ten of its own intervals, and at least for five minutes
// (training jobs killed by the system stay "running" for ever in MLflow: transformers #30333). A run that never
// wrote a point gets a day.
const (
	staleIntervals = 10
	staleLeast     = 5 * time.Minute
	staleSilent    = 24 * time.Hour
)

// quietLimit is how long a run may be silent, from the mean interval of its busiest series.
func quietLimit(summaries []store.Summary) time.Duration {
	limit := time.Duration(-1)
	var most int64
	for _, s := range summaries {
		if s.N <= most || s.First.Time == store.NoTime || s.Last.Time == store.NoTime {
			continue
		}
		most = s.N
		limit = staleLeast
		if s.N > 1 {
			mean := time.Duration((s.Last.Time-s.First.Time)/(s.N-1)) * time.Microsecond
			limit = max(limit, staleIntervals*mean)
		}
	}
	if limit < 0 {
		return staleSilent
	}
	return limit
}

// stale says whether a run says running and has been silent for longer than its limit.
func (m Moment) stale(run store.Run, limit time.Duration) bool {
	if run.Status != "running" {
		return false
	}
	last := run.Active
	if last.Before(run.Started) {
		last = run.Started
	}
	return !last.IsZero() && m.Now.Sub(last) > limit
}

// live says whether a run whose tool keeps no status was written to a moment ago.
func (m Moment) live(run store.Run) bool {
	return run.Status == "unknown" && !run.Active.IsZero() && m.Now.Sub(run.Active) < staleLeast
}

// durationMS is from start to end in milliseconds; a run without an end lasts to its newest point, a running one to now.
func (m Moment) durationMS(run store.Run, stale bool) *int64 {
	if run.Started.IsZero() {
		return nil
	}
	end := run.Ended
	if end.IsZero() {
		end = run.Active
		if run.Status == "running" && !stale {
			end = m.Now
		}
	}
	if end.Before(run.Started) {
		return nil
	}
	ms := end.Sub(run.Started).Milliseconds()
	return &ms
}

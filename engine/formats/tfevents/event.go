package tfevents

import (
	"math"

	"pace/engine/ingest"
)

// event is the part of an Event message that matters here: when, at which step, and its summary.
type event struct {
	wall    float64 // seconds since 1970 UTC
	step    int64
	summary []byte // nil for a version, a graph, a session mark
}

// parseEvent answers false for bytes that are no Event.
func parseEvent(data []byte) (ev event, ok bool) {
	w := walker{rest: data}
	for w.next() {
		switch {
		case w.is(1, wire64):
			ev.wall = math.Float64frombits(w.n)
		case w.is(2, wireVarint):
			ev.step = int64(w.n)
		case w.is(5, wireBytes):
			ev.summary = w.b
		}
	}
	return ev, !w.bad
}

// micros is the event's time, NoTime where it holds none that a calendar has.
func (ev event) micros() int64 {
	us := math.Round(ev.wall * 1e6)
	if !(us > 0 && us < 1<<62) {
		return ingest.NoTime
	}
	return int64(us)
}

// value is one Summary.Value: a tag and one of several kinds of content.
type value struct {
	tag    []byte
	scalar float32
	tensor []byte
	meta   []byte // SummaryMetadata, mostly only with the first value of a tag
	// kind is the plugin that the content itself names, "" for tensors and for none.
	kind string
}

// The kinds of content that say themselves what they are; TensorBoard's plugins of the same names.
const (
	scalars    = "scalars"
	histograms = "histograms"
	images     = "images"
	audio      = "audio"
	hparams    = "hparams"
	tensors    = "tensors" // a tensor of no plugin
)

func parseValue(msg []byte) (v value, ok bool) {
	w := walker{rest: msg}
	for w.next() {
		switch {
		case w.is(1, wireBytes):
			v.tag = w.b
		case w.is(2, wire32):
			v.scalar, v.kind = math.Float32frombits(uint32(w.n)), scalars
		case w.is(4, wireBytes):
			v.kind = images
		case w.is(5, wireBytes), w.is(3, wireBytes):
			v.kind = histograms
		case w.is(6, wireBytes):
			v.kind = audio
		case w.is(8, wireBytes):
			v.tensor = w.b
		case w.is(9, wireBytes):
			v.meta = w.b
		}
	}
	return v, !w.bad
}

// plugin answers a value's plugin as its metadata has it, and what the plugin put beside it.
func plugin(meta []byte) (name string, content []byte) {
	data := find(meta, 1)
	return string(find(data, 1)), find(data, 2)
}

// dull is true for the start of a record without scalars: a graph, a meta graph, tagged run metadata. It
// is asked about records that are too long to be looked into.
func dull(start []byte) bool {
	w := walker{rest: start}
	for w.next() {
	}
	// The long field ends the walk, for its bytes are not at hand; its number stands.
	return w.bad && w.wire == wireBytes && (w.num == 4 || w.num == 8 || w.num == 9)
}

package tfevents

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pace/engine/ingest"
)

const (
	batchPoints = 4096     // of one tag, said at once
	maxHeld     = 64 << 10 // of all tags, read and not yet said
	maxTag      = 4 << 10  // bytes of a tag
	maxTags     = 50_000   // in one run
	maxListed   = 20       // names in a list of tags
)

// event takes the values of one event and answers how many points they are.
func (t *turn) event(data []byte, i int, offset int64) (points int, err error) {
	ev, ok := parseEvent(data)
	if !ok {
		return 0, t.badRecord(&t.files[i], offset, "malformed event")
	}
	w := walker{rest: ev.summary}
	for w.next() {
		if !w.is(1, wireBytes) {
			continue
		}
		v, ok := parseValue(w.b)
		if !ok || len(v.tag) > maxTag {
			w.bad = true
			break
		}
		said, err := t.value(&ev, &v, i)
		if err != nil {
			return points, err
		}
		points += said
	}
	if w.bad {
		return points, t.badRecord(&t.files[i], offset, "malformed summary")
	}
	return points, nil
}

// value takes one value: a point, or a mark that its tag is something else.
func (t *turn) value(ev *event, v *value, i int) (points int, err error) {
	tag := t.tags[string(v.tag)]
	if tag == nil {
		if tag, err = t.meet(v, i); tag == nil || err != nil {
			return 0, err
		}
	}
	number := float64(v.scalar)
	switch {
	case v.kind == scalars:
	case v.kind != "":
		return 0, nil
	case tag.plugin == hparams:
		_, content := plugin(v.meta)
		return 0, t.hear(tag.name, content)
	case tag.plugin != scalars || v.tensor == nil:
		return 0, nil
	default:
		var ok bool
		if number, ok = tensorScalar(v.tensor); !ok {
			return 0, nil
		}
	}
	if tag.file > i {
		return 0, errRestart
	}
	tag.file = i
	return 1, t.hold(tag, ev, number)
}

// meet notes a tag's plugin, which stands in the metadata of its first value only.
func (t *turn) meet(v *value, i int) (*tagState, error) {
	if len(t.tags) >= maxTags {
		if t.full {
			return nil, nil
		}
		t.full = true
		return nil, t.sink.Put(ingest.Problem{
			Path: t.src.Path, Place: "tags", Message: fmt.Sprintf("read event file: more than %d tags", maxTags),
			Hint: "the first ones are shown",
		})
	}
	tag := &tagState{name: string(v.tag), plugin: v.kind, file: i}
	if tag.plugin == "" {
		tag.plugin, _ = plugin(v.meta)
		if tag.plugin == "" || len(tag.plugin) > maxTag {
			tag.plugin = tensors
		}
	}
	t.tags[tag.name] = tag
	t.other = t.other || tag.plugin != scalars && tag.plugin != hparams
	return tag, nil
}

func (t *turn) hold(tag *tagState, ev *event, number float64) error {
	if len(tag.values) == 0 {
		t.pending = append(t.pending, tag)
	}
	tag.steps, tag.times, tag.values = append(tag.steps, ev.step), append(tag.times, ev.micros()), append(tag.values, number)
	t.held++
	switch {
	case t.held >= maxHeld:
		return t.flush()
	case len(tag.values) >= batchPoints:
		return t.say(tag)
	}
	return nil
}

func (t *turn) flush() error {
	for _, tag := range t.pending {
		if err := t.say(tag); err != nil {
			return err
		}
	}
	t.pending = t.pending[:0]
	return nil
}

// say says a tag's points. A tag that was emptied before its turn has none.
func (t *turn) say(tag *tagState) error {
	if len(tag.values) == 0 {
		return nil
	}
	p := ingest.Points{Run: t.key, Series: tag.name, Steps: tag.steps, Times: tag.times, Values: tag.values}
	t.held -= len(tag.values)
	if cap(tag.values)*len(t.tags) > 4*maxHeld {
		tag.batch = batch{} // many tags may not keep long slices each
	}
	tag.steps, tag.times, tag.values = tag.steps[:0], tag.times[:0], tag.values[:0]
	return t.sink.Points(p)
}

// sayOthers lists the tags that are no scalars by plugin, as tags of the run: "tensorboard.histograms".
func (t *turn) sayOthers() error {
	names := map[string][]string{}
	for name, tag := range t.tags {
		if tag.plugin != scalars && tag.plugin != hparams {
			names[tag.plugin] = append(names[tag.plugin], name)
		}
	}
	for _, plugin := range slices.Sorted(maps.Keys(names)) {
		list := names[plugin]
		slices.Sort(list)
		text := strings.Join(list[:min(len(list), maxListed)], ", ")
		if n := len(list) - maxListed; n > 0 {
			text += fmt.Sprintf(" and %d more", n)
		}
		if err := t.sink.Put(ingest.Tag{Run: t.key, Key: "tensorboard." + plugin, Value: text}); err != nil {
			return err
		}
	}
	return nil
}

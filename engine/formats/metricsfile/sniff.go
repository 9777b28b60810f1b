package metricsfile

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"pace/engine/ingest"
)

const (
	maxFile   = 1 << 30 // bytes of a file that may be a log of metrics
	maxClaim  = 200     // columns of one
	minSeries = 1       // beside the step
)

// logWords are the words of which a metrics file's name has one.
var logWords = [...]string{
	"metrics", "metric", "log", "logs", "history", "train", "training", "eval", "evaluation", "results", "result", "progress",
}

// finalWords are those of a file that holds final metrics and no series.
var finalWords = [...]string{"metrics", "metric", "eval", "evaluation", "results", "scores"}

// metricWords tell metrics from other numbers where nothing counts the lines.
var metricWords = [...]string{
	"loss", "acc", "accuracy", "f1", "auc", "lr", "error", "reward", "perplexity", "ppl", "bleu", "rouge", "mse", "mae",
	"rmse", "r2", "precision", "recall", "score", "iou", "map", "wer", "cer", "val", "eval",
}

// dataFolders hold datasets, tool folders what another format tells about.
var (
	dataFolders = [...]string{"data", "dataset", "datasets"}
	toolFolders = [...]string{"mlruns", "mlartifacts", "wandb", ".dvc", "node_modules", "site-packages"}
)

// claim takes files that are called like a log of metrics and look like one.
func claim(d ingest.Dir) []ingest.Unit {
	for part := range strings.SplitSeq(d.Path, "/") {
		if slices.Contains(dataFolders[:], strings.ToLower(part)) || slices.Contains(toolFolders[:], part) {
			return nil
		}
	}
	var units []ingest.Unit
	for _, e := range d.Entries {
		words := wordsOf(e.Name())
		if e.IsDir() || modeOf(e.Name()) == undecided || !shares(words, logWords[:]) && !shares(words, finalWords[:]) {
			continue
		}
		info, err := e.Info()
		if err != nil || info.Size() > maxFile {
			continue
		}
		head, err := d.Head(e.Name(), ingest.HeadLimit)
		if err == nil && looksRight(e.Name(), words, head) {
			units = append(units, ingest.Unit{Path: d.Join(e.Name()), Owns: true})
		}
	}
	return units
}

// modeOf is how a file of this name is written. JSON may turn out to be JSON Lines.
func modeOf(name string) mode {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv":
		return csvLines
	case ".jsonl", ".ndjson":
		return jsonLines
	case ".json":
		return jsonWhole
	}
	return undecided
}

// wordsOf are the words of a name without its ending: "train_log.v2" has train and log.
func wordsOf(name string) []string {
	stem := strings.ToLower(strings.TrimSuffix(name, path.Ext(name)))
	return strings.FieldsFunc(stem, func(r rune) bool { return r < 'a' || r > 'z' })
}

func shares(words, list []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
}

// looksRight looks at the first bytes of a file with such a name.
func looksRight(name string, words []string, head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	whole := len(head) < ingest.HeadLimit
	m := modeOf(name)
	if m == jsonWhole && isLines(head) {
		m = jsonLines
	}
	lines := bytes.Split(head, []byte("\n"))
	lines = lines[:len(lines)-1] // the last one has no end
	switch m {
	case csvLines:
		return shares(words, logWords[:]) && csvLooksRight(lines, whole && len(head) == 0)
	case jsonLines:
		return shares(words, logWords[:]) && jsonLinesLookRight(lines)
	}
	return jsonLooksRight(words, head, whole)
}

// isLines tells JSON Lines from one JSON value: a first line that is an object, and more after it.
func isLines(head []byte) bool {
	line, rest, _ := bytes.Cut(head, []byte("\n"))
	var o object
	n, err := scanObject(line, &o)
	return err == nil && len(bytes.TrimSpace(line[n:])) == 0 && bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte("{"))
}

// csvLooksRight wants a column that counts, rows of numbers, and counting that goes on: a table in which
// many rows share a step is a dataset. A header alone, or nothing yet, is believed.
func csvLooksRight(lines [][]byte, empty bool) bool {
	if empty {
		return true
	}
	lines = slices.DeleteFunc(lines, func(l []byte) bool { return len(bytes.TrimSpace(l)) == 0 || l[0] == '#' })
	if len(lines) == 0 {
		return false
	}
	h, err := parseHeader(string(bytes.TrimSuffix(lines[0], []byte("\r"))))
	if err != nil || h.step < 0 || len(h.names) < 1+minSeries || len(h.names) > maxClaim {
		return false
	}
	guesses := make([]guess, len(h.names))
	odd := 0
	text := make([]bool, len(h.names))
	var cells [][]byte
	for _, line := range lines[1:] {
		cells, err = splitRow(bytes.TrimSuffix(line, []byte("\r")), h.comma, cells[:0])
		if err != nil || len(cells) != len(h.names) {
			odd++
			continue
		}
		for i, c := range cells {
			v, isNum := parseNumber(c)
			guesses[i].count(v, isNum)
			text[i] = text[i] || !isNum && !absent(c) && i != h.clock
		}
	}
	texts, counts := 0, false
	for i, name := range h.names {
		if text[i] {
			texts++
		}
		counts = counts || rank(stepNames[:], name) < len(stepNames) && guesses[i].counts()
	}
	return texts*4 <= len(h.names) && odd*4 <= len(lines) && counts
}

// guess follows a column that may count.
type guess struct {
	last                 float64 // meaningless before the first row
	rows, new, back, odd int
}

func (g *guess) count(step float64, ok bool) {
	if _, whole := stepOf(step); !ok || !whole {
		g.odd++
		return
	}
	if g.rows == 0 || step != g.last {
		g.new++
	}
	if g.rows > 0 && step < g.last {
		g.back++
	}
	g.rows++
	g.last = step
}

// counts is true for steps that mostly go on: up to four rows may share one, and it may start again.
func (g *guess) counts() bool {
	return g.odd*4 <= g.rows+g.odd && g.new*4 >= g.rows && g.back*3 <= g.rows
}

// jsonLinesLookRight wants lines that hold numbers more than text, and a key that counts or the name of a
// metric.
func jsonLinesLookRight(lines [][]byte) bool {
	if len(lines) == 0 {
		return true // nothing yet
	}
	var o object
	g := guess{}
	good, numbers, texts, named := 0, 0, 0, false
	for _, line := range lines {
		if _, err := scanObject(line, &o); err != nil {
			continue
		}
		good++
		step, _ := roles(&o)
		if step != nil {
			g.count(step.number, true)
		}
		for i := range o.cells {
			switch c := &o.cells[i]; {
			case c.listed:
			case c.kind == isNumber:
				numbers++
				named = named || shares(wordsOf(string(o.path(c))+".json"), metricWords[:])
			case c.kind == isText:
				texts++
			}
		}
	}
	counted := g.rows*2 >= good && g.counts()
	return good*2 > len(lines) && numbers >= 2*good && numbers > 2*texts && (named || counted && numbers > g.rows)
}

// jsonLooksRight wants one object of numbers and few texts, without records in lists: final metrics. A
// history is an object of lists of numbers.
func jsonLooksRight(words []string, head []byte, whole bool) bool {
	var o object
	_, err := scanObject(head, &o)
	if err != nil && err != errEnd || o.nested > 0 {
		return false
	}
	texts, listed := 0, 0
	for i := range o.cells {
		switch c := &o.cells[i]; {
		case c.kind == isText:
			texts++
		case c.listed:
			listed++
		}
	}
	if listed > 0 && o.scalar == 0 {
		return listed >= texts && (shares(words, finalWords[:]) || shares(words, logWords[:]))
	}
	if !shares(words, finalWords[:]) {
		return false
	}
	if err != nil {
		return whole // being written
	}
	return o.scalar > 0 && o.scalar >= texts
}

// absent is true for the spellings of a value that isn't there.
func absent(cell []byte) bool {
	switch string(cell) {
	case "", "NA", "N/A", "n/a", "null", "None", "-", "<NA>":
		return true
	}
	return false
}

package report

import (
	"context"
	"sort"
	"strings"
	"unicode"

	"pace/store"
)

// Options are what a project's configuration and the moment say; every Load takes them.
type Options struct {
	Moment
	// Project is the folder that paths are relative to, for showing.
	Project string
	// Primary and Direction are pace.yaml's primary_metric; "" where it names none.
	Primary, Direction string
}

// Directions know for each metric whether less or more is better, and who said so: pace.yaml, then a person's mark in
// the journal, then the tool's own record, then the metric's name.
type Directions struct {
	said    map[string]string
	primary []string // candidates for the primary metric, best first
}

// LoadDirections collects what was said about metrics.
func LoadDirections(ctx context.Context, r *store.Reader, opts Options) (Directions, error) {
	experiments, err := r.Experiments(ctx)
	if err != nil {
		return Directions{}, err
	}
	marks, err := r.Marks(ctx, string(store.EditDirection))
	if err != nil {
		return Directions{}, err
	}
	return newDirections(opts, marks, experiments), nil
}

func newDirections(opts Options, marks []store.Mark, experiments []store.Experiment) Directions {
	d := Directions{said: make(map[string]string)}
	for _, e := range experiments {
		if e.PrimaryMetric != "" && !e.Deleted {
			d.primary = append(d.primary, e.PrimaryMetric)
			d.say(e.PrimaryMetric, e.Direction)
		}
	}
	sort.SliceStable(marks, func(i, j int) bool { return marks[i].Time.Before(marks[j].Time) })
	for _, m := range marks {
		d.say(m.Key, m.Value)
		d.primary = append([]string{m.Key}, d.primary...)
	}
	if opts.Primary != "" {
		d.primary = append([]string{opts.Primary}, d.primary...)
		d.say(opts.Primary, opts.Direction)
	}
	return d
}

func (d Directions) say(key, direction string) {
	switch strings.ToLower(direction) {
	case "min", "minimize", "lower", "less":
		d.said[key] = "min"
	case "max", "maximize", "higher", "more":
		d.said[key] = "max"
	}
}

// Of is "min", "max" or "" for a metric; guessed where only its name says so.
func (d Directions) Of(key string) (direction string, guessed bool) {
	if s, ok := d.said[key]; ok {
		return s, false
	}
	direction = guessDirection(key)
	return direction, direction != ""
}

// Primary picks the metric that stands for a run: what was said, else the best known name that most runs have.
func (d Directions) Primary(keys []store.KeyCount) string {
	have := make(map[string]int, len(keys))
	for _, k := range keys {
		have[k.Key] = k.Runs
	}
	for _, key := range d.primary {
		if have[key] > 0 {
			return key
		}
	}
	best, score := "", -1.0
	for _, k := range keys {
		if s := primaryScore(k); s > score || s == score && k.Key < best {
			best, score = k.Key, s
		}
	}
	return best
}

// primaryScore prefers what many runs have, a known direction, held-out data, and quality over loss.
func primaryScore(k store.KeyCount) float64 {
	if k.System {
		return 0
	}
	weight := 1.0
	switch guessDirection(k.Key) {
	case "max":
		weight = 4
	case "min":
		weight = 2
	}
	for _, w := range nameWords(k.Key) {
		switch w {
		case "val", "valid", "validation", "eval", "test", "holdout":
			weight *= 1.5
		case "train", "training", "time", "seconds", "duration", "lr", "epoch", "step":
			weight *= 0.5
		}
	}
	return weight * float64(k.Runs)
}

// lowerWords and higherWords are names of metrics as the libraries that make them call them (scikit-learn, Keras,
// XGBoost, LightGBM, Hugging Face evaluate).
const (
	lowerWords = " loss losses error err errors rmse mse mae mape smape rmsle msle medae mdape logloss mlogloss nll perplexity ppl " +
		"wer cer ter fid brier ece deviance crossentropy entropy latency time seconds duration cost regret merror huber rmspe "
	higherWords = " acc accuracy auc auroc auprc aucpr aupr f1 f2 fbeta fscore precision recall sensitivity specificity r2 score " +
		"map ndcg mrr bleu rouge rougel meteor iou miou dice reward return returns kappa mcc ap gini likelihood elbo " +
		"psnr ssim hits top1 top5 em throughput "
)

// guessDirection reads a metric's name from its last word on: val/binary_crossentropy is lower, neg_mean_squared_error
// (scikit-learn's scorers) is higher.
func guessDirection(key string) string {
	words := nameWords(key)
	negative := false
	for _, w := range words {
		negative = negative || w == "neg" || w == "negative"
	}
	for i := len(words) - 1; i >= 0; i-- {
		word := " " + words[i] + " "
		lower := strings.Contains(lowerWords, word)
		if !lower && !strings.Contains(higherWords, word) {
			continue
		}
		if lower != negative {
			return "min"
		}
		return "max"
	}
	return ""
}

// nameWords splits a metric's name at signs and at capitals, in lower case.
func nameWords(key string) []string {
	var words []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	previousLower := false
	for _, r := range key {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
			previousLower = false
			continue
		}
		if unicode.IsUpper(r) && previousLower {
			flush()
		}
		previousLower = unicode.IsLower(r)
		word.WriteRune(unicode.ToLower(r))
	}
	flush()
	return words
}

// best is the best finite value of a summary by the metric's direction; nil where that is unknown or nothing is finite.
func (d Directions) best(s store.Summary) *Float {
	direction, _ := d.Of(s.Key)
	v := Float(s.Min.Value)
	if direction == "max" {
		v = Float(s.Max.Value)
	}
	if direction == "" || !v.Finite() {
		return nil
	}
	return &v
}

// metric turns a stored summary into a Metric.
func (d Directions) metric(s store.Summary) Metric {
	m := Metric{Key: s.Key, System: s.System}
	m.Direction, m.Guessed = d.Of(s.Key)
	m.MetricSummary = MetricSummary{
		Last: Float(s.Last.Value), LastStep: Step(s.Last.Step), First: Float(s.First.Value),
		Min: Float(s.Min.Value), MinStep: Step(s.Min.Step), Max: Float(s.Max.Value), MaxStep: Step(s.Max.Step),
		Best: d.best(s), Points: s.N, NaN: s.NaN, Infinite: s.Inf, Segments: s.Segments,
	}
	return m
}

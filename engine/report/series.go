package report

// PointValue is one point of a series. Segment counts the restarts before it, from 0.
type PointValue struct {
	Segment int32 `json:"segment"`
	Step    Step  `json:"step"`
	Time    Time  `json:"time"`
	Value   Float `json:"value"`
}

// KeyPoints are all points of one series in the order in which they arrived.
type KeyPoints struct {
	Key    string
	Points []PointValue
}

// SeriesPoints are series in order of their keys. JSON writes them as one object.
type SeriesPoints []KeyPoints

// MarshalJSON writes {"key":[{...},...],...}.
func (s SeriesPoints) MarshalJSON() ([]byte, error) {
	var w objectWriter
	for _, e := range s {
		points := e.Points
		if points == nil {
			points = []PointValue{}
		}
		if err := w.add(e.Key, points); err != nil {
			return nil, err
		}
	}
	return w.bytes(), nil
}

// Axis is what a curve's x is.
type Axis string

// The axes. AxisStep falls back to AxisIndex where a series has no steps, AxisTime and AxisElapsed where it has no
// times; Series.Axis says which one it became.
const (
	AxisStep    Axis = "step"
	AxisIndex   Axis = "index"   // 0, 1, 2 in order of arrival
	AxisTime    Axis = "time"    // seconds since 1970 UTC
	AxisElapsed Axis = "elapsed" // seconds since the run started, or since the first point
	AxisShare   Axis = "share"   // 0 to 1 over the series' own steps
)

// SeriesQuery asks for one series as a curve.
type SeriesQuery struct {
	Run, Key string
	Width    int  // columns of the curve (dot columns, not cells); 0 for no curve, at most MaxCurve
	Axis     Axis // "" is AxisStep
	// From and To bound x; both 0 is everything.
	From, To float64
	Smooth   float64 // weight of the past, 0 (none) to 0.999: debiased exponential moving average over the full series
	Points   bool    // also every point, at full resolution
}

// MaxCurve is the most columns that a curve has.
const MaxCurve = 8192

// Series is one series: its numbers, its curve for a width, and its points where they were asked for.
type Series struct {
	Run string
	Metric
	Axis     Axis
	From, To float64      // of x, as far as the curve reaches
	Curve    Curve        // the raw values
	Smooth   Curve        // smoothed before it was decimated; no columns where no smoothing was asked for
	Points   []PointValue // only with SeriesQuery.Points
}

// Curve is a series decimated to a width: a one-point spike in a million points is still in it.
type Curve struct {
	// From and To are x at the left edge of the first and the right edge of the last column.
	From, To float64
	// Low and High are the least and greatest finite value over all columns; NaN where there is none.
	Low, High float64
	Columns   []CurveColumn
}

// CurveColumn is what falls into one column of a curve. Min, Max, First and Last are of finite values, and NaN where
// the column has none: then it is a gap if NaN is set, and else simply between two points.
type CurveColumn struct {
	Min, Max    float64
	First, Last float64
	N           int  // finite values
	NaN         bool // a NaN is here
	Up, Down    bool // +Inf, -Inf is here: an arrow on the edge row
}

// CompareQuery asks for some runs side by side. Baseline is one of IDs, "" for the first. Width is the columns of the
// curves, 0 for none; Key the metric that is drawn, "" for the primary one. All shows also what is the same everywhere.
type CompareQuery struct {
	IDs      []string
	Baseline string
	Key      string
	Axis     Axis
	Width    int
	Smooth   float64
	All      bool
}

// Compare is `pace.compare/1`: runs side by side, and only what differs unless all was asked for.
type Compare struct {
	Schema   string    `json:"schema"`
	Baseline int       `json:"baseline"` // index into Runs
	Runs     []RunHead `json:"runs"`
	// Shown of Total rows differ; the others are the same in every run.
	Shown   int          `json:"shown"`
	Total   int          `json:"total"`
	Rows    []CompareRow `json:"rows"`
	Metrics []CompareNum `json:"metrics"`
	// Data says in a sentence whether the runs read the same data; Comparable is false where they did not.
	Data       string   `json:"data"`
	Comparable bool     `json:"comparable"`
	DataDiffer []bool   `json:"data_differs"` // per run, against the baseline
	Primary    string   `json:"primary"`      // the metric that is drawn
	Curves     []Series `json:"-"`            // one per run that has the primary metric
}

// CompareRow is a param, a tag, a dataset or a part of the code. Values align with Runs.
type CompareRow struct {
	Group  string         `json:"group"` // "param", "data", "code", "tag", "run"
	Key    string         `json:"key"`
	Same   bool           `json:"same"`
	Values []CompareValue `json:"values"`
}

// CompareValue is a text, or nothing where the run has none.
type CompareValue struct {
	Text string `json:"text"`
	Have bool   `json:"have"`
}

// CompareNum is a metric, or the duration in seconds (Key "duration", Unit "s"). Values align with Runs.
type CompareNum struct {
	Key       string       `json:"key"`
	Unit      string       `json:"unit,omitempty"`
	Direction string       `json:"direction,omitempty"`
	Guessed   bool         `json:"guessed,omitempty"`
	Same      bool         `json:"same"`
	Values    []CompareOne `json:"values"`
}

// CompareOne is one run's number against the baseline's. Percent is of the baseline's absolute value, NaN where that
// is zero. Verdict is "baseline", "same", "better", "worse", "changed" (no direction known) or "absent".
type CompareOne struct {
	Value   Float  `json:"value"`
	Delta   Float  `json:"delta"`
	Percent Float  `json:"percent"`
	Have    bool   `json:"have"`
	Best    bool   `json:"best,omitempty"`
	Verdict string `json:"verdict"`
}

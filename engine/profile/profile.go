// Package profile turns a dataset into a Profile: what it holds, column by column, and what is wrong with it, in one pass.
// It must not know any file format, the store, or how a profile is shown.
package profile

import (
	"time"

	"pace/engine/table"
)

// Schema names the JSON shape; Version is the version of the algorithms behind it, to be kept with stored profiles.
const (
	Schema  = "pace.profile/1"
	Version = 2
)

// Profile is the shape pace.profile/1.
type Profile struct {
	Schema    string `json:"schema"`
	Source    Source `json:"source"`
	Rows      int64  `json:"rows"`
	RowsError int64  `json:"rows_error,omitempty"` // only of a quick look: how far the estimated rows may be off
	Columns   int    `json:"columns"`
	Overview
	Types        map[table.Type]int     `json:"types"`
	Variables    []Variable             `json:"variables"`
	Missing      *Missing               `json:"missing,omitempty"`
	Duplicates   *Duplicates            `json:"duplicates,omitempty"`
	Correlations map[string]Correlation `json:"correlations,omitempty"`
	Alerts       []Alert                `json:"alerts"`
	Reproduction Reproduction           `json:"reproduction"`
	Approx       []string               `json:"approx"`
}

// Source says what was profiled. Version is the dataset version, empty when it was not asked for.
type Source struct {
	Path    string         `json:"path"`
	Format  string         `json:"format"`
	Bytes   int64          `json:"bytes"`
	Dialect *table.Dialect `json:"dialect,omitempty"`
	Version string         `json:"version"`
	Sampled bool           `json:"sampled,omitempty"` // only the first rows were read
	BadRows int64          `json:"bad_rows"`          // records that did not fit: ragged, quote never closed
	Issues  []Issue        `json:"issues,omitempty"`  // the first of them
}

// Issue is a record that was read though it did not fit.
type Issue struct {
	Row    int64  `json:"row"`
	Line   int64  `json:"line,omitempty"`
	Reason string `json:"reason"`
}

// Overview is the framework's dataset page. Duplicate rows counts the extra copies.
type Overview struct {
	MissingCells       int64   `json:"missing_cells"`
	MissingCellsShare  float64 `json:"missing_cells_share"`
	DuplicateRows      int64   `json:"duplicate_rows"`
	DuplicateRowsError int64   `json:"duplicate_rows_error,omitempty"`
	DuplicateRowsShare float64 `json:"duplicate_rows_share"`
	MemoryBytes        int64   `json:"memory_bytes"`
	AvgRecordBytes     float64 `json:"avg_record_bytes"`
}

// Variable is one column. Figures that its type has not are absent.
type Variable struct {
	Name    string     `json:"name"`
	Type    table.Type `json:"type"`
	Storage string     `json:"storage"`
	Role    string     `json:"role"`
	Counts
	Min *Value `json:"min,omitempty"`
	Max *Value `json:"max,omitempty"`
	*Moments
	Histogram *Histogram   `json:"histogram,omitempty"`
	Top       []ValueCount `json:"top,omitempty"`
	TopError  int64        `json:"top_error,omitempty"`
	Lengths   *Lengths     `json:"lengths,omitempty"`
	Text
	Findings
	Approx []string `json:"approx"`
}

// Findings are what only some variables have.
type Findings struct {
	RoleReason  string       `json:"role_reason,omitempty"`
	TextFigures *TextFigures `json:"text,omitempty"`
	Times       *Times       `json:"times,omitempty"`
	Outliers    *Outliers    `json:"outliers,omitempty"`
	Extremes    *Extremes    `json:"extremes,omitempty"`
	Integers    int64        `json:"integers,omitempty"` // numbers without a fraction
	Series      *Series      `json:"series,omitempty"`
}

// Counts are known for every variable. Count is rows with a value of the variable's type; Missing and Errors are the rest.
type Counts struct {
	Count         int64   `json:"count"`
	Missing       int64   `json:"missing"`
	MissingShare  float64 `json:"missing_share"`
	Distinct      int64   `json:"distinct"`
	DistinctExact bool    `json:"distinct_exact"`
	DistinctError float64 `json:"distinct_error,omitempty"` // relative standard error
	Unique        int64   `json:"unique"`
	UniqueError   float64 `json:"unique_error,omitempty"` // standard error in values
}

// Moments are the statistics of a numeric variable, with pandas' conventions.
type Moments struct {
	Mean           Float      `json:"mean"`
	Std            Float      `json:"std"`
	Variance       Float      `json:"variance"`
	Sum            Float      `json:"sum"`
	Skewness       Float      `json:"skewness"`
	Kurtosis       Float      `json:"kurtosis"`
	Zeros          int64      `json:"zeros"`
	Negatives      int64      `json:"negatives"`
	Infinite       int64      `json:"infinite"`
	Quantiles      *Quantiles `json:"quantiles,omitempty"`
	QuantilesError float64    `json:"quantiles_error,omitempty"` // bound of the rank error, as a share of count
	Spread
	Monotonic string `json:"monotonic"` // increasing, non-decreasing, decreasing, non-increasing, constant or none
}

// Spread is what the quantiles tell beyond themselves.
type Spread struct {
	IQR      Float   `json:"iqr"`
	MAD      Float   `json:"mad"`
	MADError float64 `json:"mad_error,omitempty"` // bound of the rank error
	CV       Float   `json:"cv"`
}

// Quantiles by linear interpolation.
type Quantiles struct {
	P01 Float `json:"0.01"`
	P05 Float `json:"0.05"`
	P10 Float `json:"0.1"`
	P25 Float `json:"0.25"`
	P50 Float `json:"0.5"`
	P75 Float `json:"0.75"`
	P90 Float `json:"0.9"`
	P95 Float `json:"0.95"`
	P99 Float `json:"0.99"`
}

// Histogram counts finite values between edges, the last bin with its upper edge. A datetime's edges are seconds since 1970.
type Histogram struct {
	Edges  []Float `json:"edges"`
	Counts []int64 `json:"counts"`
}

// ValueCount is a value and how often it stands in the column.
type ValueCount struct {
	Value Value `json:"value"`
	Count int64 `json:"count"`
}

// Lengths are in characters (code points).
type Lengths struct {
	Min  int64   `json:"min"`
	Mean float64 `json:"mean"`
	Max  int64   `json:"max"`
}

// Text is what the reading of the column's text met: the missing spellings with their counts, the values that are not of the
// variable's type (the first ones; ErrorCount has all) and digits with leading zeros.
type Text struct {
	MissingTokens map[string]int64 `json:"missing_tokens,omitempty"`
	Errors        []CellError      `json:"errors"`
	ErrorCount    int64            `json:"error_count"`
	ZeroPadded    int64            `json:"zero_padded,omitempty"`
}

// CellError is a value that is not of its variable's type.
type CellError struct {
	Row   int64  `json:"row"`
	Value string `json:"value"`
}

// Alert is something a person should know. Column is empty for the whole dataset; Evidence holds the numbers it stands on.
type Alert struct {
	ID       string           `json:"id"`
	Severity Severity         `json:"severity"`
	Column   string           `json:"column,omitempty"`
	Message  string           `json:"message"`
	Evidence map[string]Float `json:"evidence"`
	Behind
}

// Behind is what an alert leads to: some of its rows from 0, other columns it is about, values that show it, and the rule that
// would watch over it.
type Behind struct {
	Rows     []int64  `json:"rows,omitempty"`
	Columns  []string `json:"columns,omitempty"`
	Examples []Value  `json:"examples,omitempty"`
	Rule     *Rule    `json:"rule,omitempty"`
}

// Rule is a suggestion for a contract: what is asked of a column (of the dataset when Column is empty). Share is the share of
// the rows that may break it.
type Rule struct {
	Kind   string  `json:"kind"` // see the constants
	Column string  `json:"column,omitempty"`
	Min    *Float  `json:"min,omitempty"`
	Max    *Float  `json:"max,omitempty"`
	Values []Value `json:"values,omitempty"`
	Share  float64 `json:"share"`
}

// The kinds of Rule.
const (
	RuleRequired  = "required"   // no value is missing, but for Share of them
	RuleUnique    = "unique"     // no value stands twice
	RuleDistinct  = "no_copies"  // no row stands twice
	RuleType      = "type"       // Values[0] names the type
	RuleOneOf     = "one_of"     // the value is one of Values
	RuleNotOneOf  = "not_one_of" // the value is none of Values
	RuleRange     = "range"      // Min and Max hold
	RuleFinite    = "finite"     // no infinity
	RuleLength    = "length"     // Min and Max hold for the characters
	RuleNotFuture = "not_future" // no stamp after now
	RuleOrdered   = "ordered"    // no stamp before that of the row before
	RuleMissingAs = "missing_as" // missing values are spelled as Values[0]
	RuleClean     = "clean"      // no white space at the ends, no control characters, valid UTF-8
)

// Severity orders alerts.
type Severity string

// The severities, the gravest first.
const (
	SevereError Severity = "error"
	SevereWarn  Severity = "warn"
	SevereInfo  Severity = "info"
)

// Reproduction says how to get the same profile again.
type Reproduction struct {
	Pace      string    `json:"pace"`
	Command   string    `json:"command"`
	Started   time.Time `json:"started"`
	ElapsedMS int64     `json:"elapsed_ms"`
}

// Variable finds a variable by name, or nil.
func (p *Profile) Variable(name string) *Variable {
	for i := range p.Variables {
		if p.Variables[i].Name == name {
			return &p.Variables[i]
		}
	}
	return nil
}

// Package printer writes what package report knows as text, JSON, Markdown, HTML or CSV.
// It must not know where the facts come from, nor decide any of them: it lays out, cleans and escapes.
package printer

import (
	"fmt"
	"io"

	"pace/engine/report"
)

// Format is a way to print.
type Format string

// The formats. CSV is for runs only.
const (
	Text     Format = "text"
	JSON     Format = "json"
	Markdown Format = "markdown"
	HTML     Format = "html"
	CSV      Format = "csv"
)

// Style is what the text format draws with. The zero Style is 100 columns of plain UTF-8.
type Style struct {
	Width int  // columns; 0 is 100
	ASCII bool // no character above 0x7e in frames and charts
}

func (s Style) width() int {
	if s.Width <= 0 {
		return 100
	}
	return max(s.Width, 40)
}

// page is a report laid out, before anything is known of its format.
type page struct {
	title  string
	blocks []block
}

// block is one part of a page: heading, para, facts, grid, items or chart.
type block interface{ block() }

type (
	heading string
	para    string
	// items are short lines, each with a sign.
	items []item
	item  struct{ sign, text, more string }
	// facts are label and value, a pair to a line.
	facts []fact
	fact  struct{ label, value string }
)

// grid is a table. right says which columns are of numbers.
type grid struct {
	head  []string
	right []bool
	rows  [][]string
	least int // columns aligned to the right give way too, down to this width; 0: they do not
}

// chart draws curves of one width over one range of x.
type chart struct {
	caption  string
	from, to float64
	unit     string
	lines    []line
}

type line struct {
	name string
	y    []float64 // one value a column, NaN where there is none
}

func (heading) block() {}
func (para) block()    {}
func (items) block()   {}
func (facts) block()   {}
func (grid) block()    {}
func (chart) block()   {}

func (p *page) add(b ...block) { p.blocks = append(p.blocks, b...) }

// print writes a page in one of the formats that pages have.
func (p *page) print(w io.Writer, f Format, s Style) error {
	switch f {
	case Text:
		return writeText(w, p, s)
	case Markdown:
		return writeMarkdown(w, p)
	case HTML:
		return writeHTML(w, p)
	}
	return fmt.Errorf("print %s: there is no such format here", f)
}

// Report prints `pace.report/1`.
func Report(w io.Writer, f Format, s Style, r report.Report) error {
	if f == JSON {
		return writeJSON(w, r)
	}
	return reportPage(r).print(w, f, s)
}

// Run prints `pace.run/1`; curves are of the run's primary metrics.
func Run(w io.Writer, f Format, s Style, d report.RunDetail, curves []report.Series) error {
	if f == JSON {
		return writeJSON(w, d)
	}
	return runPage(d, curves).print(w, f, s)
}

// Compare prints `pace.compare/1`.
func Compare(w io.Writer, f Format, s Style, c report.Compare) error {
	if f == JSON {
		return writeJSON(w, c)
	}
	return comparePage(c).print(w, f, s)
}

// Journal prints `pace.journal/1`.
func Journal(w io.Writer, f Format, s Style, j report.Journal) error {
	if f == JSON {
		return writeJSON(w, j)
	}
	return journalPage(j).print(w, f, s)
}

// Doctor prints `pace.doctor/1`.
func Doctor(w io.Writer, f Format, s Style, d report.Doctor) error {
	if f == JSON {
		return writeJSON(w, d)
	}
	return doctorPage(d).print(w, f, s)
}

// Runs prints `pace.runs/1` as JSON.
func Runs(w io.Writer, r report.Runs) error { return writeJSON(w, r) }

// RunList prints runs as a table: text, Markdown, HTML or CSV.
func RunList(w io.Writer, f Format, s Style, l report.RunList) error {
	if f == CSV {
		return writeCSV(w, l)
	}
	p := page{title: "Runs"}
	p.add(runGrid(l))
	p.add(runNotes(l)...)
	return p.print(w, f, s)
}

// Notes prints the notes of a journal without its events; JSON is `pace.journal/1`.
func Notes(w io.Writer, f Format, s Style, j report.Journal) error {
	if f == JSON {
		return writeJSON(w, j)
	}
	p := &page{}
	if len(j.Notes) == 0 {
		p.add(para("nobody has said anything about it yet"))
	} else {
		p.add(noteItems(j.Notes, 0))
	}
	return p.print(w, f, s)
}

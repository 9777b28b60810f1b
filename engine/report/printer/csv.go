package printer

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"pace/engine/report"
)

// writeCSV writes runs with a header, numbers in full, times in RFC 3339 UTC, durations in milliseconds; an absent value
// is the empty field. Lines end in \n.
func writeCSV(w io.Writer, l report.RunList) error {
	out := csv.NewWriter(w)
	head := []string{"id"}
	for _, c := range l.Columns {
		head = append(head, columnName(c))
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for _, row := range l.Rows {
		record := []string{row.ID}
		for i, cell := range row.Cells {
			record = append(record, csvCell(cell, l.Columns[i].Kind))
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func columnName(c report.Column) string {
	switch c.Kind {
	case report.DurationColumn:
		return c.Title + "_ms"
	case report.TextColumn, report.NumberColumn:
		return report.Clean(c.Title)
	}
	return c.Title
}

func csvCell(c report.TableCell, kind report.ColumnKind) string {
	if !c.Have {
		return ""
	}
	switch kind {
	case report.NumberColumn:
		return strconv.FormatFloat(c.Num, 'g', -1, 64)
	case report.TimeColumn:
		return time.UnixMilli(int64(c.Num)).UTC().Format(time.RFC3339)
	case report.DurationColumn:
		return strconv.FormatInt(int64(c.Num), 10)
	}
	return c.Text
}

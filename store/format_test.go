package store_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"pace/store"
	"pace/store/storetest"
)

var (
	aside = regexp.MustCompile(`\([^)]*\)`)
	word  = regexp.MustCompile(`^[a-z_]+$`)
)

// documented is what the table of tables in FORMAT.md says.
func documented(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(text), "## Tables")
	part, _, _ = strings.Cut(part, "\n## ")
	out := map[string]string{}
	for line := range strings.Lines(part) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !word.MatchString(strings.TrimSpace(cells[1])) || strings.TrimSpace(cells[1]) == "table" {
			continue
		}
		var columns []string
		for c := range strings.SplitSeq(aside.ReplaceAllString(cells[3], ""), ",") {
			columns = append(columns, strings.TrimSpace(c))
		}
		out[strings.TrimSpace(cells[1])] = strings.Join(columns, " ")
	}
	return out
}

func TestFormatNamesEveryTableAndColumn(t *testing.T) {
	got := map[string]string{}
	for table, columns := range store.Schema(t, storetest.Open(t)) {
		got[table] = strings.Join(columns, " ")
	}
	check(t, "FORMAT.md", documented(t), got)
}

package widget

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"pace/themes"
)

func testTable(rows int) *Table {
	g := Braille()
	spark := Look{Glyphs: g}.Spark([]float64{1, 2, 4, 5, 6, 7, 7.2, 7.3, 7, 7.7}, 12)
	return &Table{
		Rows: rows, Focus: true, Sorts: true, Empty: "no runs yet",
		Columns: []Column{
			{Title: "NAME", Max: 30}, {Title: "STATE"}, {Title: "auc", Align: AlignPoint, Order: OrderDown},
			{Title: "base", Align: AlignPoint}, {Title: "loss", Align: AlignPoint}, {Title: "lr", Align: AlignRight},
			{Title: "auc over steps"}, {Title: "took", Align: AlignRight},
		},
		Cell: func(row, col int) Cell {
			x := float64(row)
			switch col {
			case 0:
				return Text(themes.Strong, []string{"lr-sweep", "wide", "größe\x1b[31m", "日本語の実験"}[row%4])
			case 1:
				return Text(themes.OK, g.state[StateOK]+" ok")
			case 2:
				return Value(themes.Fg, KindNum, .9312-x*.0013)
			case 3:
				return Value(themes.Fg, KindDelta, .0041-x*.0013)
			case 4:
				return Value(themes.Fg, KindNum, .211+x*.7)
			case 5:
				return Value(themes.Dim, KindNum, 3e-4*(x+1))
			case 6:
				return Text(themes.Series0, spark)
			}
			return Value(themes.Dim, KindDuration, x*x*37)
		},
		Gutter: func(row int) (string, themes.Role) {
			if row%3 == 1 {
				return "*", themes.Accent
			}
			return "", themes.Fg
		},
	}
}

func TestTableKeepsItsSize(t *testing.T) {
	look := testLook(t, Braille())
	for w := range 130 {
		for _, h := range []int{0, 1, 2, 3, 7, 24} {
			for _, rows := range []int{0, 1, 5, 1000} {
				tb := testTable(rows)
				for range 4 {
					checkSize(t, "table", tb.Lines(look, w, h), w, h)
					tb.Page(1)
					tb.MoveColumn(2)
				}
			}
		}
	}
}

func TestTableNeverCutsANumber(t *testing.T) {
	look := testLook(t, Braille())
	tb := &Table{Rows: 1, Columns: []Column{{Title: "n"}, {Title: "v", Align: AlignRight, Max: 5}},
		Cell: func(_, col int) Cell { return Value(themes.Fg, KindCount, 336776) }}
	for w := 2; w < 40; w++ {
		text := ansi.Strip(strings.Join(tb.Lines(look, w, 2), "\n"))
		for _, field := range strings.Fields(text)[1:] {
			if n := strings.Trim(field, "nv▸#…›"); n != "" && !strings.Contains(" 336,776 336776 336.8k 337k 336k .3M ", " "+n+" ") {
				t.Fatalf("at %d: %q in\n%s", w, n, text)
			}
		}
	}
}

func TestTableFollowsItsCursor(t *testing.T) {
	look := testLook(t, Braille())
	tb := testTable(100_000)
	for _, row := range []int{0, 50, 99_999, 40_000, 39_999, 40_020} {
		tb.Row = row
		lines := tb.Lines(look, 100, 20)
		found := false
		for _, l := range lines {
			found = found || strings.Contains(l, look.Glyphs.Text.Cursor)
		}
		if !found || row < tb.Top || row >= tb.Top+19 {
			t.Errorf("row %d is not on the screen that starts at %d", row, tb.Top)
		}
	}
	for col := range tb.Columns {
		tb.Col = col
		if lines := tb.Lines(look, 60, 5); !strings.Contains(lines[0], tb.Columns[col].Title) {
			t.Errorf("column %d is not in %q", col, lines[0])
		}
	}
}

func TestTableWidthsNeverShrink(t *testing.T) {
	look := testLook(t, Braille())
	tb := &Table{Rows: 100, Columns: []Column{{Title: "n"}, {Title: "v"}},
		Cell: func(row, _ int) Cell { return Text(themes.Fg, strings.Repeat("x", 3+row%50/10*2)) }}
	var before int
	for range 10 {
		head := tb.Lines(look, 80, 11)[0]
		at := strings.Index(head, "v")
		if at < before {
			t.Fatalf("the second column moved from %d back to %d", before, at)
		}
		before = at
		tb.Move(10)
	}
}

func TestTableReadsOnlyWhatIsSeen(t *testing.T) {
	look := testLook(t, Braille())
	tb := testTable(100_000)
	inner, calls := tb.Cell, 0
	tb.Cell = func(row, col int) Cell { calls++; return inner(row, col) }
	tb.Lines(look, 120, 40)
	if calls > 39*8*4 {
		t.Errorf("first drawing read %d cells", calls)
	}
	calls = 0
	tb.Move(1)
	tb.Lines(look, 120, 40)
	if calls != 2*8 {
		t.Errorf("a cursor move read %d cells, want those of two rows", calls)
	}
	calls = 0
	tb.Lines(look, 120, 40)
	if calls != 0 {
		t.Errorf("drawing again read %d cells", calls)
	}
	again := Look{Theme: look.Theme, Glyphs: Braille()}
	if tb.Lines(again, 120, 40); calls != 0 {
		t.Errorf("the same glyphs built anew read %d cells", calls)
	}
	other := Look{Theme: look.Theme, Glyphs: ASCII()}
	if tb.Lines(other, 120, 40); calls == 0 {
		t.Error("other glyphs drew nothing anew")
	}
}

func TestTableCursorMoveAllocatesLittle(t *testing.T) {
	look := colorLook(t)
	tb := testTable(100_000)
	tb.Row = 50_000
	tb.Lines(look, 120, 40)
	by := 1
	if n := testing.AllocsPerRun(100, func() {
		tb.Move(by)
		by = -by
		tb.Lines(look, 120, 40)
	}); n > 8 {
		t.Errorf("%v allocations for a cursor move", n)
	}
}

func TestSpanRunsOnWithoutWidening(t *testing.T) {
	look := testLook(t, Braille())
	tb := &Table{Rows: 2, Sorts: true, Columns: []Column{{Title: "VARIABLE"}, {Title: "MEAN", Align: AlignPoint}, {Title: "STD", Align: AlignPoint}, {Title: "ALERT"}},
		Cell: func(row, col int) Cell {
			switch {
			case col == 0:
				return Text(themes.Strong, "v")
			case col == 3:
				return Text(themes.Warn, "leak?")
			case row == 0:
				return Value(themes.Fg, KindNum, 12.6391)
			}
			return Cell{Text: "UA 17.4 %  B6 16.2 %", Span: 1}
		}}
	want := []string{
		// Titles keep two columns for the sort mark: 10, 6, 5 and 7 wide, two
		// apart; the span has 6 + 2 + 5.
		"  VARIABLE      MEAN    STD  ALERT    ",
		"▸ v            12.64  12.64  leak?    ",
		"  v           UA 17.4 %  B…  leak?    ",
	}
	for i, l := range tb.Lines(look, 38, 3) {
		if got := ansi.Strip(l); got != want[i] {
			t.Errorf("line %d: %q, want %q", i, got, want[i])
		}
	}
}

func TestTableAt(t *testing.T) {
	look := testLook(t, Braille())
	tb := testTable(50)
	lines := tb.Lines(look, 100, 10)
	x := Width(lines[0][:strings.Index(lines[0], "STATE")])
	for _, c := range []struct {
		x, y, row, col int
		ok             bool
	}{{x, 0, -1, 1, true}, {x, 3, 2, 1, true}, {3, 1, 0, 0, true}, {x, 10, 0, 0, false}, {0, 2, 1, 0, true}} {
		row, col, ok := tb.At(c.x, c.y)
		if ok != c.ok || ok && (row != c.row || col != c.col) {
			t.Errorf("at %d,%d: %d %d %v, want %d %d %v", c.x, c.y, row, col, ok, c.row, c.col, c.ok)
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add(uint8(80), uint8(24), 5, "name", 1.5, 3)
	f.Add(uint8(20), uint8(5), 1000, "日本\x1b[2J語", math.Inf(1), -1)
	f.Fuzz(func(t *testing.T, w, h uint8, rows int, text string, v float64, move int) {
		look := testLook(t, Braille())
		tb := &Table{Rows: max(0, rows%100_000), Empty: text, Columns: []Column{{Title: text, Grow: rows%2 == 0}, {Title: "n", Align: AlignPoint, Min: move % 40}, {Title: text, Max: 9, Order: OrderUp}, {Title: "g", Grow: rows%3 == 0}},
			Cell: func(row, col int) Cell {
				if col%2 == 0 {
					return Text(themes.Fg, text[:min(len(text), row%9)])
				}
				return Value(themes.Warn, Kind(row%9), v*float64(row))
			}, Gutter: func(int) (string, themes.Role) { return text, themes.Err }}
		for range 3 {
			checkSize(t, "table", tb.Lines(look, int(w), int(h)), int(w), int(h))
			tb.Move(move % 100_000)
			tb.MoveColumn(move % 5)
		}
	})
}

func BenchmarkTableCursorMove(b *testing.B) {
	look := colorLook(b)
	for _, size := range [][2]int{{120, 40}, {200, 60}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			tb := testTable(100_000)
			b.ReportAllocs()
			for b.Loop() {
				tb.Move(1)
				tb.Lines(look, size[0], size[1])
			}
		})
	}
}

// TestALiveCellKeepsItsColumn: a value that grows more digits than were seen before stays in its column.
func TestALiveCellKeepsItsColumn(t *testing.T) {
	value := 0.5
	tb := Table{Rows: 2, Columns: []Column{{Title: "METRIC"}, {Title: "LAST", Align: AlignPoint, Min: 6, Max: 9}, {Title: "BETTER"}}, Focus: true}
	tb.Cell = func(row, col int) Cell {
		switch col {
		case 0:
			return Text(themes.Fg, "auc")
		case 1:
			return Value(themes.Fg, KindNum, value)
		}
		return Text(themes.Fg, "higher")
	}
	look := colorLook(t)
	tb.Lines(look, 60, 4)
	for _, v := range []float64{0.3333, 12.25, 1.0 / 3000} {
		value = v
		tb.Touch()
		lines := tb.Lines(look, 60, 4)
		at := strings.Index(ansi.Strip(lines[0]), "BETTER")
		for _, row := range lines[1:3] {
			plain := ansi.Strip(row)
			if got := strings.Index(plain, "higher"); Width(plain[:got]) != at || plain[got-1] != ' ' {
				t.Errorf("%v: the header stands at %d, the cell elsewhere: %q", v, at, plain)
			}
		}
	}
}

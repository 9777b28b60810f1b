// Package tuitest drives the workbench in place: keys go in, the commands that the model returns are run at
// once and to their end, the screen comes out. Nothing sleeps and nothing is awaited. It must not be
// imported by anything but tests.
package tuitest

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"pace/store"
	"pace/tui"
	"pace/tui/pane"
)

// Driver is a running workbench without a terminal.
type Driver struct {
	t testing.TB
	m *tui.Model
	// Quit is set once the model has asked to end.
	Quit bool
	// Hurry lets nothing be read that waits for the cursor to rest.
	Hurry bool
}

// New starts a workbench of w x h cells. The clock stands still unless Options.Now moves it.
func New(t testing.TB, o tui.Options, w, h int) *Driver {
	t.Helper()
	o.Tick = func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil }
	d := &Driver{t: t}
	o.Rest = func(context.Context, time.Duration) error {
		if d.Hurry {
			return context.Canceled
		}
		return nil
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	d.m = tui.New(context.Background(), o)
	d.run(d.m.Init())
	d.Resize(w, h)
	return d
}

// Resize changes the size of the terminal.
func (d *Driver) Resize(w, h int) { d.Send(tea.WindowSizeMsg{Width: w, Height: h}) }

// Send gives the model one message and runs what follows from it.
func (d *Driver) Send(msg tea.Msg) {
	_, cmd := d.m.Update(msg)
	d.run(cmd)
}

// run runs a command and everything that it leads to. Batches are expanded; a sequence can't be, so the
// workbench uses none.
func (d *Driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case tea.QuitMsg:
		d.Quit = true
	default:
		if reflect.TypeOf(msg).PkgPath() == "charm.land/bubbletea/v2" {
			return // a question to the terminal
		}
		d.Send(msg)
	}
}

// Changed tells the workbench that something became stale.
func (d *Driver) Changed(ch store.Change) { d.Send(tui.Notice(ch)) }

// Keys presses keys by their names: "j", "enter", "ctrl+p", "shift+tab".
func (d *Driver) Keys(names ...string) {
	for _, n := range names {
		d.Send(Key(n))
	}
}

// Type presses the key of every letter.
func (d *Driver) Type(text string) {
	for _, r := range text {
		if r == ' ' {
			d.Keys("space")
			continue
		}
		d.Keys(string(r))
	}
}

// Key is the key press with this name.
func Key(name string) tea.KeyPressMsg {
	var k tea.Key
	for {
		if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
			k.Mod |= tea.ModCtrl
			name = rest
		} else if rest, ok := strings.CutPrefix(name, "shift+"); ok {
			k.Mod |= tea.ModShift
			name = rest
		} else {
			break
		}
	}
	if code, ok := special[name]; ok {
		k.Code = code
		if name == "space" {
			k.Text = " "
		}
		return tea.KeyPressMsg(k)
	}
	k.Code = []rune(name)[0]
	if k.Mod == 0 {
		k.Text = name
	}
	return tea.KeyPressMsg(k)
}

var special = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace, "backspace": tea.KeyBackspace,
	"delete": tea.KeyDelete, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
	"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
}

// View is the screen with its styles.
func (d *Driver) View() string { return d.m.View().Content }

// Screen is the screen as plain rows.
func (d *Driver) Screen() []string { return strings.Split(ansi.Strip(d.View()), "\n") }

// Text is the screen as one text, trailing blanks removed.
func (d *Driver) Text() string {
	rows := d.Screen()
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " ")
	}
	return strings.Join(rows, "\n")
}

// MustSee fails the test unless the screen shows each text.
func (d *Driver) MustSee(texts ...string) {
	d.t.Helper()
	screen := d.Text()
	for _, want := range texts {
		if !strings.Contains(screen, want) {
			d.t.Fatalf("the screen does not show %q:\n%s", want, screen)
		}
	}
}

// MustNotSee fails the test if the screen shows one of the texts.
func (d *Driver) MustNotSee(texts ...string) {
	d.t.Helper()
	screen := d.Text()
	for _, bad := range texts {
		if strings.Contains(screen, bad) {
			d.t.Fatalf("the screen shows %q:\n%s", bad, screen)
		}
	}
}

// CheckSize fails the test unless the screen has exactly h rows of exactly w cells.
func (d *Driver) CheckSize(w, h int) {
	d.t.Helper()
	rows := d.Screen()
	if len(rows) != h {
		d.t.Fatalf("%dx%d: %d rows", w, h, len(rows))
	}
	for i, r := range rows {
		if got := ansi.StringWidth(r); got != w {
			d.t.Fatalf("%dx%d: row %d is %d cells wide: %q", w, h, i, got, r)
		}
	}
}

// updating says whether the test was run with -update. The test that has goldens declares the flag: several
// packages of one test may want it.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// Verbs are what can be done now: the pane's, then the workbench's own.
func (d *Driver) Verbs() []pane.Verb { return d.m.Verbs() }

// Model is the model that is driven.
func (d *Driver) Model() *tui.Model { return d.m }

// Golden compares text with testdata/NAME.golden, or writes it with -update.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got+"\n" {
		t.Errorf("%s differs (run with -update after looking):\n--- want\n%s\n--- got\n%s", path, want, got)
	}
}

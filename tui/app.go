package tui

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"pace/themes"
	"pace/tui/pane"
	"pace/tui/widget"
)

// Model is the one model of the program.
type Model struct {
	opt  Options
	work *work
	keys keymap
	look look
	nav
	over overlay // nil when nothing lies over the pane
	mice
	said said // toasts, errors, command log
	head head
	draw drawn

	asleep   bool // the terminal has lost the focus: notices wait
	quitting bool
}

// look is what the frame is drawn with.
type look struct {
	w, h    int
	theme   *themes.Theme
	name    string
	dark    bool
	glyphs  string
	mouse   bool
	serial  int
	now     time.Time
	ticking bool
	title   string // of the terminal's window
}

// drawn is the screen as it was drawn last; it stands until something happens.
type drawn struct {
	dirty bool
	was   bool // dirty before the message that is handled now
	text  string
	zones []widget.Zone // click targets of the footer
	rows  []string
}

// work owns the goroutines of the screen: every load runs under its context and is waited for.
type work struct {
	ctx    context.Context
	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
	broke  func()
}

// enter says whether a load may still start; a command that the program never ran must not be waited for.
func (w *work) enter() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.group.Add(1)
	}
	return !w.closed
}

// run is a command that does work under the program's context and answers with a message.
func (w *work) run(do func(ctx context.Context) tea.Msg) tea.Cmd {
	return func() tea.Msg {
		if !w.enter() {
			return nil
		}
		defer w.group.Done()
		defer w.broke()
		return do(w.ctx)
	}
}

// Wait lets no further work start and returns when what runs has ended.
func (w *work) Wait() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.group.Wait()
}

// New makes the model. The context ends every load when the program does.
func New(ctx context.Context, o Options) *Model {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Tick == nil {
		o.Tick = tea.Tick
	}
	if o.Rest == nil {
		o.Rest = rest
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	m := &Model{opt: o, work: &work{ctx: ctx}, keys: newKeymap(o.Set.Keys)}
	m.work.broke = m.broke
	m.look = look{name: o.Set.Theme, dark: true, glyphs: o.Set.Glyphs, mouse: o.Set.Mouse, now: o.Now(), title: "pace · " + o.Project.Name}
	if m.look.glyphs == "" {
		m.look.glyphs = "braille"
	}
	m.setTheme(o.Set.Theme)
	m.nav.open(o.Screens)
	m.draw.dirty = true
	return m
}

// Init asks for what the first screen shows; the terminal's background is asked for after the first paint.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.listen(), tea.RequestBackgroundColor, m.loadStatus())
}

// Update routes one message. It holds no case for any pane.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	defer m.broke()
	if m.opt.Log != nil {
		fmt.Fprintf(m.opt.Log, "%T %v\n", msg, msg)
	}
	m.draw.was, m.draw.dirty = m.draw.dirty, true
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return m, m.resize(msg.Width, msg.Height)
	case tea.KeyPressMsg:
		return m, m.key(msg)
	case tea.PasteMsg:
		return m, m.paste(msg.Content)
	case tea.MouseMsg:
		return m, m.pointer(msg)
	case answerMsg:
		return m, m.answered(msg)
	case noticeMsg:
		return m, m.noticed(msg)
	case rootMsg:
		return m, msg.apply(m)
	default:
		return m, m.ambient(msg)
	}
}

// broke passes a panic on, after it was kept.
func (m *Model) broke() {
	if what := recover(); what != nil {
		if m.opt.Crashed != nil {
			m.opt.Crashed(what)
		}
		panic(what)
	}
}

// rootMsg is the answer to something that the root itself asked for.
type rootMsg interface{ apply(m *Model) tea.Cmd }

// ambient takes what the terminal says of itself.
func (m *Model) ambient(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		if m.look.dark != msg.IsDark() {
			m.look.dark = msg.IsDark()
			m.setTheme(m.look.name)
		}
	case tea.FocusMsg:
		m.asleep = false
		return m.listen()
	case tea.BlurMsg:
		m.asleep = true
	default:
		m.draw.dirty = m.draw.was
	}
	return nil
}

func (m *Model) resize(w, h int) tea.Cmd {
	if w == m.look.w && h == m.look.h {
		return nil
	}
	first := m.look.w == 0
	m.look.w, m.look.h = w, h
	if first {
		return m.show()
	}
	f := m.frame()
	return m.send(m.top(), pane.Resized{W: f.W, H: f.H})
}

func (m *Model) setTheme(name string) {
	if name == "" {
		name = "auto"
	}
	t, ok := themes.Find(name, m.look.dark, m.opt.Term.Profile)
	if m.opt.Set.Custom != nil && name == m.opt.Set.Custom.Name {
		t, ok = m.opt.Set.Custom, true
	}
	if !ok {
		t, _ = themes.Find("auto", m.look.dark, m.opt.Term.Profile)
		name = "auto"
	}
	m.look.theme, m.look.name = t, name
	m.look.serial++
}

// frame is what the top pane draws into: the screen without header, footer and an open input line.
func (m *Model) frame() pane.Frame {
	h := m.look.h - 2
	if _, ok := m.over.(*prompt); ok {
		h--
	}
	return pane.Frame{
		W: m.look.w, H: max(h, 0), Theme: m.look.theme, Glyphs: m.look.glyphs, Zoom: m.zoom(), Focus: !m.asleep,
		Now: m.look.now.Truncate(time.Second), Zone: m.opt.Zone, Serial: m.look.serial,
	}
}

// View returns the screen; it is drawn anew only when something happened since.
func (m *Model) View() tea.View {
	defer m.broke()
	if m.draw.dirty {
		m.paint()
		m.draw.dirty = false
	}
	v := tea.View{Content: m.draw.text, AltScreen: true, ReportFocus: true, WindowTitle: m.look.title}
	if m.look.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if m.look.theme.Background != "" {
		v.BackgroundColor = hexColor(m.look.theme.Background)
	}
	return v
}

// The least terminal in which anything but one line is drawn.
const minW, minH = 60, 15

func (m *Model) paint() {
	m.draw.zones = nil
	if m.look.w == 0 {
		m.draw.text = ""
		return
	}
	if m.look.w < minW || m.look.h < minH {
		m.draw.text = m.tooSmall()
		return
	}
	rows := append(m.draw.rows[:0], m.header())
	rows = append(rows, m.top().pane.View(m.frame())...)
	rows = m.overlaid(rows)
	if p, ok := m.over.(*prompt); ok {
		rows = append(rows, p.lines(m.view(), m.look.w)...)
	}
	if len(rows) < m.look.h {
		rows = append(rows, m.footer())
	}
	m.draw.rows = rows
	m.draw.text = strings.Join(rows, "\n")
}

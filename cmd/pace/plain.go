package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"pace/engine/query"
	"pace/engine/report"
	"pace/store"
	"pace/tui/widget"
)

// plain is the workbench without a screen: lines in, sentences out, for screen readers and for terminals that can
// do no more. Lists are numbered, and a number stands for what it names until the next list.
type plain struct {
	*session
	actor string
	refs  []string // of the last list
	seen  time.Time
}

// plainCommand is one thing that can be typed.
type plainCommand struct {
	name, args, what string
	run              func(p *plain, ctx context.Context, args []string) error
}

// plainCommands are what can be typed, in the order of the help.
func plainCommands() []plainCommand {
	return []plainCommand{
		{"overview", "", "what needs you, what runs, what is best", (*plain).overview},
		{"runs", "[FILTER]", "the runs, newest first; a filter as in `pace runs --filter`", (*plain).listRuns},
		{"data", "", "the datasets and what is wrong with them", (*plain).listData},
		{"show", "NUMBER or NAME", "one run or dataset; a number alone does the same", (*plain).show},
		{"compare", "NUMBER NUMBER...", "runs against the first: only what differs", (*plain).compare},
		{"note", "NUMBER or NAME, TEXT", "say something about a run or a dataset", (*plain).note},
		{"undo", "", "take back what you said last", (*plain).undo},
		{"redo", "", "say it again", (*plain).redo},
	}
}

// openLines opens the project around dir in lines.
func openLines(ctx context.Context, c *console, dir, as string) (err error) {
	s, err := openRead(ctx, c, dir, as)
	if err != nil {
		return err
	}
	defer s.close(&err)
	return s.linear(ctx, os.Stdin, as)
}

// linear talks about the project in lines.
func (s *session) linear(ctx context.Context, in io.Reader, as string) error {
	p := &plain{session: s, actor: s.speaker(as), seen: s.now()}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- s.engine.Run(ctx) }()
	err := errors.Join(p.overview(ctx, nil), p.talk(ctx, in))
	stop()
	return errors.Join(err, <-done)
}

// maxTyped bounds a line that is typed, in bytes.
const maxTyped = 64 << 10

// talk answers lines until there are no more.
func (p *plain) talk(ctx context.Context, in io.Reader) error {
	lines := make(chan string)
	go func() {
		defer close(lines)
		scan := bufio.NewScanner(in)
		scan.Buffer(nil, maxTyped)
		for scan.Scan() {
			select {
			case lines <- scan.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	p.say("Type help for what can be typed, quit to leave.")
	for {
		fmt.Fprint(p.out, "> ")
		select {
		case <-ctx.Done():
			return nil
		case line, more := <-lines:
			if !more || slices.Contains([]string{"quit", "q", "exit"}, strings.TrimSpace(line)) {
				return nil
			}
			if err := p.answer(ctx, strings.TrimSpace(line)); err != nil {
				p.say("Error: " + strings.TrimSpace(err.Error()))
				if hint := hintOf(err); hint != "" {
					p.say(hint)
				}
			}
			p.news(ctx)
		}
	}
}

// answer carries out one line.
func (p *plain) answer(ctx context.Context, line string) error {
	if line == "" {
		return nil
	}
	name, rest, _ := strings.Cut(line, " ")
	if _, err := strconv.Atoi(name); err == nil && rest == "" {
		name, rest = "show", line
	}
	for _, c := range plainCommands() {
		if c.name == name {
			return c.run(p, ctx, strings.Fields(rest))
		}
	}
	if name != "help" {
		p.say("There is no command " + name + ".")
	}
	for _, c := range plainCommands() {
		p.say(strings.TrimSpace(c.name+" "+c.args) + ": " + c.what + ".")
	}
	p.say("quit: leave.")
	return nil
}

// say prints one line; what files hold does nothing to the terminal.
func (p *plain) say(text string) { fmt.Fprintln(p.out, widget.Clean(text)) }

// list prints one line of a list with its number.
func (p *plain) list(ref, text string) {
	p.refs = append(p.refs, ref)
	p.say(strconv.Itoa(len(p.refs)) + ". " + text + ".")
}

// ref is what a number or a name stands for.
func (p *plain) ref(ctx context.Context, word string) (string, error) {
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(p.refs) && p.refs[n-1] != "" {
		return p.refs[n-1], nil
	}
	return report.Resolve(ctx, p.reader(), word)
}

func (p *plain) overview(ctx context.Context, _ []string) error {
	o, err := report.LoadOverview(ctx, p.reader(), p.local(), report.OverviewQuery{Width: 40})
	if err != nil {
		return err
	}
	p.refs = nil
	p.say(fmt.Sprintf("%s: %d runs, %d of them live, %d datasets.", o.Project, o.Counts.Runs, o.Counts.Live, o.Counts.Datasets))
	if o.Empty != "" {
		p.say(o.Empty)
	}
	for _, f := range o.Needs {
		p.list(f.Subject, string(f.Level)+", "+f.Title+": "+f.Message)
	}
	for _, l := range o.Live {
		text := "live, " + l.RunHead.Title()
		if len(l.Series.Curve.Columns) > 0 {
			text += ": " + l.Series.Key + " " + widget.Num(float64(l.Series.Last), widget.NoLimit) + ", " + l.Verdict
		}
		p.list("run:"+l.ID, text)
	}
	return p.best(ctx)
}

// maxPlainBest is how many of the best runs are named.
const maxPlainBest = 3

func (p *plain) best(ctx context.Context) error {
	t, err := report.LoadTable(ctx, p.reader(), p.local())
	if err != nil || t.Primary() == "" {
		return err
	}
	field := query.Field{Kind: query.Metric, Key: t.Primary(), Agg: "last"}
	c := t.Column(field)
	if c.Direction == "" {
		return nil
	}
	rows, err := t.View(ctx, p.reader(), report.ViewQuery{Now: p.now(), Sort: []query.Key{{Field: field, Desc: c.Direction == "max"}}})
	if err != nil {
		return err
	}
	guess := ""
	if c.Guessed {
		guess = ", guessed"
	}
	p.say("Best by " + c.Title + ", " + map[string]string{"min": "lower", "max": "higher"}[c.Direction] + " is better" + guess + ":")
	for _, row := range rows[:min(len(rows), maxPlainBest)] {
		if v := t.Cell(row, c, p.now()); v.Have {
			h := t.Head(row, p.now())
			p.list("run:"+h.ID, h.Title()+", "+c.Title+" "+v.Text)
		}
	}
	return nil
}

// local are the options of a load, with times as a person reads them.
func (p *plain) local() report.Options {
	o := p.options()
	o.Zone = time.Local
	return o
}

// news says what has changed since the last line.
func (p *plain) news(ctx context.Context) {
	now := p.now()
	o, err := report.LoadOverview(ctx, p.reader(), p.local(), report.OverviewQuery{Seen: p.seen})
	if err != nil {
		return
	}
	p.seen = now
	for _, n := range o.News {
		if !strings.HasPrefix(n.Text, p.actor+" ") {
			p.say("New: " + n.Text + ".")
		}
	}
}

func (p *plain) note(ctx context.Context, args []string) error {
	if len(args) < 2 {
		return usage(errors.New("note what, and about what?"), "note 2 looks good")
	}
	ref, err := p.ref(ctx, args[0])
	if err != nil {
		return err
	}
	return p.do(ctx, store.Edit{Kind: store.EditNote, Subject: ref, Text: strings.Join(args[1:], " ")}, "Noted.")
}

func (p *plain) undo(ctx context.Context, _ []string) error {
	return p.do(ctx, store.Edit{Kind: store.EditUndo}, "Undone.")
}

func (p *plain) redo(ctx context.Context, _ []string) error {
	return p.do(ctx, store.Edit{Kind: store.EditRedo}, "Said again.")
}

func (p *plain) do(ctx context.Context, e store.Edit, said string) error {
	e.Actor = p.actor
	if _, err := p.engine.Do(ctx, e); err != nil {
		return err
	}
	p.say(said)
	return nil
}

// wantsPlain says whether lines are wanted instead of a screen.
func (f *workbenchFlags) wantsPlain() bool {
	if v := os.Getenv("PACE_A11Y"); v != "" && v != "0" {
		return true
	}
	return f.plain
}

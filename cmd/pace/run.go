package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"charm.land/fang/v2"
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
)

// console is where a command reads and writes, and what it may know of its surroundings.
type console struct {
	out, err io.Writer
	help     io.Writer // out for what cobra and fang print by themselves
	terminal bool      // in and out are a terminal
	progress bool      // err is a terminal
	now      func() time.Time
}

// run carries out one command line and returns the exit code.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends what does not listen
	plainColours()
	c := &console{
		out: os.Stdout, err: os.Stderr, now: time.Now,
		terminal: isatty.IsTerminal(os.Stdin.Fd()) && isatty.IsTerminal(os.Stdout.Fd()),
		progress: isatty.IsTerminal(os.Stderr.Fd()),
	}
	c.help = c.out
	if !isatty.IsTerminal(os.Stdout.Fd()) {
		trim := &trimmer{w: c.out}
		defer trim.flush()
		c.help = trim
	}
	root := newRoot(c)
	root.SetArgs(args)
	err := fang.Execute(ctx, root, fang.WithVersion(version()), fang.WithErrorHandler(complain))
	return exitCode(ctx, err)
}

// plainColours makes any non-empty NO_COLOR count (no-color.org); the libraries below read it as a boolean.
func plainColours() {
	if os.Getenv("NO_COLOR") != "" {
		os.Setenv("NO_COLOR", "1")
	}
}

// complain writes an error and what to do about it.
func complain(w io.Writer, _ fang.Styles, err error) {
	var quiet silent
	if errors.As(err, &quiet) || errors.Is(err, context.Canceled) {
		return
	}
	text := strings.TrimSpace(err.Error())
	fmt.Fprintf(w, "pace: %s\n", text)
	if hint := hintOf(err); hint != "" {
		fmt.Fprintf(w, "  %s\n", hint)
	}
}

// trimmer leaves out the spaces with which styled help fills its lines.
type trimmer struct {
	w    io.Writer
	rest []byte
}

// Write passes whole lines on.
func (t *trimmer) Write(p []byte) (int, error) {
	t.rest = append(t.rest, p...)
	for {
		i := bytes.IndexByte(t.rest, '\n')
		if i < 0 {
			return len(p), nil
		}
		line := append(bytes.TrimRight(t.rest[:i], " "), '\n')
		t.rest = t.rest[i+1:]
		if _, err := t.w.Write(line); err != nil {
			return 0, err
		}
	}
}

func (t *trimmer) flush() { _, _ = t.w.Write(t.rest) }

// columns is the width of text output: COLUMNS, else 100.
func columns() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return 100
}

// ascii says whether the locale can't show more than ASCII (POSIX: LC_ALL, then LC_CTYPE, then LANG).
func ascii() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(name); v != "" {
			v = strings.ToLower(v)
			return !strings.Contains(v, "utf-8") && !strings.Contains(v, "utf8")
		}
	}
	return false
}

// wantArgs checks the number of arguments and says what they are.
func wantArgs(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && (most < 0 || len(args) <= most) {
			return nil
		}
		return usage(fmt.Errorf("%s takes %s, not %d arguments", cmd.CommandPath(), what, len(args)), "`"+cmd.CommandPath()+" --help` shows examples")
	}
}

package main

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"pace/engine/query"
	"pace/engine/report"
)

// The exit codes.
const (
	exitFine        = 0
	exitFinding     = 1
	exitUsage       = 2
	exitRead        = 3
	exitNothing     = 4
	exitInterrupted = 130
)

// exitCodes is what --help says of them.
const exitCodes = `Exit codes: 0 fine; 1 a finding at or above the fail level; 2 usage or configuration;
3 could not read, or infrastructure; 4 nothing to check; 130 interrupted.`

// failure is an error with its exit code and what to do about it.
type failure struct {
	code int
	err  error
	hint string
}

// Error is the cause's message.
func (f *failure) Error() string { return f.err.Error() }

// Unwrap is the cause.
func (f *failure) Unwrap() error { return f.err }

// Hint is what to do about it.
func (f *failure) Hint() string { return f.hint }

// usage is a mistake in the command line or the configuration.
func usage(err error, hint string) error { return &failure{code: exitUsage, err: err, hint: hint} }

// unreadable is something that can't be read.
func unreadable(err error, hint string) error { return &failure{code: exitRead, err: err, hint: hint} }

// silent is an exit code without a message: the result on stdout says it all.
type silent int

// Error is never shown.
func (s silent) Error() string { return "" }

// exitCode maps an error to the code of the process.
func exitCode(ctx context.Context, err error) int {
	var f *failure
	var s silent
	switch {
	case err == nil:
		return exitFine
	case ctx.Err() != nil:
		return exitInterrupted
	case errors.As(err, &s):
		return int(s)
	case errors.As(err, &f):
		return f.code
	case isUsage(err):
		return exitUsage
	}
	return exitRead
}

// isUsage knows the mistakes that other packages name: a bad filter, a name that means nothing or several things, and
// cobra's own, which have no type (spf13/cobra #2266).
func isUsage(err error) bool {
	var syntax *query.SyntaxError
	var ambiguous *report.Ambiguous
	if errors.As(err, &syntax) || errors.As(err, &ambiguous) || errors.Is(err, report.ErrNotFound) {
		return true
	}
	for _, prefix := range []string{"flag needs an argument:", "unknown flag:", "unknown shorthand flag:", "unknown command", "invalid argument", "if any flags in the group", "required flag"} {
		if strings.HasPrefix(err.Error(), prefix) {
			return true
		}
	}
	return false
}

// hintOf is what to do about an error.
func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) && h.Hint() != "" {
		return h.Hint()
	}
	var syntax *query.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return strings.ReplaceAll(syntax.Caret(), "\n", "\n  ")
	case errors.Is(err, report.ErrNotFound):
		return "`pace runs` lists the runs with their ids; a unique prefix, a native id, a unique name or a path will do"
	case errors.Is(err, fs.ErrPermission):
		return "look at the permissions: pace reads as the user who runs it"
	case isUsage(err):
		return "`pace --help` lists the commands and flags"
	}
	return ""
}

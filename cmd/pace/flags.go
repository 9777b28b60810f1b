package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pace/engine/report/printer"
)

// choice is a flag that takes one of some words.
type choice struct {
	value   *string
	choices []string
}

// String is the word.
func (f choice) String() string { return *f.value }

// Type is what the help shows.
func (f choice) Type() string { return strings.Join(f.choices, "|") }

// Set takes one of the words, and md for markdown.
func (f choice) Set(s string) error {
	if s == "md" && slices.Contains(f.choices, "markdown") {
		s = "markdown"
	}
	if !slices.Contains(f.choices, s) {
		return fmt.Errorf("it is one of %s", strings.Join(f.choices, ", "))
	}
	*f.value = s
	return nil
}

// choiceFlag adds a flag with a closed set of words; the first is the default.
func choiceFlag(cmd *cobra.Command, to *string, name, help string, choices ...string) {
	*to = choices[0]
	cmd.Flags().Var(choice{to, choices}, name, help+": "+strings.Join(choices, ", "))
	_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(choices, cobra.ShellCompDirectiveNoFileComp))
}

func formatFlag(cmd *cobra.Command, to *string, choices ...string) {
	choiceFlag(cmd, to, "format", "how to print", choices...)
}

// style is how text is laid out here.
func style() printer.Style { return printer.Style{Width: columns(), ASCII: ascii()} }

package main

import "github.com/spf13/cobra"

// commands is the list of all commands, in the order of the help. `completion` comes from cobra and `man` from fang.
func commands(c *console) []*cobra.Command {
	return []*cobra.Command{
		newRuns(c),
		newShow(c),
		newCompare(c),
		newProfile(c),
		newNote(c),
		newJournal(c),
		newWatch(c),
		newDoctor(c),
		newDemo(c),
		newVersion(c),
	}
}

// Package panes is the list of screens, in the order of their keys. It holds nothing else.
package panes

import (
	"pace/tui/pane"
	"pace/tui/panes/data"
	"pace/tui/panes/overview"
	"pace/tui/panes/runs"
)

// All are the screens of the workbench. Adding one is a package and a line here.
func All() []pane.Spec {
	return []pane.Spec{
		overview.Spec(),
		data.Spec(),
		runs.Spec(),
	}
}

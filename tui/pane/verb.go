package pane

// Verb is one thing that can be done now. Dispatch, footer, help, palette and the README's table of keys
// all come from verbs.
type Verb struct {
	// ID is a shared verb's id ("filter"), which brings its keys and words from Shared, or the pane's own
	// ("runs.metric"), which brings Keys, Short and Long along.
	ID    string
	Keys  []string
	Short string // in the footer: "compare"
	Long  string // in the help: "compare the marked runs, showing only what differs"
	// Footer places the verb in the footer, smallest first; 0 leaves it out.
	Footer int
	// Off is why it can't be done now; the verb stays listed, dimmed.
	Off string
	Run func() []Effect
	// Words does the same with what was typed after the verb on the command line ("filter auc>.9"); nil
	// for a verb without arguments.
	Words func(text string) []Effect
}

// shared are the verbs that mean the same everywhere, with their default keys. A pane that can do one
// returns a Verb with its ID and a Run.
var shared = []Verb{
	{ID: "open", Keys: []string{"enter"}, Short: "open", Long: "go into what the cursor is on"},
	{ID: "filter", Keys: []string{"/"}, Short: "filter", Long: "filter, in the language of `pace runs --filter`"},
	{ID: "next", Keys: []string{"n"}, Short: "next", Long: "next match"},
	{ID: "previous", Keys: []string{"N"}, Short: "previous", Long: "previous match"},
	{ID: "only", Keys: []string{"*"}, Short: "only this", Long: "filter by the value of this cell"},
	{ID: "without", Keys: []string{"!"}, Short: "without", Long: "exclude the value of this cell"},
	{ID: "sort", Keys: []string{"s"}, Short: "sort", Long: "sort by this column, ascending"},
	{ID: "sort-down", Keys: []string{"S"}, Short: "sort down", Long: "sort by this column, descending"},
	{ID: "columns", Keys: []string{","}, Short: "columns", Long: "choose the columns"},
	{ID: "mark", Keys: []string{"space"}, Short: "mark", Long: "mark or unmark"},
	{ID: "range", Keys: []string{"v"}, Short: "range", Long: "mark from here to where the cursor goes"},
	{ID: "mark-all", Keys: []string{"A"}, Short: "mark all", Long: "mark everything that the filter shows"},
	{ID: "mark-none", Keys: []string{"U"}, Short: "unmark", Long: "unmark everything"},
	{ID: "compare", Keys: []string{"c"}, Short: "compare", Long: "compare what is marked, showing only what differs"},
	{ID: "baseline", Keys: []string{"b"}, Short: "baseline", Long: "measure the others against this one"},
	{ID: "copy", Keys: []string{"y"}, Short: "copy", Long: "copy an id, a value, a row or the command"},
	{ID: "browse", Keys: []string{"o"}, Short: "show file", Long: "open the file or page behind this"},
	{ID: "note", Keys: []string{"e"}, Short: "note", Long: "write a note about this"},
	{ID: "crosshair", Keys: []string{"x"}, Short: "crosshair", Long: "read values off the chart with h and l"},
	{ID: "zoom-in", Keys: []string{"]"}, Short: "zoom in", Long: "zoom into the chart"},
	{ID: "zoom-out", Keys: []string{"["}, Short: "zoom out", Long: "zoom out of the chart"},
	{ID: "fit", Keys: []string{"0"}, Short: "fit", Long: "show the whole chart"},
	{ID: "axis", Keys: []string{"i"}, Short: "x axis", Long: "change the x axis: step, relative step, time"},
	{ID: "smooth", Keys: []string{"~"}, Short: "smooth", Long: "smooth the curves"},
	{ID: "log", Keys: []string{"L"}, Short: "log", Long: "logarithmic y axis"},
	{ID: "accept", Keys: []string{"a"}, Short: "accept", Long: "accept or acknowledge"},
	{ID: "differ", Keys: []string{"d"}, Short: "all/differing", Long: "show everything, or only what differs"},
	{ID: "metric", Keys: []string{"m"}, Short: "metric", Long: "choose the metric that decides, and its direction"},
	{ID: "target", Keys: []string{"t"}, Short: "target", Long: "choose the target column"},
}

// root are the ids, default keys and words of what the root itself does, wherever one is.
var root = []Verb{
	{ID: "up", Keys: []string{"k", "up"}, Long: "up"},
	{ID: "down", Keys: []string{"j", "down"}, Long: "down"},
	{ID: "left", Keys: []string{"h", "left"}, Long: "left"},
	{ID: "right", Keys: []string{"l", "right"}, Long: "right"},
	{ID: "top", Keys: []string{"g", "home"}, Long: "to the start"},
	{ID: "bottom", Keys: []string{"G", "end"}, Long: "to the end"},
	{ID: "page-down", Keys: []string{"ctrl+d", "pgdown"}, Long: "a page down"},
	{ID: "page-up", Keys: []string{"ctrl+u", "pgup"}, Long: "a page up"},
	{ID: "next-part", Keys: []string{"tab"}, Short: "next part", Long: "next part of the screen"},
	{ID: "previous-part", Keys: []string{"shift+tab"}, Long: "previous part of the screen"},
	{ID: "next-tab", Keys: []string{"}"}, Short: "next tab", Long: "next tab of a detail"},
	{ID: "previous-tab", Keys: []string{"{"}, Long: "previous tab of a detail"},
	{ID: "back", Keys: []string{"esc"}, Short: "back", Long: "step out of one layer"},
	{ID: "last", Keys: []string{"-"}, Long: "the view before this one"},
	{ID: "bigger", Keys: []string{"+"}, Long: "give this part more room"},
	{ID: "smaller", Keys: []string{"_"}, Long: "give this part less room"},
	{ID: "undo", Keys: []string{"z"}, Long: "undo what I said last"},
	{ID: "redo", Keys: []string{"Z"}, Long: "redo it"},
	{ID: "mouse", Keys: []string{"%"}, Long: "mouse capture on or off"},
	{ID: "commands", Keys: []string{"@"}, Long: "the commands that do what was done here"},
	{ID: "errors", Keys: []string{"E"}, Long: "the errors, in full"},
	{ID: "palette", Keys: []string{":", "ctrl+p"}, Short: "command", Long: "command palette"},
	{ID: "help", Keys: []string{"?"}, Short: "help", Long: "help for where I am"},
	{ID: "quit", Keys: []string{"q"}, Short: "quit", Long: "quit"},
	{ID: "interrupt", Keys: []string{"ctrl+c"}, Long: "quit at once"},
	{ID: "suspend", Keys: []string{"ctrl+z"}, Long: "suspend to the shell"},
}

// SharedVerbs are the verbs that mean the same in every pane, without a Run.
func SharedVerbs() []Verb { return append([]Verb(nil), shared...) }

// RootVerbs are the verbs of the workbench itself.
func RootVerbs() []Verb { return append([]Verb(nil), root...) }

// FreeKeys are the letters that a pane may give a verb of its own.
const FreeKeys = "fipruwBCDFHIJKMOPQRTVWXY"

// Complete fills in the words and keys of a shared verb; a pane's own verb is returned as it is.
func Complete(v Verb) Verb {
	for _, s := range shared {
		if s.ID != v.ID {
			continue
		}
		if v.Keys == nil {
			v.Keys = s.Keys
		}
		if v.Short == "" {
			v.Short = s.Short
		}
		if v.Long == "" {
			v.Long = s.Long
		}
	}
	return v
}

package store

// Edit is what a person says, as a value, so that it can be written to the journal, undone and shown as a
// command. The engine appends it to the journal first and projects it into the store after.
type Edit struct {
	Kind    EditKind
	Actor   string // "" for the default actor of this process
	Subject string // a reference: "run:ID", "data:PATH", "row:PATH#N"
	// Text is a note's or answer's text; Key and Value are a tag's, or a metric's direction ("min", "max").
	Text, Key, Value string
	// Event is the id of the event that an answer, resolve, reopen, edit or undo speaks of.
	Event string
}

// EditKind is the kind of an Edit; journal events carry the same words.
type EditKind string

// The kinds of Edit.
const (
	EditNote      EditKind = "note"
	EditAnswer    EditKind = "answer"
	EditResolve   EditKind = "resolve"
	EditReopen    EditKind = "reopen"
	EditRevise    EditKind = "edit"
	EditTag       EditKind = "tag"
	EditUntag     EditKind = "untag"
	EditPin       EditKind = "pin"
	EditUnpin     EditKind = "unpin"
	EditArchive   EditKind = "archive"
	EditUnarchive EditKind = "unarchive"
	EditDirection EditKind = "direction"
	EditUndo      EditKind = "undo"
	EditRedo      EditKind = "redo"
)

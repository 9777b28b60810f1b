package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"pace/engine/profile"
)

// Request is one thing that can be asked of the engine: compute this, now, without storing what a person said.
// The closed set is in this file. The engine answers each with the Answer named in its comment.
type Request interface{ request() }

// Answer is what a Request is answered with: one of the types of this file.
type Answer interface{ answer() }

// The bounds that the engine keeps whatever a request asks for.
const (
	MaxArtifacts    = 10_000  // entries in one ArtifactList
	MaxArtifactHead = 4 << 20 // bytes of one ArtifactHead
	MaxRowsPage     = 1_000   // rows of one RowsPage
)

// ArtifactList asks for the files below a run's artifact folder, all depths, at most MaxArtifacts.
// Answer: Artifacts. A run without a folder that can be read here is no error: Artifacts.Reason says why.
type ArtifactList struct{ Run string }

// Artifacts are the files of one run, ordered by path.
type Artifacts struct {
	Run    string
	Dir    string // the folder as it was resolved, for showing; "" where there is none
	Files  []Artifact
	More   bool   // there are more than the bound
	Reason string // why there is nothing to list: "s3://bucket/... can't be read here"
}

// Artifact is one file, or one folder, that a run wrote.
type Artifact struct {
	Path     string `json:"path"` // relative to the run's artifact folder, with slashes
	Dir      bool   `json:"dir,omitempty"`
	Bytes    int64  `json:"bytes"`
	Modified Time   `json:"modified"`
}

// ArtifactHead asks for the first bytes of one artifact. Path is relative to the artifact folder; one that leaves
// it is refused. Limit is in bytes; 0 and anything above MaxArtifactHead mean MaxArtifactHead. Answer: ArtifactBytes.
type ArtifactHead struct {
	Run, Path string
	Limit     int64
}

// ArtifactBytes is the head of one artifact.
type ArtifactBytes struct {
	Artifact
	Head []byte // raw; whoever draws it cleans it
	// Kind is what the head looks like: "text", "json", "image" or "binary".
	Kind string
}

// RowsPage asks for rows of a dataset: N rows from row From (0 is the first data row), of the named columns (nil:
// all). N above MaxRowsPage is cut to it. Answer: Rows.
type RowsPage struct {
	Dataset string // path relative to the project, or absolute
	From    int64
	N       int
	Columns []string
}

// Rows is one page of a dataset.
type Rows struct {
	Dataset string
	Columns []RowsColumn
	From    int64
	Total   int64 // -1 where nobody knows yet
	Cells   [][]Cell
}

// RowsColumn heads a column of a page. Type is one of the variable types: numeric, categorical, boolean,
// datetime, text, list, struct.
type RowsColumn struct{ Name, Type string }

// Cell is one value as text. Missing tells the empty text from no value; Bad says why a cell can't be read.
type Cell struct {
	Text    string
	Missing bool
	Bad     string
}

// ProfileRequest asks for the profile of a table file. Answer: Profiled. The engine stores the profile of a
// dataset of the project under its content and these parameters, so that asking again is quick.
type ProfileRequest struct {
	Path      string // relative to the project, or absolute
	Target    string // name of the target column, "" for none
	Columns   []string
	Sensitive bool // leave out values: no top values, no extremes, no examples
	// Pace is the version that works; the profile names it, and it does not shape it.
	Pace string `json:"-"`
}

// Command is the line that makes the same profile again, in the project's folder.
func (q ProfileRequest) Command() string {
	line := "pace profile " + quoted(q.Path)
	if q.Target != "" {
		line += " --target " + quoted(q.Target)
	}
	if len(q.Columns) > 0 {
		line += " --columns " + quoted(strings.Join(q.Columns, ","))
	}
	if q.Sensitive {
		line += " --sensitive"
	}
	return line
}

// quoted is a word for a POSIX shell.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r > 0x7f || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("_./-+=,:@%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// Profiled is the profile of a table file. Stored says that it is kept in the index for the next who asks.
type Profiled struct {
	Profile *profile.Profile
	Stored  bool
}

// ProfileKind is the kind under which profiles are stored; the algorithm is profile.Version, the content the dataset's
// version, and the bytes are the JSON of pace.profile/1.
const ProfileKind = "profile"

// Params is the digest of everything that shapes the profile beside the data; the profile that is made of every dataset
// by itself is that of the zero request.
func (q ProfileRequest) Params() string {
	q.Path = ""
	text, err := json.Marshal(q)
	if err != nil { // strings and a bool always encode
		text = []byte(fmt.Sprint(q))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

func (ArtifactList) request()   {}
func (ArtifactHead) request()   {}
func (RowsPage) request()       {}
func (ProfileRequest) request() {}

func (Artifacts) answer()     {}
func (ArtifactBytes) answer() {}
func (Rows) answer()          {}
func (Profiled) answer()      {}

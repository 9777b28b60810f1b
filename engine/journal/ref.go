package journal

import (
	"fmt"
	"strconv"
	"strings"
)

// Ref is a parsed reference: what a note sits on.
//
//	run:ID                  a run
//	model:NAME[@V]          a model, or its version or alias
//	data:PATH[@VERSION]     a dataset, or one version of it
//	row:PATH#N              a row, numbered from 0
//	var:PATH#NAME           a variable
//	cell:PATH#N/NAME        one cell
//	pred:ID                 a prediction
//	curve:RUN/KEY[@STEP]    a metric of a run, or one step of it
//
// In PATH, NAME and KEY the characters that part them and the percent sign may be written %XX.
type Ref struct {
	Kind    string // one of RefKinds
	ID      string // run, prediction, model name, or path
	Version string // of model and data; "" for none
	Name    string // variable or metric
	Row     int64  // of row and cell
	Step    int64  // of curve, when HasStep
	HasStep bool
}

// RefKinds are the kinds of reference.
var RefKinds = [...]string{"run", "model", "data", "row", "var", "cell", "pred", "curve"}

// ParseRef reads a reference. The error says what is wrong in one sentence.
func ParseRef(s string) (Ref, error) {
	kind, rest, ok := strings.Cut(s, ":")
	r := Ref{Kind: kind}
	bad := func(want string) (Ref, error) {
		return Ref{}, fmt.Errorf("parse reference: %q is not %s", s, want)
	}
	if !ok || rest == "" {
		return bad("a reference such as run:ID, data:PATH or model:NAME@V")
	}
	switch kind {
	case "run", "pred":
		r.ID = rest
	case "model", "data":
		r.ID, r.Version = rest, ""
		if i := strings.LastIndexByte(rest, '@'); i > 0 && i < len(rest)-1 {
			r.ID, r.Version = rest[:i], rest[i+1:]
		}
		r.ID = unescape(r.ID)
	case "row":
		path, n, ok := cutLast(rest, '#')
		row, err := strconv.ParseInt(n, 10, 64)
		if !ok || err != nil || row < 0 {
			return bad("row:PATH#N with N from 0")
		}
		r.ID, r.Row = unescape(path), row
	case "var":
		path, name, ok := cutLast(rest, '#')
		if !ok {
			return bad("var:PATH#NAME")
		}
		r.ID, r.Name = unescape(path), unescape(name)
	case "cell":
		path, at, ok := cutLast(rest, '#')
		n, name, ok2 := strings.Cut(at, "/")
		row, err := strconv.ParseInt(n, 10, 64)
		if !ok || !ok2 || name == "" || err != nil || row < 0 {
			return bad("cell:PATH#N/NAME with N from 0")
		}
		r.ID, r.Row, r.Name = unescape(path), row, unescape(name)
	case "curve":
		run, key, ok := strings.Cut(rest, "/")
		if !ok || run == "" || key == "" {
			return bad("curve:RUN/KEY or curve:RUN/KEY@STEP")
		}
		r.ID, r.Name = run, key
		if k, step, ok := cutLast(key, '@'); ok {
			if n, err := strconv.ParseInt(step, 10, 64); err == nil {
				r.Name, r.Step, r.HasStep = k, n, true
			}
		}
		r.Name = unescape(r.Name)
	default:
		return bad("a reference; kinds are " + strings.Join(RefKinds[:], ", "))
	}
	return r, nil
}

// String writes the reference so that ParseRef reads it back.
func (r Ref) String() string {
	switch r.Kind {
	case "model", "data":
		if r.Version != "" {
			return r.Kind + ":" + escape(r.ID, "@") + "@" + r.Version
		}
		return r.Kind + ":" + escape(r.ID, "@")
	case "row":
		return "row:" + escape(r.ID, "") + "#" + strconv.FormatInt(r.Row, 10)
	case "var":
		return "var:" + escape(r.ID, "") + "#" + escape(r.Name, "#")
	case "cell":
		return "cell:" + escape(r.ID, "") + "#" + strconv.FormatInt(r.Row, 10) + "/" + escape(r.Name, "#")
	case "curve":
		s := "curve:" + r.ID + "/" + escape(r.Name, "@")
		if r.HasStep {
			s += "@" + strconv.FormatInt(r.Step, 10)
		}
		return s
	}
	return r.Kind + ":" + r.ID
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, sep)
	if i <= 0 || i == len(s)-1 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// escape writes a percent sign that would read as %XX, and the given separators, as %XX.
func escape(s, seps string) string {
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(seps, s[i]) >= 0 || s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			fmt.Fprintf(&b, "%%%02X", s[i])
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8)
			b.WriteByte(byte(n))
			i += 2
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

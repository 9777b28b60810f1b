package journal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

var lower32 = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID is 80 random bits as 16 letters and digits that nobody mistakes for each other.
func newID() string {
	var b [10]byte
	rand.Read(b[:]) // never fails
	return lower32.EncodeToString(b[:])
}

const suffix = ".jsonl"

// fileName is the journal file of an actor in a clone. It is safe on every file system: letters are lower case
// (Ann and ann are two files where case does not count), all else is written %XX, device names of Windows are
// broken up, and a long actor is cut and told apart by a digest.
func fileName(actor, clone string) string {
	var b strings.Builder
	for i := range len(actor) {
		c := actor[i]
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("_@+-", c) >= 0 || c == '.' && i > 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	safe := b.String()
	if stem, _, _ := strings.Cut(safe, "."); device(stem) {
		safe = fmt.Sprintf("%%%02X", safe[0]) + safe[1:]
	}
	if len(safe) > 150 {
		sum := sha256.Sum256([]byte(actor))
		safe = strings.TrimRight(safe[:120], "%.") + "+" + lower32.EncodeToString(sum[:10])
	}
	return safe + "." + clone + suffix
}

// device tells the names that Windows keeps for itself, with any extension.
func device(stem string) bool {
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "com") || strings.HasPrefix(stem, "lpt")) && stem[3] >= '0' && stem[3] <= '9'
}

// splitName reads the encoded actor and the clone out of a file's name.
func splitName(name string) (actor, clone string, ok bool) {
	stem, ok := strings.CutSuffix(name, suffix)
	dot := strings.LastIndexByte(stem, '.')
	if !ok || dot <= 0 || dot == len(stem)-1 {
		return "", "", false
	}
	return stem[:dot], stem[dot+1:], true
}

// CloneID reads the id of this copy of the project from `.pace/clone`; "" without an error means that nothing was
// said here yet. Append makes it.
func CloneID(pace string) (string, error) {
	b, err := os.ReadFile(filepath.Join(pace, "clone"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read clone id: %w", err)
	}
	id := strings.TrimSpace(string(b[:min(len(b), 64)]))
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		return "", fmt.Errorf("read clone id: %s holds no id", filepath.Join(pace, "clone"))
	}
	return id, nil
}

// makeClone gives this copy an id unless somebody was faster.
func makeClone(pace string) (string, error) {
	if id, err := CloneID(pace); id != "" || err != nil {
		return id, err
	}
	// Written aside and linked, so that two processes agree and nobody reads half an id.
	tmp, err := os.CreateTemp(pace, "clone-*")
	if err != nil {
		return "", fmt.Errorf("make clone id: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(newID()[:8] + "\n")
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return "", fmt.Errorf("make clone id: %w", err)
	}
	final := filepath.Join(pace, "clone")
	if err := os.Link(tmp.Name(), final); err != nil && !errors.Is(err, fs.ErrExist) {
		// Some file systems have no links; there a rename is the best there is.
		if err := os.Rename(tmp.Name(), final); err != nil {
			return "", fmt.Errorf("make clone id: %w", err)
		}
	}
	return CloneID(pace)
}

// prepare makes the folders and the files that tell git what to do with them.
func prepare(pace string) error {
	if err := os.MkdirAll(filepath.Join(pace, "journal"), 0o755); err != nil {
		return fmt.Errorf("make journal folder: %w", err)
	}
	// The journal is meant to be committed; what belongs to this copy alone is not.
	if err := writeOnce(filepath.Join(pace, ".gitignore"), "clone\nclone-*\n*.torn\n"); err != nil {
		return err
	}
	// Line ends are part of what is hashed, and two branches of one file keep the lines of both.
	return writeOnce(filepath.Join(pace, "journal", ".gitattributes"), "*.jsonl -text merge=union\n")
}

func writeOnce(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make journal folder: %w", err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("make journal folder: %w", err)
	}
	return nil
}

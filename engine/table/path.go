package table

import (
	"os"
	"strings"
)

// Split takes a dataset's path apart: the file, and behind a # the name of what is meant inside it, "" for the whole. A file whose
// own name has a # is itself.
func Split(path string) (file, inside string) {
	at := strings.LastIndexByte(path, '#')
	if at < 0 {
		return path, ""
	}
	if _, err := os.Lstat(path); err == nil {
		return path, ""
	}
	return path[:at], path[at+1:]
}

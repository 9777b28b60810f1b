package watch

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// Network tells whether a path lies on a file system shared with other machines, and its kind. SQLite's WAL and
// file events are not to be trusted there. A path that can't be asked is local.
func Network(path string) (kind string, ok bool) {
	volume := filepath.VolumeName(path)
	if strings.HasPrefix(volume, `\\`) {
		return "smb", true
	}
	root, err := windows.UTF16PtrFromString(volume + `\`)
	if err != nil {
		return "", false
	}
	return "network drive", windows.GetDriveType(root) == windows.DRIVE_REMOTE
}

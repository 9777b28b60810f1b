//go:build darwin || freebsd

package watch

import (
	"slices"

	"golang.org/x/sys/unix"
)

var remote = [...]string{"nfs", "smbfs", "afpfs", "webdav", "osxfuse", "macfuse", "fusefs", "acfs"}

// Network tells whether a path lies on a file system shared with other machines, and its kind. SQLite's WAL and
// file events are not to be trusted there. A path that can't be asked is local.
func Network(path string) (kind string, ok bool) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return "", false
	}
	kind = unix.ByteSliceToString(st.Fstypename[:])
	return kind, slices.Contains(remote[:], kind)
}

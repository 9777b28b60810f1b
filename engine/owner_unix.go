//go:build unix

package engine

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// ownFolder says whether the folder is this user's and closed to others.
func ownFolder(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Getuid() && info.Mode().Perm()&0o077 == 0
}

func readOnlyDisk(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOSPC)
}

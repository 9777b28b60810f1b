package engine

import "io/fs"

// ownFolder: on Windows the folder for temporary files is the user's own.
func ownFolder(fs.FileInfo) bool { return true }

func readOnlyDisk(error) bool { return false }

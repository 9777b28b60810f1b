package engine

import (
	"path/filepath"

	"golang.org/x/sys/unix"
)

// networkDisk names the kind of disk on which the path lies where other hosts may write it too; "" for a
// local one, or where nobody can tell. The numbers are those of statfs(2).
func networkDisk(path string) string {
	kinds := map[int64]string{
		unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", 0xfe534d42: "SMB", unix.CIFS_SUPER_MAGIC: "CIFS",
		unix.CEPH_SUPER_MAGIC: "Ceph", unix.AFS_SUPER_MAGIC: "AFS", 0x0bd00bd0: "Lustre", 0x47504653: "GPFS",
		0x19830326: "BeeGFS", unix.V9FS_MAGIC: "9p",
	}
	for {
		var s unix.Statfs_t
		if err := unix.Statfs(path, &s); err == nil {
			return kinds[int64(uint32(s.Type))]
		}
		up := filepath.Dir(path)
		if up == path {
			return ""
		}
		path = up
	}
}

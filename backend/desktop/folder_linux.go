package desktop

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Umask makes every file this process creates readable by its user alone. Badger creates its files open to all but for
// the umask.
func Umask() { unix.Umask(0o077) }

func dataDir() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) { // a relative one must be ignored
		return filepath.Join(dir, "evenstock"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share", "evenstock"), err
}

// File systems of other computers, and of drives that are carried about, by the magic number of statfs (linux/magic.h).
var badMagic = map[uint32]string{
	unix.NFS_SUPER_MAGIC:   "NFS",
	unix.SMB_SUPER_MAGIC:   "SMB",
	unix.SMB2_SUPER_MAGIC:  "SMB",
	unix.CIFS_SUPER_MAGIC:  "SMB",
	unix.AFS_SUPER_MAGIC:   "AFS",
	unix.CODA_SUPER_MAGIC:  "Coda",
	unix.CEPH_SUPER_MAGIC:  "Ceph",
	unix.EXFAT_SUPER_MAGIC: "exFAT",
	unix.MSDOS_SUPER_MAGIC: "FAT",
	unix.OCFS2_SUPER_MAGIC: "OCFS2",
	0x564c:                 "NCP",
	0x01161970:             "GFS2",
	0x0bd00bd0:             "Lustre",
	0x47504653:             "GPFS",
}

// Remote file systems that present themselves as FUSE.
var badFuse = []string{"sshfs", "rclone", "gvfsd-fuse", "davfs", "s3fs", "curlftpfs", "smbnetfs", "glusterfs", "google-drive", "onedriver", "juicefs", "gcsfuse", "cephfs"}

func refuseNetwork(dir string) error {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return nil // what is wrong shows when the folder is made
	}
	if kind := badMagic[uint32(st.Type)]; kind != "" {
		return networkProblem(dir, kind)
	}
	if uint32(st.Type) != unix.FUSE_SUPER_MAGIC {
		return nil
	}
	kind := fuseKind(dir)
	for _, bad := range badFuse {
		if strings.Contains(kind, bad) {
			return networkProblem(dir, bad)
		}
	}
	return nil
}

// fuseKind is the type of the mount that holds dir, such as fuse.sshfs; "" when it is not known.
func fuseKind(dir string) string {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return ""
	}
	f, err := os.Open("/proc/self/mounts")
	if err != nil {
		return ""
	}
	defer f.Close()
	var kind, longest string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		part := strings.Fields(lines.Text())
		if len(part) < 3 {
			continue
		}
		at := strings.ReplaceAll(part[1], `\040`, " ")
		if (dir == at || strings.HasPrefix(dir, strings.TrimSuffix(at, "/")+"/")) && len(at) >= len(longest) {
			kind, longest = part[2], at
		}
	}
	return kind
}

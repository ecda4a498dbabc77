package sqlite

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// birthOf returns when the file of a name was created; 0 if that is not known. A new file may
// have the inode of a removed one.
func birthOf(path string) int64 {
	var st unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, path, 0, unix.STATX_BTIME, &st); err != nil || st.Mask&unix.STATX_BTIME == 0 {
		return 0
	}
	return st.Btime.Sec*1e9 + int64(st.Btime.Nsec)
}

// newName returns the present name of a file that this process has open; empty if it has none.
func newName(file fs.FileInfo) string {
	const dir = "/proc/self/fd"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	for _, entry := range entries {
		link := filepath.Join(dir, entry.Name())
		// Opening and closing the file would release SQLite's locks on it.
		info, err := os.Stat(link)
		if err != nil || !os.SameFile(info, file) {
			continue
		}
		name, err := os.Readlink(link)
		if err != nil || strings.HasSuffix(name, " (deleted)") {
			return ""
		}
		return name
	}
	return ""
}

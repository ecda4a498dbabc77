//go:build unix

package local

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
)

// ownDirs are directories of the user below the temporary one: the path of the usual one may
// be too long.
func ownDirs() []string {
	name := "hfhook-" + strconv.Itoa(os.Geteuid())
	dirs := []string{filepath.Join(os.TempDir(), name)}
	if short := filepath.Join("/tmp", name); short != dirs[0] {
		dirs = append(dirs, short)
	}
	return dirs
}

// umasking is held while the umask of the process is another one.
var umasking sync.Mutex

// listenPrivately makes a socket of mode 0600.
func listenPrivately(path string) (net.Listener, error) {
	umasking.Lock()
	defer umasking.Unlock()
	defer syscall.Umask(syscall.Umask(0o177)) // the inner call is made now, the outer one at the end
	return net.Listen("unix", path)
}

// checkOwner refuses a directory that is not the user's, or that others can look into.
func checkOwner(dir string, info fs.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("%s belongs to another user", dir)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s can be opened by other users: its mode is %#o, and has to be 0700", dir, info.Mode().Perm())
	}
	return nil
}

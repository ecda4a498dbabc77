//go:build unix

package local

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
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

// listenPrivately makes a socket of mode 0600. The umask is the whole process's while the
// socket is made: no program may be started meanwhile, which would inherit it, and files and
// folders that others make need their user's own rights.
func listenPrivately(path string) (net.Listener, error) {
	syscall.ForkLock.Lock()
	old := syscall.Umask(0o077)
	listener, err := net.Listen("unix", path)
	syscall.Umask(old)
	syscall.ForkLock.Unlock()
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
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

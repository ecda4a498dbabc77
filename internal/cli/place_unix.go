//go:build unix

package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// writable reports whether hfhook may make files in a directory, or make the directory if
// it is not there yet.
func writable(dir string) bool {
	for {
		_, err := os.Stat(dir)
		if err == nil {
			return unix.Access(dir, unix.W_OK|unix.X_OK) == nil
		}
		above := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || above == dir {
			return false
		}
		dir = above
	}
}

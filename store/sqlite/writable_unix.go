//go:build unix

package sqlite

import (
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"

	"hfhook/store"
)

// checkWritable returns store.ErrReadOnly if this process may not write a file. SQLite would
// open it for reading, and leave files beside it that its owner cannot use.
func checkWritable(path string) error {
	if err := unix.Access(path, unix.W_OK); err != nil {
		return fmt.Errorf("%w: %s: %w", store.ErrReadOnly, filepath.Base(path), err)
	}
	return nil
}

package sqlite

// Checks what exists at the path of a store.

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"hfhook/store"
)

// checkPlace returns fs.ErrNotExist if nothing has the name path, and store.ErrPlace, with a
// description, if it cannot be the file of a store.
func checkPlace(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if target, linkErr := os.Readlink(path); linkErr == nil {
			return fmt.Errorf("%w: it is a link to %s, which does not exist", store.ErrPlace, target)
		}
	}
	if errors.Is(err, syscall.ELOOP) {
		return fmt.Errorf("%w: it is a link to itself", store.ErrPlace)
	}
	if err != nil {
		return err
	}
	mode := info.Mode()
	for _, kind := range []struct {
		is   bool
		what string
	}{
		{mode.IsDir(), "a directory"},
		{mode&fs.ModeNamedPipe != 0, "a named pipe"},
		{mode&fs.ModeSocket != 0, "a socket"},
		{mode&fs.ModeDevice != 0, "a device"},
		{!mode.IsRegular(), "not a regular file"},
	} {
		if kind.is {
			return fmt.Errorf("%w: it is %s", store.ErrPlace, kind.what)
		}
	}
	return nil
}

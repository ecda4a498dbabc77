//go:build unix

package sqlite_test

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"hfhook/store"
)

// TestNotAFile opens what is not a file, and what is not there.
func TestNotAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("nowhere", link); err != nil {
		t.Fatal(err)
	}
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "socket")
	ln, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	for path, what := range map[string]string{
		dir:         "it is a directory",
		pipe:        "it is a named pipe",
		socket:      "it is a socket",
		"/dev/null": "it is a device",
		loop:        "it is a link to itself",
		link:        "it is a link to nowhere, which does not exist",
	} {
		refused(t, path, store.ErrPlace, what+"; choose another path than "+path)
	}
}

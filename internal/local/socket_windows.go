package local

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
)

// ownDirs is the directory of hfhook below the temporary one, which on Windows is the user's own.
func ownDirs() []string { return []string{filepath.Join(os.TempDir(), "hfhook")} }

// listenPrivately makes a socket. Its directory keeps others from it: it is in the user's profile.
func listenPrivately(path string) (net.Listener, error) { return net.Listen("unix", path) }

func checkOwner(string, fs.FileInfo) error { return nil }

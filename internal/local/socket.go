// Package local is the local API of a running hfhook dev: HTTP over a Unix socket that only
// its user can open. A note in the state directory says where the socket is, so that other
// commands find the hfhook dev of their folder. There is no TCP, and no answer has the secret.
package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	// maxPath is the longest path that every system takes for a socket, in bytes.
	maxPath = 104

	// socketEnd ends the names of sockets.
	socketEnd = ".sock"

	// bornWithin is how long after its creation a socket may not accept connections yet.
	bornWithin = 10 * time.Second

	// dialWithin is how long a socket of this machine may take to accept a connection.
	dialWithin = 2 * time.Second
)

// Listen makes a socket that only the user can open, in the first usable directory:
// $XDG_RUNTIME_DIR/hfhook, or a directory of the user below the temporary one. Close removes it.
// Sockets there whose process is gone are removed.
func Listen(env func(string) string) (net.Listener, error) {
	var failed error
	for _, dir := range socketDirs(env) {
		ln, err := listenIn(dir)
		if err == nil {
			return ln, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, fmt.Errorf("make the socket of the local API: %w", failed)
}

// socketDirs are the directories that a socket may be in, the best first.
func socketDirs(env func(string) string) []string {
	var dirs []string
	if runtime := env("XDG_RUNTIME_DIR"); filepath.IsAbs(runtime) {
		dirs = append(dirs, filepath.Join(runtime, "hfhook"))
	}
	return append(dirs, ownDirs()...)
}

func listenIn(dir string) (net.Listener, error) {
	name := filepath.Join(dir, fmt.Sprintf("%d-%s%s", os.Getpid(), strings.ToLower(rand.Text()[:8]), socketEnd))
	if len(name) > maxPath {
		return nil, fmt.Errorf("%s is longer than the %d bytes that a socket's path may have", name, maxPath)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if err := checkDir(dir); err != nil {
		return nil, err
	}
	sweep(dir)
	ln, err := listenPrivately(name)
	if err != nil {
		return nil, err
	}
	return &listener{ln}, nil
}

// checkDir refuses a directory that others could have made, or can write in.
func checkDir(dir string) error {
	info, err := os.Lstat(dir)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is not a directory", dir)
	}
	return checkOwner(dir, info)
}

// sweep removes the sockets that nobody listens on any more.
func sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !strings.HasSuffix(entry.Name(), socketEnd) || time.Since(info.ModTime()) < bornWithin {
			continue
		}
		name := filepath.Join(dir, entry.Name())
		if conn, err := net.DialTimeout("unix", name, dialWithin); err == nil {
			_ = conn.Close()
		} else if dead(err) {
			_ = os.Remove(name)
		}
	}
}

// dead reports whether an error of a connection to a socket says that its process is gone.
func dead(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist)
}

// A listener accepts connections of its own user alone, where the system tells whose they are.
type listener struct{ net.Listener }

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil || checkPeer(conn) == nil {
			return conn, err
		}
		_ = conn.Close()
	}
}

// dial connects to a socket whose other end is the same user.
func dial(ctx context.Context, path string) (net.Conn, error) {
	if err := checkDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{Timeout: dialWithin}).DialContext(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if err := checkPeer(conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// checkPeer refuses a connection whose other end is another user than this process.
func checkPeer(conn net.Conn) error {
	uid, known, err := peerUser(conn)
	switch {
	case err != nil:
		return fmt.Errorf("find whose the other end of the socket is: %w", err)
	case known && uid != os.Geteuid() && uid != 0:
		return fmt.Errorf("the other end of the socket is user %d", uid)
	}
	return nil
}

//go:build unix

package local

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// environment is one with the directory of XDG_RUNTIME_DIR.
func environment(dir string) func(string) string {
	return func(name string) string {
		if name == "XDG_RUNTIME_DIR" {
			return dir
		}
		return ""
	}
}

// shortDir is a directory whose path leaves room for a socket's name.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "hf")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func TestSocketIsPrivate(t *testing.T) {
	t.Parallel()
	dir := shortDir(t)
	ln, err := Listen(environment(dir))
	if err != nil {
		t.Fatal(err)
	}
	path := ln.Addr().String()
	if filepath.Dir(path) != filepath.Join(dir, "hfhook") {
		t.Errorf("the socket is at %s", path)
	}
	for name, want := range map[string]os.FileMode{path: 0o600 | os.ModeSocket, filepath.Dir(path): 0o700 | os.ModeDir} {
		if info, err := os.Lstat(name); err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, want %v (%v)", name, info.Mode(), want, err)
		}
	}
	conn, err := dial(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if uid, known, err := peerUser(conn); err != nil || known && uid != os.Geteuid() {
		t.Errorf("the other end is user %d, want %d (%v)", uid, os.Geteuid(), err)
	}
	if err := errors.Join(conn.Close(), ln.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is left behind: %v", err)
	}
}

func TestUnsafeDirectories(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(dir string) error{
		"another mode": func(dir string) error { return errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, 0o755)) },
		"a file":       func(dir string) error { return os.WriteFile(dir, nil, 0o600) },
		"a link": func(dir string) error {
			return errors.Join(os.Mkdir(dir+"-real", 0o700), os.Symlink(dir+"-real", dir))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(shortDir(t), "hfhook")
			if err := make(dir); err != nil {
				t.Fatal(err)
			}
			if ln, err := listenIn(dir); err == nil {
				t.Errorf("a socket was made at %s", ln.Addr())
				_ = ln.Close()
			}
		})
	}
}

func TestLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(shortDir(t), strings.Repeat("d", maxPath))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	ln, err := Listen(environment(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if path := ln.Addr().String(); len(path) > maxPath || strings.HasPrefix(path, dir) {
		t.Errorf("the socket is at %s", path)
	}
}

// abandon leaves a socket as a process does that is killed.
func abandon(t *testing.T, path string, age time.Duration) {
	t.Helper()
	// A program that another test starts meanwhile would have the socket for a moment, too.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	ln, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	ln.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	born := time.Now().Add(-age)
	if err := os.Chtimes(path, born, born); err != nil {
		t.Fatal(err)
	}
}

func TestDeadSockets(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(shortDir(t), "hfhook")
	first, err := listenIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(first.Addr().String(), old, old); err != nil {
		t.Fatal(err)
	}
	dead, born := filepath.Join(dir, "1-dead.sock"), filepath.Join(dir, "2-born.sock")
	abandon(t, dead, time.Hour)
	abandon(t, born, 0)
	second, err := listenIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	for name, want := range map[string]bool{first.Addr().String(): true, dead: false, born: true} {
		if _, err := os.Lstat(name); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", name, err == nil, want)
		}
	}

	// By its note it is found to be dead at once.
	notes := t.TempDir()
	if _, err := (Note{Folder: dir, PID: 2, Socket: born}).Write(notes); err != nil {
		t.Fatal(err)
	}
	all, err := Notes(notes)
	if err != nil || len(all) != 1 {
		t.Fatalf("the notes are %v, %v", all, err)
	}
	if _, err := Dial(t.Context(), notes, all[0]); !errors.Is(err, ErrGone) {
		t.Errorf("Dial returned %v, want ErrGone", err)
	}
	if all, err := Notes(notes); err != nil || len(all) != 0 {
		t.Errorf("the notes are still %v, %v", all, err)
	}
	if _, err := os.Lstat(born); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the dead socket is still there: %v", err)
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	home, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	deep := filepath.Join(home, "app", "src", "deep")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	const file = ".hfhook.toml"
	for _, step := range []struct{ make, from, want string }{
		{"", deep, deep},
		{filepath.Join(home, file), deep, deep}, // the home directory is not a project of all below it
		{"", home, home},
		{filepath.Join(home, "app", file), deep, filepath.Join(home, "app")},
		{filepath.Join(home, "app", "src", file), deep, filepath.Join(home, "app", "src")},
		{"", filepath.Join(home, "app"), filepath.Join(home, "app")},
	} {
		if step.make != "" {
			if err := os.WriteFile(step.make, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := Folder(step.from, file, home); got != step.want {
			t.Errorf("the folder of %s is %s, want %s", step.from, got, step.want)
		}
	}
}

// TestUmaskStays starts programs while sockets are made: they have to have the umask of
// this process, or what they write, such as the binary of go run, cannot be used.
func TestUmaskStays(t *testing.T) {
	t.Parallel()
	dir := shortDir(t)
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	umask := func() string {
		out, err := exec.Command(shell, "-c", "umask").Output()
		if err != nil {
			t.Error(err)
		}
		return string(out)
	}
	want := umask()
	made := make(chan struct{})
	stop := make(chan struct{})
	go func() {
		defer close(made)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			ln, err := listenPrivately(filepath.Join(dir, strconv.Itoa(i)))
			if err != nil {
				t.Error(err)
				return
			}
			_ = ln.Close()
		}
	}()
	for range 200 {
		if got := umask(); got != want {
			t.Errorf("a program was started with the umask %s, want %s", strings.TrimSpace(got), strings.TrimSpace(want))
			break
		}
	}
	close(stop)
	<-made
}

// A command does not connect to a socket in a folder that others can open, or reach by a link.
func TestDialChecksTheFolder(t *testing.T) {
	t.Parallel()
	root := shortDir(t)
	dir := filepath.Join(root, "hfhook")
	ln, err := listenIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	path := ln.Addr().String()
	try := func(what, path, want string) {
		t.Helper()
		conn, err := dial(t.Context(), path)
		if err == nil {
			_ = conn.Close()
		}
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) || err != nil && dead(err) {
			t.Errorf("%s: %v, want %q", what, err, want)
		}
	}
	try("as it is made", path, "")
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	try("of another mode", path, "has to be 0700")
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(root, "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	try("by a link", filepath.Join(link, filepath.Base(path)), "is not a directory")
}

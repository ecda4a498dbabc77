package cli

// The file of --ready-file: it is there while requests are taken, and says by whom.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/local"
	"hfhook/internal/process"
)

// A readyFile is the file at path; an empty path is none.
type readyFile struct {
	p       *program
	path    string
	written []byte // by this process; nil: nothing yet
}

// newReadyFile checks the path, and removes the file of a process that is gone, so that
// nobody takes it for this one's. It refuses that of another hfhook dev which is running.
func newReadyFile(ctx context.Context, p *program, path string) (*readyFile, error) {
	r := &readyFile{p: p, path: path}
	pid, err := r.owner(ctx)
	if err != nil {
		return nil, err
	}
	if pid > 0 && (pid == os.Getpid() || !process.Alive(pid)) {
		if err := os.Remove(path); err != nil {
			return nil, r.failed("remove the old ready file", err)
		}
	}
	return r, nil
}

// owner is the process that has written the file; 0 if there is none, or it is not hfhook's. It
// is an error if that is another hfhook dev which is running.
func (r *readyFile) owner(ctx context.Context) (pid int, err error) {
	text, err := r.read()
	if err != nil {
		return 0, err
	}
	var old output.ReadyLine
	if json.Unmarshal(text, &old) != nil || old.PID <= 0 {
		return 0, nil
	}
	if old.PID == os.Getpid() || !process.Alive(old.PID) {
		return old.PID, nil
	}
	// Another program may have the id of a process that is gone.
	others, err := runningDevs(ctx, r.p, func(n local.Note) bool { return n.PID == old.PID })
	if err != nil {
		return 0, err
	}
	for _, other := range others {
		other.Close()
	}
	if len(others) > 0 {
		return 0, &exit.Error{
			Code: exit.CodeConfig, Err: fmt.Errorf("the ready file %s is that of another hfhook dev, which is running (process %d)", r.path, old.PID),
			Try: fmt.Sprintf("another file with --ready-file, or end that one with hfhook stop --dev %d", old.PID),
		}
	}
	return old.PID, nil
}

// read returns what is in the file; nothing if there is none. Anything but a regular file
// is refused: it would be replaced by one, and removed.
func (r *readyFile) read() ([]byte, error) {
	if r.path == "" {
		return nil, nil
	}
	info, err := os.Lstat(r.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, r.failed("look at the ready file", err)
	case !info.Mode().IsRegular():
		return nil, &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("--ready-file %s is not a regular file", r.path), Try: "name a file that hfhook can write and remove"}
	case info.Size() > maxReadyFile:
		return nil, nil // not one of hfhook's
	}
	text, err := os.ReadFile(r.path)
	if err != nil {
		return nil, r.failed("read the old ready file", err)
	}
	return text, nil
}

const maxReadyFile = 64 << 10 // bytes

func (r *readyFile) failed(doing string, err error) error {
	return &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("%s: %w", doing, err), Try: "another file with --ready-file"}
}

// write puts the line in place whole, so that a reader who waits for the file never sees
// half of it.
func (r *readyFile) write(ctx context.Context, line output.ReadyLine) (err error) {
	if r.path == "" {
		return nil
	}
	if _, err := r.owner(ctx); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := output.WriteLine(&b, line); err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(r.path), filepath.Base(r.path)+".part-*")
	if err != nil {
		return r.failed("write the ready file", err)
	}
	_, err = part.Write(b.Bytes())
	err = errors.Join(err, part.Close())
	if err == nil {
		err = os.Rename(part.Name(), r.path)
	}
	if err != nil {
		return r.failed("write the ready file", errors.Join(err, ignoreMissing(os.Remove(part.Name()))))
	}
	r.written = b.Bytes()
	return nil
}

// remove removes the file if it is still the one that this process has written.
func (r *readyFile) remove() error {
	if r.written == nil {
		return nil
	}
	text, err := r.read()
	if err != nil || !bytes.Equal(text, r.written) {
		return nil // it is somebody else's by now
	}
	r.written = nil
	if err := ignoreMissing(os.Remove(r.path)); err != nil {
		return r.failed("remove the ready file", err)
	}
	return nil
}

package local

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Note says where a running hfhook dev can be reached. It is a file in the state directory.
type Note struct {
	Folder string    `json:"folder"` // see Folder
	PID    int       `json:"pid"`
	Began  time.Time `json:"began"`
	Addr   string    `json:"addr"`   // where it takes requests, as host:port
	Path   string    `json:"path"`   // of its webhook
	Store  string    `json:"store"`  // where its events are
	Socket string    `json:"socket"` // path
}

const noteEnd = ".json"

// Write puts the note into a directory, and returns what removes it again.
func (n Note) Write(dir string) (remove func() error, err error) {
	text, err := json.Marshal(n)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(filepath.Base(n.Socket), socketEnd) + noteEnd
	path := filepath.Join(dir, name)
	part := path + ".part" // nobody else has this socket, so nobody else writes here
	if err := os.WriteFile(part, append(text, '\n'), 0o600); err != nil {
		return nil, fmt.Errorf("note where the local API is: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return nil, fmt.Errorf("note where the local API is: %w", errors.Join(err, os.Remove(part)))
	}
	return func() error {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}, nil
}

// Notes returns the notes of a directory, the oldest hfhook dev first. A process that was killed
// leaves its note: Dial removes it.
func Notes(dir string) ([]Note, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for running hfhook dev: %w", err)
	}
	var notes []Note
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), noteEnd) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		var n Note
		if err != nil || json.Unmarshal(text, &n) != nil || n.Socket == "" {
			continue // it has just ended, or the file is not a note
		}
		notes = append(notes, n)
	}
	slices.SortFunc(notes, func(a, b Note) int { return cmp.Or(a.Began.Compare(b.Began), cmp.Compare(a.PID, b.PID)) })
	return notes, nil
}

// forget removes what a process has left that is gone.
func (n Note) forget(dir string) {
	_ = os.Remove(n.Socket)
	_ = os.Remove(filepath.Join(dir, strings.TrimSuffix(filepath.Base(n.Socket), socketEnd)+noteEnd))
}

// Folder is the folder that a hfhook dev belongs to which is started in dir: the nearest one at
// or above dir that has a file of this name, else dir. The home directory counts only for what is
// started right there.
func Folder(dir, file, home string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if real, err := filepath.EvalSymlinks(home); err == nil {
		home = real
	}
	for at := dir; ; at = filepath.Dir(at) {
		if at == home && at != dir {
			return dir
		}
		if info, err := os.Stat(filepath.Join(at, file)); err == nil && info.Mode().IsRegular() {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}

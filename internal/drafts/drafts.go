// Package drafts keeps texts that a person is editing in files, so that none is lost with
// the process in which it is edited.
//
// Each text has a directory of its own, named after the process, and beside it a lock that
// the process holds while it edits: the system gives the lock back however the process
// ends. So a text whose lock is free is what a process has left, or has put aside, and
// another one may take it. What was left is removed after a week, what was put aside stays.
package drafts

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"
)

// Lifetime is how long a text is kept that a process has left.
const Lifetime = 7 * 24 * time.Hour

// ErrInUse means that another process, or another screen, edits the text.
var ErrInUse = errors.New("it is being edited by another process")

// An About describes a text.
type About struct {
	File  string    `json:"file"`  // of the text, in its directory
	Event string    `json:"event"` // id of the event that is edited; empty: it is not an event yet
	PID   int       `json:"pid"`   // of the process that edited it last
	Begun time.Time `json:"begun"`
	JSON  bool      `json:"json"`  // it is to be JSON, and was laid out for the editor
	Aside bool      `json:"aside"` // a person was told that it is kept
	Given []byte    `json:"given"` // SHA-256 of the text as it was at first
}

// A Dir is a directory of texts. It is created when it is needed.
type Dir string

// A Draft is a text that this process edits. It is not safe for concurrent use.
type Draft struct {
	About About
	path  string
	lock  *flock.Flock
}

const (
	aboutFile = "about.json"
	lockEnd   = ".lock"
)

// New creates a text in a file of this name, whose extension tells an editor its type.
func (d Dir) New(name string, text []byte, about About) (_ *Draft, err error) {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return nil, fmt.Errorf("create the directory for edits: %w", err)
	}
	about.File, about.PID, about.Begun = name, os.Getpid(), time.Now()
	sum := sha256.Sum256(text)
	about.Given = sum[:]
	dir := filepath.Join(string(d), fmt.Sprintf("%d-%s", about.PID, rand.Text()[:8]))
	// The lock comes first: a directory without one could be mistaken for a text that was left.
	lock := flock.New(dir+lockEnd, flock.SetPermissions(0o600))
	if _, err := lock.TryLock(); err != nil {
		return nil, fmt.Errorf("save the text to edit: %w", err)
	}
	e := &Draft{About: about, path: filepath.Join(dir, name), lock: lock}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.Remove())
		}
	}()
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create a directory for an edit: %w", err)
	}
	if err := e.Save(text); err != nil {
		return nil, err
	}
	return e, e.saveAbout()
}

// Path returns the file of the text.
func (e *Draft) Path() string { return e.path }

// Text reads the text.
func (e *Draft) Text() ([]byte, error) {
	text, err := os.ReadFile(e.path)
	if err != nil {
		return nil, fmt.Errorf("read the edited text: %w", err)
	}
	return text, nil
}

// Save replaces the text in the file, atomically.
func (e *Draft) Save(text []byte) error {
	if err := replace(e.path, text); err != nil {
		return fmt.Errorf("save the edited text: %w", err)
	}
	return nil
}

// Changed reports whether the text differs from the original, or cannot be read.
func (e *Draft) Changed() bool {
	text, err := os.ReadFile(e.path)
	sum := sha256.Sum256(text)
	return err != nil && !errors.Is(err, fs.ErrNotExist) || err == nil && !bytes.Equal(sum[:], e.About.Given)
}

// PutAside ends the edit and keeps the text until somebody takes it.
func (e *Draft) PutAside() (Left, error) {
	e.About.Aside = true
	dir := filepath.Dir(e.path)
	left := Left{About: e.About, Name: filepath.Base(dir), Saved: time.Now(), dir: Dir(filepath.Dir(dir))}
	return left, errors.Join(e.saveAbout(), e.lock.Close())
}

// Release unlocks the text, as the end of the process would: it counts as left.
func (e *Draft) Release() error { return e.lock.Close() }

// Remove ends the edit and deletes the text.
func (e *Draft) Remove() error {
	dir := filepath.Dir(e.path)
	return errors.Join(os.RemoveAll(dir), e.lock.Close(), ignoreMissing(os.Remove(dir+lockEnd)))
}

func (e *Draft) saveAbout() error {
	text, err := json.Marshal(e.About)
	if err == nil {
		err = replace(filepath.Join(filepath.Dir(e.path), aboutFile), text)
	}
	if err != nil {
		return fmt.Errorf("save the description of the edited text: %w", err)
	}
	return nil
}

// A Left is a text that nobody edits now.
type Left struct {
	About
	Name  string    // of its directory
	Saved time.Time // when it was last
	dir   Dir
}

// Left returns the texts that nobody edits now, last saved first. It deletes texts that were
// never changed, and those that are too old.
func (d Dir) Left() ([]Left, error) {
	entries, err := os.ReadDir(string(d))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the edits: %w", err)
	}
	var all []Left
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		e, err := d.take(entry.Name())
		if err != nil {
			continue // it is edited, or on its way out
		}
		info, err := os.Stat(e.path)
		if err != nil || !e.Changed() || !e.About.Aside && time.Since(info.ModTime()) > Lifetime {
			_ = e.Remove()
			continue
		}
		all = append(all, Left{About: e.About, Name: entry.Name(), Saved: info.ModTime(), dir: d})
		_ = e.lock.Close()
	}
	slices.SortFunc(all, func(a, b Left) int { return b.Saved.Compare(a.Saved) })
	return all, nil
}

// Path returns the file of the text.
func (l Left) Path() string { return filepath.Join(string(l.dir), l.Name, filepath.Base(l.File)) }

// Take continues to edit a text in this process. It fails with ErrInUse.
func (l Left) Take() (*Draft, error) {
	e, err := l.dir.take(l.Name)
	if err != nil {
		return nil, err
	}
	e.About.PID = os.Getpid()
	return e, e.saveAbout()
}

func (d Dir) take(name string) (*Draft, error) {
	dir := filepath.Join(string(d), name)
	lock := flock.New(dir+lockEnd, flock.SetPermissions(0o600))
	if got, err := lock.TryLock(); err != nil || !got {
		return nil, ErrInUse
	}
	e := &Draft{lock: lock}
	text, err := os.ReadFile(filepath.Join(dir, aboutFile))
	if err == nil {
		err = json.Unmarshal(text, &e.About)
	}
	e.path = filepath.Join(dir, filepath.Base(e.About.File))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) { // its process ended while it was made
			_ = e.Remove()
		} else {
			_ = lock.Close()
		}
		return nil, fmt.Errorf("read the description of the edited text: %w", err)
	}
	return e, nil
}

// replace replaces a file atomically.
func replace(path string, text []byte) error {
	part := filepath.Join(filepath.Dir(path), ".part")
	err := os.WriteFile(part, text, 0o600)
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(err, ignoreMissing(os.Remove(part)))
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Package lease is hfhook's part of a user's webhooks on the Hub: which of them are
// hfhook's, what a session does with them from its start to its end, and how the next
// one finds out what a crash has left.
//
// A [Note] on disk says of one webhook that hfhook made it, or has it on loan. It is
// written before the Hub is asked for anything, and is locked as long as a session
// uses the webhook; the system releases the lock however the session ends. So a note
// that says "used" and is not locked is what a crash has left. A webhook without a note
// is never changed, unless the user says so for this one.
//
// A [Keeper] keeps the webhooks of one session in step with its public URL. What it
// would change it can tell before, as a [Change].
package lease

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"hfhook/internal/hub"
)

// OnQuit says what becomes of a webhook when the session that uses it ends.
type OnQuit string

// What can become of a webhook. On a webhook that was taken over it has no bearing:
// that one gets back what it had.
const (
	Disable OnQuit = "disable" // the Hub sends nothing, until a session that watches the same enables it
	Keep    OnQuit = "keep"    // deliveries fail, until the Hub suspends the webhook
	Delete  OnQuit = "delete"
)

// OnQuits returns all of them, the default first.
func OnQuits() []OnQuit { return []OnQuit{Disable, Keep, Delete} }

// A Note is what hfhook keeps about a webhook of its own, or on loan.
type Note struct {
	Schema   int           `json:"schema"`
	Webhook  string        `json:"webhook"` // its id; empty while it is being made
	Endpoint string        `json:"endpoint"`
	User     string        `json:"user"`    // whose webhook it is
	Project  string        `json:"project"` // directory of the session that made it
	Made     time.Time     `json:"made"`
	URL      string        `json:"url"` // that it was given last
	Watched  []hub.Watched `json:"watched"`
	Domains  []hub.Domain  `json:"domains"`
	OnQuit   OnQuit        `json:"on_quit"`

	// Used says that a session uses the webhook, or ended without doing with it what
	// OnQuit says.
	Used bool `json:"used"`

	// Before is set where the webhook is not hfhook's: it was taken over.
	Before *Before `json:"before,omitempty"`

	// Others are, while the webhook is being made, the ids of those that were there
	// before: of an attempt whose answer never came, it tells which one it made.
	Others []string `json:"others,omitempty"`
}

// Before is how a webhook was that hfhook took over. Its secret can't be read, and so
// not be put back.
type Before struct {
	URL         string    `json:"url"`
	JobSourceID string    `json:"job_source_id"`
	State       hub.State `json:"state"`
	KeepSecret  bool      `json:"keep_secret"` // it was left as it is; else it has this hfhook's
}

// Notes are the notes in one directory. They may be used by several goroutines and
// processes at once.
type Notes struct{ dir string }

// NotesIn returns the notes in a directory, which is made with the first of them.
func NotesIn(dir string) *Notes { return &Notes{dir} }

// An entry is a note as it was found.
type entry struct {
	Note
	name  string // of its files
	inUse bool   // a running session holds it
}

// A held is a note that this session holds.
type held struct {
	Note
	notes *Notes
	name  string
	lock  *flock.Flock
}

// errInUse: another session holds the note.
var errInUse = errors.New("another hfhook uses it")

func (n *Notes) path(name string) string { return filepath.Join(n.dir, name+".json") }

// alone calls f while no other process looks at the notes.
func (n *Notes) alone(f func() error) error {
	if err := os.MkdirAll(n.dir, 0o700); err != nil {
		return fmt.Errorf("open the notes about webhooks: %w", err)
	}
	lock := flock.New(filepath.Join(n.dir, "lock"), flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("open the notes about webhooks: %w", err)
	}
	defer func() { _ = lock.Close() }()
	return f()
}

// all returns the notes, in the order in which they were made.
func (n *Notes) all() ([]entry, error) {
	if _, err := os.Stat(n.dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var found []entry
	err := n.alone(func() error {
		files, err := filepath.Glob(filepath.Join(n.dir, "*.json"))
		if err != nil {
			return err
		}
		for _, file := range files {
			e := entry{name: strings.TrimSuffix(filepath.Base(file), ".json")}
			text, err := os.ReadFile(file)
			if err == nil {
				err = json.Unmarshal(text, &e.Note)
			}
			if err == nil && e.Schema != 1 {
				err = fmt.Errorf("it was written by a newer hfhook: schema %d", e.Schema)
			}
			if err != nil {
				return fmt.Errorf("read the note about a webhook %s: %w", file, err)
			}
			lock, err := n.tryLock(e.name)
			if err != nil && !errors.Is(err, errInUse) {
				return err
			}
			if e.inUse = err != nil; !e.inUse {
				_ = lock.Close()
			}
			found = append(found, e)
		}
		return nil
	})
	slices.SortFunc(found, func(a, b entry) int { return a.Made.Compare(b.Made) })
	return found, err
}

func (n *Notes) tryLock(name string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(n.dir, name+".lock"), flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("lock the note about a webhook: %w", err)
	case !locked:
		return nil, errInUse
	}
	return lock, nil
}

// take holds a note that was found. errInUse.
func (n *Notes) take(e entry) (*held, error) {
	h := &held{Note: e.Note, notes: n, name: e.name}
	err := n.alone(func() (err error) {
		if _, err = os.Stat(n.path(e.name)); err != nil {
			return fmt.Errorf("hold the note about the webhook %s: %w", e.Webhook, err)
		}
		h.lock, err = n.tryLock(e.name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

// add writes a note and holds it.
func (n *Notes) add(note Note) (*held, error) {
	var id [8]byte
	_, _ = rand.Read(id[:])
	note.Schema = 1
	h := &held{Note: note, notes: n, name: hex.EncodeToString(id[:])}
	err := n.alone(func() (err error) {
		if h.lock, err = n.tryLock(h.name); err != nil {
			return err
		}
		return h.write()
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

// save changes the note, on disk first.
func (h *held) save(change func(*Note)) error {
	before := h.Note
	change(&h.Note)
	if err := h.write(); err != nil {
		h.Note = before
		return err
	}
	return nil
}

// write puts the note in place whole, and on disk.
func (h *held) write() error {
	text, err := json.MarshalIndent(h.Note, "", "  ")
	if err != nil {
		return fmt.Errorf("write the note about a webhook: %w", err)
	}
	part := filepath.Join(h.notes.dir, h.name+".part")
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		_, err = file.Write(append(text, '\n'))
		err = errors.Join(err, file.Sync(), file.Close())
	}
	if err == nil {
		err = os.Rename(part, h.notes.path(h.name))
	}
	if err != nil {
		return fmt.Errorf("write the note about a webhook: %w", err)
	}
	return nil
}

// release gives the note back, for the next session.
func (h *held) release() { _ = h.lock.Close() }

// forget removes the note.
func (h *held) forget() error {
	err := h.notes.alone(func() error {
		err := os.Remove(h.notes.path(h.name))
		h.release()
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return errors.Join(err, os.Remove(h.lock.Path()))
	})
	if err != nil {
		return fmt.Errorf("remove the note about a webhook: %w", err)
	}
	return nil
}

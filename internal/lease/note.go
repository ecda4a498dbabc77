// Package lease keeps hfhook's webhooks on the Hub: which of a user's webhooks are hfhook's,
// what a session does with them from its start to its end, and how the next one cleans up after
// a crash.
//
// A [Note] on disk says that hfhook made a webhook, or uses it on loan. It is written before
// the first call of the Hub, and is locked as long as a session uses the webhook; the system
// releases the lock however the session ends. So a note that says "used" and is not locked was
// left by a crash. A webhook without a note is never changed, unless the user asks for that.
//
// A [Keeper] synchronises the webhooks of one session with its public URL. It can show planned
// changes first, as a [Change].
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

// OnQuit says what happens to a webhook when the session that uses it ends.
type OnQuit string

// The values of OnQuit. They do not matter for a webhook that was taken over: it is restored.
const (
	Disable OnQuit = "disable" // the Hub sends nothing, until a session that watches the same enables it
	Keep    OnQuit = "keep"    // deliveries fail, until the Hub suspends the webhook
	Delete  OnQuit = "delete"
)

// OnQuits returns all values, the default first.
func OnQuits() []OnQuit { return []OnQuit{Disable, Keep, Delete} }

// A Note is a record of a webhook that is hfhook's own or on loan.
type Note struct {
	Schema   int           `json:"schema"`
	Webhook  string        `json:"webhook"` // its id; empty while it is being created
	Endpoint string        `json:"endpoint"`
	User     string        `json:"user"`    // owner of the webhook
	Project  string        `json:"project"` // directory of the session that made it
	Made     time.Time     `json:"made"`
	URL      string        `json:"url"` // the last URL that hfhook set
	Watched  []hub.Watched `json:"watched"`
	Domains  []hub.Domain  `json:"domains"`
	OnQuit   OnQuit        `json:"on_quit"`

	// Used says that a session uses the webhook, or ended without carrying out OnQuit.
	Used bool `json:"used"`

	// Before is set if the webhook is not hfhook's: it was taken over.
	Before *Before `json:"before,omitempty"`

	// Others lists, while the webhook is being created, the ids of those that existed before:
	// if the answer is lost, they show which one was created.
	Others []string `json:"others,omitempty"`
}

// Before is the state of a webhook before hfhook took it over. Its secret cannot be read, so it
// cannot be restored.
type Before struct {
	URL         string    `json:"url"`
	JobSourceID string    `json:"job_source_id"`
	State       hub.State `json:"state"`
	KeepSecret  bool      `json:"keep_secret"` // its secret was kept; else it was set to hfhook's
}

// Notes are the notes in one directory. They are safe for use by several goroutines and
// processes.
type Notes struct{ dir string }

// NotesIn returns the notes in a directory, which is created with the first note.
func NotesIn(dir string) *Notes { return &Notes{dir} }

// An entry is a note that was found on disk.
type entry struct {
	Note
	name  string // of its files
	inUse bool   // a running session has locked it
}

// A held is a note that this session has locked.
type held struct {
	Note
	notes *Notes
	name  string
	lock  *flock.Flock
}

// errInUse means that another session has locked the note.
var errInUse = errors.New("another hfhook uses it")

func (n *Notes) path(name string) string { return filepath.Join(n.dir, name+".json") }

// alone calls f while no other process accesses the notes.
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

// take locks a note that was found. It fails with errInUse.
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

// add writes a note and locks it.
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

// write writes the note atomically, and syncs it to disk.
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

// release unlocks the note, for the next session.
func (h *held) release() { _ = h.lock.Close() }

// forget deletes the note.
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

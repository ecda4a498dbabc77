package cli

// Which targets the hfhook dev of a project has while it runs: a file in the state directory,
// with a lock beside it that the system gives back however the process ends. So other
// commands in the project send there, too.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"hfhook/delivery"
	"hfhook/event"
)

// runningEnd and lockedEnd are the ends of the names of the two files.
const (
	runningEnd = ".json"
	lockedEnd  = ".lock"
)

// A runningDev is what the file says.
type runningDev struct {
	Project string    `json:"project"`
	PID     int       `json:"pid"`
	Began   time.Time `json:"began"`
	Targets []string  `json:"targets"` // as words of a command line, less the values of headers and variables
}

// An announcement is that of this process. Nil tells nobody anything.
type announcement struct {
	dev  runningDev
	path string
	lock *flock.Flock
	log  *slog.Logger
}

// announce begins one. It never keeps a session from running: what fails is logged.
func announce(p *program, log *slog.Logger) *announcement {
	a, err := tryAnnounce(p, log)
	if err != nil {
		log.Warn("other commands will not know which targets there are", "error", err)
		return nil
	}
	return a
}

func tryAnnounce(p *program, log *slog.Logger) (*announcement, error) {
	file, err := findProjectFile(p, "running")
	if err != nil {
		return nil, err
	}
	if err := makeDir(filepath.Dir(file.path)); err != nil {
		return nil, err
	}
	base := fmt.Sprintf("%s-%d", strings.TrimSuffix(file.path, runningEnd), os.Getpid())
	a := &announcement{path: base + runningEnd, lock: flock.New(base+lockedEnd, flock.SetPermissions(0o600)), log: log}
	a.dev = runningDev{Project: file.project, PID: os.Getpid(), Began: p.started}
	if _, err := a.lock.TryLock(); err != nil {
		return nil, fmt.Errorf("lock %s: %w", a.lock.Path(), err)
	}
	return a, nil
}

// tell writes the targets that the session has now.
func (a *announcement) tell(words []string) {
	if a == nil {
		return
	}
	a.dev.Targets = words
	if err := replaceJSON(a.path, a.dev); err != nil {
		a.log.Warn("record the targets for other commands", "error", err)
	}
}

// end removes the files.
func (a *announcement) end() {
	if a == nil {
		return
	}
	err := errors.Join(ignoreMissing(os.Remove(a.path)), a.lock.Close(), ignoreMissing(os.Remove(a.lock.Path())))
	if err != nil {
		a.log.Warn("remove the record of the targets", "error", err)
	}
}

// running returns the targets of each hfhook dev that runs in this project, the one that began
// first at first. What a process has left that is gone is removed.
func running(p *program) (targets []delivery.Target, err error) {
	file, err := findProjectFile(p, "running")
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(file.path)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []runningDev
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), projectName(file.project)+"-") || !strings.HasSuffix(entry.Name(), runningEnd) {
			continue
		}
		name := filepath.Join(dir, entry.Name())
		lock := flock.New(strings.TrimSuffix(name, runningEnd) + lockedEnd)
		if free, err := lock.TryLock(); err != nil || free {
			_ = errors.Join(os.Remove(name), lock.Close(), os.Remove(lock.Path())) // a rest of a process that was killed
			continue
		}
		text, err := os.ReadFile(name)
		var d runningDev
		if err != nil || json.Unmarshal(text, &d) != nil {
			continue // it has just ended
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b runningDev) int { return a.Began.Compare(b.Began) })
	for _, d := range all {
		for _, word := range d.Targets {
			t, err := delivery.ParseTarget(word)
			if err != nil || slices.ContainsFunc(targets, func(o delivery.Target) bool { return o.Name == t.Name }) {
				continue
			}
			targets = append(targets, withoutMasked(t))
		}
	}
	return targets, nil
}

// withoutMasked leaves out headers and variables whose values are not told.
func withoutMasked(t delivery.Target) delivery.Target {
	t.Header = slices.DeleteFunc(t.Header, func(f event.Field) bool { return f.Value == delivery.Masked })
	if t.Command != nil {
		t.Command.Env = slices.DeleteFunc(t.Command.Env, func(kv string) bool { return strings.HasSuffix(kv, "="+delivery.Masked) })
	}
	return t
}

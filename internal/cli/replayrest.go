package cli

// What a replay of several has left, so that hfhook replay --resume can go on with it,
// however the one before ended.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/drafts"
	"hfhook/internal/plainerr"
	"hfhook/store"
	"hfhook/tui/screen"
)

// absoluteStore is the file of the store, whatever the working directory.
func absoluteStore(p *program) (string, error) {
	path, err := p.storePath()
	if err == nil {
		path, err = filepath.Abs(path)
	}
	return path, err
}

// A sending is one event for one target, the name of which it has.
type sending struct {
	Event  event.ID `json:"event"`
	Target string   `json:"target"`
}

// replayPlan is the first line of the file that keeps what a replay has to do. Each line
// behind it is a sending that needs no repetition. Flags are not kept: they may have
// credentials in them.
type replayPlan struct {
	Store   string     `json:"store"`
	Targets []string   `json:"targets"`
	Events  []event.ID `json:"events"`
}

// remaining keeps what is left of a replay that is under way. For nil its methods do
// nothing.
type remaining struct {
	mu   sync.Mutex
	text *drafts.Draft
	file *os.File
	left map[sending]bool
	err  error // the first of keeping it
}

// replaysDir is where it is kept of each replay that runs or has left something.
func replaysDir(p *program) (drafts.Dir, error) {
	dir, err := p.stateDir()
	return drafts.Dir(filepath.Join(dir, "replays")), err
}

// keepRemaining begins to keep what is left of a replay. A single attempt is not worth it.
func (r *replaying) keepRemaining(path string) error {
	plan := replayPlan{Store: path, Events: r.ids}
	for _, t := range r.targets {
		plan.Targets = append(plan.Targets, t.Name)
	}
	rest := &remaining{left: plan.sendings()}
	for s := range r.done {
		delete(rest.left, s)
	}
	if len(rest.left) < 2 && !r.resumed || r.staged != nil {
		return nil
	}
	dir, err := replaysDir(r.program)
	if err != nil {
		return err
	}
	first, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	if rest.text, err = dir.New("replay.jsonl", append(first, '\n'), drafts.About{}); err != nil {
		return err
	}
	if rest.file, err = os.OpenFile(rest.text.Path(), os.O_WRONLY|os.O_APPEND, 0); err != nil {
		return errors.Join(err, rest.text.Remove())
	}
	r.rest = rest
	for s := range r.done {
		rest.write(s)
	}
	// A text that was never changed would not be offered again.
	_, err = rest.file.WriteString("\n")
	return err
}

// sendings are all of a plan.
func (p replayPlan) sendings() map[sending]bool {
	all := make(map[sending]bool, len(p.Events)*len(p.Targets))
	for _, id := range p.Events {
		for _, target := range p.Targets {
			all[sending{id, target}] = true
		}
	}
	return all
}

// note takes a result: one that was right is not sent again.
func (m *remaining) note(id event.ID, target string, right bool) {
	if m == nil || !right {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := (sending{id, target}); m.left[s] {
		delete(m.left, s)
		m.write(s)
	}
}

func (m *remaining) write(s sending) {
	line, err := json.Marshal(s)
	if err == nil {
		_, err = m.file.Write(append(line, '\n'))
	}
	if m.err == nil {
		m.err = err
	}
}

// end says how many are left, and lets go of the file, which goes away if none is.
func (m *remaining) end() (int, error) {
	if m == nil {
		return 0, nil
	}
	err := errors.Join(m.err, m.file.Close())
	if len(m.left) == 0 {
		return 0, errors.Join(err, m.text.Remove())
	}
	return len(m.left), errors.Join(err, m.text.Release())
}

// errNoneStopped: nothing is left of any replay.
var errNoneStopped = &exit.Error{Code: exit.CodeNotFound, Err: errors.New("nothing to resume: the last replay was complete and had no failures"), Try: "hfhook replay --filter 'is:failed' sends what failed"}

// resume takes the events that the last replay of this store has left, and those of its
// sendings that were right. take says that they are about to be sent.
func (r *replaying) resume(path string, take bool) error {
	dir, err := replaysDir(r.program)
	if err != nil {
		return err
	}
	all, err := dir.Left()
	if err != nil {
		return err
	}
	for _, l := range all {
		text, err := os.ReadFile(l.Path())
		if err != nil {
			return fmt.Errorf("read the rest of the last replay: %w", err)
		}
		plan, done, err := readPlan(text)
		if err != nil || plan.Store != path {
			continue
		}
		left := plan.sendings()
		for s := range done {
			delete(left, s)
		}
		seen := make(map[event.ID]bool)
		for _, id := range plan.Events {
			wanted := slices.ContainsFunc(plan.Targets, func(target string) bool { return left[sending{id, target}] })
			if wanted && !seen[id] {
				seen[id] = true
				r.ids = append(r.ids, id)
			}
		}
		if len(r.ids) == 0 {
			continue
		}
		r.done, r.resumed = done, true
		fmt.Fprintf(r.err, "continuing the replay of %s: %d of %s left\n", l.Begun.Local().Format(time.DateTime), len(left), output.Plural(len(plan.sendings()), "attempt"))
		if take {
			if r.before, err = l.Take(); err != nil {
				return &exit.Error{Code: exit.CodeFailure, Err: errors.New("another process is already continuing that replay"), Try: "wait until it ends"}
			}
		}
		return nil
	}
	return errNoneStopped
}

// readPlan reads what a replay has kept. The last line may be the beginning of one.
func readPlan(text []byte) (plan replayPlan, done map[sending]bool, err error) {
	first, lines, _ := bytes.Cut(text, []byte("\n"))
	if err := json.Unmarshal(first, &plan); err != nil {
		return plan, nil, fmt.Errorf("read the plan of a replay: %w", err)
	}
	done = make(map[sending]bool)
	for line := range bytes.Lines(lines) {
		var s sending
		if json.Unmarshal(line, &s) == nil {
			done[s] = true
		}
	}
	return plan, done, nil
}

// skip reports whether a sending was right before this replay.
func (r *replaying) skip(id event.ID, t *delivery.Target) bool {
	return r.done[sending{id, t.Name}]
}

// gone passes over an event that was deleted since the replay that is gone on with.
func (r *replaying) gone(id event.ID, err error) bool {
	if !r.resumed || !errors.Is(err, store.ErrNotFound) {
		return false
	}
	fmt.Fprintf(r.err, "%s was not sent: it was deleted\n", id)
	for _, t := range r.targets {
		r.rest.note(id, t.Name, true)
	}
	return true
}

// endRemaining lets go of what is left, and says how to go on with it.
func (r *replaying) endRemaining(stopped bool) {
	left, err := r.rest.end()
	if r.before != nil && err == nil {
		err = r.before.Remove()
	}
	if err != nil {
		fmt.Fprintln(r.err, "warning: the rest of this replay could not be saved:", plainerr.Text(err))
		return
	}
	if left > 0 && stopped {
		fmt.Fprintf(r.err, "%s left. Continue: %s\n", output.Plural(left, "attempt"), r.again)
	}
}

// resumeCommand is the command that goes on with what a replay has left.
func resumeCommand(p *program, cmd *cobra.Command) string {
	words := []string{cmd.CommandPath(), "--resume"}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		origin, setting := p.origins[f.Name]
		switch typed := f.Changed && (!setting || origin == "--"+f.Name); {
		case !typed || f.Name == "filter" || f.Name == "newest-first" || f.Name == "resume":
		case f.Name == "header": // which may be a credential
			words = append(words, "-H …")
		case f.Value.Type() == "bool":
			words = append(words, "--"+f.Name)
		default:
			values := []string{f.Value.String()}
			if many, ok := f.Value.(pflag.SliceValue); ok {
				values = many.GetSlice()
			}
			for _, v := range values {
				words = append(words, "--"+f.Name+" "+screen.ShellWord(v))
			}
		}
	})
	return strings.Join(words, " ")
}

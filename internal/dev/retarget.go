package dev

// The targets of a running session: added, changed, paused and removed.

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"hfhook/delivery"
	"hfhook/internal/port"
	"hfhook/store"
)

// noteTargetsWithin bounds how long a change of the targets waits for the store.
const noteTargetsWithin = 5 * time.Second

// A TargetForm is a target as a person enters it. Empty fields have their defaults.
type TargetForm struct {
	Was         string // name of the target to change; empty: a new one
	To          string // as on the command line: port, host:port, URL, or exec and a command, with or without options
	Name        string
	When        string // filter
	Timeout     string // for example 5s
	Concurrency string
}

// PutTarget adds or changes a target. Events that wait for it go to its new address. The error
// says what to enter instead.
func (s *Session) PutTarget(f TargetForm) error {
	t, err := s.parseTarget(f.To)
	if err != nil {
		return err
	}
	if f.Name != "" {
		t.Name = ""
	}
	for _, option := range []struct{ name, value string }{{"name", f.Name}, {"when", f.When}, {"timeout", f.Timeout}, {"concurrency", f.Concurrency}} {
		if option.value == "" {
			continue
		}
		if err := t.Set(option.name, option.value); err != nil {
			return err
		}
	}
	if f.Name == "" && f.Was != "" {
		t.Name = f.Was // its earlier outcomes stay with it, wherever it is now
	}
	s.targeting.Lock()
	defer s.targeting.Unlock()
	targets := s.outbox.Targets()
	at := func(name string) int {
		return slices.IndexFunc(targets, func(t delivery.Target) bool { return t.Name == name })
	}
	switch i := at(f.Was); {
	case f.Was == "" || i < 0:
		if at(t.Name) >= 0 {
			return fmt.Errorf("another target has the name %q: choose another name", t.Name)
		}
		targets = append(targets, t)
		s.added[t.Name] = true
	default:
		was := targets[i]
		if t.Name != was.Name {
			if at(t.Name) >= 0 {
				return fmt.Errorf("another target has the name %q: choose another name", t.Name)
			}
			for _, st := range s.outbox.Health() {
				if st.Name == was.Name && st.Waiting > 0 {
					return fmt.Errorf("%q has waiting events (%[2]d): deliver or drop them before renaming it", was.Name, st.Waiting)
				}
			}
			delete(s.added, was.Name)
			s.added[t.Name] = true
		}
		// Options that the form does not show are kept.
		t = t.WithAddressOf(was)
		if len(t.Header) == 0 && t.Command == nil {
			t.Header = was.Header
		}
		if was.Insecure && t.Command == nil && t.URL.Scheme == "https" && t.Loopback() {
			t.Insecure = true
		}
		if t.Command != nil && was.Command != nil && len(t.Command.Env) == 0 {
			t.Command.Env = was.Command.Env
		}
		targets[i] = t
	}
	s.outbox.Set(targets)
	s.noteTargets()
	s.noticeWithheld(s.outbox.Health())
	s.change()
	return nil
}

// SendTo sends a target's events to another path from now on, and returns how the target is
// written then. The target keeps its name and its earlier outcomes.
func (s *Session) SendTo(name, path string) (written string, err error) {
	s.targeting.Lock()
	defer s.targeting.Unlock()
	targets := s.outbox.Targets()
	i := slices.IndexFunc(targets, func(t delivery.Target) bool { return t.Name == name })
	if i < 0 {
		return "", fmt.Errorf("there is no target %q any more", name)
	}
	t, err := targets[i].At(path)
	if err != nil {
		return "", err
	}
	targets[i] = t.Redacted(s.redactor())
	s.outbox.Set(targets)
	s.noteTargets()
	s.change()
	return targets[i].Written(), nil
}

// LearnPaths asks the handler of a target for its paths, before anything is sent to it. State
// has the answer afterwards.
func (s *Session) LearnPaths(ctx context.Context, name string) {
	s.outbox.Learn(ctx, name)
	s.change()
}

// RemoveTarget removes a target. Events that wait for it stay in the store: they are sent when
// there is a target of that name again, unless they are dropped.
func (s *Session) RemoveTarget(name string) {
	s.targeting.Lock()
	defer s.targeting.Unlock()
	delete(s.added, name)
	s.outbox.Remove(name)
	s.noteTargets()
	s.change()
}

// SetTargets replaces the targets of the configuration after it has changed. Targets that were
// added meanwhile stay. It reports whether anything changed.
func (s *Session) SetTargets(targets []delivery.Target) (changed bool) {
	s.targeting.Lock()
	defer s.targeting.Unlock()
	targets = slices.Clone(targets)
	for i, t := range targets {
		targets[i] = t.Redacted(s.redactor())
	}
	present := s.outbox.Targets()
	for _, t := range present {
		if s.added[t.Name] && !slices.ContainsFunc(targets, func(c delivery.Target) bool { return c.Name == t.Name }) {
			targets = append(targets, t)
		}
	}
	if slices.EqualFunc(present, targets, delivery.Target.Equal) {
		return false
	}
	s.outbox.Set(targets)
	s.noteTargets()
	s.noticeWithheld(s.outbox.Health())
	s.change()
	return true
}

// noteTargets tells the store, and so other processes, which targets the session has: what
// other targets have left counts as left over.
func (s *Session) noteTargets() {
	ctx, cancel := context.WithTimeout(context.Background(), noteTargetsWithin)
	defer cancel()
	names := []string{}
	for _, t := range s.outbox.Targets() {
		names = append(names, t.Name)
	}
	if err := s.store.SetTargets(ctx, names); err != nil {
		s.log.Warn("record the targets", "error", err)
	}
}

// ClearLeftOver discards what a target has left that no running hfhook has.
func (s *Session) ClearLeftOver(ctx context.Context, target string) (store.Cleared, error) {
	done, err := s.store.Clear(ctx, target)
	s.change()
	return done, err
}

// TargetWords returns the targets in the syntax of the command line, without the values of
// headers and variables.
func (s *Session) TargetWords() []string {
	var words []string
	for _, t := range s.outbox.Targets() {
		words = append(words, t.Written())
	}
	return words
}

// PauseTargets holds the events for a target, or resumes; for all targets if name is empty.
func (s *Session) PauseTargets(name string, paused bool) { s.outbox.Pause(name, paused) }

// DeliverHeld sends the events that are held for a target at once, or those for all if name is
// empty.
func (s *Session) DeliverHeld(name string) { s.outbox.Deliver(name) }

// DropHeld discards the events that wait for a target, and returns how many.
func (s *Session) DropHeld(ctx context.Context, name string) (int, error) {
	if name == "" {
		return 0, errors.New("drop: no target given")
	}
	return s.outbox.Drop(ctx, name)
}

// A Service is a program that listens on this machine.
type Service = port.Service

// LookAround returns the user's programs that listen on this machine and are not targets yet.
// It sends them nothing.
func (s *Session) LookAround() []Service {
	except := []string{portOf(s.opts.Listener.Addr())}
	for _, t := range s.outbox.Targets() {
		if t.Command == nil && t.Loopback() {
			_, number, _ := net.SplitHostPort(t.Address())
			except = append(except, number)
		}
	}
	return port.Services(except...)
}

// journalTargets adds the targets that have changed since the previous State to the journal.
func (s *Session) journalTargets(st *State) {
	old := s.state.Load()
	if old == nil {
		return
	}
	known := map[string]delivery.TargetState{}
	for _, t := range old.Targets {
		known[t.Name] = t
	}
	for _, t := range st.Targets {
		was, ok := known[t.Name]
		if !ok {
			was = delivery.TargetState{Health: delivery.Unknown}
		}
		if t.Health != was.Health || t.Paused != was.Paused || t.Until != was.Until || t.Hint != was.Hint || ok && t.URL != was.URL {
			s.journal.add(Entry{Target: &t})
		}
	}
}

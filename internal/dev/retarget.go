package dev

// The targets of a running session: added, changed, paused and taken away.

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

// A TargetForm is a target as a person fills it in. What is empty is as usual.
type TargetForm struct {
	Was         string // name of the target that is changed; empty: it is a new one
	To          string // as on the command line: port, host:port, URL, or exec and a command; with options or without
	Name        string
	When        string // filter
	Timeout     string // for example 5s
	Concurrency string
}

// PutTarget adds a target, or changes one: what waits for it goes where it points now. The
// error says what to write instead.
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
		t.Name = f.Was // what became of events there stays with it, wherever it is now
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
		// What a form does not show stays.
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

// SendTo has a target get its events on another path from now on, and returns how the target is
// written then. It keeps its name, and with it what became of events there.
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

// LearnPaths asks the handler of a target for its paths, before anything is sent to it. What it
// says is in the State afterwards.
func (s *Session) LearnPaths(ctx context.Context, name string) {
	s.outbox.Learn(ctx, name)
	s.change()
}

// RemoveTarget takes a target away. What waits for it stays in the store: it goes out
// when there is a target of the name again, unless it is dropped.
func (s *Session) RemoveTarget(name string) {
	s.targeting.Lock()
	defer s.targeting.Unlock()
	delete(s.added, name)
	s.outbox.Remove(name)
	s.noteTargets()
	s.change()
}

// SetTargets makes the targets those of the configuration, which has changed. Those that
// were added meanwhile stay. It reports whether that makes a difference.
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

// noteTargets tells the store and others which targets the session has: what programs that
// are gone have left is left over.
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

// ClearLeftOver gives up what a target has left that no running hfhook has.
func (s *Session) ClearLeftOver(ctx context.Context, target string) (store.Cleared, error) {
	done, err := s.store.Clear(ctx, target)
	s.change()
	return done, err
}

// TargetWords are the targets that there are, as a command line of hfhook dev has them.
// The values of headers and variables are not in them.
func (s *Session) TargetWords() []string {
	var words []string
	for _, t := range s.outbox.Targets() {
		words = append(words, t.Written())
	}
	return words
}

// PauseTargets holds what comes for a target, or goes on; of all targets where name is
// empty.
func (s *Session) PauseTargets(name string, paused bool) { s.outbox.Pause(name, paused) }

// DeliverHeld tries at once to send what is held for a target, or for all where name is
// empty.
func (s *Session) DeliverHeld(name string) { s.outbox.Deliver(name) }

// DropHeld gives up what waits for a target, and returns how many events.
func (s *Session) DropHeld(ctx context.Context, name string) (int, error) {
	if name == "" {
		return 0, errors.New("drop: no target given")
	}
	return s.outbox.Drop(ctx, name)
}

// A Service is a program that listens on this machine.
type Service = port.Service

// LookAround returns what listens on this machine for its user, and is not a target yet. Nothing
// is sent there.
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

// journalTargets puts into the journal which targets are not what they were in the State
// before st.
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

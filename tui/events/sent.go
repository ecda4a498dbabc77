package events

// Synthetic events that were sent, until their handlers have answered: recording an event
// and forwarding it are two things, and the second may take its time.

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/store"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// maxSent is how many orders are followed at once: no more than anybody has asked for.
const maxSent = 50

// A sending is events of one order that handlers have yet to answer.
type sending struct {
	name    string     // in a sentence
	command string     // that sent them
	open    []event.ID // those that are not answered yet, oldest first
	n       int        // all of them
	taken   int        // answered, and from 200 to 299 by all targets
	refused int        // answered otherwise
	unasked int        // no target gets them
	last    event.ID
	answers []event.Delivery // to the last one
	held    string           // the target that holds what is open, of which it was said; empty: none
	asked   bool             // the question is under way
	again   bool             // the store has changed since it was asked
}

// sentMsg brings the deliveries of the events that are open.
type sentMsg struct {
	of  *sending
	got map[event.ID][]event.Delivery
	err error
}

// Await follows events that were sent.
func (e *Screen) Await(made screen.RecordedMsg, f screen.Frame) tea.Cmd {
	n := len(made.Events)
	if n > 0 {
		e.goMade(made.Events[n-1], f)
	}
	if n == 0 || len(e.Sent) >= maxSent {
		return nil
	}
	s := &sending{name: made.Name, command: made.Command, open: made.Events, n: n, last: made.Events[n-1]}
	e.Sent = append(e.Sent, s)
	return e.lookSent(f)
}

// lookSent asks once for each of the orders; the store has changed.
func (e *Screen) lookSent(f screen.Frame) tea.Cmd {
	var cmds []tea.Cmd
	for _, s := range e.Sent {
		if s.held != "" && holds(f.State, s.held) {
			continue
		}
		if s.asked {
			s.again = true
			continue
		}
		s.asked, s.again = true, false
		ids := s.open
		cmds = append(cmds, e.ask.Cmd(func() tea.Msg {
			msg := sentMsg{of: s, got: map[event.ID][]event.Delivery{}}
			for _, id := range ids {
				if msg.got[id], msg.err = e.ask.session.Deliveries(e.ask.Ctx, id); msg.err != nil {
					break
				}
			}
			return msg
		}))
	}
	return tea.Batch(cmds...)
}

// takeSent counts what was answered, and says how it went once all is answered. That a
// target holds the rest, since it is not there, is said meanwhile.
func (e *Screen) takeSent(msg sentMsg, f screen.Frame) tea.Cmd {
	s := msg.of
	s.asked = false
	var open []event.ID
	held := ""
	for _, id := range s.open {
		all := msg.got[id]
		switch waits, by := waiting(all, f.State); {
		case msg.err != nil:
			open = nil
		case waits && by == "":
			open = append(open, id)
		case waits:
			held = by
			open = append(open, id)
		default:
			s.count(id, all)
		}
	}
	heldBack := held != "" && heldAll(open, msg.got, f.State)
	if s.open = open; msg.err == nil && len(open) > 0 && !heldBack {
		if s.again {
			return e.lookSent(f)
		}
		return nil
	}
	told := s.held != ""
	s.held = held
	if !heldBack {
		e.Sent = slices.DeleteFunc(e.Sent, func(other *sending) bool { return other == s })
	} else if told {
		return nil
	}
	if errors.Is(msg.err, store.ErrNotFound) {
		return nil // it was deleted meanwhile
	}
	if msg.err != nil {
		return screen.ResultCmd(fmt.Sprintf("read the answers to %s: %s", s.name, screen.Plain(msg.err)), false)
	}
	text, ok := s.sentence(held, f.State)
	if e.made == s.last && e.List.Filter != nil {
		text += "; the filter hides it"
	}
	command := s.command
	return func() tea.Msg { return screen.ResultMsg{Text: text, Ok: ok, Late: true, Command: command} }
}

// count takes the answers to one event.
func (s *sending) count(id event.ID, all []event.Delivery) {
	if id == s.last {
		s.answers = all
	}
	good := true
	for i := range all {
		good = good && all[i].OK()
	}
	switch {
	case len(all) == 0:
		s.unasked++
	case good:
		s.taken++
	default:
		s.refused++
	}
}

// waiting reports whether an event has still to be answered, and by which target it is
// held, where one is not there.
func waiting(all []event.Delivery, st *dev.State) (waits bool, held string) {
	for i := range all {
		d := &all[i]
		switch d.State {
		case event.Sending:
			return true, ""
		case event.Waiting:
			for k := range st.Targets {
				if name := st.Targets[k].Name; name == d.Target && holds(st, name) {
					waits, held = true, name
				}
			}
			if held == "" {
				return true, ""
			}
		}
	}
	return waits, held
}

// holds reports whether a target holds what comes for it.
func holds(st *dev.State, name string) bool {
	for i := range st.Targets {
		if t := &st.Targets[i]; t.Name == name {
			return t.Health == dev.Away || t.Paused || !t.Until.IsZero()
		}
	}
	return false
}

// heldAll reports whether each of the events is held.
func heldAll(ids []event.ID, got map[event.ID][]event.Delivery, st *dev.State) bool {
	for _, id := range ids {
		if waits, held := waiting(got[id], st); waits && held == "" {
			return false
		}
	}
	return true
}

// sentence says how it went.
func (s *sending) sentence(held string, st *dev.State) (text string, ok bool) {
	if s.n == 1 {
		what := fmt.Sprintf("%s, %s", s.name, s.last.Short())
		switch {
		case held != "":
			return fmt.Sprintf("%s is queued for %s: sent when the target is back", what, held), true
		case len(s.answers) == 0 && len(st.Targets) == 0:
			return fmt.Sprintf("recorded %s: no target to send it to", what), true
		case len(s.answers) == 0:
			return fmt.Sprintf("recorded %s: no target's filter matches", what), true
		}
		answers, good := describe.AnswersOf(s.answers)
		return fmt.Sprintf("%s (%s)", answers, what), good
	}
	parts := []string{fmt.Sprintf("%s: %d of %s answered 2xx", s.name, s.taken, style.Plural(int64(s.n), "event"))}
	if s.refused > 0 {
		parts = append(parts, fmt.Sprintf("%d otherwise", s.refused))
	}
	if s.unasked > 0 {
		parts = append(parts, fmt.Sprintf("%d for no handler", s.unasked))
	}
	if n := len(s.open); n > 0 {
		parts = append(parts, fmt.Sprintf("%d held by %s", n, held))
	}
	text = strings.Join(parts, ", ")
	if answers, _ := describe.AnswersOf(s.answers); answers != "" {
		text += "; the last: " + answers
	}
	return text, s.refused == 0
}

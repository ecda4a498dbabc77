package tui

// What comes of an action later: the sentence that it had at once said what was begun,
// and a second one says how that went. Nothing waits for it but the next look at the
// state.

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/handler"
	"hfhook/tunnel"
)

// An outcome is how an action went. The zero outcome is not known yet.
type outcome struct {
	over bool
	text string // empty: there is nothing to tell, or others tell it
	ok   bool
}

// A pursuit is an action whose outcome is not known yet.
type pursuit struct {
	look    func(st *dev.State, now time.Time) outcome
	since   time.Time
	command string // that did it
}

const (
	maxPursuits = 50 // at once; no more is followed than anybody has asked for
	pursuedFor  = 2 * time.Minute
)

// pursue looks what came of what was done.
func (m *model) pursue() {
	kept := m.pursued[:0]
	for _, p := range m.pursued {
		out := p.look(m.state, m.now)
		switch {
		case out.over && out.text != "":
			m.hear(out.text, out.ok, p.command)
		case !out.over && m.now.Sub(p.since) < pursuedFor:
			kept = append(kept, p)
		}
	}
	clear(m.pursued[len(kept):])
	m.pursued = kept
}

// hear takes a sentence that comes late. It does not take the place of a failure that
// nobody has read.
func (m *model) hear(text string, ok bool, command string) {
	if m.status.text != "" && !m.status.ok {
		m.past.add(m.now, logged(text, command), ok)
		return
	}
	m.tell(text, ok)
	m.status.command = command
}

// tunnelTried tells how an attempt went, after the state that there was. Where own is not
// empty it is about this URL of the user's own, and not about one that was tried before.
func tunnelTried(was tunnel.State, own string) func(*dev.State, time.Time) outcome {
	begun := false
	return func(st *dev.State, now time.Time) outcome {
		is := st.Tunnel
		if own != "" && (is.Provider != tunnel.Own{}.Name() || is.URL != own) {
			return outcome{}
		}
		begun = begun || is.Phase == tunnel.Connecting || is.Phase == tunnel.Checking || is.Attempt != was.Attempt
		switch {
		case is.Phase == tunnel.Up:
			return outcome{over: true, text: fmt.Sprintf("the tunnel is up: %s, in %s", is.URL, took(is.Latency.Round(time.Millisecond))), ok: true}
		case is.Phase == tunnel.Off && begun:
			return outcome{over: true}
		case is.Problem != nil && begun && (is.Phase == tunnel.Waiting || is.Phase == tunnel.Down || own != ""):
			return outcome{over: true, text: "the tunnel is not up: " + is.Problem.Error(), ok: false}
		}
		return outcome{}
	}
}

// heldWithin is how long a target that takes no connection is given to take one.
const heldWithin = 2 * time.Second

// deliveredHeld tells what became of the events that a target has held.
func deliveredHeld(was dev.Target) func(*dev.State, time.Time) outcome {
	var since time.Time
	return func(st *dev.State, now time.Time) outcome {
		if since.IsZero() {
			since = now
		}
		for i := range st.Targets {
			t := &st.Targets[i]
			switch {
			case t.Name != was.Name:
				continue
			case t.Waiting == 0 && t.Sending == 0 && (t.Health == dev.Healthy || t.Health == dev.Failing):
				return outcome{over: true, text: fmt.Sprintf("nothing is held for %s any more: its newest answer is %s in %s", t.Name, t.Result, took(t.Took)), ok: t.Health == dev.Healthy}
			case t.Waiting > 0 && !t.Until.IsZero() && (t.Until != was.Until || now.Sub(since) >= heldWithin):
				return outcome{over: true, text: fmt.Sprintf("%s answered %s and asked for time: %s still held", t.Name, t.Result, plural(int64(t.Waiting), "event")), ok: false}
			case t.Waiting > 0 && t.Health == dev.Away && now.Sub(since) >= heldWithin:
				return outcome{over: true, text: fmt.Sprintf("%s takes no connection: %s still held", t.Name, plural(int64(t.Waiting), "event")), ok: false}
			}
			return outcome{}
		}
		return outcome{over: true}
	}
}

// restartHandler starts the handler beside anew. That it has crashed is news by itself.
func (a *asks) restartHandler(st *dev.State) tea.Cmd {
	starts := 0
	if st.Handler != nil {
		starts = st.Handler.Starts
	}
	return a.cmd(func() tea.Msg {
		a.session.RestartHandler()
		return resultMsg{text: "restarting the handler", ok: true, until: func(st *dev.State, now time.Time) outcome {
			switch h := st.Handler; {
			case h == nil || h.Failed && h.Starts > starts:
				return outcome{over: true}
			case h.Starts > starts && h.Phase == handler.Running:
				return outcome{over: true, text: fmt.Sprintf("the handler runs again: start %d, pid %d", h.Starts, h.PID), ok: true}
			}
			return outcome{}
		}}
	})
}

package events

// Opening the edit screen, and sending what comes of it.

import (
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/tui/describe"
	"hfhook/tui/edit"
	"hfhook/tui/jsonview"
	"hfhook/tui/screen"
	"hfhook/tui/trigger"
)

func (e *Screen) putAside(p *edit.Screen) { e.draft = p }

// openEdit edits an event: if it was put aside, with its changes.
func (e *Screen) openEdit(id event.ID) (screen.Screen, tea.Cmd) {
	if d := e.draft; d != nil && d.Parent == id {
		e.draft = nil
		return d, d.Back()
	}
	of, s := e.Detail.Event, jsonview.ViewState{}
	if of == nil || of.ID != id { // it is still to be read
		return edit.New(e.ask.Runner, e.ask.session, e.putAside, id, nil, s)
	}
	if t := e.Detail.Tree; t != nil { // the same is unfolded
		if s = t.ViewState(); t.Cursor == 0 {
			s.At = t.SummaryPath()
		}
	}
	return edit.New(e.ask.Runner, e.ask.session, e.putAside, id, of.Body, s)
}

// sendEdited sends an edited copy that was just recorded, and goes to it.
func (e *Screen) sendEdited(msg edit.EditedMsg, f screen.Frame) tea.Cmd {
	if msg.Of != nil && msg.Of == e.draft { // it was put aside while it was recorded
		e.draft = nil
	}
	if e.List.Filter == nil {
		e.List.GoTo(msg.ID, e.Layout(f).ListHeight)
	}
	if len(f.State.Targets) == 0 {
		return screen.ResultCmd(fmt.Sprintf("recorded %s, an edited copy of %s; no target to send it to", msg.ID.Short(), msg.Parent.Short()), true)
	}
	e.replaying[msg.ID] = true
	return e.ask.Cmd(func() tea.Msg {
		sent, err := e.ask.session.Replay(e.ask.Ctx, msg.ID, dev.ReplayAs{})
		if errors.Is(err, dev.ErrNoTarget) {
			return screen.ResultMsg{Text: fmt.Sprintf("recorded %s, but %v", msg.ID.Short(), err), Ended: replayedMsg{msg.ID}}
		}
		text, ok := describe.Replayed(msg.ID, sent, err)
		if err == nil {
			text = strings.Replace(text, fmt.Sprintf("of %s)", msg.ID.Short()), fmt.Sprintf("of %s, edited copy of %s)", msg.ID.Short(), msg.Parent.Short()), 1) + e.ask.asBefore(msg.Parent, sent)
		}
		return screen.ResultMsg{Text: text, Ok: ok, Ended: replayedMsg{msg.ID}, Command: msg.Command}
	})
}

// openMade edits what was made, in the place of the screen that asked for it.
func (e *Screen) openMade(msg trigger.MadeMsg) tea.Cmd {
	p, cmd := edit.NewOf(e.ask.Runner, e.ask.session, msg.Order.Name, msg.Order.Command, msg.Body)
	return tea.Sequence(func() tea.Msg {
		return screen.CloseMsg{Screen: msg.Of, Then: screen.PushMsg{Screen: p, Origin: msg.Origin}}
	}, cmd)
}

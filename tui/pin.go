package tui

// Names and notes: what a person calls an event, and writes about it.

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/store"
)

type (
	// pinnedMsg says what became of names that were given.
	pinnedMsg struct {
		before  map[event.ID]string // the names of all that were changed; empty: none
		text    string
		command string
		err     error
	}

	// notedMsg says what became of a note.
	notedMsg struct {
		id   event.ID
		text string
		err  error
	}
)

// askName asks for the name of the selected event, or of all that are marked: they get
// it with a number.
func (e *events) askName(top screen) screen {
	ids, was := e.chosen(), ""
	label := "name"
	if len(ids) > 1 {
		label = "name for " + count(int64(len(ids)))
	} else if row := e.detail.item.row; row != nil && row.ID == ids[0] {
		was = row.Pin
	}
	p := newPrompt(top, "name", label, "pin", was, func(name string) tea.Cmd { return e.ask.pin(ids, pinName(name)) })
	p.check = func(text string) error {
		name := pinName(text)
		if name == "" { // takes it away
			return nil
		}
		return checkName(name)
	}
	p.note = func() string {
		if p.input.Value() == "" {
			return "a fixture, spared by prune; empty: no name"
		}
		return pinCommand(ids[0], pinName(p.input.Value()))
	}
	return p
}

// pinName is the name that is meant by what somebody writes: a name has no spaces.
func pinName(text string) string { return strings.Join(strings.Fields(text), "-") }

// checkName tells why an event can not be pinned by a name.
func checkName(name string) error {
	if store.CheckPin(name) != nil {
		return errors.New("no name yet: a name is a letter, then letters, digits, dots, dashes and underscores")
	}
	return nil
}

// askNote asks for the note of the selected event.
func (e *events) askNote(top screen) screen {
	id, was := e.detail.item.key.id, ""
	if e.detail.event != nil && e.detail.event.ID == id {
		was = e.detail.event.Note
	}
	p := newPrompt(top, "note", "note", "keep", visible.Line(was), func(text string) tea.Cmd { return e.ask.note(id, text) })
	p.note = func() string {
		if p.input.Value() == "" {
			return "kept with the event; empty: no note"
		}
		return noteCommand(id, p.input.Value())
	}
	return p
}

// chosen are the events that are marked or, where none is, the selected one.
func (e *events) chosen() []event.ID {
	if ids := e.marks.sorted(); len(ids) > 0 {
		return ids
	}
	return []event.ID{e.detail.item.key.id}
}

func pinCommand(id event.ID, name string) string {
	if name == "" {
		return "hfhook pin " + string(id) + " --off"
	}
	return "hfhook pin " + string(id) + " " + shellWord(name)
}

func noteCommand(id event.ID, text string) string {
	if text == "" {
		return "hfhook note " + string(id) + " --off"
	}
	return "hfhook note " + string(id) + " " + shellWord(text)
}

// pin gives events a name. Several get it with a number behind it; numbers that are
// taken are passed over.
func (a *asks) pin(ids []event.ID, name string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		names, err := a.pinned(a.ctx, ids)
		msg := pinnedMsg{before: map[event.ID]string{}}
		var commands []string
		n := 0
		for i := 0; i < len(ids) && err == nil; i++ {
			called := name
			if n++; len(ids) > 1 && name != "" {
				called = fmt.Sprintf("%s-%d", name, n)
			}
			err = a.session.Pin(a.ctx, ids[i], called)
			if errors.Is(err, store.ErrPinTaken) && len(ids) > 1 && n < 100_000 {
				err = nil
				i--
				continue
			}
			if err == nil {
				msg.before[ids[i]] = names[ids[i]]
				commands = append(commands, pinCommand(ids[i], called))
			}
		}
		msg.err, msg.command = err, strings.Join(commands[:min(len(commands), maxCommandIDs)], " && ")
		switch {
		case len(ids) == 1 && name == "":
			msg.text = ids[0].Short() + " has no name any more"
		case len(ids) == 1:
			msg.text = fmt.Sprintf("%s is pinned as %s", ids[0].Short(), name)
		case name == "":
			msg.text = plural(int64(len(ids)), "event") + " have no name any more"
		default:
			msg.text = fmt.Sprintf("%s pinned as %s-1 to %s-%d", plural(int64(len(ids)), "event"), name, name, n)
		}
		return msg
	})
}

// rename gives events back the names that they had.
func (a *asks) rename(before map[event.ID]string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		var errs []error
		var commands []string
		for id := range before { // the names that were given make way for others
			errs = append(errs, a.session.Pin(a.ctx, id, ""))
		}
		for _, id := range slices.Sorted(maps.Keys(before)) {
			commands = append(commands, pinCommand(id, before[id]))
		}
		for id, name := range before {
			if name != "" {
				errs = append(errs, a.session.Pin(a.ctx, id, name))
			}
		}
		if err := errors.Join(errs...); err != nil {
			return resultMsg{text: fmt.Sprintf("take the names back: %v", err)}
		}
		return resultMsg{text: plural(int64(len(before)), "name") + " as before", ok: true, command: strings.Join(commands[:min(len(commands), maxCommandIDs)], " && ")}
	})
}

func (a *asks) note(id event.ID, text string) tea.Cmd {
	return a.cmd(func() tea.Msg { return notedMsg{id, text, a.session.Note(a.ctx, id, text)} })
}

// named offers to take names back.
func (e *events) named(msg pinnedMsg, f frame) tea.Cmd {
	if len(msg.before) > 0 {
		e.undoable(undo{back: func(frame) tea.Cmd { return e.ask.rename(msg.before) }}, f)
	}
	if msg.err != nil {
		return resultCmd("pin: "+plain(msg.err), false)
	}
	e.marks.clear()
	return e.did(msg.text+": "+f.label(actUndo)+" takes it back", msg.command)
}

// noted shows the note of the event that is in sight.
func (e *events) noted(msg notedMsg) tea.Cmd {
	if msg.err != nil {
		return resultCmd("note: "+plain(msg.err), false)
	}
	if d := &e.detail; d.event != nil && d.event.ID == msg.id {
		with := *d.event
		with.Note = msg.text
		d.event = &with
	}
	text := "noted with " + msg.id.Short()
	if msg.text == "" {
		text = msg.id.Short() + " has no note any more"
	}
	return e.did(text, noteCommand(msg.id, msg.text))
}

// did is the sentence after an action that a command does too.
func (e *events) did(text, command string) tea.Cmd {
	return func() tea.Msg { return resultMsg{text: text, ok: true, command: command} }
}

package events

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
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
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
		ids  []event.ID
		text string
		err  error
	}
)

// askName asks for the name of the selected event, or of all that are marked: they get
// it with a number.
func (e *Screen) askName(top screen.Screen) screen.Screen {
	ids, was := e.chosen(), ""
	label := "name"
	if len(ids) > 1 {
		label = "name for " + style.Count(int64(len(ids)))
	} else if row := e.Detail.Item.Row; row != nil && row.ID == ids[0] {
		was = row.Pin
	}
	p := screen.NewPrompt(top, "name", label, "pin", was, func(name string) tea.Cmd { return e.ask.pin(ids, screen.PinName(name)) })
	p.Check = func(text string) error {
		name := screen.PinName(text)
		if name == "" { // takes it away
			return nil
		}
		return screen.CheckName(name)
	}
	p.Note = func() string {
		if p.Input.Value() == "" {
			return "name for this event (kept by prune); empty to unpin"
		}
		return screen.PinCommand(ids[0], screen.PinName(p.Input.Value()))
	}
	return p
}

// askNote asks for the note of the chosen events.
func (e *Screen) askNote(top screen.Screen) screen.Screen {
	ids, was, label := e.chosen(), "", "note"
	if len(ids) > 1 {
		label = "note for " + style.Count(int64(len(ids)))
	} else if e.Detail.Event != nil && e.Detail.Event.ID == ids[0] {
		was = e.Detail.Event.Note
	}
	p := screen.NewPrompt(top, "note", label, "keep", visible.Line(was), func(text string) tea.Cmd { return e.ask.note(ids, text) })
	p.Note = func() string {
		if p.Input.Value() == "" {
			return "kept with the event; empty: no note"
		}
		return noteCommand(ids[0], p.Input.Value())
	}
	return p
}

// selection are the events that are selected for what is done to many, oldest first. While
// one event has the whole screen, what is done is about that one.
func (e *Screen) selection() []event.ID {
	if e.whole {
		return nil
	}
	return e.Selection.Sorted()
}

// chosen are the events that an action is about: the selection or, if there is none, the
// event under the cursor.
func (e *Screen) chosen() []event.ID {
	if ids := e.selection(); len(ids) > 0 {
		return ids
	}
	return []event.ID{e.Detail.Item.Key.ID}
}

func noteCommand(id event.ID, text string) string {
	if text == "" {
		return "hfhook note " + string(id) + " --off"
	}
	return "hfhook note " + string(id) + " " + screen.ShellWord(text)
}

// pin gives events a name. Several get it with a number behind it; numbers that are
// taken are passed over.
func (a *asks) pin(ids []event.ID, name string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		names, err := a.pinned(a.Ctx, ids)
		msg := pinnedMsg{before: map[event.ID]string{}}
		var commands []string
		n := 0
		for i := 0; i < len(ids) && err == nil; i++ {
			called := name
			if n++; len(ids) > 1 && name != "" {
				called = fmt.Sprintf("%s-%d", name, n)
			}
			err = a.session.Pin(a.Ctx, ids[i], called)
			if errors.Is(err, store.ErrPinTaken) && len(ids) > 1 && n < 100_000 {
				err = nil
				i--
				continue
			}
			if err == nil {
				msg.before[ids[i]] = names[ids[i]]
				commands = append(commands, screen.PinCommand(ids[i], called))
			}
		}
		msg.err, msg.command = err, strings.Join(commands[:min(len(commands), maxCommandIDs)], " && ")
		switch {
		case len(ids) == 1 && name == "":
			msg.text = ids[0].Short() + " no longer has a name"
		case len(ids) == 1:
			msg.text = fmt.Sprintf("%s is pinned as %s", ids[0].Short(), name)
		case name == "":
			msg.text = style.Plural(int64(len(ids)), "event") + " no longer have names"
		default:
			msg.text = fmt.Sprintf("%s pinned as %s-1 to %s-%d", style.Plural(int64(len(ids)), "event"), name, name, n)
		}
		return msg
	})
}

// rename gives events back the names that they had.
func (a *asks) rename(before map[event.ID]string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		var errs []error
		var commands []string
		for id := range before { // the names that were given make way for others
			errs = append(errs, a.session.Pin(a.Ctx, id, ""))
		}
		for _, id := range slices.Sorted(maps.Keys(before)) {
			commands = append(commands, screen.PinCommand(id, before[id]))
		}
		for id, name := range before {
			if name != "" {
				errs = append(errs, a.session.Pin(a.Ctx, id, name))
			}
		}
		if err := errors.Join(errs...); err != nil {
			return screen.ResultMsg{Text: fmt.Sprintf("take the names back: %s", screen.Plain(err))}
		}
		return screen.ResultMsg{Text: style.Plural(int64(len(before)), "name") + " as before", Ok: true, Command: strings.Join(commands[:min(len(commands), maxCommandIDs)], " && ")}
	})
}

// note gives events a note, up to the first that cannot have it.
func (a *asks) note(ids []event.ID, text string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		for i, id := range ids {
			if err := a.session.Note(a.Ctx, id, text); err != nil {
				return notedMsg{ids[:i], text, err}
			}
		}
		return notedMsg{ids, text, nil}
	})
}

// named offers to take names back.
func (e *Screen) named(msg pinnedMsg, f screen.Frame) tea.Cmd {
	if len(msg.before) > 0 {
		e.undoable(undo{back: func(screen.Frame) tea.Cmd { return e.ask.rename(msg.before) }}, f)
	}
	if msg.err != nil {
		return screen.ResultCmd("pin: "+screen.Plain(msg.err), false)
	}
	e.Selection.Clear()
	return e.did(msg.text+": "+f.Label(keymap.ActUndo)+" undoes it", msg.command)
}

// noted shows the note of the event that is in sight.
func (e *Screen) noted(msg notedMsg) tea.Cmd {
	if msg.err != nil {
		return screen.ResultCmd("note: "+screen.Plain(msg.err), false)
	}
	if d := &e.Detail; d.Event != nil && slices.Contains(msg.ids, d.Event.ID) {
		with := *d.Event
		with.Note = msg.text
		d.Event = &with
	}
	var commands []string
	for _, id := range msg.ids[:min(len(msg.ids), maxCommandIDs)] {
		commands = append(commands, noteCommand(id, msg.text))
	}
	text := "noted with " + called(msg.ids)
	switch {
	case msg.text == "" && len(msg.ids) > 1:
		text = called(msg.ids) + " no longer have a note"
	case msg.text == "":
		text = called(msg.ids) + " no longer has a note"
	}
	return e.did(text, strings.Join(commands, " && "))
}

// did is the sentence after an action that a command does too.
func (e *Screen) did(text, command string) tea.Cmd {
	return func() tea.Msg { return screen.ResultMsg{Text: text, Ok: true, Command: command} }
}

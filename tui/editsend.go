package tui

// What becomes of an edited payload: a new event that is sent, or a fixture.

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/store"
)

// closeMsg takes a screen off the stack, wherever it stands, and goes on with another
// message.
type closeMsg struct {
	screen screen
	then   tea.Msg
}

// editedMsg says that an edited copy was recorded, and is to be sent now.
type editedMsg struct {
	id, parent event.ID
	command    string // that does the same
	of         *edit  // nil: it was set without that screen
}

// unsentMsg says that an edited copy could not be recorded.
type unsentMsg struct{ of *edit }

// send records the edited payload as a new event and sends that. The screen stays until
// it is recorded: nothing of an hour's work is lost where the disk is full.
func (p *edit) send(command string) tea.Cmd {
	if p.parent != "" && !p.edited() {
		return resultCmd("nothing is changed yet: r in the list replays it as it is", false)
	}
	if p.sending { // a second one would be another event
		return nil
	}
	p.sending = true
	body, parent := p.now.body, p.parent
	return p.ask.cmd(func() tea.Msg {
		if parent == "" {
			e, err := p.ask.session.Compose(p.ask.ctx, body)
			if err != nil {
				return resultMsg{text: "not recorded: " + plain(err), ended: unsentMsg{p}}
			}
			return closeMsg{screen: p, then: resultMsg{text: fmt.Sprintf("sent %s, edited, as %s", p.title, e.ID.Short()), ok: true, command: command,
				ended: recordedMsg{name: p.title + ", edited", command: command, events: []event.ID{e.ID}}}}
		}
		e, err := p.ask.session.Edit(p.ask.ctx, parent, body)
		if err != nil {
			return resultMsg{text: "not recorded: " + plain(err), ended: unsentMsg{p}}
		}
		return closeMsg{screen: p, then: editedMsg{e.ID, parent, command, p}}
	})
}

// leave keeps the changes for the next time that the event is edited.
func (p *edit) leave() tea.Cmd {
	if !p.edited() {
		return nil
	}
	if p.parent == "" {
		return resultCmd("discarded "+plural(int64(max(p.changes(), 1)), "change"), true)
	}
	p.putAside(p)
	return resultCmd(fmt.Sprintf("put aside %s to %s: e there brings them back", plural(int64(max(p.changes(), 1)), "change"), p.title), true)
}

// newFixturePrompt asks for the name of a fixture.
func newFixturePrompt(below screen, save func(name string) tea.Cmd) *prompt {
	p := newPrompt(below, "fixture", "name of the fixture", "save", "", func(name string) tea.Cmd { return save(strings.TrimSpace(name)) })
	p.check = func(name string) error { return checkName(strings.TrimSpace(name)) }
	return p
}

// fixture records the payload under a name.
func (p *edit) fixture(name string) tea.Cmd {
	if p.now == nil {
		return nil
	}
	return saveFixture(p.ask.runner, p.ask.session, p.parent, p.now.body, name)
}

// A fixtureStore records events under a name.
type fixtureStore interface {
	// Fixture records an event with this body under a name: a copy of parent or, if that
	// is empty, a synthetic one. store.ErrPinName, store.ErrPinTaken.
	Fixture(ctx context.Context, parent event.ID, body []byte, name string) (*event.Event, error)
}

// saveFixture records a body under a name.
func saveFixture(a *runner, s fixtureStore, parent event.ID, body []byte, name string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		e, err := s.Fixture(a.ctx, parent, body, name)
		switch {
		case errors.Is(err, store.ErrPinTaken), errors.Is(err, store.ErrPinName):
			return resultMsg{text: fmt.Sprintf("not saved: %v", err)}
		case err != nil:
			return resultMsg{text: "save a fixture: " + plain(err)}
		}
		return resultMsg{text: fmt.Sprintf("saved the fixture %s as %s", name, e.ID.Short()), ok: true, command: pinCommand(e.ID, name)}
	})
}

func (e *events) putAside(p *edit) { e.draft = p }

// openEdit edits the event of the detail: where it was put aside, with its changes.
func (e *events) openEdit() (screen, tea.Cmd) {
	id := e.detail.item.key.id
	if d := e.draft; d != nil && d.parent == id {
		e.draft = nil
		return d, resultCmd(fmt.Sprintf("%s of before are back; u takes them away", plural(int64(max(d.changes(), 1)), "change")), true)
	}
	of, s := e.detail.event, stance{}
	if of == nil { // it is being read
		return newEdit(e.ask, e.putAside, id, nil, s)
	}
	if t := e.detail.tree; t != nil { // the same is unfolded
		if s = t.stance(); t.cursor == 0 {
			s.at = t.gist()
		}
	}
	return newEdit(e.ask, e.putAside, id, of.Body, s)
}

// gist is the path to what is most likely edited: the comment, or the first field of the
// section that tells most.
func (t *tree) gist() jsontree.Path {
	for _, name := range telling {
		n := t.root.kid(name)
		if n == nil || !n.container() || len(n.raw) > unfoldAside {
			continue
		}
		at := n.kid("content")
		if at == nil && len(n.kids) > 0 {
			at = n.kids[0]
		}
		if at != nil {
			path, _ := at.way()
			return path
		}
	}
	return nil
}

// sendEdited sends an edited copy that was just recorded, and goes to it.
func (e *events) sendEdited(msg editedMsg, f frame) tea.Cmd {
	if msg.of != nil && msg.of == e.draft { // it was put aside while it was recorded
		e.draft = nil
	}
	if e.list.filter == nil {
		e.list.goTo(msg.id, e.layout(f).listHeight)
	}
	if len(f.state.Targets) == 0 {
		return resultCmd(fmt.Sprintf("recorded %s, an edited copy of %s; there is no handler to send it to", msg.id.Short(), msg.parent.Short()), true)
	}
	e.replaying[msg.id] = true
	return e.ask.cmd(func() tea.Msg {
		sent, err := e.ask.session.Replay(e.ask.ctx, msg.id)
		if errors.Is(err, dev.ErrNoTarget) {
			return resultMsg{text: fmt.Sprintf("recorded %s, but %v", msg.id.Short(), err), ended: replayedMsg{msg.id}}
		}
		text, ok := replayed(msg.id, sent, err)
		if err == nil {
			text = strings.Replace(text, fmt.Sprintf("of %s)", msg.id.Short()), fmt.Sprintf("of %s, edited copy of %s)", msg.id.Short(), msg.parent.Short()), 1) + e.ask.atFirst(msg.parent, sent)
		}
		return resultMsg{text: text, ok: ok, ended: replayedMsg{msg.id}, command: msg.command}
	})
}

// newSet asks for another value of the field under the cursor, and replays the event
// with it.
func newSet(a *asks, d *detail, top screen, f frame) (screen, tea.Cmd) {
	n := d.node()
	path, exact := n.way()
	in, ok := n.asInput()
	switch {
	case !exact:
		return nil, resultCmd(errHidden.Error(), false)
	case !ok || len(in.text) > maxPrompt:
		return nil, resultCmd(fmt.Sprintf("%s is too long for one line: e edits it", path), false)
	}
	id := d.event.ID
	command := func(v []byte) string {
		var command strings.Builder
		command.WriteString("hfhook replay " + string(id) + " --set " + shellWord(path.String()) + "=" + shellValue(flagValue(string(v))))
		for _, t := range f.state.Targets {
			command.WriteString(" --to " + shellWord(targetText(t)))
		}
		return command.String()
	}
	value := func(text string) ([]byte, error) { return fieldInput{text: text, asText: in.asText}.value() }
	p := newPrompt(top, "set", "set "+visible.Line(path.String())+" "+in.kind(), "set and replay", in.text, func(text string) tea.Cmd {
		v, err := value(text)
		switch {
		case err != nil: // check has seen to that
			return resultCmd(err.Error(), false)
		case text == in.text:
			return resultCmd(fmt.Sprintf("%s has that value already: nothing was sent", path), false)
		}
		return a.setAndReplay(id, path, v, command(v))
	})
	p.check = func(text string) error {
		_, err := value(text)
		return err
	}
	p.note = func() string {
		v, err := value(p.input.Value())
		if err != nil {
			return visible.Line(err.Error())
		}
		return "$ " + visible.Line(strings.Replace(command(v), string(id), id.Short(), 1))
	}
	return p, nil
}

func (a *asks) setAndReplay(id event.ID, path jsontree.Path, value []byte, command string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		made, err := a.set(a.ctx, id, path, value)
		if err != nil {
			return resultMsg{text: fmt.Sprintf("set %s: %s", path, plain(err))}
		}
		return editedMsg{made, id, command, nil}
	})
}

func (a *asks) set(ctx context.Context, id event.ID, path jsontree.Path, value []byte) (event.ID, error) {
	e, err := a.session.Event(ctx, id)
	if err != nil {
		return "", err
	}
	body, err := jsonedit.Set(e.Body, path, value)
	if err != nil {
		return "", err
	}
	made, err := a.session.Edit(ctx, id, body)
	if err != nil {
		return "", err
	}
	return made.ID, nil
}

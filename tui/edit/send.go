package edit

// What becomes of an edited payload: a new event that is sent, or a fixture.

import (
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// EditedMsg says that an edited copy was recorded, and is to be sent now.
type EditedMsg struct {
	ID, Parent event.ID
	Command    string  // that does the same
	Of         *Screen // nil: it was set without that screen
}

// UnsentMsg says that an edited copy could not be recorded.
type UnsentMsg struct{ Of *Screen }

// send records the edited payload as a new event and sends that. The screen stays until
// it is recorded: nothing of an hour's work is lost where the disk is full.
func (p *Screen) send(command string) tea.Cmd {
	if p.Parent != "" && !p.edited() && p.request.Empty() {
		return screen.ResultCmd("no changes: use r in the list to replay it as is", false)
	}
	if p.Sending { // a second one would be another event
		return nil
	}
	p.Sending = true
	body, parent, edit := p.Now.Body, p.Parent, p.request
	if p.edited() {
		edit.Body = body
	}
	return p.ask.Cmd(func() tea.Msg {
		if parent == "" {
			e, err := p.ask.session.Compose(p.ask.Ctx, body)
			if err != nil {
				return screen.ResultMsg{Text: "not recorded: " + screen.Plain(err), Ended: UnsentMsg{p}}
			}
			return screen.CloseMsg{Screen: p, Then: screen.ResultMsg{Text: fmt.Sprintf("sent %s, edited, as %s", p.Title, e.ID.Short()), Ok: true, Command: command,
				Ended: screen.RecordedMsg{Name: p.Title + ", edited", Command: command, Events: []event.ID{e.ID}}}}
		}
		e, err := p.ask.session.Edit(p.ask.Ctx, parent, edit)
		if err != nil {
			return screen.ResultMsg{Text: "not recorded: " + screen.Plain(err), Ended: UnsentMsg{p}}
		}
		_ = p.kept.remove() // what stays is offered once more
		return screen.CloseMsg{Screen: p, Then: EditedMsg{e.ID, parent, command, p}}
	})
}

// leave keeps the changes for the next time that the event is edited.
func (p *Screen) leave() tea.Cmd {
	if !p.edited() && p.request.Empty() {
		return p.ask.Cmd(func() tea.Msg {
			_ = p.kept.remove()
			return nil
		})
	}
	if p.Parent == "" {
		return screen.ResultCmd("discarded "+style.Plural(int64(max(p.Changes(), 1)), "change"), true)
	}
	p.putAside(p)
	text := fmt.Sprintf("kept %s to %s: e there resumes them", style.Plural(int64(max(p.Changes(), 1)), "change"), p.Title)
	n, original, body := p.changed, p.original, p.Now.Body
	return p.ask.Cmd(func() tea.Msg {
		err := p.kept.keep(n, original, body) // if the change was not kept yet
		if err = errors.Join(err, p.kept.putAside()); err != nil {
			return screen.ResultMsg{Text: text + " while hfhook runs, for " + screen.Plain(err)}
		}
		return screen.ResultMsg{Text: text, Ok: true}
	})
}

// fixture records the payload under a name.
func (p *Screen) fixture(name string) tea.Cmd {
	if p.Now == nil {
		return nil
	}
	return screen.SaveFixture(p.ask.Runner, p.ask.session, p.Parent, p.Now.Body, name)
}

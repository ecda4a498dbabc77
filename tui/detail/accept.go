package detail

// Which answers of a handler are right: what hfhook replay --fail-on-change compares with.

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/tui/screen"
)

// AcceptedMsg says that what is accepted of an event is no longer as it was read.
type AcceptedMsg struct{ ID event.ID }

// Reread has the attempts of an event read again.
func (d *Pane) Reread(id event.ID) {
	if id == d.Item.Key.ID {
		d.again = true
	}
}

// accept calls the answer to an attempt right or, if it is, takes that back.
func (a *asks) accept(d *event.Delivery) tea.Cmd {
	id, n, right := d.Event, d.N, d.Accepted.IsZero()
	text := fmt.Sprintf("accepted: %s of attempt %d is now the right answer to %s", d.Result(), n, id.Short())
	command := fmt.Sprintf("hfhook accept %s --attempt %d", id, n)
	if !right {
		text = fmt.Sprintf("no longer accepted: %s of attempt %d", d.Result(), n)
		command += " --off"
	}
	return a.Cmd(func() tea.Msg {
		if err := a.session.Accept(a.Ctx, id, n, right); err != nil {
			return screen.ResultMsg{Text: "accept the answer: " + screen.Plain(err)}
		}
		return screen.ResultMsg{Text: text, Ok: true, Command: command, Ended: AcceptedMsg{id}}
	})
}

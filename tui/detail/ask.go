package detail

// What the detail asks the session, and the answers.

import (
	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/store"
	"hfhook/tui/jsonview"
)

// DetailMsg answers detail.
type DetailMsg struct {
	ID         event.ID
	event      *event.Event // nil where only the deliveries were asked for
	tree       *jsonview.Tree
	bytes      string        // what there is to say about the body's bytes
	answer     *event.Answer // what the sender was told, where it was asked for and is known
	missed     bool          // it was sent first while nothing could be received
	Deliveries []event.Delivery
	err        error
}

// FoundMsg answers find.
type FoundMsg struct {
	id   event.ID
	text string
	tab  Tab
	hits []jsonview.Hit
}

// detail reads an event and its deliveries, and takes the body apart; with again
// it reads print only the deliveries and, where told is set, what the sender was told.
func (a *asks) detail(id event.ID, again, report bool) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		msg := DetailMsg{ID: id}
		if !again {
			if msg.event, msg.err = a.session.Event(a.Ctx, id); msg.err != nil {
				return msg
			}
			_, msg.missed = store.Missed(msg.event, a.session.State().Gaps)
			msg.tree, msg.bytes = jsonview.NewTree(msg.event.Body), jsonview.AboutBytes(msg.event)
			msg.tree.ReadComment()
			jsonview.GiveBack(len(msg.event.Body))
		}
		if again && report {
			if e, err := a.session.Event(a.Ctx, id); err == nil && !e.Answer.At.IsZero() {
				msg.answer = &e.Answer
			}
		}
		msg.Deliveries, msg.err = a.session.Deliveries(a.Ctx, id)
		return msg
	})
}

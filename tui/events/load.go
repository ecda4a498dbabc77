package events

// Reading the rows and replays that are in sight.

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/store"
	"hfhook/tui/eventlist"
)

// pageMsg answers list.
type pageMsg struct {
	load   eventlist.Load
	page   store.Page
	newest event.ID // of all events, before a filter was first asked for
	err    error
}

// read asks for a page. What an earlier window was asked for is given up: a filter that is
// typed would else be searched for once with each letter.
func (e *Screen) read(ld eventlist.Load) tea.Cmd {
	a := e.ask
	if ld.Reset || e.listing == nil {
		if e.giveUp != nil {
			e.giveUp()
		}
		e.listing, e.giveUp = context.WithCancel(a.Ctx)
	}
	ctx := e.listing
	return a.Cmd(func() tea.Msg {
		msg := pageMsg{load: ld}
		if ld.Reset && ld.Query.Filter != nil {
			// What comes later is looked for behind it.
			newest, err := a.session.List(ctx, store.Query{Limit: 1})
			if err != nil || len(newest.Rows) == 0 {
				msg.err = err
				return msg
			}
			msg.newest = newest.Rows[0].ID
		}
		msg.page, msg.err = a.session.List(ctx, ld.Query)
		return msg
	})
}

// pastMsg answers past.
type pastMsg struct {
	rows []event.Row
	gone []event.ID // that are no longer in the store
	err  error
}

// past reads the rows of events that are in view and no longer match the filter.
func (a *asks) past(ids []event.ID) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		var msg pastMsg
		for _, id := range ids {
			page, err := a.session.List(a.Ctx, store.Query{Before: eventlist.JustAfter(id), Limit: 1})
			switch {
			case err != nil:
				return pastMsg{err: err}
			case len(page.Rows) > 0 && page.Rows[0].ID == id:
				msg.rows = append(msg.rows, page.Rows[0])
			default:
				msg.gone = append(msg.gone, id)
			}
		}
		return msg
	})
}

// replays reads the attempts of some events, which the rows say they have that many
// of. One that is deleted meanwhile has none.
func (a *asks) replays(of map[event.ID]int) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		msg := eventlist.ReplaysMsg{Families: map[event.ID]eventlist.Attempts{}}
		for id, attempts := range of {
			sent, err := a.session.Deliveries(a.Ctx, id)
			if err != nil {
				msg.Err = err
				return msg
			}
			msg.Families[id] = eventlist.NewAttempts(sent, attempts)
		}
		return msg
	})
}

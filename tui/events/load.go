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

// replays reads the attempts of some events, which the rows say they have that many
// of. One that is deleted meanwhile has none.
func (a *asks) replays(of map[event.ID]int) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		msg := eventlist.ReplaysMsg{Families: map[event.ID]eventlist.Family{}}
		for id, attempts := range of {
			sent, err := a.session.Deliveries(a.Ctx, id)
			if err != nil {
				msg.Err = err
				return msg
			}
			msg.Families[id] = eventlist.NewFamily(sent, attempts)
		}
		return msg
	})
}

package replay

// What the replay dialog can send: the events of each choice.

import (
	"context"
	"maps"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
	"hfhook/tui/eventlist"
)

// A whatChoice is one answer to what is replayed.
type whatChoice struct {
	name   string
	filter string // whose matches are meant; empty where the ids are known
	ids    []event.ID
	known  bool

	failures bool // they are failed events
	asked    bool
	rows     []event.Row // the first of them
	err      error
}

// ofFailures reports whether one of the events that are shown has failed, or all have by what
// was chosen.
func (c *whatChoice) ofFailures() bool {
	return c.failures || slices.ContainsFunc(c.rows, func(r event.Row) bool { return r.Failed() })
}

// whatMsg answers what.
type whatMsg struct {
	of   *whatChoice
	ids  []event.ID
	rows []event.Row
	err  error
}

// read reads the events that are chosen, once.
func (p *Dialog) read() tea.Cmd {
	c := p.choice()
	if c.asked {
		return nil
	}
	c.asked = true
	ask, given, hidden := p.ask, c.ids, maps.Clone(p.of.Hidden)
	return ask.Cmd(func() tea.Msg {
		msg := whatMsg{of: c, ids: given}
		if c.filter != "" {
			msg.ids, msg.rows, msg.err = ask.plannedBy(ask.Ctx, c.filter, hidden)
			return msg
		}
		msg.rows, msg.err = ask.planned(ask.Ctx, given)
		return msg
	})
}

// plannedBy reads the events that match, oldest first, and shows the first of them.
func (a *asks) plannedBy(ctx context.Context, text string, hidden map[event.ID]bool) (ids []event.ID, rows []event.Row, err error) {
	x, err := filter.Parse(text, time.Now())
	if err != nil {
		return nil, nil, err
	}
	for q := (store.Query{Filter: x, After: eventlist.FirstID, Limit: eventlist.WindowRows}); ; {
		page, err := a.session.List(ctx, q)
		if err != nil {
			return nil, nil, err
		}
		for i := range slices.Backward(page.Rows) {
			if hidden[page.Rows[i].ID] {
				continue // it is being deleted
			}
			ids = append(ids, page.Rows[i].ID)
			if len(rows) < maxListed {
				rows = append(rows, page.Rows[i])
			}
		}
		q.After = page.Next
		if !page.Newer || q.After == "" {
			break
		}
	}
	return ids, rows, nil
}

// planned reads the rows of some events. One that was deleted meanwhile has none.
func (a *asks) planned(ctx context.Context, ids []event.ID) (rows []event.Row, err error) {
	for _, id := range ids[:min(len(ids), maxListed)] {
		page, err := a.session.List(ctx, store.Query{Before: eventlist.JustAfter(id), Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(page.Rows) > 0 && page.Rows[0].ID == id {
			rows = append(rows, page.Rows[0])
		}
	}
	return rows, nil
}

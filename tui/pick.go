package tui

// The menu of events to compare with.

import (
	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
)

// maxPick is how many events are offered, the nearest to the one that is shown.
const maxPick = 200

func newPick(e *events, t *theme) *menu {
	m := &menu{name: "pick B", title: "Compare with", verb: "compare", about: "B, whose fields stand below those of this event, A"}
	var ids []event.ID
	for i := len(e.list.rows) - 1; i >= 0; i-- {
		r := &e.list.rows[i]
		if r.ID == e.detail.item.key.id {
			m.cursor = len(ids)
			continue
		}
		ids = append(ids, r.ID)
		m.choices = append(m.choices, choice{text: r.ID.Short() + "  " + t.mark.say(visible.Line(r.Label)), note: t.mark.tell(r.Subject)})
	}
	from := max(min(m.cursor-maxPick/2, len(ids)-maxPick), 0)
	to := min(from+maxPick, len(ids))
	m.cursor, ids, m.choices = max(min(m.cursor-from, to-from-1), 0), ids[from:to], m.choices[from:to]
	m.take = func(i int) tea.Cmd {
		e.detail.compare.with(ids[i])
		return e.detail.next()
	}
	return m
}

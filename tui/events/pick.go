package events

// The menu of events to compare with.

import (
	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// maxPick is how many events are offered, the nearest to the one that is shown.
const maxPick = 200

func newPick(e *Screen, t *style.Theme) *screen.Menu {
	m := &screen.Menu{HelpName: "pick B", Title: "Compare with", Verb: "compare", About: "event B, to compare with this event (A)"}
	var ids []event.ID
	for i := len(e.List.Rows) - 1; i >= 0; i-- {
		r := &e.List.Rows[i]
		if r.ID == e.Detail.Item.Key.ID {
			m.Cursor = len(ids)
			continue
		}
		ids = append(ids, r.ID)
		m.Choices = append(m.Choices, screen.Choice{Text: r.ID.Short() + "  " + t.Mark.Say(visible.Line(r.Label)), Note: t.Mark.Meaning(r.Subject)})
	}
	from := max(min(m.Cursor-maxPick/2, len(ids)-maxPick), 0)
	to := min(from+maxPick, len(ids))
	m.Cursor, ids, m.Choices = max(min(m.Cursor-from, to-from-1), 0), ids[from:to], m.Choices[from:to]
	m.Take = func(i int) tea.Cmd {
		e.Detail.Compare.With(ids[i], "")
		return e.Detail.Next()
	}
	return m
}

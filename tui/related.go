package tui

// The event before and after of the same pull request or discussion's repository, and
// all events that match: what the list asks the store for beyond its window.

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// relatedMsg answers related.
type relatedMsg struct {
	of, found event.ID // found: empty where there is none
	what      string
	older     bool
	err       error
}

// kin is what events have in common with the selected one: its pull request or, where
// it is about none, its repository.
func (e *events) kin() (x filter.Expr, what string) {
	row := e.detail.item.row
	if row == nil || row.Repo == "" {
		return nil, ""
	}
	repo := filter.And{filter.Type(row.RepoType), filter.Repo(row.Repo)}
	if p := e.detail.payload(); p != nil && p.Discussion != nil && p.Discussion.IsPullRequest {
		return append(repo, filter.PR(p.Discussion.Num)), fmt.Sprintf("%s#%d", row.Repo, p.Discussion.Num)
	}
	return repo, row.Repo
}

// related looks for the next event of the same pull request or repository.
func (e *events) related(older bool) tea.Cmd {
	x, what := e.kin()
	if x == nil {
		return nil
	}
	if e.list.filter != nil {
		x = filter.And{x, e.list.filter}
	}
	return e.ask.related(e.detail.item.key.id, x, what, older)
}

func (a *asks) related(of event.ID, x filter.Expr, what string, older bool) tea.Cmd {
	return a.cmd(func() tea.Msg {
		msg := relatedMsg{of: of, what: what, older: older}
		for q := (store.Query{Filter: x, Limit: 1, Before: of}); ; {
			if !older {
				q.After, q.Before = q.Before, ""
			}
			page, err := a.session.List(a.ctx, q)
			switch {
			case err != nil:
				msg.err = err
				return msg
			case len(page.Rows) > 0:
				msg.found = page.Rows[0].ID
				return msg
			case page.Next == "":
				return msg
			}
			q.Before, q.After = page.Next, ""
		}
	})
}

// go to what was found, if the user has not gone elsewhere meanwhile.
func (e *events) goRelated(msg relatedMsg, h int) tea.Cmd {
	switch {
	case msg.err != nil:
		return resultCmd(fmt.Sprintf("look for another event of %s: %v", msg.what, msg.err), false)
	case msg.found == "" && msg.older:
		return resultCmd("no older event is of "+msg.what, true)
	case msg.found == "":
		return resultCmd("no newer event is of "+msg.what, true)
	case msg.of == e.list.selected.id:
		e.list.goTo(msg.found, h)
	}
	return nil
}

// goTo selects an event, which may be out of the window.
func (l *list) goTo(id event.ID, h int) {
	l.paused = false
	for i, it := range l.items {
		if it.key == (itemKey{id: id}) {
			l.choose(i, h)
			l.follow = false
			return
		}
	}
	l.follow, l.at, l.selected = false, -1, itemKey{id: id}
	l.back(h)
}

// maxSelected is how many events are selected at once, the newest ones.
const maxSelected = 10_000

// matchingMsg answers matching.
type matchingMsg struct {
	text string // of the filter
	ids  []event.ID
	more bool // there are more than maxSelected
	err  error
}

// matching asks for all events that match the filter.
func (a *asks) matching(x filter.Expr, text string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		msg := matchingMsg{text: text}
		for q := (store.Query{Filter: x, Limit: 500}); ; {
			page, err := a.session.List(a.ctx, q)
			if err != nil {
				msg.err = err
				return msg
			}
			for _, r := range page.Rows {
				if len(msg.ids) == maxSelected {
					msg.more = true
					return msg
				}
				msg.ids = append(msg.ids, r.ID)
			}
			if q.Before = page.Next; page.Next == "" {
				return msg
			}
		}
	})
}

// selectMatching selects what matches, if that is still the filter.
func (e *events) selectMatching(msg matchingMsg, f frame) tea.Cmd {
	switch {
	case msg.err != nil:
		return resultCmd(fmt.Sprintf("select what matches: %v", msg.err), false)
	case msg.text != e.list.text:
		return nil
	}
	n := 0
	e.marks.clear()
	for _, id := range msg.ids {
		if !e.list.hidden[id] {
			e.marks.toggle(id)
			n++
		}
	}
	text := plural(int64(n), "event") + " selected"
	if msg.more {
		text += ", the newest of those that match"
	}
	return e.did(fmt.Sprintf("%s: %s replays them, %s deletes them", text, f.label(actReplayMany), f.label(actDelete)), fmt.Sprintf("%s -n %d -q", e.list.command(), len(msg.ids)))
}

package tui

// The menu of synthetic events.

import (
	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
)

func newTrigger(a *asks) *menu {
	kinds := a.session.Kinds()
	m := &menu{
		name: "new event", title: "New synthetic event", verb: "send",
		about: "no Hub call, no tunnel: made here, verified and stored like a real one",
		take:  func(i int) tea.Cmd { return a.trigger(kinds[i]) },
	}
	for _, kind := range kinds {
		m.choices = append(m.choices, choice{text: visible.Line(kind), note: kindWords(kind)})
	}
	return m
}

// kindWords says in the words of the Hub's users what a kind is.
func kindWords(kind string) string {
	switch kind {
	case "repo/create":
		return "repository created"
	case "repo/delete":
		return "repository deleted"
	case "repo/move":
		return "repository renamed or moved"
	case "repo/update":
		return "repository changed"
	case "repo.content/update":
		return "push to a branch"
	case "repo.config/update":
		return "settings changed"
	case "discussion/create":
		return "discussion or PR opened"
	case "discussion/update":
		return "title or status changed"
	case "discussion/delete":
		return "discussion deleted"
	case "discussion.comment/create":
		return "comment"
	case "discussion.comment/update":
		return "comment edited or hidden"
	}
	return ""
}

package tui

// The menu of synthetic events.

import (
	"strings"

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

// kindWords says in the words of the Hub's users what a kind is. A variant has its
// own word behind a colon, as in discussion/create:pr.
func kindWords(kind string) string {
	name, variant, _ := strings.Cut(kind, ":")
	words := ""
	switch name {
	case "repo/create":
		words = "repository created"
	case "repo/delete":
		words = "repository deleted"
	case "repo/move":
		words = "repository renamed or moved"
	case "repo/update":
		words = "repository changed"
	case "repo.content/update":
		words = "push"
	case "repo.config/update":
		words = "settings changed"
	case "discussion/create":
		words = "discussion opened"
	case "discussion/update":
		words = "title or status changed"
	case "discussion/delete":
		words = "discussion deleted"
	case "discussion.comment/create":
		words = "comment"
	case "discussion.comment/update":
		words = "comment edited"
	}
	if words != "" && variant != "" {
		words += ": " + visible.Line(strings.ReplaceAll(variant, "-", " "))
	}
	return words
}

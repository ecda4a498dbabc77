package tui

// A menu: a list of choices under the header, taken by enter or by a letter.

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// A choice is one line of a menu.
type choice struct {
	key  string // letter that takes it; may be empty
	text string
	note string
}

type menu struct {
	name    string // of the screen, for the help
	title   string
	about   string // one line beside the title
	verb    string // what enter does
	choices []choice
	take    func(i int) tea.Cmd
	leave   func() tea.Cmd // where none is taken; may be nil

	cursor int
}

func (m *menu) Name() string { return m.name }

func (m *menu) Keys(frame) []binding {
	bindings := keys(actBack, actHelp, actQuit)
	bindings[0] = bindings[0].as("cancel")
	if len(m.choices) == 0 {
		return bindings
	}
	move := keys(actChoose, actUp, actDown, actPageUp, actPageDown, actFirst, actLast)
	move[0] = move[0].as(m.verb)
	return append(move, bindings...)
}

func (m *menu) Do(a action, f frame) (step, tea.Cmd) {
	page := max(f.h-6, 1)
	switch a {
	case actUp:
		m.cursor--
	case actDown:
		m.cursor++
	case actPageUp:
		m.cursor -= page
	case actPageDown:
		m.cursor += page
	case actFirst:
		m.cursor = 0
	case actLast:
		m.cursor = len(m.choices) - 1
	case actChoose:
		return step{pop: true}, m.take(m.cursor)
	case actBack:
		if m.leave != nil {
			return step{pop: true}, m.leave()
		}
		return step{pop: true}, nil
	}
	m.cursor = min(max(m.cursor, 0), len(m.choices)-1)
	return step{}, nil
}

// Type takes a choice by its letter.
func (m *menu) Type(key tea.KeyPressMsg, _ frame) (step, tea.Cmd) {
	for i, c := range m.choices {
		if c.key != "" && c.key == key.String() {
			return step{pop: true}, m.take(i)
		}
	}
	return step{}, nil
}

func (m *menu) Update(tea.Msg, frame) tea.Cmd { return nil }

func (m *menu) Moves(frame) time.Duration { return 0 }

func (m *menu) Idle(frame) (left, right string) { return "", "" }

func (m *menu) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	lines = append(lines, t.lead(" "+t.bold.paint(m.title), t.dim.paint(m.about)+" ", f.w), t.line(f.w, ""))
	room := max(f.h-len(lines)-1, 0)
	names := 0
	for _, c := range m.choices {
		names = max(names, width(c.text))
	}
	names = min(names, f.w/2)
	top := min(max(m.cursor-room+1, 0), max(len(m.choices)-room, 0))
	for i := top; i < min(top+room, len(m.choices)); i++ {
		c := m.choices[i]
		letter := ""
		if c.key != "" {
			letter = t.fit(c.key, 3)
		}
		line := "  " + letter + t.fit(c.text, names) + "   " + c.note
		if i == m.cursor {
			lines = append(lines, t.selected.paint(t.fit(t.mark.cursor+line[1:], f.w)))
			continue
		}
		lines = append(lines, "  "+t.key.paint(letter)+t.fit(c.text, names)+"   "+t.dim.paint(t.cut(c.note, f.w-names-5-len(letter))))
	}
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

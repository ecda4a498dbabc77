package screen

// A menu: a list of choices under the header, taken by enter or by a letter.

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

// A Choice is one line of a menu.
type Choice struct {
	Key  string // letter that takes it; may be empty
	Text string
	Note string
}

type Menu struct {
	HelpName string // of the screen, for the help
	Title    string
	About    string   // one line beside the title
	Intro    []string // sentences between the title and the choices
	Verb     string   // what enter does
	Choices  []Choice
	Take     func(i int) tea.Cmd
	Leave    func() tea.Cmd // if none is taken; may be nil

	Cursor int
}

func (m *Menu) Name() string { return m.HelpName }

func (m *Menu) Keys(Frame) []keymap.Binding {
	bindings := keymap.Keys(keymap.ActBack, keymap.ActHelp, keymap.ActQuit)
	bindings[0] = bindings[0].As("cancel")
	if len(m.Choices) == 0 {
		return bindings
	}
	move := keymap.Keys(append([]keymap.Action{keymap.ActChoose}, keymap.Motions()...)...)
	move[0] = move[0].As(m.Verb)
	return append(move, bindings...)
}

func (m *Menu) Do(a keymap.Action, f Frame) (Step, tea.Cmd) {
	n, _ := a.Lines(f.H - 5)
	m.Cursor += n
	switch a {
	case keymap.ActChoose:
		return Step{Pop: true}, m.Take(m.Cursor)
	case keymap.ActBack:
		if m.Leave != nil {
			return Step{Pop: true}, m.Leave()
		}
		return Step{Pop: true}, nil
	}
	m.Cursor = min(max(m.Cursor, 0), len(m.Choices)-1)
	return Step{}, nil
}

// Type takes a choice by its letter.
func (m *Menu) Type(key tea.KeyPressMsg, _ Frame) (Step, tea.Cmd) {
	for i, c := range m.Choices {
		if c.Key != "" && c.Key == key.String() {
			return Step{Pop: true}, m.Take(i)
		}
	}
	return Step{}, nil
}

func (m *Menu) Update(tea.Msg, Frame) tea.Cmd { return nil }

func (m *Menu) Moves(Frame) time.Duration { return 0 }

func (m *Menu) Idle(Frame) (left, right string) { return "", "" }

func (m *Menu) View(f Frame) []string {
	t := f.Theme
	lines := f.Header(Arrange(f.W, f.H, NoBanner))
	lines = append(lines, t.Lead(" "+t.Bold.Paint(m.Title), t.Dim.Paint(m.About)+" ", f.W), t.Line(f.W, ""))
	if len(m.Intro) > 0 && f.H < 12 { // what it says needs the room
		lines = lines[len(lines)-2 : len(lines)-1]
	}
	for _, sentence := range m.Intro {
		for _, part := range t.Wrap(t.Mark.Say(sentence), f.W-2, 3) {
			lines = append(lines, " "+part)
		}
	}
	if len(m.Intro) > 0 && f.H-len(lines)-1 > len(m.Choices) {
		lines = append(lines, "")
	}
	if most := f.H - 1 - min(len(m.Choices), 2); len(lines) > most { // what can be chosen comes first
		lines = lines[:most]
	}
	room := max(f.H-len(lines)-1, 0)
	names := 0
	for _, c := range m.Choices {
		names = max(names, style.Width(c.Text))
	}
	names = min(names, f.W/2)
	top := min(max(m.Cursor-room+1, 0), max(len(m.Choices)-room, 0))
	for i := top; i < min(top+room, len(m.Choices)); i++ {
		c := m.Choices[i]
		letter := ""
		if c.Key != "" {
			letter = t.Fit(c.Key, 3)
		}
		line := "  " + letter + t.Fit(c.Text, names) + "   " + c.Note
		if i == m.Cursor {
			lines = append(lines, t.Selected.Paint(t.Fit(t.Mark.Cursor+line[1:], f.W)))
			continue
		}
		lines = append(lines, "  "+t.Key.Paint(letter)+t.Fit(c.Text, names)+"   "+t.Dim.Paint(t.Cut(c.Note, f.W-names-5-len(letter))))
	}
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

package help

// The command palette: everything that can be done on the screen below, by its words.

import (
	tea "charm.land/bubbletea/v2"

	"strings"
	"time"

	"hfhook/tui/keymap"
	"hfhook/tui/screen"

	"charm.land/bubbles/v2/textinput"

	"hfhook/internal/visible"
	"hfhook/tui/style"
)

type Palette struct {
	ask      *screen.Runner
	below    screen.Screen
	bindings []keymap.Binding
	input    textinput.Model
	Cursor   int
}

// NewPalette offers bindings but those that only move.
func NewPalette(below screen.Screen, bindings []keymap.Binding, a *screen.Runner) *Palette {
	p := &Palette{ask: a, below: below, input: screen.NewInput(40)}
	_ = p.input.Focus()
	for _, b := range bindings {
		if b.Group != keymap.GroupMove && b.Action != keymap.ActPalette {
			p.bindings = append(p.bindings, b)
		}
	}
	return p
}

func (p *Palette) Name() string { return "commands" }

// found are the bindings that have every word that was typed.
func (p *Palette) found(t *style.Theme) (found []keymap.Binding) {
	words := strings.Fields(strings.ToLower(p.input.Value()))
next:
	for _, b := range p.bindings {
		text := strings.ToLower(b.Help + " " + b.Word + " " + t.Mark.Say(b.Label))
		for _, word := range words {
			if !strings.Contains(text, word) {
				continue next
			}
		}
		found = append(found, b)
	}
	return found
}

// Keys are few: the letters are for the search.
func (p *Palette) Keys(f screen.Frame) []keymap.Binding {
	bindings := append(keymap.Typed(keymap.Keys(keymap.Motions()...)), keymap.Keys(keymap.ActBack)[0].As("cancel"))
	found := p.found(f.Theme)
	if len(found) == 0 {
		return bindings
	}
	bindings = append([]keymap.Binding{keymap.Keys(keymap.ActChoose)[0].As("do it")}, bindings...)
	if p.command(found, f) != "" {
		b := keymap.Keys(keymap.ActCopyCommand)[0]
		b.Keys, b.Label = b.Keys[1:], b.Keys[1]
		bindings = append(bindings, b)
	}
	return bindings
}

// command does what the line under the cursor does, from a shell; empty: none does.
func (p *Palette) command(found []keymap.Binding, f screen.Frame) string {
	return screen.About(p.below, found[min(p.Cursor, len(found)-1)].Command, f)
}

func (p *Palette) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	found := p.found(f.Theme)
	switch a {
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	case keymap.ActCopyCommand:
		return screen.Step{}, p.ask.Copy("the command", screen.PlainText(p.command(found, f)))
	case keymap.ActChoose:
		return screen.Step{Pop: true, Act: &found[min(p.Cursor, len(found)-1)].Action}, nil
	}
	n, _ := a.Lines(f.H - 3)
	p.Cursor = max(min(p.Cursor+n, len(found)-1), 0)
	return screen.Step{}, nil
}

// Type searches.
func (p *Palette) Type(key tea.KeyPressMsg, _ screen.Frame) (screen.Step, tea.Cmd) {
	screen.EditInput(&p.input, key)
	p.Cursor = 0
	return screen.Step{}, nil
}

func (p *Palette) Update(msg tea.Msg, _ screen.Frame) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		screen.EditInput(&p.input, paste)
		p.Cursor = 0
	}
	return nil
}

func (p *Palette) Moves(screen.Frame) time.Duration { return 0 }

// Idle is the whole command, of which the line has the beginning.
func (p *Palette) Idle(f screen.Frame) (left, right string) {
	if found := p.found(f.Theme); len(found) > 0 && p.command(found, f) != "" {
		left = f.Theme.Cut("$ "+visible.Line(p.command(found, f)), f.W-2)
	}
	return left, ""
}

func (p *Palette) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	lines = append(lines, " "+t.Key.Paint(":")+" "+screen.Caret(t, &p.input, f.W-6), t.Line(f.W, ""))
	found := p.found(t)
	room := max(f.H-len(lines)-1, 1)
	top := max(min(p.Cursor-room+1, len(found)-room), 0)
	for i := top; i < min(top+room, len(found)); i++ {
		b := found[i]
		line := "  " + t.Fit(t.Mark.Say(b.Label), 8) + " " + t.Fit(b.Help, min(26, max(f.W-24, 12))) + "  "
		beside := visible.Line(screen.About(p.below, b.Command, f))
		if i == p.Cursor {
			lines = append(lines, t.Selected.Paint(t.Fit(t.Mark.Cursor+line[1:]+beside, f.W)))
			continue
		}
		lines = append(lines, line+t.Dim.Paint(t.Cut(beside, f.W-style.Width(line))))
	}
	if len(found) == 0 {
		lines = append(lines, " No matches.")
	}
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

func (p *Palette) Click(_, y int, f screen.Frame) (screen.Step, tea.Cmd) {
	n := len(p.found(f.Theme))
	return screen.ClickRow(&p.Cursor, y, 2, n, f, func() (screen.Step, tea.Cmd) { return p.Do(keymap.ActChoose, f) })
}

func (p *Palette) Scroll(n, _, _ int, f screen.Frame) tea.Cmd {
	p.Cursor = max(min(p.Cursor+n, len(p.found(f.Theme))-1), 0)
	return nil
}

package tui

// The command palette: everything that can be done on the screen below, by its words.

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
)

type palette struct {
	ask      *runner
	below    screen
	bindings []binding
	input    textinput.Model
	cursor   int
}

// newPalette offers bindings but those that only move.
func newPalette(below screen, bindings []binding, a *runner) *palette {
	p := &palette{ask: a, below: below, input: newInput(40)}
	_ = p.input.Focus()
	for _, b := range bindings {
		if b.group != groupMove && b.action != actPalette {
			p.bindings = append(p.bindings, b)
		}
	}
	return p
}

func (p *palette) Name() string { return "commands" }

// found are the bindings that have every word that was typed.
func (p *palette) found(t *theme) (found []binding) {
	words := strings.Fields(strings.ToLower(p.input.Value()))
next:
	for _, b := range p.bindings {
		text := strings.ToLower(b.help + " " + b.word + " " + t.mark.say(b.label))
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
func (p *palette) Keys(f frame) []binding {
	up, down := keys(actUp)[0], keys(actDown)[0]
	up.keys, down.keys = up.keys[:1], down.keys[:1]
	bindings := []binding{up, down, keys(actBack)[0].as("cancel")}
	found := p.found(f.theme)
	if len(found) == 0 {
		return bindings
	}
	bindings = append([]binding{keys(actChoose)[0].as("do it")}, bindings...)
	if p.command(found, f) != "" {
		b := keys(actCopyCommand)[0]
		b.keys, b.label = b.keys[1:], b.keys[1]
		bindings = append(bindings, b)
	}
	return bindings
}

// command does what the line under the cursor does, from a shell; empty: none does.
func (p *palette) command(found []binding, f frame) string {
	return about(p.below, found[min(p.cursor, len(found)-1)].command, f)
}

func (p *palette) Do(a action, f frame) (step, tea.Cmd) {
	found := p.found(f.theme)
	switch a {
	case actUp:
		p.cursor--
	case actDown:
		p.cursor++
	case actBack:
		return step{pop: true}, nil
	case actCopyCommand:
		return step{}, p.ask.copy("the command", plainText(p.command(found, f)))
	case actChoose:
		return step{pop: true, act: &found[min(p.cursor, len(found)-1)].action}, nil
	}
	p.cursor = max(min(p.cursor, len(found)-1), 0)
	return step{}, nil
}

// Type searches.
func (p *palette) Type(key tea.KeyPressMsg, _ frame) (step, tea.Cmd) {
	p.input, _ = p.input.Update(key)
	p.cursor = 0
	return step{}, nil
}

func (p *palette) Update(msg tea.Msg, _ frame) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		p.input, _ = p.input.Update(paste)
		p.cursor = 0
	}
	return nil
}

func (p *palette) Moves(frame) time.Duration { return 0 }

// Idle is the whole command, of which the line has the beginning.
func (p *palette) Idle(f frame) (left, right string) {
	if found := p.found(f.theme); len(found) > 0 && p.command(found, f) != "" {
		left = f.theme.cut("$ "+visible.Line(p.command(found, f)), f.w-2)
	}
	return left, ""
}

func (p *palette) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	lines = append(lines, " "+t.key.paint(":")+" "+t.caret(&p.input, f.w-6), t.line(f.w, ""))
	found := p.found(t)
	room := max(f.h-len(lines)-1, 1)
	top := max(min(p.cursor-room+1, len(found)-room), 0)
	for i := top; i < min(top+room, len(found)); i++ {
		b := found[i]
		line := "  " + t.fit(t.mark.say(b.label), 8) + " " + t.fit(b.help, min(26, max(f.w-24, 12))) + "  "
		beside := visible.Line(about(p.below, b.says(), f))
		if i == p.cursor {
			lines = append(lines, t.selected.paint(t.fit(t.mark.cursor+line[1:]+beside, f.w)))
			continue
		}
		lines = append(lines, line+t.dim.paint(t.cut(beside, f.w-width(line))))
	}
	if len(found) == 0 {
		lines = append(lines, " Nothing here has that in its words.")
	}
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

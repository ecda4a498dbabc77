package tui

// A prompt: one line of text, asked for in the status line of the screen that it
// stands on, which stays in sight.

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
)

type prompt struct {
	below  screen
	name   string // of the screen, for the help
	label  string // before the text
	verb   string // what enter does
	input  textinput.Model
	change func(text string, f frame) tea.Cmd // after each key; nil where it is of no interest
	done   func(text string) tea.Cmd          // on enter
	leave  func()                             // on esc; may be nil
	note   func() string                      // beside it, while it is written; may be nil
	secret bool                               // what is written is not shown
	check  func(text string) error            // why a text is not taken, which then stays to be mended; nil: every one is
	next   func(text string) screen           // in place of done: asks further; nil: nothing more
}

// maxPrompt is how many characters a prompt takes: a paste may be of any size.
const maxPrompt = 500

func newPrompt(below screen, name, label, verb, text string, done func(string) tea.Cmd) *prompt {
	p := &prompt{below: below, name: name, label: label, verb: verb, done: done, input: newInput(maxPrompt)}
	_ = p.input.Focus()
	p.input.SetValue(text)
	p.input.CursorEnd()
	return p
}

func (p *prompt) Name() string { return p.name }

func (p *prompt) Keys(frame) []binding {
	bindings := keys(actChoose, actBack)
	bindings[0], bindings[1] = bindings[0].as(p.verb), bindings[1].as("cancel")
	return bindings
}

func (p *prompt) Do(a action, _ frame) (step, tea.Cmd) {
	text := p.input.Value()
	if a == actChoose && p.check != nil {
		if err := p.check(text); err != nil {
			return step{}, resultCmd(err.Error(), false)
		}
	}
	if p.secret {
		p.input.Reset()
	}
	switch {
	case a == actChoose && p.next != nil:
		return step{pop: true, push: p.next(text)}, nil
	case a == actChoose:
		return step{pop: true}, p.done(text)
	}
	if p.leave != nil {
		p.leave()
	}
	return step{pop: true}, nil
}

// Type edits the text.
func (p *prompt) Type(key tea.KeyPressMsg, f frame) (step, tea.Cmd) { return step{}, p.edit(key, f) }

func (p *prompt) Update(msg tea.Msg, f frame) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		return p.edit(paste, f)
	}
	return nil
}

func (p *prompt) edit(msg tea.Msg, f frame) tea.Cmd {
	was := p.input.Value()
	p.input, _ = p.input.Update(msg)
	if p.change == nil || p.input.Value() == was {
		return nil
	}
	return p.change(p.input.Value(), f)
}

func (p *prompt) View(f frame) []string { return p.below.View(f) }

func (p *prompt) Moves(f frame) time.Duration { return p.below.Moves(f) }

// Idle is the line that is being written, of which the end before the caret is in
// sight, and what there is to say to it.
func (p *prompt) Idle(f frame) (left, right string) {
	t := f.theme
	if p.secret {
		n := len([]rune(p.input.Value()))
		left = t.key.paint(p.label) + " " + strings.Repeat("*", min(n, f.w/3)) + t.mark.caret
		if n > 0 {
			left += " " + t.dim.paint(plural(int64(n), "character"))
		}
	} else {
		left = t.key.paint(p.label) + " " + t.caret(&p.input, f.w-width(p.label)-6)
	}
	if p.note != nil {
		right = t.dim.paint(t.cut(visible.Line(p.note()), f.w-width(left)-4))
	}
	return left, right
}

// caret is the text of an input with its caret, of which what is before the caret has
// w cells at most.
func (t *theme) caret(in *textinput.Model, w int) string {
	text := []rune(in.Value())
	at := min(in.Position(), len(text))
	before, after := visible.Line(string(text[:at])), visible.Line(string(text[at:]))
	for width(before) > w && before != "" {
		before = string([]rune(before)[1:])
	}
	return before + t.mark.caret + after
}

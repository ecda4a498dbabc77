package screen

// A prompt: one line of text, asked for in the status line of the screen that it
// stands on, which stays in sight.

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

type Prompt struct {
	below  Screen
	name   string // of the screen, for the help
	label  string // before the text
	verb   string // what enter does
	Input  textinput.Model
	Change func(text string, f Frame) tea.Cmd // after each key; nil where it is of no interest
	done   func(text string) tea.Cmd          // on enter
	Leave  func()                             // on esc; may be nil
	Note   func() string                      // beside it, while it is written; may be nil
	Secret bool                               // what is written is not shown
	Check  func(text string) error            // why a text is refused, which then stays to be corrected; nil: every text is accepted
	Next   func(text string) Screen           // in place of done: asks further; nil: nothing more
}

// MaxPrompt is how many characters a prompt takes: a paste may be of any size.
const MaxPrompt = 500

func NewPrompt(below Screen, name, label, verb, text string, done func(string) tea.Cmd) *Prompt {
	p := &Prompt{below: below, name: name, label: label, verb: verb, done: done, Input: NewInput(MaxPrompt)}
	_ = p.Input.Focus()
	p.Input.SetValue(text)
	p.Input.CursorEnd()
	return p
}

func (p *Prompt) Name() string { return p.name }

func (p *Prompt) Keys(Frame) []keymap.Binding {
	bindings := keymap.Keys(keymap.ActChoose, keymap.ActBack)
	bindings[0], bindings[1] = bindings[0].As(p.verb), bindings[1].As("cancel")
	return bindings
}

func (p *Prompt) Do(a keymap.Action, _ Frame) (Step, tea.Cmd) {
	text := p.Input.Value()
	if a == keymap.ActChoose && p.Check != nil {
		if err := p.Check(text); err != nil {
			return Step{}, ResultCmd(Plain(err), false)
		}
	}
	if p.Secret {
		p.Input.Reset()
	}
	switch {
	case a == keymap.ActChoose && p.Next != nil:
		return Step{Pop: true, Push: p.Next(text)}, nil
	case a == keymap.ActChoose:
		return Step{Pop: true}, p.done(text)
	}
	if p.Leave != nil {
		p.Leave()
	}
	return Step{Pop: true}, nil
}

// Type edits the text.
func (p *Prompt) Type(key tea.KeyPressMsg, f Frame) (Step, tea.Cmd) { return Step{}, p.edit(key, f) }

func (p *Prompt) Update(msg tea.Msg, f Frame) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		return p.edit(paste, f)
	}
	return nil
}

func (p *Prompt) edit(msg tea.Msg, f Frame) tea.Cmd {
	was := p.Input.Value()
	EditInput(&p.Input, msg)
	if p.Change == nil || p.Input.Value() == was {
		return nil
	}
	return p.Change(p.Input.Value(), f)
}

func (p *Prompt) View(f Frame) []string { return p.below.View(f) }

func (p *Prompt) Moves(f Frame) time.Duration { return p.below.Moves(f) }

// Idle is the line that is being written, of which the end before the caret is in
// sight, and what there is to say to it.
func (p *Prompt) Idle(f Frame) (left, right string) {
	t := f.Theme
	if p.Secret {
		n := len([]rune(p.Input.Value()))
		left = t.Key.Paint(p.label) + " " + strings.Repeat("*", min(n, f.W/3)) + t.Mark.Caret
		if n > 0 {
			left += " " + t.Dim.Paint(style.Plural(int64(n), "character"))
		}
	} else {
		left = t.Key.Paint(p.label) + " " + Caret(t, &p.Input, f.W-style.Width(p.label)-6)
	}
	if p.Note != nil {
		right = t.Dim.Paint(t.Cut(visible.Line(p.Note()), f.W-style.Width(left)-4))
	}
	return left, right
}

// Caret is the text of an input with its caret, of which what is before the caret has
// w cells at most.
func Caret(t *style.Theme, in *textinput.Model, w int) string {
	text := []rune(in.Value())
	at := min(in.Position(), len(text))
	before, after := visible.Line(string(text[:at])), visible.Line(string(text[at:]))
	for style.Width(before) > w && before != "" {
		before = string([]rune(before)[1:])
	}
	return before + t.Mark.Caret + after
}

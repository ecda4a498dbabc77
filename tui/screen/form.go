package screen

// A form: a few fields of one line each, of which one has the keys. A field is a text,
// or a choice among a few.

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/style"
)

type Field struct {
	Name   string
	Hint   string // what an empty text stands for
	Input  textinput.Model
	Choose []string // the choices; none: a text
	Chosen int
}

type Form struct {
	Fields []Field
	At     int // the field that has the keys; -1: none
}

func TextField(name, hint string, limit int) Field {
	f := Field{Name: name, Hint: hint, Input: NewInput(limit)}
	_ = f.Input.Focus()
	return f
}

func NewInput(limit int) textinput.Model {
	in := textinput.New()
	in.CharLimit = limit
	in.SetVirtualCursor(false)          // it blinks, and so would wake the program
	in.KeyMap.Paste.SetEnabled(false)   // the terminal pastes
	in.KeyMap.AcceptSuggestion.Unbind() // there are none
	// It panics with the caret on the last character, and esc and a d that follow each other
	// quickly are its key.
	in.KeyMap.DeleteWordForward.Unbind()
	return in
}

// EditInput gives a key or a paste to an input. ctrl+u clears it, wherever the caret is.
func EditInput(in *textinput.Model, msg tea.Msg) {
	if key, ok := msg.(tea.KeyPressMsg); ok && key.String() == "ctrl+u" {
		in.Reset()
		return
	}
	*in, _ = in.Update(msg)
}

// Value is what a field holds, empty where it was left alone.
func (f *Form) Value(name string) string {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return f.Fields[i].Value()
		}
	}
	return ""
}

func (f *Field) Value() string {
	if len(f.Choose) > 0 {
		return f.Choose[min(f.Chosen, len(f.Choose)-1)]
	}
	return strings.TrimSpace(f.Input.Value())
}

// Next gives the keys to the next field, behind the last one to none.
func (f *Form) Next() {
	if f.At++; f.At >= len(f.Fields) {
		f.At = -1
	}
}

// Edit gives a key or a paste to the field that has the keys.
func (f *Form) Edit(msg tea.Msg) {
	if f.At < 0 {
		return
	}
	field := &f.Fields[f.At]
	if len(field.Choose) == 0 {
		EditInput(&field.Input, msg)
		return
	}
	if key, ok := msg.(tea.KeyPressMsg); ok {
		n := len(field.Choose)
		switch key.String() {
		case "left":
			field.Chosen = (min(field.Chosen, n-1) + n - 1) % n
		case "right", "space":
			field.Chosen = (field.Chosen + 1) % n
		}
	}
}

// Current draws the field that has the keys on one line of w cells.
func (f *Form) Current(t *style.Theme, w int) []string {
	if f.At < 0 {
		return nil
	}
	one := Form{Fields: f.Fields[f.At : f.At+1]}
	return one.Lines(t, w)[:1]
}

// Lines draw the fields side by side, on as many lines of w cells as they need.
func (f *Form) Lines(t *style.Theme, w int) []string {
	lines, used := []string{" "}, 1
	for i := range f.Fields {
		field := &f.Fields[i]
		text, look := visible.Line(field.Value()), style.Style{}
		switch {
		case i == f.At && len(field.Choose) == 0:
			text = Caret(t, &field.Input, w-style.Width(field.Name)-8)
		case text == "":
			text, look = field.Hint, t.Dim
		}
		room := max(style.Width(field.Hint), 8)
		if text = t.Fit(text, max(min(style.Width(text), w-style.Width(field.Name)-6), room)); i == f.At {
			look = t.Bold
		}
		need := style.Width(field.Name) + style.Width(text) + 5
		if used+need > w && used > 1 {
			lines, used = append(lines, " "), 1
		}
		lines[len(lines)-1] += t.Dim.Paint(field.Name) + " [" + look.Paint(text) + "]  "
		used += need
	}
	return lines
}

// A FormPage is a screen that is one form: what is typed or pasted goes into its field.
type FormPage struct{ Form Form }

func (p *FormPage) Type(key tea.KeyPressMsg, _ Frame) (Step, tea.Cmd) {
	p.Form.Edit(key)
	return Step{}, nil
}

func (p *FormPage) Update(msg tea.Msg, _ Frame) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		p.Form.Edit(paste)
	}
	return nil
}

func (p *FormPage) Moves(Frame) time.Duration { return 0 }

// Next goes to the next field, after the last one to the first.
func (p *FormPage) Next() {
	if p.Form.Next(); p.Form.At < 0 {
		p.Form.At = 0
	}
}

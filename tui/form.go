package tui

// A form: a few fields of one line each, of which one has the keys. A field is a text,
// or a choice among a few.

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
)

type field struct {
	name   string
	hint   string // what an empty text stands for
	input  textinput.Model
	choose []string // the choices; none: a text
	chosen int
}

type form struct {
	fields []field
	at     int // the field that has the keys; -1: none
}

func textField(name, hint string, limit int) field {
	f := field{name: name, hint: hint, input: newInput(limit)}
	_ = f.input.Focus()
	return f
}

func newInput(limit int) textinput.Model {
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

// value is what a field holds, empty where it was left alone.
func (f *form) value(name string) string {
	for i := range f.fields {
		if f.fields[i].name == name {
			return f.fields[i].value()
		}
	}
	return ""
}

func (f *field) value() string {
	if len(f.choose) > 0 {
		return f.choose[min(f.chosen, len(f.choose)-1)]
	}
	return strings.TrimSpace(f.input.Value())
}

// next gives the keys to the next field, behind the last one to none.
func (f *form) next() {
	if f.at++; f.at >= len(f.fields) {
		f.at = -1
	}
}

// edit gives a key or a paste to the field that has the keys.
func (f *form) edit(msg tea.Msg) {
	if f.at < 0 {
		return
	}
	field := &f.fields[f.at]
	if len(field.choose) == 0 {
		field.input, _ = field.input.Update(msg)
		return
	}
	if key, ok := msg.(tea.KeyPressMsg); ok {
		n := len(field.choose)
		switch key.String() {
		case "left":
			field.chosen = (min(field.chosen, n-1) + n - 1) % n
		case "right", "space":
			field.chosen = (field.chosen + 1) % n
		}
	}
}

// current draws the field that has the keys on one line of w cells.
func (f *form) current(t *theme, w int) []string {
	if f.at < 0 {
		return nil
	}
	one := form{fields: f.fields[f.at : f.at+1]}
	return one.lines(t, w)[:1]
}

// lines draw the fields side by side, on as many lines of w cells as they need.
func (f *form) lines(t *theme, w int) []string {
	lines, used := []string{" "}, 1
	for i := range f.fields {
		field := &f.fields[i]
		text, look := visible.Line(field.value()), style{}
		switch {
		case i == f.at && len(field.choose) == 0:
			text = t.caret(&field.input, w-width(field.name)-8)
		case text == "":
			text, look = field.hint, t.dim
		}
		room := max(width(field.hint), 8)
		if text = t.fit(text, max(min(width(text), w-width(field.name)-6), room)); i == f.at {
			look = t.bold
		}
		need := width(field.name) + width(text) + 5
		if used+need > w && used > 1 {
			lines, used = append(lines, " "), 1
		}
		lines[len(lines)-1] += t.dim.paint(field.name) + " [" + look.paint(text) + "]  "
		used += need
	}
	return lines
}

// A formPage is a screen that is one form: what is typed or pasted goes into its field.
type formPage struct{ form form }

func (p *formPage) Type(key tea.KeyPressMsg, _ frame) (step, tea.Cmd) {
	p.form.edit(key)
	return step{}, nil
}

func (p *formPage) Update(msg tea.Msg, _ frame) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		p.form.edit(paste)
	}
	return nil
}

func (p *formPage) Moves(frame) time.Duration { return 0 }

// next goes to the next field, after the last one to the first.
func (p *formPage) next() {
	if p.form.next(); p.form.at < 0 {
		p.form.at = 0
	}
}

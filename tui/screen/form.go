package screen

// A form: a line for each field, of which one has the keys. A field is a text, a choice among
// a few, a switch, or a part of its own screen. All forms have the same keys and the same look.

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/keymap"
)

type fieldKind int

const (
	textKind fieldKind = iota
	choiceKind
	switchKind
	screenKind
)

type Field struct {
	Name  string
	Hint  string // what an empty text stands for
	About string // what to know of the field while it has the keys
	Note  string // beside it: of a switch behind it, else at the end of the line

	kind fieldKind

	// Input is a text, or the last one of the choices where it is Open.
	Input textinput.Model

	Choices []string // safe to show
	Short   []string // the same in fewer words, for a line that they have no room on; may be nil
	Notes   []string // beside each of the choices, which then have a line each; may be nil
	Open    bool     // the last of the choices is to be written
	Chosen  int

	On   bool   // of a switch
	Text string // what a switch turns on, or what the screen of a field has said
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

func ChoiceField(name string, choices ...string) Field {
	return Field{Name: name, kind: choiceKind, Choices: choices}
}

// OpenField is a choice whose last answer is written.
func OpenField(name string, limit int) Field {
	f := TextField(name, "", limit)
	f.kind, f.Open = choiceKind, true
	return f
}

func SwitchField(name, text string) Field {
	return Field{Name: name, kind: switchKind, Text: text}
}

// ScreenField is one that another screen fills in.
func ScreenField(name, note string) Field {
	return Field{Name: name, kind: screenKind, Note: note}
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

// Set writes a text into the field.
func (f *Field) Set(text string) {
	f.Input.SetValue(text)
	f.Input.CursorEnd()
}

// Written reports whether the field is a text: also a choice of which the open one is chosen.
func (f *Field) Written() bool {
	return f.kind == textKind || f.Open && f.Chosen == len(f.Choices)-1
}

// Value is what a field holds, empty where it was left alone.
func (f *Field) Value() string {
	switch {
	case f.Written():
		return strings.TrimSpace(f.Input.Value())
	case f.kind == choiceKind && len(f.Choices) > 0:
		return f.Choices[min(f.Chosen, len(f.Choices)-1)]
	}
	return ""
}

// Value is what the field with a name holds.
func (f *Form) Value(name string) string {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return f.Fields[i].Value()
		}
	}
	return ""
}

// Summary is the form in one line.
func (f *Form) Summary() string {
	var parts []string
	for i := range f.Fields {
		parts = append(parts, f.Fields[i].Name+" "+visible.Line(cmp.Or(f.Fields[i].Value(), f.Fields[i].Hint)))
	}
	return strings.Join(parts, "   ")
}

// Writing reports whether letters belong to the field that has the keys.
func (f *Form) Writing() bool { return f.At >= 0 && f.Fields[f.At].Written() }

// Write gives a key or a paste to the field that has the keys, if it is a text.
func (f *Form) Write(msg tea.Msg) {
	if f.Writing() {
		EditInput(&f.Fields[f.At].Input, msg)
	}
}

// Keys are those of the form: verb is what enter does, more are keys of its screen for while
// nothing is written, cancel what esc does.
func (f *Form) Keys(verb, cancel string, more ...keymap.Binding) []keymap.Binding {
	bindings := keymap.Keys(keymap.ActChoose, keymap.ActDown, keymap.ActUp)
	bindings[0], bindings[1] = bindings[0].As(verb), bindings[1].As("field")
	bindings[1].Quiet, bindings[1].Label = false, "↑↓"
	writing := f.Writing()
	if writing { // letters are written
		bindings[1].Keys, bindings[2].Keys = []string{"down"}, []string{"up"}
	}
	bindings[1].Keys, bindings[2].Keys = append(slices.Clone(bindings[1].Keys), "tab"), append(slices.Clone(bindings[2].Keys), "shift+tab")
	if f.At >= 0 {
		switch field := &f.Fields[f.At]; {
		case field.kind == choiceKind && len(field.Choices) > 1:
			left, right := keymap.Keys(keymap.ActFold)[0].As("choice"), keymap.Keys(keymap.ActUnfold)[0].As("choice")
			right.Label, left.Quiet = "←→", true
			bindings = append(bindings, right, left)
		case field.kind == switchKind:
			bindings = append(bindings, keymap.Keys(keymap.ActMark)[0].As("toggle"))
		case field.kind == screenKind:
			bindings = append(bindings, keymap.Keys(keymap.ActMark)[0].As("change"))
		}
	}
	back := keymap.Keys(keymap.ActBack)[0].As(cancel)
	if writing {
		return append(bindings, back)
	}
	return slices.Concat(bindings, more, []keymap.Binding{back}, keymap.Keys(keymap.ActHelp, keymap.ActQuit))
}

// Do carries out the keys of the form. done is false for those of its screen, and for the one
// that opens the screen of a field.
func (f *Form) Do(a keymap.Action) (done bool) {
	if f.At < 0 {
		return false
	}
	n, field := len(f.Fields), &f.Fields[f.At]
	turn := func(by int) {
		if c := len(field.Choices); c > 0 {
			field.Chosen = (min(field.Chosen, c-1) + by + c) % c
		}
	}
	switch a {
	case keymap.ActUp:
		f.At = (f.At + n - 1) % n
	case keymap.ActDown:
		f.At = (f.At + 1) % n
	case keymap.ActFold:
		turn(-1)
	case keymap.ActUnfold:
		turn(1)
	case keymap.ActMark:
		field.On = !field.On
		return field.kind == switchKind
	default:
		return false
	}
	return true
}

// A FormPage is a screen that is one form.
type FormPage struct{ Form Form }

func (p *FormPage) Type(key tea.KeyPressMsg, _ Frame) (Step, tea.Cmd) {
	p.Form.Write(key)
	return Step{}, nil
}

func (p *FormPage) Update(msg tea.Msg, _ Frame) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		p.Form.Write(paste)
	}
	return nil
}

func (p *FormPage) Moves(Frame) time.Duration { return 0 }

// Package pager has screens that only show something: a text, or two things side by side.
package pager

// A document: a text that fills the screen, as a tree where it is JSON.

import (
	"bytes"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"hfhook/tui/screen"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

type Document struct {
	ask     *screen.Runner
	command string // that prints the same
	name    string // of the screen, for the help
	head    func(f screen.Frame) []string
	fields  []HeaderLine // above the body, and hidden on request
	body    []byte
	tree    *jsonview.Tree // nil where the body is not JSON
	raw     jsonview.RawView
	hidden  bool
}

func NewDocument(a *screen.Runner, name, command string, head func(screen.Frame) []string, fields []HeaderLine, body []byte) *Document {
	return &Document{ask: a, name: name, command: command, head: head, fields: fields, body: body, tree: jsonview.AnswerTree(body), raw: jsonview.RawView{Hex: Unreadable(body)}}
}

// Unreadable reports whether a body is something other than readable text.
func Unreadable(body []byte) bool {
	for i := 0; i < utf8.UTFMax && len(body) > 0 && !utf8.Valid(body); i++ {
		body = body[:len(body)-1] // the first bytes of a longer one may end within a character
	}
	return bytes.IndexByte(body, 0) >= 0 || !utf8.Valid(body)
}

func (p *Document) Name() string { return p.name }

func (p *Document) Keys(screen.Frame) []keymap.Binding {
	var actions []keymap.Action
	if p.tree != nil {
		if p.tree.Foldable() {
			actions = append(actions, keymap.ActFold)
		}
		if p.tree.Unfoldable() {
			actions = append(actions, keymap.ActUnfold)
		}
		if p.tree.Nested() {
			actions = append(actions, keymap.ActUnfoldAll)
		}
		if p.tree.Current() != nil {
			actions = append(actions, keymap.ActCopyValue, keymap.ActCopyPath)
		}
	}
	if p.tree == nil && len(p.body) > 0 {
		actions = append(actions, keymap.ActCopyValue, keymap.ActHex)
	}
	if len(p.body) > 0 {
		actions = append(actions, keymap.ActSave, keymap.ActPager)
	}
	if len(p.fields) > 0 {
		actions = append(actions, keymap.ActHeaders)
	}
	actions = append(append(actions, keymap.Motions()...), keymap.ActBack, keymap.ActHelp, keymap.ActQuit)
	bindings := keymap.Keys(actions...)
	for i, b := range bindings {
		switch {
		case b.Action == keymap.ActHeaders:
			bindings[i].Word, bindings[i].Quiet = "headers", false
		case b.Action == keymap.ActCopyValue && p.tree == nil:
			bindings[i] = b.As("copy")
		}
	}
	return bindings
}

func (p *Document) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	by, _ := a.Lines(f.H - 5)
	switch {
	case a == keymap.ActBack:
		return screen.Step{Pop: true}, nil
	case a == keymap.ActHeaders:
		p.hidden = !p.hidden
	case a == keymap.ActSave:
		name := strings.ReplaceAll(p.name, " ", "-") + ".txt"
		if p.tree != nil {
			name = strings.TrimSuffix(name, ".txt") + ".json"
		}
		return screen.Step{Push: screen.NewPrompt(p, "save", "save to", "save", name, func(path string) tea.Cmd { return p.ask.Save(path, p.body) })}, nil
	case a == keymap.ActPager:
		return screen.Step{}, p.ask.Pager(p.body)
	case a == keymap.ActHex && p.tree == nil:
		p.raw = jsonview.RawView{Hex: !p.raw.Hex, Offset: p.raw.Offset}
	case a == keymap.ActCopyValue && p.tree == nil:
		return screen.Step{}, p.ask.Copy("the whole, "+style.Plural(int64(len(p.body)), "byte")+",", screen.PlainText(string(p.body)))
	case p.tree == nil:
		p.raw.Move(p.body, by, f.W-2)
	case a == keymap.ActFold:
		p.tree.Fold()
	case a == keymap.ActUnfold:
		p.tree.Unfold()
	case a == keymap.ActUnfoldAll:
		p.tree.UnfoldAll()
	case a == keymap.ActCopyValue:
		n := p.tree.Current()
		return screen.Step{}, p.ask.CopyBy("the value of "+Shortened(n.Path(), ShownPath), p.command, func(context.Context) (string, error) { return n.Copied(), nil })
	case a == keymap.ActCopyPath:
		path := p.tree.Current().Path()
		return screen.Step{}, p.ask.Copy("the path "+Shortened(path, ShownPath), screen.PlainText(path))
	default:
		p.tree.Move(by)
	}
	return screen.Step{}, nil
}

func (p *Document) Update(tea.Msg, screen.Frame) tea.Cmd { return nil }

func (p *Document) Moves(screen.Frame) time.Duration { return 0 }

func (p *Document) Idle(screen.Frame) (left, right string) {
	if p.tree != nil && p.tree.Current() != nil {
		left = p.tree.Current().Path()
	}
	return left, ""
}

func (p *Document) View(f screen.Frame) []string {
	t := f.Theme
	lines := p.head(f)
	if !p.hidden {
		for _, field := range p.fields[:min(len(p.fields), max(f.H/3, 1))] {
			lines = append(lines, field.Draw(t, 22, f.W, false, false)...)
		}
	}
	lines = append(lines, t.Line(f.W, ""))
	h := f.H - len(lines) - 1
	if p.tree != nil {
		lines = append(lines, p.tree.View(t, jsonview.TreeLook{W: f.W, H: h, Focused: true, Wrap: 8}, jsonview.NoRemarks{})...)
	} else {
		lines = append(lines, p.raw.Lines(t, p.body, f.W, h, "")...)
	}
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

func (p *Document) PrintedBy(screen.Frame) string { return p.command }

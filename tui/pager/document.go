// Package pager has screens that only show something: a text, or two things side by side.
package pager

// A document: a text that fills the screen, in each of the ways in which it can be read.

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A Document shows a text.
type Document struct {
	ask     *screen.Runner
	command string // that prints the same
	name    string // of the screen, for the help
	head    func(f screen.Frame) []string
	fields  []HeaderLine // above the body, and hidden on request
	hidden  bool

	views []*view
	at    int
	why   string // a view that is wanted is not among them
	find  finding

	about About // of the value of a field
}

// NewDocument shows a body. It takes a time that grows with the body.
func NewDocument(a *screen.Runner, name, command string, head func(screen.Frame) []string, fields []HeaderLine, body []byte) *Document {
	p := &Document{ask: a, name: name, command: command, head: head, fields: fields}
	p.views, _ = views(body, true, false)
	return p
}

// Unreadable reports whether a body is something other than readable text.
func Unreadable(body []byte) bool {
	for i := 0; i < utf8.UTFMax && len(body) > 0 && !utf8.Valid(body); i++ {
		body = body[:len(body)-1] // the first bytes of a longer one may end within a character
	}
	return bytes.IndexByte(body, 0) >= 0 || !utf8.Valid(body)
}

func (p *Document) view() *view { return p.views[p.at] }

func (p *Document) Name() string { return p.name }

func (p *Document) Keys(screen.Frame) []keymap.Binding {
	v := p.view()
	var actions []keymap.Action
	if v.tree != nil {
		if n := v.tree.Current(); n != nil && n.IsString() {
			actions = append(actions, keymap.ActRead)
		}
		if v.tree.Foldable() {
			actions = append(actions, keymap.ActFold)
		}
		if v.tree.Unfoldable() {
			actions = append(actions, keymap.ActUnfold)
		}
	}
	if len(p.views) > 1 {
		actions = append(actions, keymap.ActOtherPane)
	}
	if len(v.body) > 0 && !v.hex {
		actions = append(append(actions, keymap.ActFind), p.find.actions()...)
	}
	switch {
	case v.tree != nil && v.tree.Current() != nil:
		actions = append(actions, keymap.ActCopyValue, keymap.ActCopyPath)
	case v.tree == nil && len(v.body) > 0:
		actions = append(actions, keymap.ActCopyValue)
	}
	if p.about.Edit != 0 {
		actions = append(actions, p.about.Edit)
	}
	if p.about.Page != "" {
		actions = append(actions, keymap.ActBrowse)
	}
	if len(v.body) > 0 {
		actions = append(actions, keymap.ActPager, keymap.ActSave)
	}
	if v.tree != nil && v.tree.Nested() {
		actions = append(actions, keymap.ActUnfoldAll)
	}
	if v.tree == nil && len(v.body) > 0 {
		actions = append(actions, keymap.ActHex)
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
		case b.Action == keymap.ActCopyValue && v.tree == nil:
			bindings[i] = b.As("copy")
		case b.Action == keymap.ActOtherPane:
			next := p.views[(p.at+1)%len(p.views)].name
			word, _, _ := strings.Cut(next, ",")
			bindings[i] = b.As(word)
		case b.Action == p.about.Edit:
			bindings[i].Word = "edit and replay"
		}
	}
	return bindings
}

func (p *Document) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	v := p.view()
	switch {
	case a == keymap.ActBack && p.find.text != "":
		p.find = finding{}
	case a == keymap.ActBack:
		return screen.Step{Pop: true}, nil
	case a == keymap.ActHeaders:
		p.hidden = !p.hidden
	case a == keymap.ActOtherPane:
		p.at = (p.at + 1) % len(p.views)
		if text := p.find.text; text != "" {
			p.find = finding{text: text, asked: true}
			return screen.Step{}, tea.Batch(p.lay(f), p.look(text))
		}
		return screen.Step{}, p.lay(f)
	case a == p.about.Edit && a != 0:
		return screen.Step{Pop: true, Act: &a}, nil
	case a == keymap.ActBrowse:
		return screen.Step{}, p.ask.Browse(p.about.Page, p.about.Opens)
	case a == keymap.ActFind:
		return screen.Step{Push: p.newFind()}, nil
	case a == keymap.ActFindNext:
		p.goTo(p.find.at+1, f)
	case a == keymap.ActFindPrevious:
		p.goTo(p.find.at-1, f)
	case a == keymap.ActSave:
		name := strings.ReplaceAll(p.name, " ", "-") + ".txt"
		if v.tree != nil {
			name = strings.TrimSuffix(name, ".txt") + ".json"
		}
		return screen.Step{Push: screen.NewPrompt(p, "save", "save to", "save", name, func(path string) tea.Cmd { return p.ask.Save(path, v.body) })}, nil
	case a == keymap.ActPager:
		return screen.Step{}, p.ask.Pager(v.body)
	case a == keymap.ActHex && v.tree == nil:
		v.raw = jsonview.RawView{Hex: !v.raw.Hex, Offset: v.raw.Offset}
	case a == keymap.ActCopyValue && v.tree == nil:
		what := "the whole, " + style.Plural(int64(len(v.body)), "byte") + ","
		if p.command == "" {
			return screen.Step{}, p.ask.Copy(what, screen.PlainText(string(v.body)))
		}
		return screen.Step{}, p.ask.CopyBy(what, p.command, screen.PlainText(string(v.body)))
	case v.tree != nil:
		return p.doTree(a, f)
	default:
		p.move(motion(a, f), f)
	}
	return screen.Step{}, nil
}

// motion is by how many lines an action moves.
func motion(a keymap.Action, f screen.Frame) int {
	by, _ := a.Lines(f.H - 5)
	return by
}

func (p *Document) doTree(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	tree := p.view().tree
	switch a {
	case keymap.ActFold:
		tree.Fold()
	case keymap.ActUnfold:
		if large := tree.Unfold(); large != nil {
			return screen.Step{}, jsonview.UnfoldLarge(p.ask, tree, large)
		}
	case keymap.ActUnfoldAll:
		tree.UnfoldAll()
	case keymap.ActRead:
		n := tree.Current()
		return screen.Step{}, Read(p.ask, f.W, About{Path: n.Path(), Subject: p.about.Subject, Node: n, Command: p.command})
	case keymap.ActCopyValue:
		n := tree.Current()
		return screen.Step{}, p.ask.CopyBy("the value of "+Shortened(n.Path(), ShownPath), p.command, func(context.Context) (string, error) { return n.Copied(), nil })
	case keymap.ActCopyPath:
		path := tree.Current().Path()
		return screen.Step{}, p.ask.Copy("the path "+Shortened(path, ShownPath), screen.PlainText(path))
	default:
		tree.Move(motion(a, f))
	}
	return screen.Step{}, nil
}

// move moves what is in sight of a text.
func (p *Document) move(n int, f screen.Frame) {
	v := p.view()
	if v.lines == nil || v.raw.Hex {
		v.raw.Move(v.body, n, f.W-2)
		return
	}
	v.top = min(max(v.top+n, 0), max(v.lines.Len()-p.room(f), 0))
}

func (p *Document) Update(msg tea.Msg, f screen.Frame) tea.Cmd {
	switch msg := msg.(type) {
	case laidMsg:
		msg.take(p)
	case foundMsg:
		if msg.of == p {
			return tea.Batch(p.takeFound(msg, f), p.lay(f))
		}
	}
	return p.lay(f)
}

func (p *Document) Moves(screen.Frame) time.Duration { return 0 }

func (p *Document) Idle(f screen.Frame) (left, right string) {
	v := p.view()
	switch {
	case p.find.text != "":
		return p.find.text + ": " + p.find.found(), ""
	case v.tree != nil && v.tree.Current() != nil:
		left = Shortened(v.tree.Current().Path(), max(f.W*2/3, 20))
	case v.doc != nil:
		var parts []string
		for _, l := range v.doc.Left {
			parts = append(parts, style.Plural(int64(l.N), l.What))
		}
		if len(parts) > 0 {
			left = "not rendered: " + strings.Join(parts, ", ") + f.Theme.Mark.Say(" – ") + f.Label(keymap.ActOtherPane) + " shows the source"
		}
		if p.why != "" {
			left = p.why
		}
	}
	if len(p.views) > 1 {
		right = v.name
	}
	return left, right
}

// above is what stands above the body.
func (p *Document) above(f screen.Frame) []string {
	t := f.Theme
	lines := p.head(f)
	if !p.hidden {
		for _, field := range p.fields[:min(len(p.fields), max(f.H/3, 1))] {
			lines = append(lines, field.Draw(t, 22, f.W, false, false)...)
		}
	}
	return append(lines, t.Line(f.W, ""))
}

// room is how many lines of the body are in sight.
func (p *Document) room(f screen.Frame) int { return max(f.H-len(p.above(f))-1, 1) }

func (p *Document) View(f screen.Frame) []string {
	t, v := f.Theme, p.view()
	lines := p.above(f)
	h := f.H - len(lines) - 1
	switch {
	case v.tree != nil:
		lines = append(lines, v.tree.View(t, jsonview.TreeLook{W: f.W, H: h, Focused: true, Wrap: 8, Find: p.find.text, At: p.find.node(v.tree)}, jsonview.NoRemarks{})...)
	case v.lines == nil || v.raw.Hex:
		lines = append(lines, v.raw.Lines(t, v.body, f.W, h, p.find.text)...)
	default:
		for _, line := range v.lines.Draw(t, v.top, h, p.find.texts, p.find.at) {
			lines = append(lines, " "+line)
		}
	}
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

func (p *Document) PrintedBy(screen.Frame) string { return p.command }

// inSight says which lines are in sight, for example "lines 1–14 of 21".
func (p *Document) inSight(f screen.Frame) string {
	v := p.view()
	if v.lines == nil || v.raw.Hex || v.tree != nil {
		return ""
	}
	n := v.lines.Len()
	last := min(v.top+max(f.H-3, 1), n)
	if v.top == 0 && last == n {
		return style.Plural(int64(n), "line")
	}
	return visible.Line(f.Theme.Mark.Say(fmt.Sprintf("lines %s–%s of %s", style.Count(int64(v.top+1)), style.Count(int64(last)), style.Count(int64(n)))))
}

package tui

// A document: a text that fills the screen, as a tree where it is JSON.

import (
	"bytes"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

type document struct {
	ask     *runner
	command string // that prints the same
	name    string // of the screen, for the help
	head    func(f frame) []string
	fields  []headerLine // above the body, and hidden on request
	body    []byte
	tree    *tree // nil where the body is no JSON
	raw     rawView
	hidden  bool
}

func newDocument(a *runner, name, command string, head func(frame) []string, fields []headerLine, body []byte) *document {
	return &document{ask: a, name: name, command: command, head: head, fields: fields, body: body, tree: answerTree(body), raw: rawView{hex: unreadable(body)}}
}

// unreadable tells whether a body is no text that anybody reads.
func unreadable(body []byte) bool {
	for i := 0; i < utf8.UTFMax && len(body) > 0 && !utf8.Valid(body); i++ {
		body = body[:len(body)-1] // the first bytes of a longer one may end within a character
	}
	return bytes.IndexByte(body, 0) >= 0 || !utf8.Valid(body)
}

func (p *document) Name() string { return p.name }

func (p *document) Keys(frame) []binding {
	var actions []action
	if p.tree != nil {
		if p.tree.foldable() {
			actions = append(actions, actFold)
		}
		if p.tree.unfoldable() {
			actions = append(actions, actUnfold)
		}
		if p.tree.nested() {
			actions = append(actions, actUnfoldAll)
		}
		if p.tree.current() != nil {
			actions = append(actions, actCopyValue, actCopyPath)
		}
	}
	if p.tree == nil && len(p.body) > 0 {
		actions = append(actions, actCopyValue, actHex)
	}
	if len(p.body) > 0 {
		actions = append(actions, actSave, actPager)
	}
	if len(p.fields) > 0 {
		actions = append(actions, actHeaders)
	}
	actions = append(actions, actUp, actDown, actPageUp, actPageDown, actFirst, actLast, actBack, actHelp, actQuit)
	bindings := keys(actions...)
	for i, b := range bindings {
		switch {
		case b.action == actHeaders:
			bindings[i].word, bindings[i].quiet = "headers", false
		case b.action == actCopyValue && p.tree == nil:
			bindings[i] = b.as("copy")
		}
	}
	return bindings
}

func (p *document) Do(a action, f frame) (step, tea.Cmd) {
	const far = 1 << 30
	move := map[action]int{actUp: -1, actDown: 1, actPageUp: -max(f.h-6, 1), actPageDown: max(f.h-6, 1), actFirst: -far, actLast: far}
	switch {
	case a == actBack:
		return step{pop: true}, nil
	case a == actHeaders:
		p.hidden = !p.hidden
	case a == actSave:
		name := strings.ReplaceAll(p.name, " ", "-") + ".txt"
		if p.tree != nil {
			name = strings.TrimSuffix(name, ".txt") + ".json"
		}
		return step{push: newPrompt(p, "save", "save to", "save", name, func(path string) tea.Cmd { return p.ask.save(path, p.body) })}, nil
	case a == actPager:
		return step{}, p.ask.pager(p.body)
	case a == actHex && p.tree == nil:
		p.raw = rawView{hex: !p.raw.hex, offset: p.raw.offset}
	case a == actCopyValue && p.tree == nil:
		return step{}, p.ask.copy("the whole, "+plural(int64(len(p.body)), "byte")+",", plainText(string(p.body)))
	case p.tree == nil:
		p.raw.move(p.body, move[a], f.w-2)
	case a == actFold:
		p.tree.fold()
	case a == actUnfold:
		p.tree.unfold()
	case a == actUnfoldAll:
		p.tree.unfoldAll()
	case a == actCopyValue:
		n := p.tree.current()
		return step{}, p.ask.copyBy("the value of "+shortened(n.path(), shownPath), p.command, func(context.Context) (string, error) { return n.copied(), nil })
	case a == actCopyPath:
		path := p.tree.current().path()
		return step{}, p.ask.copy("the path "+shortened(path, shownPath), plainText(path))
	default:
		p.tree.move(move[a])
	}
	return step{}, nil
}

func (p *document) Update(tea.Msg, frame) tea.Cmd { return nil }

func (p *document) Moves(frame) time.Duration { return 0 }

func (p *document) Idle(frame) (left, right string) {
	if p.tree != nil && p.tree.current() != nil {
		left = p.tree.current().path()
	}
	return left, ""
}

func (p *document) View(f frame) []string {
	t := f.theme
	lines := p.head(f)
	if !p.hidden {
		for _, field := range p.fields[:min(len(p.fields), max(f.h/3, 1))] {
			lines = append(lines, field.draw(t, 22, f.w, false, false)...)
		}
	}
	lines = append(lines, t.line(f.w, ""))
	h := f.h - len(lines) - 1
	if p.tree != nil {
		lines = append(lines, p.tree.view(t, treeLook{w: f.w, h: h, focused: true, wrap: 8}, noRemarks{})...)
	} else {
		lines = append(lines, p.raw.lines(t, p.body, f.w, h, "")...)
	}
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

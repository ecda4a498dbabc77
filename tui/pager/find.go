package pager

// What is looked for in a document.

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/reading"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A finding is a text that is looked for, and where it is.
type finding struct {
	text  string
	known string // the text that the hits belong to
	asked bool
	at    int

	nodes []jsonview.Hit // in a tree
	texts []reading.Hit  // in a text
}

// foundMsg answers look.
type foundMsg struct {
	of    *Document
	view  *view
	text  string
	nodes []jsonview.Hit
	texts []reading.Hit
}

func (x *finding) hits() int { return max(len(x.nodes), len(x.texts)) }

func (x *finding) actions() []keymap.Action {
	if x.text == "" || x.hits() == 0 {
		return nil
	}
	return []keymap.Action{keymap.ActFindNext, keymap.ActFindPrevious}
}

// found is the line about it.
func (x *finding) found() string {
	switch n := x.hits(); {
	case x.known != x.text:
		return "searching…"
	case n == 0:
		return "not found"
	case n == jsonview.MaxHits:
		return fmt.Sprintf("match %d of more than %s", x.at+1, style.Count(jsonview.MaxHits))
	default:
		return fmt.Sprintf("match %d of %s", x.at+1, style.Count(int64(n)))
	}
}

// node is the hit of a tree that was gone to, or nil.
func (x *finding) node(t *jsonview.Tree) *jsonview.Hit {
	if x.at >= len(x.nodes) {
		return nil
	}
	return &x.nodes[x.at]
}

// newFind asks for a text, and looks for it while it is written.
func (p *Document) newFind() screen.Screen {
	p.find = finding{}
	prompt := screen.NewPrompt(p, "find", "find", "keep", "", func(string) tea.Cmd { return nil })
	prompt.Change = func(text string, _ screen.Frame) tea.Cmd {
		p.find = finding{text: text, asked: p.find.asked}
		if text == "" || p.find.asked {
			return nil
		}
		p.find.asked = true
		return p.look(text)
	}
	prompt.Leave = func() { p.find = finding{} }
	prompt.Note = func() string {
		if p.find.text == "" {
			return ""
		}
		return p.find.found()
	}
	return prompt
}

// look looks for a text in the view that is shown.
func (p *Document) look(text string) tea.Cmd {
	v := p.view()
	return p.ask.Cmd(func() tea.Msg {
		msg := foundMsg{of: p, view: v, text: text}
		switch {
		case v.tree != nil:
			msg.nodes = jsonview.FindNodes(v.body, text, false)
		case v.doc != nil:
			for _, h := range jsonview.FindBytes([]byte(v.doc.Text), text) {
				msg.texts = append(msg.texts, reading.Hit{From: h.Offset, To: h.Offset + len(text)})
			}
		}
		return msg
	})
}

// takeFound takes what was found, and goes to the first of it that is not above what is in
// sight. If something else is wanted by now, it looks for that.
func (p *Document) takeFound(msg foundMsg, f screen.Frame) tea.Cmd {
	p.find.asked = false
	if p.find.text == "" {
		return nil
	}
	if msg.text != p.find.text || msg.view != p.view() {
		p.find.asked = true
		return p.look(p.find.text)
	}
	p.find.known, p.find.nodes, p.find.texts = msg.text, msg.nodes, msg.texts
	first := 0
	if v := p.view(); v.lines != nil && v.tree == nil {
		for first < len(msg.texts) && v.lines.Of(msg.texts[first].From) < v.top {
			first++
		}
		if first == len(msg.texts) {
			first = 0
		}
	}
	p.goTo(first, f)
	return nil
}

// goTo shows a hit, counted round.
func (p *Document) goTo(i int, f screen.Frame) {
	n, v := p.find.hits(), p.view()
	if n == 0 {
		return
	}
	p.find.at = (i + n) % n
	switch {
	case v.tree != nil:
		v.tree.Reveal(p.find.nodes[p.find.at].Way)
	case v.lines != nil:
		room := p.room(f)
		if line := v.lines.Of(p.find.texts[p.find.at].From); line < v.top || line >= v.top+room {
			v.top = min(max(line-room/3, 0), max(v.lines.Len()-room, 0))
		}
	default:
		v.raw.Offset = p.find.texts[p.find.at].From
	}
}

package tui

// What a target answered: in the tab deliveries, and whole on a screen of its own.

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
)

// An answer is the body of one attempt's response, taken apart.
type answer struct {
	tree *tree          // nil where it is no JSON
	diff *jsondiff.Diff // from the first attempt's; nil for that one
}

// newAnswer takes the answer of an attempt apart. What is kept of it is small enough
// for that.
func newAnswer(sent []event.Delivery, i int) answer {
	if i < 0 || i >= len(sent) {
		return answer{}
	}
	a := answer{tree: answerTree(sent[i].ResponseBody)}
	if i > 0 && sent[0].State == event.Done && sent[i].State == event.Done {
		a.diff = jsondiff.Compare(sent[0].ResponseBody, sent[i].ResponseBody)
	}
	return a
}

func answerTree(body []byte) *tree {
	t := newTree(body)
	if !json.Valid(body) || !t.root.container() {
		return nil
	}
	t.unfoldAll()
	return t
}

// view draws the beginning of the body on w by h cells.
func (a *answer) view(f frame, d *event.Delivery, w, h int) []string {
	t := f.theme
	var lines []string
	if a.tree != nil {
		whole := *a.tree
		whole.cursor, whole.top = 0, 0
		lines = whole.view(t, treeLook{w: w, h: h + 1, wrap: 2}, remarks{})
	} else {
		for line := range strings.Lines(visible.Block(string(d.ResponseBody[:min(len(d.ResponseBody), 8<<10)]))) {
			for _, part := range t.wrap(strings.TrimSuffix(line, "\n"), w-2, 20) {
				lines = append(lines, " "+part)
			}
		}
	}
	if len(lines) > h {
		lines = append(lines[:h-1], t.dim.paint(" "+t.mark.tail+" the rest by "+t.mark.say("↵")))
	}
	return lines
}

// wholeAnswer is the screen of one response: its headers and its body.
type wholeAnswer struct {
	of   event.Delivery
	tree *tree // nil where the body is no JSON
	raw  rawView
	head bool // the headers are shown too
}

func newWholeAnswer(d *event.Delivery) *wholeAnswer {
	return &wholeAnswer{of: *d, tree: answerTree(d.ResponseBody), head: true}
}

func (p *wholeAnswer) Name() string { return "response" }

func (p *wholeAnswer) Keys(frame) []binding {
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
	}
	if len(p.of.ResponseHeader) > 0 {
		actions = append(actions, actHeaders)
	}
	actions = append(actions, actUp, actDown, actPageUp, actPageDown, actFirst, actLast, actBack, actHelp, actQuit)
	bindings := keys(actions...)
	for i, b := range bindings {
		if b.action == actHeaders {
			bindings[i].word, bindings[i].quiet = "headers", false
		}
	}
	return bindings
}

func (p *wholeAnswer) Do(a action, f frame) (step, tea.Cmd) {
	const far = 1 << 30
	move := map[action]int{actUp: -1, actDown: 1, actPageUp: -max(f.h-6, 1), actPageDown: max(f.h-6, 1), actFirst: -far, actLast: far}
	switch {
	case a == actBack:
		return step{pop: true}, nil
	case a == actHeaders:
		p.head = !p.head
	case p.tree == nil:
		p.raw.move(p.of.ResponseBody, move[a], f.w-2)
	case a == actFold:
		p.tree.fold()
	case a == actUnfold:
		p.tree.unfold()
	case a == actUnfoldAll:
		p.tree.unfoldAll()
	default:
		p.tree.move(move[a])
	}
	return step{}, nil
}

func (p *wholeAnswer) Update(tea.Msg, frame) tea.Cmd { return nil }

func (p *wholeAnswer) Moves(frame) time.Duration { return 0 }

func (p *wholeAnswer) Idle(frame) (left, right string) {
	if p.tree != nil && p.tree.current() != nil {
		left = p.tree.current().path()
	}
	return left, ""
}

func (p *wholeAnswer) View(f frame) []string {
	t := f.theme
	title := fmt.Sprintf(" %s %s  attempt %d to %s", t.mark.back, t.link.paint(p.of.Event.Short()), p.of.N, visible.Line(address(p.of.URL, false)))
	lines := append([]string{title}, answerHead(&p.of, f, f.w)...)
	if p.head {
		for _, field := range p.of.ResponseHeader[:min(len(p.of.ResponseHeader), max(f.h/3, 1))] {
			lines = append(lines, headerLine{visible.Line(field.Name), visible.Line(field.Value), ""}.draw(t, 22, f.w)...)
		}
	}
	lines = append(lines, t.line(f.w, ""))
	h := f.h - len(lines) - 1
	if p.tree != nil {
		lines = append(lines, p.tree.view(t, treeLook{w: f.w, h: h, focused: true, wrap: 8}, remarks{})...)
	} else {
		body := p.raw.view(t, &event.Event{Body: p.of.ResponseBody}, "", f.w, h+2, "")
		lines = append(lines, body[2:]...)
	}
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

package tui

// What a target answered: in the tab deliveries, and whole on a screen of its own.

import (
	"bytes"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
)

// An answer is the body of one attempt's response, taken apart.
type answer struct {
	body []byte
	tree *tree       // nil where it is no JSON
	pair *answerPair // this answer and the first attempt's; nil for that one
	diff *difference // of the pair; nil until it was made
}

// An answerPair is two answers to be compared.
type answerPair struct {
	was, is []byte
	asked   bool
}

// comparedAtOnce is the size of two answers up to which a frame has time to compare them.
const comparedAtOnce = 8 << 10

// newAnswer takes the answer of an attempt apart, unless was is what would come of it.
// What is kept of it is small enough for that, and for the most part for a comparison.
func newAnswer(was answer, sent []event.Delivery, i int) answer {
	if i < 0 || i >= len(sent) {
		return answer{}
	}
	body := sent[i].ResponseBody
	var pair *answerPair
	if i > 0 && sent[0].State == event.Done && sent[i].State == event.Done {
		pair = &answerPair{was: sent[0].ResponseBody, is: body}
	}
	if bytes.Equal(was.body, body) && was.pair.same(pair) {
		return was
	}
	a := answer{body: body, tree: answerTree(body), pair: pair}
	if pair != nil && len(pair.was)+len(pair.is) <= comparedAtOnce {
		a.diff = pair.compare()
	}
	return a
}

func (p *answerPair) same(q *answerPair) bool {
	if p == nil || q == nil {
		return p == q
	}
	return bytes.Equal(p.was, q.was) && bytes.Equal(p.is, q.is)
}

func (p *answerPair) compare() *difference { return newDifference(jsondiff.Compare(p.was, p.is)) }

// pairComparedMsg answers comparePair.
type pairComparedMsg struct {
	pair *answerPair
	diff *difference
}

// comparePair compares two answers that are too large for a frame.
func (a *asks) comparePair(p *answerPair) tea.Cmd {
	return a.cmd(func() tea.Msg { return pairComparedMsg{p, p.compare()} })
}

// missing is the pair that is to be compared yet, or nil.
func (a *answer) missing() *answerPair {
	if a.pair == nil || a.diff != nil || a.pair.asked {
		return nil
	}
	return a.pair
}

func answerTree(body []byte) *tree {
	t := newTree(body)
	if !t.valid || !t.root.container() {
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
		lines = whole.view(t, treeLook{w: w, h: h + 1, wrap: 2}, noRemarks{})
	} else if unreadable(d.ResponseBody) {
		n := hexWidth(w - 1)
		for at := 0; at < len(d.ResponseBody) && len(lines) <= h; at += n {
			lines = append(lines, t.hexLine(d.ResponseBody, at, n))
		}
	} else {
		for line := range strings.Lines(visible.Block(string(d.ResponseBody[:min(len(d.ResponseBody), 8<<10)]))) {
			for _, part := range t.wrap(strings.TrimSuffix(line, "\n"), w-2, 20) {
				lines = append(lines, " "+part)
			}
		}
	}
	if len(lines) > h {
		lines = append(lines[:max(h-1, 0)], t.dim.paint(" "+t.mark.tail+" the rest by "+f.label(actAnswer)))
	}
	return lines
}

// newWholeAnswer shows a response whole: its headers and its body.
func newWholeAnswer(a *runner, e *event.Event, d *event.Delivery) *document {
	of := *d
	var fields []headerLine
	for _, field := range of.ResponseHeader {
		fields = append(fields, headerLine{name: field.Name, value: field.Value})
	}
	head := func(f frame) []string {
		t := f.theme
		title := fmt.Sprintf(" %s %s  attempt %d to %s", t.mark.back, t.link.paint(of.Event.Short()), of.N, visible.Line(address(of.URL, false)))
		return append([]string{title}, answerHead(e, &of, f, f.w)...)
	}
	return newDocument(a, "response", "hfhook show "+string(of.Event)+" --deliveries", head, fields, of.ResponseBody)
}

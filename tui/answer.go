package tui

// What a target answered: in the tab deliveries, and whole on a screen of its own.

import (
	"fmt"
	"strings"

	"hfhook/event"
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
)

// An answer is the body of one attempt's response, taken apart.
type answer struct {
	tree *tree       // nil where it is no JSON
	diff *difference // from the first attempt's; nil for that one
}

// newAnswer takes the answer of an attempt apart. What is kept of it is small enough
// for that.
func newAnswer(sent []event.Delivery, i int) answer {
	if i < 0 || i >= len(sent) {
		return answer{}
	}
	a := answer{tree: answerTree(sent[i].ResponseBody)}
	if i > 0 && sent[0].State == event.Done && sent[i].State == event.Done {
		a.diff = newDifference(jsondiff.Compare(sent[0].ResponseBody, sent[i].ResponseBody))
	}
	return a
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
		lines = whole.view(t, treeLook{w: w, h: h + 1, wrap: 2}, remarks{})
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
		lines = append(lines[:max(h-1, 0)], t.dim.paint(" "+t.mark.tail+" the rest by "+t.label(actAnswer)))
	}
	return lines
}

// newWholeAnswer shows a response whole: its headers and its body.
func newWholeAnswer(a *asks, d *event.Delivery) *document {
	of := *d
	var fields []headerLine
	for _, field := range of.ResponseHeader {
		fields = append(fields, headerLine{name: field.Name, value: field.Value})
	}
	head := func(f frame) []string {
		t := f.theme
		title := fmt.Sprintf(" %s %s  attempt %d to %s", t.mark.back, t.link.paint(of.Event.Short()), of.N, visible.Line(address(of.URL, false)))
		return append([]string{title}, answerHead(&of, f, f.w)...)
	}
	return newDocument(a, "response", "hfhook show "+string(of.Event)+" --deliveries", head, fields, of.ResponseBody)
}

package detail

// What a target answered: in the tab deliveries, and whole on a screen of its own.

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/baseline"
	"hfhook/internal/visible"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/pager"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// An answer is the body of one attempt's response, taken apart.
type answer struct {
	body []byte
	tree *jsonview.Tree  // nil if it is not JSON
	Pair *answerPair     // this answer and the one before it at its target; nil for the first
	Diff *comparedAnswer // of the pair; nil until it was made

	right rightness // how it is beside the answers that a person has accepted
}

// A rightness says how an answer is beside the accepted ones of its target.
type rightness struct {
	known bool   // one is accepted, and it is not this one
	same  bool   // it is like one of them
	text  string // what differs; safe to show
}

// rightOf compares the answer of an attempt with the accepted ones. Of large answers it
// compares no bodies, which is too much for a frame, but their sums.
func rightOf(sent []event.Delivery, i int) rightness {
	d := &sent[i]
	b := baseline.Of(sent, d.Target, d.URL, nil)
	was := b.Answer()
	if was == nil || was.Accepted.IsZero() || !d.Accepted.IsZero() || d.State != event.Done {
		return rightness{}
	}
	size := len(d.ResponseBody)
	for _, a := range b.Answers() {
		size += len(a.ResponseBody)
		if a.Result() == d.Result() && a.ResponseSent.Known() && a.ResponseSent == d.ResponseSent {
			return rightness{known: true, same: true}
		}
	}
	if size > comparedAtOnce {
		return rightness{known: true, text: "other bytes"}
	}
	c, _ := b.Compare(d)
	return rightness{known: true, same: c.Verdict == baseline.Same, text: visible.Line(c.String())}
}

// line says it, for the tab deliveries; empty: there is nothing to say.
func (r rightness) line(t *style.Theme, w int) string {
	switch {
	case !r.known:
		return ""
	case r.same:
		return " " + t.Ok.Paint(t.Mark.Ok) + " as the accepted answer"
	}
	return " " + t.Failed.Paint(t.Mark.Failed) + t.Cut(" not as the accepted answer: "+r.text, w-2)
}

// An answerPair is two answers to be compared.
type answerPair struct {
	was, is event.Delivery
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
	if before := baseline.Before(sent, sent[i].N); before != nil && sent[i].State == event.Done {
		pair = &answerPair{was: *before, is: sent[i]}
	}
	right := rightOf(sent, i)
	if bytes.Equal(was.body, body) && was.Pair.same(pair) {
		was.right = right
		return was
	}
	a := answer{body: body, tree: jsonview.AnswerTree(body), Pair: pair, right: right}
	if pair != nil && len(pair.was.ResponseBody)+len(pair.is.ResponseBody) <= comparedAtOnce {
		a.Diff = pair.compare()
	}
	return a
}

func (p *answerPair) same(q *answerPair) bool {
	if p == nil || q == nil {
		return p == q
	}
	same := func(a, b *event.Delivery) bool {
		return a.N == b.N && a.ResponseSent == b.ResponseSent && bytes.Equal(a.ResponseBody, b.ResponseBody)
	}
	return same(&p.was, &q.was) && same(&p.is, &q.is)
}

func (p *answerPair) compare() *comparedAnswer { return compareAnswers(&p.was, &p.is) }

// PairComparedMsg answers comparePair.
type PairComparedMsg struct {
	Pair *answerPair
	Diff *comparedAnswer
}

// comparePair compares two answers that are too large for a frame.
func (a *asks) comparePair(p *answerPair) tea.Cmd {
	return a.Cmd(func() tea.Msg { return PairComparedMsg{p, p.compare()} })
}

// missing is the pair that is to be compared yet, or nil.
func (a *answer) missing() *answerPair {
	if a.Pair == nil || a.Diff != nil || a.Pair.asked {
		return nil
	}
	return a.Pair
}

// view draws the beginning of the body on w by h cells.
func (a *answer) view(f screen.Frame, d *event.Delivery, w, h int) []string {
	t := f.Theme
	var lines []string
	if a.tree != nil {
		whole := *a.tree
		whole.Cursor, whole.Top = 0, 0
		lines = whole.View(t, jsonview.TreeLook{W: w, H: h + 1, Wrap: 2}, jsonview.NoRemarks{})
	} else if pager.Unreadable(d.ResponseBody) {
		n := jsonview.HexWidth(w - 1)
		for at := 0; at < len(d.ResponseBody) && len(lines) <= h; at += n {
			lines = append(lines, jsonview.HexLine(t, d.ResponseBody, at, n))
		}
	} else {
		for line := range strings.Lines(visible.Block(string(d.ResponseBody[:min(len(d.ResponseBody), 8<<10)]))) {
			for _, part := range t.Wrap(strings.TrimSuffix(line, "\n"), w-2, 20) {
				lines = append(lines, " "+part)
			}
		}
	}
	if len(lines) > h {
		lines = append(lines[:max(h-1, 0)], t.Dim.Paint(" "+t.Mark.Tail+" the rest by "+f.Label(keymap.ActAnswer)))
	}
	return lines
}

// newWholeAnswer shows a response whole: its headers and its body.
func newWholeAnswer(a *screen.Runner, e *event.Event, d *event.Delivery) *pager.Document {
	of := *d
	var fields []pager.HeaderLine
	for _, field := range of.ResponseHeader {
		fields = append(fields, pager.HeaderLine{Name: field.Name, Value: field.Value})
	}
	head := func(f screen.Frame) []string {
		t := f.Theme
		title := fmt.Sprintf(" %s  attempt %d to %s", t.Link.Paint(of.Event.Short()), of.N, visible.Line(style.Address(of.URL, false)))
		return slices.Concat([]string{title}, answerHead(e, &of, f, f.W), timing(&of))
	}
	return pager.NewDocument(a, "response", "hfhook show "+string(of.Event)+" --deliveries", head, fields, of.ResponseBody)
}

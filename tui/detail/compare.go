package detail

// The tab diff: what the event, A, has otherwise than another, B, by the path of each
// field. B is what A is an edited copy of, else the one before it of the same kind, until
// the user picks another.

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/baseline"
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/tui/eventlist"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A comparison is the content of the tab.
type comparison struct {
	Known  *ComparedMsg // nil until it was made
	wanted event.ID     // the B that is asked for; empty: the original or the one before
	asked  bool
	stale  bool       // there are other attempts by now
	newer  []event.ID // the Bs before this one, to go back to

	equal   bool                 // equal fields are shown too
	AsText  bool                 // by lines
	byLine  *jsonview.Difference // of the events that are known; nil until it was made
	reading bool                 // it is being made
	drawn   jsonview.DrawnLines
	answers jsonview.DrawnLines // of the handlers
	scroll  int
}

// ComparedMsg answers compare.
type ComparedMsg struct {
	A, wanted event.ID
	B         *event.Event // nil where there is none
	payload   *jsonview.Difference
	answer    *comparedAnswer // of the last answers of the handlers; nil where there are none to compare
	rewritten bool            // the payloads are the same JSON in other bytes
	was, is   event.Delivery  // the last deliveries of B and A, at the same target if there are such
	err       error

	// Of the first attempt of A, if that is an edited copy of B.
	first       *event.Delivery // the last one of B at the same target; nil if there is none
	firstAnswer *comparedAnswer
}

// TextComparedMsg answers compareText.
type TextComparedMsg struct {
	A, b event.ID
	text *jsonview.Difference
}

// compareText compares two payloads by lines.
func (a *asks) compareText(e, b *event.Event) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		msg := TextComparedMsg{e.ID, b.ID, jsonview.NewDifference(jsondiff.CompareText(b.Body, e.Body))}
		jsonview.GiveBack(len(b.Body) + len(e.Body))
		return msg
	})
}

func (a *asks) compare(e *event.Event, sent []event.Delivery, with event.ID) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		msg := ComparedMsg{A: e.ID, wanted: with}
		if with == "" && e.Parent != "" {
			msg.B, msg.err = a.session.Event(a.Ctx, e.Parent)
			if msg.err != nil && !errors.Is(msg.err, store.ErrNotFound) { // it may have been deleted
				return msg
			}
		}
		if with == "" && msg.B == nil {
			if with, msg.err = a.session.PreviousOfKind(a.Ctx, e, e.ID); msg.err != nil {
				return msg
			}
		}
		if msg.B == nil {
			if msg.B, msg.err = a.session.Event(a.Ctx, with); msg.err != nil {
				return msg
			}
		}
		msg.payload = jsonview.NewDifference(jsondiff.Compare(msg.B.Body, e.Body))
		jsonview.GiveBack(len(msg.B.Body) + len(e.Body))
		msg.rewritten = msg.payload.Same() && !bytes.Equal(msg.B.Body, e.Body)
		before, err := a.session.Deliveries(a.Ctx, msg.B.ID)
		if msg.err = err; err == nil && len(before) > 0 && len(sent) > 0 {
			msg.was, msg.is = before[len(before)-1], sent[len(sent)-1]
			if last := LastAnswered(before, msg.is.Target); last != nil {
				msg.was = *last
			}
			msg.answer = compareAnswers(&msg.was, &msg.is)
			if last := LastAnswered(before, sent[0].Target); last != nil && msg.B.ID == e.Parent {
				msg.first, msg.firstAnswer = last, compareAnswers(last, &sent[0])
			}
		}
		return msg
	})
}

// OlderMsg answers older.
type OlderMsg struct {
	A, B event.ID
	Err  error
}

// older looks for the event of A's kind before B.
func (a *asks) older(e *event.Event, before event.ID) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		b, err := a.session.PreviousOfKind(a.Ctx, e, before)
		return OlderMsg{A: e.ID, B: b, Err: err}
	})
}

// missing reports whether the comparison has yet to be asked for.
func (c *comparison) missing() bool {
	return !c.asked && (c.Known == nil || c.stale || c.Known.wanted != c.wanted)
}

// With asks for another B.
func (c *comparison) With(b event.ID) {
	if c.Known != nil && c.Known.B != nil {
		c.newer = append(c.newer, c.Known.B.ID)
	}
	c.wanted, c.scroll = b, 0
}

// back goes to the B before.
func (c *comparison) back() {
	if n := len(c.newer); n > 0 {
		c.wanted, c.newer, c.scroll = c.newer[n-1], c.newer[:n-1], 0
	}
}

func (c *comparison) Take(msg ComparedMsg) {
	c.asked = false
	if msg.wanted == c.wanted {
		c.Known, c.byLine = &msg, nil
	}
}

// lacksText reports whether the comparison by lines has yet to be asked for.
func (c *comparison) lacksText() bool {
	return c.AsText && c.byLine == nil && !c.reading && c.Known != nil && c.Known.B != nil && c.Known.err == nil
}

func (c *comparison) TakeText(msg TextComparedMsg) {
	c.reading = false
	if c.Known != nil && c.Known.B != nil && c.Known.B.ID == msg.b {
		c.byLine = msg.text
	}
}

func (c *comparison) move(n int) { c.scroll = max(c.scroll+n, 0) }

func (c *comparison) view(f screen.Frame, a eventlist.Item, w, h int) []string {
	t := f.Theme
	lines := []string{side(t, f, "A", a.Row, "this event", w)}
	switch {
	case c.Known == nil:
		return append(lines, t.Line(w, ""))
	case errors.Is(c.Known.err, store.ErrNotFound) && c.Known.wanted == "":
		return append(lines, t.Line(w, ""), " No earlier event of this kind to compare with.", t.Dim.Paint(" "+f.Label(keymap.ActPick)+" picks one to compare it with."))
	case c.Known.err != nil:
		return append(lines, t.Line(w, ""), " "+t.Failed.Paint(visible.Line(screen.Plain(c.Known.err))))
	}
	b := c.Known.B.Row()
	what, brief := "picked", "picked"
	switch {
	case c.Known.wanted == "" && b.ID == a.Row.Parent:
		what, brief = "the original", "original"
	case c.Known.wanted == "":
		what, brief = "previous of the same kind", "prev"
	}
	if w < 72 {
		one := func(name string, r *event.Row) string {
			return t.Bold.Paint(name) + " " + t.Link.Paint(r.ID.Short()) + " " + f.Moment(r.Received)
		}
		lines[0] = t.Cut(" "+one("A", a.Row)+"   "+one("B", &b)+t.Dim.Paint(" ("+brief+")"), w)
	} else {
		lines = append(lines, side(t, f, "B", &b, what, w))
	}
	lines = append(lines, t.Line(w, ""))
	text := c.text(f, w)
	c.scroll = min(c.scroll, max(len(text)-(h-len(lines)), 0)) // else the way back would be as long
	return append(lines, text[c.scroll:]...)
}

// side is the line about one of the two events.
func side(t *style.Theme, f screen.Frame, name string, r *event.Row, what string, w int) string {
	text := fmt.Sprintf(" %s  %s  %s  %s", t.Bold.Paint(name), t.Link.Paint(r.ID.Short()), f.Moment(r.Received), t.Fit(visible.Line(r.Label), 14))
	return t.Cut(text+"  "+t.Dim.Paint("("+what+")"), w)
}

// text is everything below the two events.
func (c *comparison) text(f screen.Frame, w int) []string {
	t := f.Theme
	shown := c.Known.payload
	if c.AsText {
		if shown = c.byLine; shown == nil {
			return []string{""} // it comes in a moment
		}
	}
	lines := slices.Clip(c.drawn.Lines(t, shown, w, c.equal))
	switch {
	case !c.Known.rewritten:
	case !c.AsText:
		lines = append([]string{" Only formatting differs: order, spaces or escapes. " + f.Label(keymap.ActAsText) + " shows the text."}, lines...)
	case shown.Same():
		lines = append([]string{" Only the spaces differ."}, lines...)
	}
	if c.Known.answer == nil {
		return lines
	}
	was, is := c.Known.was, c.Known.is
	lines = append(lines, "", " "+t.Bold.Paint("Handler"))
	lines = append(lines, same(t, "status", resultText(&is), resultText(&was), w))
	answer := c.Known.answer
	switch {
	case answer.other:
		return append(lines, t.Dim.Paint(" = body    equal, formatted differently"))
	case answer.verdict == baseline.Same:
		return append(lines, t.Dim.Paint(" = body    equal"))
	}
	lines = append(lines, answer.whyLines(t, w)...)
	if answer.bodies.Same() {
		return lines
	}
	return append(lines, c.answers.Lines(t, answer.bodies, w, false)...)
}

func resultText(d *event.Delivery) string {
	if result := d.Result(); result != "" {
		return result
	}
	return "no answer"
}

// counts is the line about a comparison.
func (c *comparison) counts() string {
	if c.Known == nil || c.Known.payload == nil {
		return ""
	}
	n := c.Known.payload.Counts
	return fmt.Sprintf("%d changed, %d added, %d removed, %d equal", n[jsondiff.Changed], n[jsondiff.Added], n[jsondiff.Removed], n[jsondiff.Equal])
}

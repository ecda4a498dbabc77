package tui

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
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
	"hfhook/store"
)

// A comparison is the content of the tab.
type comparison struct {
	known  *comparedMsg // nil until it was made
	wanted event.ID     // the B that is asked for; empty: the original or the one before
	asked  bool
	stale  bool       // there are other attempts by now
	newer  []event.ID // the Bs before this one, to go back to

	equal   bool        // equal fields are shown too
	asText  bool        // by lines
	byLine  *difference // of the events that are known; nil until it was made
	reading bool        // it is being made
	drawn   drawnLines
	answers drawnLines // of the handlers
	scroll  int
}

// comparedMsg answers compare.
type comparedMsg struct {
	a, wanted event.ID
	b         *event.Event // nil where there is none
	payload   *difference
	answer    *difference    // of the last answers of the handlers; nil where there are none to compare
	rewritten bool           // the payloads are the same JSON in other bytes
	reworded  bool           // and the answers so
	was, is   event.Delivery // the last deliveries of B and A
	err       error

	// Of the first attempts, where A is an edited copy of B.
	first       *event.Delivery // of B; nil where there is none
	firstAnswer *difference
}

// textComparedMsg answers compareText.
type textComparedMsg struct {
	a, b event.ID
	text *difference
}

// compareText compares two payloads by lines.
func (a *asks) compareText(e, b *event.Event) tea.Cmd {
	return a.cmd(func() tea.Msg {
		msg := textComparedMsg{e.ID, b.ID, newDifference(jsondiff.CompareText(b.Body, e.Body))}
		giveBack(len(b.Body) + len(e.Body))
		return msg
	})
}

func (a *asks) compare(e *event.Event, sent []event.Delivery, with event.ID) tea.Cmd {
	return a.cmd(func() tea.Msg {
		msg := comparedMsg{a: e.ID, wanted: with}
		if with == "" && e.Parent != "" {
			msg.b, msg.err = a.session.Event(a.ctx, e.Parent)
			if msg.err != nil && !errors.Is(msg.err, store.ErrNotFound) { // it may have been deleted
				return msg
			}
		}
		if with == "" && msg.b == nil {
			if with, msg.err = a.session.Like(a.ctx, e, e.ID); msg.err != nil {
				return msg
			}
		}
		if msg.b == nil {
			if msg.b, msg.err = a.session.Event(a.ctx, with); msg.err != nil {
				return msg
			}
		}
		msg.payload = newDifference(jsondiff.Compare(msg.b.Body, e.Body))
		giveBack(len(msg.b.Body) + len(e.Body))
		msg.rewritten = msg.payload.Same() && !bytes.Equal(msg.b.Body, e.Body)
		before, err := a.session.Deliveries(a.ctx, msg.b.ID)
		if msg.err = err; err == nil && len(before) > 0 && len(sent) > 0 {
			msg.was, msg.is = before[len(before)-1], sent[len(sent)-1]
			msg.answer = newDifference(jsondiff.Compare(msg.was.ResponseBody, msg.is.ResponseBody))
			msg.reworded = msg.answer.Same() && !bytes.Equal(msg.was.ResponseBody, msg.is.ResponseBody)
			if msg.b.ID == e.Parent {
				msg.first, msg.firstAnswer = &before[0], newDifference(jsondiff.Compare(before[0].ResponseBody, sent[0].ResponseBody))
			}
		}
		return msg
	})
}

// olderMsg answers older.
type olderMsg struct {
	a, b event.ID
	err  error
}

// older looks for the event of A's kind before B.
func (a *asks) older(e *event.Event, before event.ID) tea.Cmd {
	return a.cmd(func() tea.Msg {
		b, err := a.session.Like(a.ctx, e, before)
		return olderMsg{a: e.ID, b: b, err: err}
	})
}

// missing tells whether the comparison has yet to be asked for.
func (c *comparison) missing() bool {
	return !c.asked && (c.known == nil || c.stale || c.known.wanted != c.wanted)
}

// with asks for another B.
func (c *comparison) with(b event.ID) {
	if c.known != nil && c.known.b != nil {
		c.newer = append(c.newer, c.known.b.ID)
	}
	c.wanted, c.scroll = b, 0
}

// back goes to the B before.
func (c *comparison) back() {
	if n := len(c.newer); n > 0 {
		c.wanted, c.newer, c.scroll = c.newer[n-1], c.newer[:n-1], 0
	}
}

func (c *comparison) take(msg comparedMsg) {
	c.asked = false
	if msg.wanted == c.wanted {
		c.known, c.byLine = &msg, nil
	}
}

// lacksText tells whether the comparison by lines has yet to be asked for.
func (c *comparison) lacksText() bool {
	return c.asText && c.byLine == nil && !c.reading && c.known != nil && c.known.b != nil && c.known.err == nil
}

func (c *comparison) takeText(msg textComparedMsg) {
	c.reading = false
	if c.known != nil && c.known.b != nil && c.known.b.ID == msg.b {
		c.byLine = msg.text
	}
}

func (c *comparison) move(n int) { c.scroll = max(c.scroll+n, 0) }

func (c *comparison) view(f frame, a item, w, h int) []string {
	t := f.theme
	lines := []string{t.side(f, "A", a.row, "this event", w)}
	switch {
	case c.known == nil:
		return append(lines, t.line(w, ""))
	case errors.Is(c.known.err, store.ErrNotFound) && c.known.wanted == "":
		return append(lines, t.line(w, ""), " No earlier event is of its kind.", t.dim.paint(" "+f.label(actPick)+" picks one to compare it with."))
	case c.known.err != nil:
		return append(lines, t.line(w, ""), " "+t.failed.paint(visible.Line(c.known.err.Error())))
	}
	b := c.known.b.Row()
	what, brief := "picked", "picked"
	switch {
	case c.known.wanted == "" && b.ID == a.row.Parent:
		what, brief = "the original", "original"
	case c.known.wanted == "":
		what, brief = "previous of the same kind", "prev"
	}
	if w < 72 {
		one := func(name string, r *event.Row) string {
			return t.bold.paint(name) + " " + t.link.paint(r.ID.Short()) + " " + f.moment(r.Received)
		}
		lines[0] = t.cut(" "+one("A", a.row)+"   "+one("B", &b)+t.dim.paint(" ("+brief+")"), w)
	} else {
		lines = append(lines, t.side(f, "B", &b, what, w))
	}
	lines = append(lines, t.line(w, ""))
	text := c.text(f, w)
	c.scroll = min(c.scroll, max(len(text)-(h-len(lines)), 0)) // else the way back would be as long
	return append(lines, text[c.scroll:]...)
}

// side is the line about one of the two events.
func (t *theme) side(f frame, name string, r *event.Row, what string, w int) string {
	text := fmt.Sprintf(" %s  %s  %s  %s", t.bold.paint(name), t.link.paint(r.ID.Short()), f.moment(r.Received), t.fit(visible.Line(r.Label), 14))
	return t.cut(text+"  "+t.dim.paint("("+what+")"), w)
}

// text is everything below the two events.
func (c *comparison) text(f frame, w int) []string {
	t := f.theme
	shown := c.known.payload
	if c.asText {
		if shown = c.byLine; shown == nil {
			return []string{""} // it comes in a moment
		}
	}
	lines := slices.Clip(c.drawn.lines(t, shown, w, c.equal))
	switch {
	case !c.known.rewritten:
	case !c.asText:
		lines = append([]string{" Only the writing differs: order, spaces or escapes. " + f.label(actAsText) + " shows the text."}, lines...)
	case shown.Same():
		lines = append([]string{" Only the spaces differ."}, lines...)
	}
	if c.known.answer == nil {
		return lines
	}
	was, is := c.known.was, c.known.is
	lines = append(lines, "", " "+t.bold.paint("Handler"))
	lines = append(lines, same(t, "status", resultText(&is), resultText(&was), w))
	switch {
	case c.known.reworded:
		return append(lines, t.dim.paint(" = body    equal, written otherwise"))
	case c.known.answer.Same():
		return append(lines, t.dim.paint(" = body    equal"))
	}
	return append(lines, c.answers.lines(t, c.known.answer, w, false)...)
}

func resultText(d *event.Delivery) string {
	if result := d.Result(); result != "" {
		return result
	}
	return "no answer"
}

// counts is the line about a comparison.
func (c *comparison) counts() string {
	if c.known == nil || c.known.payload == nil {
		return ""
	}
	n := c.known.payload.Counts
	return fmt.Sprintf("%d changed, %d added, %d removed, %d equal", n[jsondiff.Changed], n[jsondiff.Added], n[jsondiff.Removed], n[jsondiff.Equal])
}

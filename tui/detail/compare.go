package detail

// The tab diff: what the event, A, has otherwise than an earlier one, B, by the path of each
// field. B is what A is an edited copy of, else the one before it that has most in common
// with it, until the user picks another.

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/baseline"
	"hfhook/internal/duration"
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
	named  string       // what the wanted one is; empty: picked by the user
	asked  bool
	stale  bool       // there are other attempts by now
	newer  []compared // the Bs before this one, to go back to

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
	B         *event.Event // nil if there is none
	what      string       // what B is, for example "previous comment on me/corpus#19"
	payload   *jsonview.Difference
	answer    *comparedAnswer // of the last answers of the handlers; nil if there are none to compare
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
			msg.what = "the original"
			if msg.err != nil && !errors.Is(msg.err, store.ErrNotFound) { // it may have been deleted
				return msg
			}
		}
		if with == "" && msg.B == nil {
			previous, err := a.session.Previous(a.Ctx, e, e.ID)
			if msg.err = err; err != nil {
				return msg
			}
			with, msg.what = previous.ID, previous.What(string(e.Row().Scope))
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
	What string // what B is
	Err  error
}

// older looks for the event to compare A with that is before B.
func (a *asks) older(e *event.Event, before event.ID) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		b, err := a.session.Previous(a.Ctx, e, before)
		return OlderMsg{A: e.ID, B: b.ID, What: b.What(string(e.Row().Scope)), Err: err}
	})
}

// missing reports whether the comparison has yet to be asked for.
func (c *comparison) missing() bool {
	return !c.asked && (c.Known == nil || c.stale || c.Known.wanted != c.wanted)
}

// A compared is a B, and what it is.
type compared struct {
	id   event.ID
	what string
}

// With asks for another B; what says what it is, and is empty if the user picked it.
func (c *comparison) With(b event.ID, what string) {
	if c.Known != nil && c.Known.B != nil {
		c.newer = append(c.newer, compared{c.Known.B.ID, c.what()})
	}
	c.wanted, c.named, c.scroll = b, what, 0
}

// back goes to the B before.
func (c *comparison) back() {
	if n := len(c.newer); n > 0 {
		c.wanted, c.named, c.newer, c.scroll = c.newer[n-1].id, c.newer[n-1].what, c.newer[:n-1], 0
	}
}

// what says what the known B is.
func (c *comparison) what() string {
	switch {
	case c.Known.wanted == "":
		return c.Known.what
	case c.named != "":
		return c.named
	}
	return "picked"
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

func (c *comparison) view(f screen.Frame, a eventlist.Item, w, h int, focused bool) []string {
	t := f.Theme
	switch {
	case c.Known == nil:
		return nil
	case errors.Is(c.Known.err, store.ErrNotFound) && c.Known.wanted == "":
		return []string{"", " No earlier event to compare with.", t.Dim.Paint(" " + f.Label(keymap.ActPick) + " picks one.")}
	case c.Known.err != nil:
		return []string{"", " " + t.Failed.Paint(visible.Line(screen.Plain(c.Known.err)))}
	}
	b := c.Known.B.Row()
	what := t.Bold.Paint(visible.Line(c.what())) + t.Dim.Paint(", "+duration.Ago(f.Now.Sub(b.Received)))
	ids := t.Dim.Paint(t.Cut(fmt.Sprintf(" %s %s %s %s %s %s", visible.Line(b.ID.Short()), f.Moment(b.Received), t.Mark.Arrow, visible.Line(a.Row.ID.Short()), f.Moment(a.Row.Received), "(this event)"), w))
	lines := []string{t.Cut(" "+what, w), ids, t.Line(w, "")}
	if h < 6 {
		lines = []string{t.Cut(" "+t.Dim.Paint(visible.Line(b.ID.Short()))+" "+what, w)}
	}
	text := c.text(f, w, focused)
	c.scroll = min(c.scroll, max(len(text)-(h-len(lines)), 0)) // else the way back would be as long
	return append(lines, text[c.scroll:]...)
}

// text is everything below the two events.
func (c *comparison) text(f screen.Frame, w int, focused bool) []string {
	t := f.Theme
	shown, look := c.Known.payload, jsonview.DiffLook{W: w, All: c.equal}
	if focused { // else the key is for something else
		look.Show = f.Label(keymap.ActEqual)
	}
	if c.AsText {
		if shown = c.byLine; shown == nil {
			return []string{""} // it comes in a moment
		}
	}
	lines := slices.Clip(c.drawn.Lines(t, shown, look))
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
	lines = append(lines, "", t.Cut(" "+t.Bold.Paint("Answer")+"  "+resultText(t, &was)+" "+t.Mark.Arrow+" "+resultText(t, &is), w))
	answer := c.Known.answer
	switch {
	case answer.other:
		return append(lines, t.Dim.Paint(" the same body, formatted differently"))
	case answer.verdict == baseline.Same:
		return append(lines, t.Dim.Paint(" the same body"))
	}
	lines = append(lines, answer.whyLines(t, w)...)
	if answer.bodies.Same() {
		return lines
	}
	return append(lines, c.answers.Lines(t, answer.bodies, look)...)
}

// resultText is what came of an attempt, in the colour of that.
func resultText(t *style.Theme, d *event.Delivery) string {
	look := t.Failed
	switch {
	case d.OK():
		look = t.Ok
	case d.State != event.Done:
		look = t.Warn
	}
	return look.Paint(attempt.Text(d))
}

// counts is the line about a comparison.
func (c *comparison) counts() string {
	if c.Known == nil || c.Known.payload == nil {
		return ""
	}
	n := c.Known.payload.Counts
	return fmt.Sprintf("%d changed, %d added, %d removed, %d equal", n[jsondiff.Changed], n[jsondiff.Added], n[jsondiff.Removed], n[jsondiff.Equal])
}

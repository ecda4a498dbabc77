package eventlist

// What became of an event at its targets, in the cells of its row: a glyph for each
// target, in the order of the targets screen, and the worst status.

import (
	"fmt"
	"strings"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

const (
	glyphsFrom = 80 // cells of a screen that has room for glyphs and the status
	mostGlyphs = 4  // targets that have one each
)

// A segment is a part of a cell in one look.
type segment struct {
	text string
	look style.Style
}

func widthOf(segments []segment) (n int) {
	for _, s := range segments {
		n += style.Width(s.text)
	}
	return n
}

// speaker is the outcome that the row shows: the worst, or the first if no attempt
// counts. It is nil if there is none.
func speaker(r *event.Row) *event.Outcome {
	if worst := r.Worst(); worst != nil {
		return worst
	}
	if len(r.Outcomes) > 0 {
		return &r.Outcomes[0]
	}
	return nil
}

// Pending reports whether the row counts up. Nothing is awaited of a target that nobody has,
// or that holds what comes.
func Pending(r *event.Row, st *dev.State) bool {
	for i := range r.Outcomes {
		if o := &r.Outcomes[i]; o.Pending() && !o.LeftOver && !describe.IsHeld(o, st) {
			return true
		}
	}
	return false
}

// outcomes writes what became of an event: a glyph for each of several targets, and the worst
// status. Where there is little room it is the glyphs alone or, if all agree, the status alone.
func (c *rowCells) outcomes(r *event.Row, f screen.Frame) {
	o := speaker(r)
	if o == nil {
		if r.Unwanted {
			c.status = "no when="
		}
		return
	}
	c.attempt(&o.Last, r.Received, f)
	switch {
	case o.LeftOver && o.Pending():
		c.status, c.took, c.look = "left", "-", f.Theme.Dim
	case o.LeftOver && o.Failed():
		c.look = f.Theme.Dim
	case describe.IsHeld(o, f.State):
		c.status, c.took, c.look = "held", "-", f.Theme.Warn
	}
	glyphs := Glyphs(r.Outcomes, f)
	switch {
	case len(glyphs) == 0:
	case f.W < glyphsFrom && agree(r.Outcomes):
		c.glyphs, c.status = []segment{{c.status, c.look}}, ""
	case f.W < glyphsFrom:
		c.glyphs, c.status = glyphs, ""
	default:
		if c.glyphs = glyphs; c.status == f.Theme.Mark.Busy {
			c.status = "" // the glyph of that target says it
		}
	}
}

// agree reports whether all targets took the event, or all answered the same.
func agree(outcomes []event.Outcome) bool {
	taken := 0
	for i := range outcomes {
		if outcomes[i].OK() {
			taken++
		}
		if outcomes[i].Last.State != outcomes[0].Last.State || outcomes[i].Pending() {
			return false
		}
	}
	if taken > 0 {
		return taken == len(outcomes)
	}
	for i := range outcomes {
		if outcomes[i].Last.Result() != outcomes[0].Last.Result() {
			return false
		}
	}
	return true
}

// Outcome is what became of an event, as its row says it.
func Outcome(r *event.Row, f screen.Frame) string {
	c := rowCells{status: "-"}
	c.outcomes(r, f)
	var text strings.Builder
	for _, s := range c.glyphs {
		text.WriteString(s.text)
	}
	return strings.TrimSpace(text.String() + " " + c.status)
}

// Glyphs has one for each target, in the order of the targets, or for many how many of each
// there are, for example 3✓ 1✗. It is empty where there is but one target.
func Glyphs(outcomes []event.Outcome, f screen.Frame) (segments []segment) {
	slots := describe.InOrder(outcomes, f.State)
	t := f.Theme
	switch {
	case len(slots) < 2:
		return nil
	case len(slots) > mostGlyphs:
		return glyphCounts(outcomes, f)
	}
	for _, o := range slots {
		if o == nil {
			segments = append(segments, segment{t.Mark.Dot, t.Dim}) // it did not get the event
			continue
		}
		glyph, look := describe.OutcomeGlyph(o, f)
		segments = append(segments, segment{glyph, look})
	}
	return segments
}

// replayGlyphs has that of the target which a replay went to, in its column.
func replayGlyphs(it Item, f screen.Frame) (segments []segment) {
	slots := describe.InOrder(it.Row.Outcomes, f.State)
	if len(slots) < 2 || len(slots) > mostGlyphs || f.W < glyphsFrom {
		return nil
	}
	for _, o := range slots {
		if o == nil || o.Target != it.Replay.Target {
			segments = append(segments, segment{text: " "})
			continue
		}
		glyph, look := describe.OutcomeGlyph(&event.Outcome{Target: o.Target, Last: *it.Replay}, f)
		segments = append(segments, segment{glyph, look})
	}
	return segments
}

func glyphCounts(outcomes []event.Outcome, f screen.Frame) (segments []segment) {
	if len(outcomes) < 2 {
		return nil
	}
	counts, looks := map[string]int{}, map[string]style.Style{}
	for i := range outcomes {
		glyph, look := describe.OutcomeGlyph(&outcomes[i], f)
		counts[glyph]++
		looks[glyph] = look
	}
	mark := &f.Theme.Mark
	for _, glyph := range []string{mark.Ok, mark.Busy, mark.Held, mark.Off, mark.Failed} {
		if n := counts[glyph]; n > 0 {
			if len(segments) > 0 {
				segments = append(segments, segment{text: " "})
			}
			segments = append(segments, segment{fmt.Sprint(n) + glyph, looks[glyph]})
		}
	}
	return segments
}

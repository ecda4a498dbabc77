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
)

const (
	glyphsFrom = 80 // cells of a screen that has room for the glyphs before the status
	mostGlyphs = 4  // targets that have one each
)

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

// outcomes writes what became of an event.
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
		c.status, c.took, c.look = "left over", "-", f.Theme.Dim
	case o.LeftOver && o.Failed():
		c.look = f.Theme.Dim
	case describe.IsHeld(o, f.State):
		c.status, c.took, c.look = "held", "-", f.Theme.Warn
	}
	if len(r.Outcomes) < 2 {
		return
	}
	switch failed := failures(r.Outcomes); {
	case f.W >= glyphsFrom && c.status == f.Theme.Mark.Busy:
		c.status = Glyphs(f, r.Outcomes) // the glyph of that target says it
	case f.W >= glyphsFrom:
		c.status = Glyphs(f, r.Outcomes) + " " + c.status
	case failed > 0:
		c.status = fmt.Sprintf("%s %s%d/%d", c.status, f.Theme.Mark.Failed, failed, len(r.Outcomes))
	}
}

// Outcome is what became of an event, as its row says it.
func Outcome(r *event.Row, f screen.Frame) string {
	c := rowCells{status: "-"}
	c.outcomes(r, f)
	return c.status
}

func failures(outcomes []event.Outcome) (n int) {
	for i := range outcomes {
		if outcomes[i].Failed() {
			n++
		}
	}
	return n
}

// Glyphs has one for each target or, of many, how many of each there are, for example "3✓ 1✗".
func Glyphs(f screen.Frame, outcomes []event.Outcome) string {
	if len(outcomes) <= mostGlyphs {
		var b strings.Builder
		for i := range outcomes {
			glyph, _ := describe.OutcomeGlyph(&outcomes[i], f)
			b.WriteString(glyph)
		}
		return b.String()
	}
	counts := map[string]int{}
	for i := range outcomes {
		glyph, _ := describe.OutcomeGlyph(&outcomes[i], f)
		counts[glyph]++
	}
	mark := &f.Theme.Mark
	var parts []string
	for _, glyph := range []string{mark.Ok, mark.Busy, mark.Held, mark.Off, mark.Failed} {
		if n := counts[glyph]; n > 0 {
			parts = append(parts, fmt.Sprint(n)+glyph)
		}
	}
	return strings.Join(parts, " ")
}

package eventlist

// What became of an event at its targets, in the cells of its row: a glyph for each
// target, in the order of the targets screen, and the worst status.

import (
	"fmt"
	"strings"

	"hfhook/event"
	"hfhook/tui/screen"
	"hfhook/tui/style"
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

// Pending reports whether the row counts up. Nothing is awaited of a target that nobody has.
func Pending(r *event.Row) bool {
	for i := range r.Outcomes {
		if o := &r.Outcomes[i]; o.Pending() && !o.LeftOver {
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
	if o.LeftOver {
		c.look = f.Theme.Dim
		if o.Pending() {
			c.took = "-"
		}
	}
	if len(r.Outcomes) < 2 {
		return
	}
	switch failed := failures(r.Outcomes); {
	case f.W >= glyphsFrom:
		c.status = Glyphs(f.Theme, r.Outcomes) + " " + c.status
	case failed > 0:
		c.status = fmt.Sprintf("%s %s%d/%d", c.status, f.Theme.Mark.Failed, failed, len(r.Outcomes))
	}
}

func failures(outcomes []event.Outcome) (n int) {
	for i := range outcomes {
		if outcomes[i].Failed() {
			n++
		}
	}
	return n
}

// Glyph is one character for what became of an event at a target.
func Glyph(t *style.Theme, o *event.Outcome) string {
	switch o.Rank() {
	case event.Taken:
		return t.Mark.Ok
	case event.UnderWay, event.StillWaiting:
		return t.Mark.Busy
	case event.Unknown:
		return t.Mark.Off
	}
	return t.Mark.Failed
}

// Glyphs has one for each target or, of many, how many of each there are, as in "3✓ 1✗".
func Glyphs(t *style.Theme, outcomes []event.Outcome) string {
	if len(outcomes) <= mostGlyphs {
		var b strings.Builder
		for i := range outcomes {
			b.WriteString(Glyph(t, &outcomes[i]))
		}
		return b.String()
	}
	counts := map[string]int{}
	for i := range outcomes {
		counts[Glyph(t, &outcomes[i])]++
	}
	var parts []string
	for _, glyph := range []string{t.Mark.Ok, t.Mark.Busy, t.Mark.Off, t.Mark.Failed} {
		if n := counts[glyph]; n > 0 {
			parts = append(parts, fmt.Sprint(n)+glyph)
		}
	}
	return strings.Join(parts, " ")
}

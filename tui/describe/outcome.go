package describe

// What became of an event at each of its targets, a line for each.

import (
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// IsHeld reports whether an event waits at a target that holds what comes.
func IsHeld(o *event.Outcome, st *dev.State) bool {
	return o.Rank() == event.StillWaiting && !o.LeftOver && IsHolding(st, o.Target)
}

// OutcomeGlyph is one character for what became of an event at a target.
func OutcomeGlyph(o *event.Outcome, f screen.Frame) (string, style.Style) {
	t := f.Theme
	switch {
	case o.Rank() == event.StillWaiting && (o.LeftOver || IsHolding(f.State, o.Target)):
		return t.Mark.Held, t.Warn
	case o.Pending():
		return t.Mark.Busy, t.Warn
	case o.OK():
		return t.Mark.Ok, t.Ok
	case o.Failed():
		return t.Mark.Failed, t.Failed
	}
	return t.Mark.Off, t.Dim
}

// InOrder puts outcomes into the order of the targets, with nil for a target that did not get
// the event. Those of targets that are no longer there come last.
func InOrder(outcomes []event.Outcome, st *dev.State) []*event.Outcome {
	var slots []*event.Outcome
	placed := make([]bool, len(outcomes))
	any := false
	if st != nil {
		for i := range st.Targets {
			at := slices.IndexFunc(outcomes, func(o event.Outcome) bool { return o.Target == st.Targets[i].Name })
			if at < 0 {
				slots = append(slots, nil)
				continue
			}
			slots, placed[at], any = append(slots, &outcomes[at]), true, true
		}
	}
	if !any {
		slots = nil
	}
	for i := range outcomes {
		if !placed[i] {
			slots = append(slots, &outcomes[i])
		}
	}
	return slots
}

// A Result is what became of an event at one of its targets, or at another address.
type Result struct {
	event.Outcome
	Other bool // it went to an address that is not a target of the event
}

// Results are those of an event, by its attempts: in the order of the targets, then the other
// addresses.
func Results(row *event.Row, attempts []event.Delivery, st *dev.State) []Result {
	var all []Result
	for _, slot := range InOrder(event.Outcomes(attempts), st) {
		if slot == nil {
			continue
		}
		o := *slot
		if at := slices.IndexFunc(row.Outcomes, func(r event.Outcome) bool { return r.Target == o.Target }); at >= 0 {
			// What is well, or was cleared, is nothing left.
			o.LeftOver = row.Outcomes[at].LeftOver && (o.Failed() || o.Pending())
		}
		all = append(all, Result{Outcome: o})
	}
	for _, o := range event.Others(attempts) {
		all = append(all, Result{Outcome: o, Other: true})
	}
	return all
}

// ResultLines are the results on lines of w cells, at most h of them.
func ResultLines(results []Result, f screen.Frame, w, h int) (lines []string) {
	t := f.Theme
	if h == 1 && len(results) > 1 { // the worst stands for all
		return []string{ShortResult(results, f, w)}
	}
	names, addresses := 0, 0
	for i := range results {
		r := &results[i]
		names = max(names, style.Width(resultName(r)))
		addresses = max(addresses, style.Width(resultAddress(r)))
	}
	names = min(names, max(w/4, 12))
	if addresses = min(addresses, 24); w < 56 {
		addresses = 0
	}
	for i := range results {
		if len(lines) == h-1 && len(results) > h {
			rest := results[i:]
			return append(lines, t.Dim.Paint(t.Cut(" "+t.Mark.Tail+" and "+style.Plural(int64(len(rest)), "target")+" more", w)))
		}
		r := &results[i]
		glyph, look := OutcomeGlyph(&r.Outcome, f)
		line := " " + look.Paint(glyph) + " " + t.Fit(resultName(r), names) + "  "
		if addresses > 0 {
			line += t.Dim.Paint(t.Fit(resultAddress(r), addresses)) + "  "
		}
		status, took := AttemptCells(&r.Last, f)
		why := resultWhy(r, f)
		if style.Width(status) <= 7 && (took != "" || r.Last.State == event.Done) {
			status = t.Fit(status, 7) + " " + t.Right(took, 6)
		}
		if r.LeftOver {
			look = t.Dim
		}
		line += look.Paint(status)
		if why != "" {
			line += "  " + why
		}
		lines = append(lines, t.Cut(line, w))
	}
	return lines
}

// ShortResult is a glyph for each result, and the worst of them.
func ShortResult(results []Result, f screen.Frame, w int) string {
	line, worst := " ", &results[0]
	for i := range results {
		r := &results[i]
		glyph, look := OutcomeGlyph(&r.Outcome, f)
		line += look.Paint(glyph)
		if !r.Other && r.Rank() < worst.Rank() {
			worst = r
		}
	}
	status, took := AttemptCells(&worst.Last, f)
	_, look := OutcomeGlyph(&worst.Outcome, f)
	line += " " + resultName(worst) + " " + look.Paint(strings.TrimSpace(status+" "+took)) + "  " + resultWhy(worst, f)
	return f.Theme.Cut(line, w)
}

// resultName is the name of the target or, of one that has none, its address in short.
func resultName(r *Result) string {
	if r.Target == style.HostPart(r.Last.URL, false) {
		return visible.Line(style.HostPart(r.Last.URL, true))
	}
	return visible.Line(r.Target)
}

// resultAddress is where it went, if the name does not say it.
func resultAddress(r *Result) string {
	address := visible.Line(style.HostPart(r.Last.URL, true))
	if strings.HasPrefix(r.Last.URL, "exec ") || address == resultName(r) || r.Target == style.Address(r.Last.URL, false) {
		return ""
	}
	return address
}

// shortFix names the path or the secret that an attempt failed for, and the key that corrects it.
func shortFix(f screen.Frame, d *event.Delivery) string {
	if RouteText(f, d) != "" {
		path := "no such path"
		for _, t := range f.State.Targets {
			if t.Name == d.Target && len(t.Routes.Found) > 0 {
				path = "has POST " + visible.Line(t.Routes.Found[0])
			}
		}
		return path + ": " + f.Label(keymap.ActSendTo)
	}
	if SecretText(f, d) != "" && SecretTarget(f.State, d.Target) == d.Target {
		return "another secret? " + f.Label(keymap.ActHandlerSecret)
	}
	return ""
}

// resultWhy is the reason of a result in a few words.
func resultWhy(r *Result, f screen.Frame) string {
	t, d := f.Theme, &r.Last
	var words []string
	switch {
	case r.LeftOver:
		words = append(words, "left over: no running hfhook has this target")
	case r.Other:
		words = append(words, "another address")
	}
	switch {
	case IsHeld(&r.Outcome, f.State):
		words = append(words, whyHeld(f, r.Target))
	case d.State == event.Withheld:
		words = append(words, "same delivery as "+visible.Line(d.SameAs.Short()))
	case d.State != event.Done:
	default:
		if fix := shortFix(f, d); fix != "" {
			words = append(words, fix)
		} else if causes := Causes(d); len(causes) > 0 {
			words = append(words, causes[0].Text)
		}
	}
	return t.Dim.Paint(strings.Join(words, "; "))
}

// whyHeld says why a target holds what comes, and how much it holds.
func whyHeld(f screen.Frame, name string) string {
	for i := range f.State.Targets {
		target := &f.State.Targets[i]
		if target.Name != name {
			continue
		}
		why := visible.Line(name)
		switch {
		case target.Paused:
			why += " is paused"
		case !target.Until.IsZero():
			why += " asked to wait"
		default:
			why += " is down"
		}
		if target.Waiting > 0 {
			why += " (" + style.Count(int64(target.Waiting)) + " held, " + f.Label(keymap.ActTargets) + ")"
		}
		return why
	}
	return ""
}

package tui

// Gaps: times in which nothing could be received, as lines of the list. What the Hub
// sent meanwhile did not arrive.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hfhook/internal/visible"
	"hfhook/store"
)

// A gapMark is one line: a gap, several with nothing between them, or the start of a
// session while another one received.
type gapMark struct {
	from, to time.Time     // to is zero while it lasts
	down     time.Duration // of all gaps in it that have ended, at most if they are not exact
	times    int
	why      store.Why
	exact    bool // it began at from, and not at some moment after that
	covered  bool // it is no gap
	short    bool // it is worth a dim line only
}

// setGaps takes the gaps that there were, and since when nothing can be received.
func (l *list) setGaps(gaps []store.Gap, offline, now time.Time) {
	marks := make([]gapMark, 0, len(gaps)+1)
	for _, g := range gaps {
		marks = append(marks, gapMark{from: g.From, to: g.To, down: g.To.Sub(g.From), times: 1, why: g.Why, exact: g.Exact, covered: g.Covered, short: g.Short()})
	}
	if !offline.IsZero() && now.Sub(offline) > store.LeastGap {
		marks = append(marks, gapMark{from: offline, times: 1, why: store.Tunnel, exact: true})
	}
	if slices.Equal(marks, l.gaps) {
		return
	}
	l.gaps = marks
	l.rebuild()
}

// others are the items that are no events: those that are in the window's time. A
// filter is about events, and has none.
func (l *list) others() []item {
	if l.filter != nil {
		return nil
	}
	all := make([]item, 0, len(l.rejected)+len(l.gaps))
	number := l.refused - int64(len(l.rejected)) + 1
	for i := range l.rejected {
		all = append(all, item{rejected: &l.rejected[i], key: itemKey{rejected: number + int64(i)}})
	}
	var first time.Time // a gap before the first event of all has lost nothing that is shown
	if len(l.rows) > 0 {
		first = l.rows[0].Received
	} else if len(l.rejected) > 0 {
		first = l.rejected[0].At
	}
	for i := range l.gaps {
		if g := &l.gaps[i]; !first.IsZero() && !g.from.Before(first) {
			all = append(all, item{gap: g, key: itemKey{gap: g.from.UnixNano()}})
		}
	}
	slices.SortStableFunc(all, func(a, b item) int { return a.at().Compare(b.at()) })
	if n := len(l.rows); n > 0 {
		if l.older {
			all = slices.DeleteFunc(all, func(it item) bool { return it.at().Before(l.rows[0].Received) })
		}
		if l.newer {
			all = slices.DeleteFunc(all, func(it item) bool { return it.at().After(l.rows[n-1].Received) })
		}
	}
	return all
}

// add appends an item that is no event. Gaps with nothing between them are one.
func (l *list) add(it item) {
	n := len(l.items)
	if it.gap == nil || n == 0 || l.items[n-1].gap == nil {
		l.items = append(l.items, it)
		return
	}
	last := &l.items[n-1]
	switch was := *last.gap; {
	case it.gap.covered && !was.covered: // the gap says enough
	case was.covered:
		*last = it
	default:
		both := gapMark{from: was.from, to: it.gap.to, down: was.down + it.gap.down, times: was.times + it.gap.times, why: it.gap.why,
			exact: was.exact && it.gap.exact, short: was.short && it.gap.short}
		last.gap = &both
	}
}

// span says from when to when, or between which times, in f's time zone; days are named
// where they are not today's.
func (g *gapMark) span(f frame) string {
	day := func(at time.Time) string {
		if at = f.at(at); at.Format(time.DateOnly) != f.now.Format(time.DateOnly) {
			return at.Format("Jan _2 15:04")
		}
		return at.Format(time.TimeOnly)
	}
	if g.to.IsZero() {
		return day(g.from) + " – now"
	}
	if !g.exact && g.times == 1 {
		return "between " + day(g.from) + " and " + day(g.to)
	}
	return day(g.from) + " – " + day(g.to)
}

// length is how long nothing was received.
func (g *gapMark) length(f frame) string {
	down := g.down
	if g.to.IsZero() {
		down += f.now.Sub(g.from)
	}
	text := lasted(down)
	if down > 0 && down < time.Second {
		text = "under 1s"
	}
	if !g.exact {
		text = "up to " + text
	}
	if g.times > 1 {
		text = fmt.Sprintf("%d times, %s", g.times, text)
	}
	return text
}

// lasted writes a span of time with its units, as in 17m31s.
func lasted(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	days, rest := d/(24*time.Hour), d%(24*time.Hour)
	h, m, s := rest/time.Hour, rest%time.Hour/time.Minute, rest%time.Minute/time.Second
	switch {
	case days > 0:
		return fmt.Sprintf("%dd%02dh", days, h)
	case h > 0:
		return fmt.Sprintf("%dh%02dm", h, m)
	case m > 0:
		return fmt.Sprintf("%dm%02ds", m, s)
	}
	return fmt.Sprintf("%ds", s)
}

// gapLine draws a gap on w cells of the list.
func gapLine(g *gapMark, f frame, w int, selected, focused bool) string {
	t := f.theme
	mark := " "
	if selected {
		mark = t.mark.cursor
	}
	dots := strings.Repeat(t.mark.dot, 3)
	text := fmt.Sprintf("%s offline %s", dots, g.span(f))
	if length := fmt.Sprintf(" (%s)", g.length(f)); 1+width(text)+width(length) <= w {
		text += length
	}
	if g.covered {
		text = fmt.Sprintf("%s hfhook started %s", dots, f.at(g.to).Format(time.TimeOnly))
	}
	text = t.mark.say(text)
	if hint := "  " + f.label(actHubLog) + ": Hub log"; !g.covered && !g.short && 1+width(text)+width(hint) <= w {
		text += hint
	}
	switch {
	case selected && focused:
		return t.selected.paint(t.fit(mark+text, w))
	case selected:
		return t.marked.paint(t.fit(mark+text, w))
	case g.covered || g.short:
		return t.dim.paint(t.fit(mark+text, w))
	}
	return t.warn.paint(t.fit(mark+text, w))
}

// gapView is the detail of a gap on w cells: what it was, and what to do about what it
// has lost.
func gapView(g *gapMark, f frame, w int) []string {
	t := f.theme
	lines := []string{" " + t.warn.paint("Offline") + "  " + t.mark.say(g.span(f)) + "  " + t.dim.paint("("+g.length(f)+")"), ""}
	if g.covered {
		lines = []string{" " + t.warn.paint("hfhook started") + "  " + f.at(g.to).Format(time.TimeOnly), ""}
	}
	text := func(look style, s string) {
		for _, line := range t.wrap(t.mark.say(s), w-2, 5) {
			lines = append(lines, " "+look.paint(line))
		}
	}
	text(style{}, gapReason(g))
	if g.covered {
		return lines
	}
	lines = append(lines, "")
	text(style{}, "What the Hub sent meanwhile did not arrive. It tries again for a while; what it gave up is in the Activity tab of its webhook, which has a Replay button.")
	lines = append(lines, "")
	if st := f.state.Hub; st != nil && st.Here() != nil {
		here := st.Here()
		text(style{}, fmt.Sprintf("Look at webhook %s, which leads here for %s.", shortID(here.ID), visible.Line(watchedWords(&here.Webhook))))
	}
	for _, tr := range f.state.Triggers[:min(len(f.state.Triggers), 3)] {
		text(t.dim, fmt.Sprintf("webhook %s sent %s in the last 24 hours", visible.Line(tr.Webhook), plural(int64(tr.N), "event")))
	}
	lines = append(lines, " "+t.key.paint(f.label(actHubLog))+" opens the Hub's log")
	return lines
}

func gapReason(g *gapMark) string {
	switch {
	case g.to.IsZero():
		return "The tunnel is not up: the Hub can not reach this machine."
	case g.covered:
		return "Another hfhook dev received at the same address when this one started: nothing was missed."
	case g.times > 1:
		return "Several times with no event between them."
	case g.why == store.Started && !g.exact:
		return "No hfhook was running. The one before was killed, or the machine stopped, at a moment between these times that nobody recorded."
	case g.why == store.Started:
		return "No hfhook was running."
	case g.why == store.Paused:
		return "The machine slept, or hfhook was suspended."
	case g.why == store.Stored:
		return "The store could not be written: events were refused."
	}
	return "The tunnel was not up: the Hub could not reach this machine."
}

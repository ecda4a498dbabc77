package eventlist

// Gaps: times in which nothing could be received, as lines of the list. What the Hub
// sent meanwhile did not arrive.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A gapMark is one line: a gap, several with nothing between them, or the start of a
// session while another one received.
type gapMark struct {
	from, To time.Time     // to is zero while it lasts
	down     time.Duration // of all gaps in it that have ended, at most if they are not exact
	times    int
	why      store.Why
	exact    bool // it began at from, and not at some moment after that
	covered  bool // it is not a gap
	short    bool // it is worth a dim line only
}

// SetGaps takes the gaps that there were, and since when nothing can be received.
func (l *List) SetGaps(gaps []store.Gap, offline, now time.Time) {
	l.now = now
	marks := make([]gapMark, 0, len(gaps)+1)
	for _, g := range gaps {
		marks = append(marks, gapMark{from: g.From, To: g.To, down: g.To.Sub(g.From), times: 1, why: g.Why, exact: g.Exact, covered: g.Covered, short: g.Short()})
	}
	if !offline.IsZero() && now.Sub(offline) > store.LeastGap {
		marks = append(marks, gapMark{from: offline, times: 1, why: store.Tunnel, exact: true})
	}
	if slices.Equal(marks, l.gaps) {
		return
	}
	l.gaps = marks
	l.Rebuild()
}

// others are the items that are not an events: those that are in the window's time. A
// filter is about events, and has none.
func (l *List) others() []Item {
	if l.Filter != nil && !l.rejectedOnly {
		return nil
	}
	all := make([]Item, 0, len(l.rejected)+len(l.gaps))
	number := l.refused - int64(len(l.rejected)) + 1
	for i := range l.rejected {
		all = append(all, Item{Rejected: &l.rejected[i], Key: ItemKey{Rejected: number + int64(i)}})
	}
	if l.rejectedOnly {
		return all
	}
	var first time.Time // a gap before the first event of all has lost nothing that is shown
	if len(l.Rows) > 0 {
		first = l.Rows[0].Received
	} else if len(l.rejected) > 0 {
		first = l.rejected[0].At
	}
	for i := range l.gaps {
		if g := &l.gaps[i]; !first.IsZero() && !g.from.Before(first) {
			all = append(all, Item{Gap: g, Key: ItemKey{gap: g.from.UnixNano()}})
		}
	}
	slices.SortStableFunc(all, func(a, b Item) int { return a.at().Compare(b.at()) })
	if n := len(l.Rows); n > 0 {
		if l.Older {
			all = slices.DeleteFunc(all, func(it Item) bool { return it.at().Before(l.Rows[0].Received) })
		}
		if l.Newer {
			all = slices.DeleteFunc(all, func(it Item) bool { return it.at().After(l.Rows[n-1].Received) })
		}
	}
	return all
}

// add appends an item that is not an event. Gaps with nothing between them are one.
func (l *List) add(it Item) {
	n := len(l.Items)
	if it.Gap == nil || n == 0 || l.Items[n-1].Gap == nil {
		l.Items = append(l.Items, it)
		return
	}
	last := &l.Items[n-1]
	switch was := *last.Gap; {
	case it.Gap.covered && !was.covered: // the gap says enough
	case was.covered:
		*last = it
	default:
		both := gapMark{from: was.from, To: it.Gap.To, down: was.down + it.Gap.down, times: was.times + it.Gap.times, why: it.Gap.why,
			exact: was.exact && it.Gap.exact, short: was.short && it.Gap.short}
		last.Gap = &both
	}
}

// span says from when to when, or between which times, in f's time zone; days are named
// where they are not today's.
func (g *gapMark) span(f screen.Frame) string {
	day := func(at time.Time) string {
		if at = f.At(at); at.Format(time.DateOnly) != f.Now.Format(time.DateOnly) {
			return at.Format("Jan _2 15:04")
		}
		return at.Format(time.TimeOnly)
	}
	if g.To.IsZero() {
		return day(g.from) + " – now"
	}
	if !g.exact && g.times == 1 {
		return "between " + day(g.from) + " and " + day(g.To)
	}
	return day(g.from) + " – " + day(g.To)
}

// length is how long nothing was received.
func (g *gapMark) length(f screen.Frame) string {
	down := g.down
	if g.To.IsZero() {
		down += f.Now.Sub(g.from)
	}
	text := duration.Seconds(down)
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

// gapLine draws a gap on w cells of the list.
func gapLine(g *gapMark, f screen.Frame, w int, selected, focused bool) string {
	t := f.Theme
	mark := " "
	if selected {
		mark = t.Mark.Cursor
	}
	dots := strings.Repeat(t.Mark.Dot, 3)
	text := fmt.Sprintf("%s offline %s", dots, g.span(f))
	if length := fmt.Sprintf(" (%s)", g.length(f)); 1+style.Width(text)+style.Width(length) <= w {
		text += length
	}
	if g.covered {
		text = fmt.Sprintf("%s hfhook started %s", dots, f.At(g.To).Format(time.TimeOnly))
	}
	text = t.Mark.Say(text)
	if hint := "  " + f.Label(keymap.ActHubLog) + ": Hub log"; !g.covered && !g.short && 1+style.Width(text)+style.Width(hint) <= w {
		text += hint
	}
	switch {
	case selected && focused:
		return t.Selected.Paint(t.Fit(mark+text, w))
	case selected:
		return t.Marked.Paint(t.Fit(mark+text, w))
	case g.covered || g.short:
		return t.Dim.Paint(t.Fit(mark+text, w))
	}
	return t.Warn.Paint(t.Fit(mark+text, w))
}

// GapView is the detail of a gap on w cells: what it was, and what to do about what it
// has lost.
func GapView(g *gapMark, f screen.Frame, w int) []string {
	t := f.Theme
	lines := []string{" " + t.Warn.Paint("Offline") + "  " + t.Mark.Say(g.span(f)) + "  " + t.Dim.Paint("("+g.length(f)+")"), ""}
	if g.covered {
		lines = []string{" " + t.Warn.Paint("hfhook started") + "  " + f.At(g.To).Format(time.TimeOnly), ""}
	}
	text := func(look style.Style, s string) {
		for _, line := range t.Wrap(t.Mark.Say(s), w-2, 5) {
			lines = append(lines, " "+look.Paint(line))
		}
	}
	text(style.Style{}, gapReason(g))
	if g.covered {
		return lines
	}
	lines = append(lines, "")
	text(style.Style{}, "Events sent meanwhile did not arrive. The Hub retries for a while; anything it gave up on can be replayed from the webhook's Activity tab.")
	lines = append(lines, "")
	if st := f.State.Hub; st != nil && st.Here() != nil {
		here := st.Here()
		text(style.Style{}, fmt.Sprintf("Check webhook %s, which points here for %s.", describe.ShortID(here.ID), visible.Line(describe.WatchedWords(&here.Webhook))))
	}
	for _, tr := range f.State.Triggers[:min(len(f.State.Triggers), 3)] {
		text(t.Dim, fmt.Sprintf("webhook %s sent %s in the last 24 hours", visible.Line(tr.Webhook), style.Plural(int64(tr.N), "event")))
	}
	lines = append(lines, " "+t.Key.Paint(f.Label(keymap.ActHubLog))+" opens the Hub's log")
	return lines
}

func gapReason(g *gapMark) string {
	switch {
	case g.To.IsZero():
		return "The tunnel is not up: the Hub cannot reach this machine."
	case g.covered:
		return "Another hfhook dev was receiving when this one started: nothing was missed."
	case g.times > 1:
		return "Offline several times, with no event in between."
	case g.why == store.Started && !g.exact:
		return "No hfhook was running. The previous one was killed, or the machine stopped, at an unknown time in between."
	case g.why == store.Started:
		return "No hfhook was running."
	case g.why == store.Paused:
		return "The machine slept, or hfhook was suspended."
	case g.why == store.Stored:
		return "The store could not be written: events were refused."
	}
	return "The tunnel was not up: the Hub could not reach this machine."
}

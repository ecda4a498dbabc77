package events

// How the main screen is drawn: list and detail side by side, one above the other, or one
// of them.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/eventlist"
	"hfhook/tui/header"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

func (e *Screen) Idle(f screen.Frame) (left, right string) {
	t := f.Theme
	if e.Checking(f) {
		return e.setupIdle(f)
	}
	if words := e.newWords(t); words != "" {
		right = words + "  " + f.Label(keymap.ActFollow) + ": follow"
	}
	if e.Busy() {
		return e.underWay(t), right
	}
	if e.InDetail {
		if left := e.Detail.Idle(f); left != "" && e.Layout(f).DetailHeight > 0 {
			return left, right
		}
	}
	if n := len(e.Selection.Ids); n > 0 {
		return style.Count(int64(n)) + " selected", right
	}
	if header.Troubled(f.State.Tunnel) {
		left, log := header.LastAttempt(f)
		if right == "" {
			right = log
		}
		return left, right
	}
	if left = e.lastResult(f); left == "" {
		left = header.Left(f, e.setup.options(e))
	}
	return left, right
}

func (e *Screen) underWay(t *style.Theme) string {
	if e.Run != nil {
		return e.Run.Progress(t)
	}
	if e.Playing != nil {
		return e.Playing.Progress(t)
	}
	what := style.Plural(int64(len(e.replaying)), "event")
	if len(e.replaying) == 1 {
		for id := range e.replaying {
			what = id.Short()
		}
	}
	if to := describe.Addressees(e.ask.session.State()); to != "" {
		what += " to " + to
	}
	return t.Mark.Busy + " replaying " + what
}

// lastResult says what became of the newest event.
func (e *Screen) lastResult(f screen.Frame) string {
	if len(e.List.Rows) == 0 || e.List.Newer || e.List.Filter != nil {
		return ""
	}
	t, r := f.Theme, &e.List.Rows[len(e.List.Rows)-1]
	worst := r.Worst()
	if worst == nil || worst.LeftOver {
		return ""
	}
	d := &worst.Last
	who := describe.TargetName(worst.Target, d.URL)
	what := t.Dim.Paint("   " + t.Mark.Say(visible.Line(r.Label)) + " " + t.Mark.Meaning(r.Subject))
	switch {
	case worst.Pending() && describe.IsHeld(worst, f.State):
		return t.Warn.Paint(t.Mark.Held+" held for "+who) + what
	case worst.Pending():
		return t.Warn.Paint(t.Mark.Busy+" sending to "+who) + what
	case worst.Failed() && d.Err != "":
		return t.Failed.Paint(fmt.Sprintf("%s delivery of %s failed: %s", t.Mark.Failed, r.ID.Short(), visible.Line(d.Err)))
	case worst.Failed():
		if len(r.Outcomes) == 1 {
			who = "handler"
		}
		text := fmt.Sprintf("%s %s returned %s for %s (%s)", t.Mark.Failed, who, d.Result(), r.ID.Short(), duration.Text(d.Took))
		if d.Redirect() != "" {
			text += ": a redirect (hfhook does not follow redirects)"
		}
		return t.Failed.Paint(text)
	case !worst.OK():
		return ""
	}
	return t.Ok.Paint(t.Mark.Ok) + " " + answers(r.Outcomes) + what
}

// answers says how targets took an event, for example "200 in 14ms from app".
func answers(outcomes []event.Outcome) string {
	if len(outcomes) > 2 {
		var slowest time.Duration
		for i := range outcomes {
			slowest = max(slowest, outcomes[i].Last.Took)
		}
		return fmt.Sprintf("2xx from %d targets, the slowest in %s", len(outcomes), duration.Text(slowest))
	}
	parts := make([]string, len(outcomes))
	for i := range outcomes {
		d := &outcomes[i].Last
		parts[i] = fmt.Sprintf("%s in %s from %s", d.Result(), duration.Text(d.Took), describe.TargetName(outcomes[i].Target, d.URL))
	}
	return strings.Join(parts, ", ")
}

func (e *Screen) View(f screen.Frame) []string {
	l := e.Layout(f)
	lines := f.Header(l)
	lines = append(lines, f.Theme.Fill(header.Banner(f, l.Kind), f.W, l.Banner)...)
	body := f.H - len(lines)
	closing := l.Closing || e.Checking(f) && f.H >= 16
	if closing {
		body--
	}
	switch {
	case e.Checking(f):
		lines = append(lines, f.Theme.Fill(header.Setup(f, e.setup.options(e), e.setup.at, f.W, body), f.W, body)...)
	case l.Kind == screen.Wide && l.DetailHeight > 0:
		lines = append(lines, e.beside(f, l)...)
	default:
		lines = append(lines, e.above(f, l)...)
	}
	if closing {
		lines = append(lines, f.Theme.Line(f.W, ""))
	}
	return f.Theme.Fill(lines, f.W, f.H)
}

// beside draws list and detail side by side.
func (e *Screen) beside(f screen.Frame, l screen.Layout) []string {
	t := f.Theme
	left := append([]string{e.head(f, l)}, e.rows(f, l)...)
	right := e.pane(f, l)
	lines := make([]string, l.ListHeight+1)
	bar := t.Dim.Paint(t.Mark.Bar)
	if e.InDetail {
		bar = t.Link.Paint(t.Mark.Bar)
	}
	for i := range lines {
		lines[i] = t.Fit(left[i], l.ListWidth) + bar
		if i < len(right) {
			lines[i] += right[i]
		}
	}
	return lines
}

// above draws the list, and below it the detail where there is room.
func (e *Screen) above(f screen.Frame, l screen.Layout) []string {
	t := f.Theme
	var lines []string
	if l.Head {
		lines = append(lines, e.head(f, l))
	}
	if !l.DividerFirst() {
		lines = append(lines, e.rows(f, l)...)
	}
	if l.Divider {
		words := "live"
		switch {
		case e.List.Filter != nil:
			text, found := e.filterWords(f, f.W-7)
			words = "/ " + text + "  " + found
		case e.newWords(t) != "":
			words = e.newWords(t)
		case l.Banner > 0 && header.Troubled(f.State.Tunnel):
			words = "you can still browse and replay"
		case !e.List.Follow:
			words = "not live"
		}
		rule := t.Dim
		if e.InDetail && l.DetailHeight > 0 {
			rule = t.Link
		}
		lines = append(lines, t.LineIn(rule, f.W, words))
	}
	if l.DividerFirst() {
		lines = append(lines, e.rows(f, l)...)
	}
	if l.DetailHeight > 0 {
		lines = append(lines, e.pane(f, l)...)
	}
	return lines
}

// head counts what is in the list.
func (e *Screen) head(f screen.Frame, l screen.Layout) string {
	t, st := f.Theme, f.State
	if e.narrowed.to == onRejected {
		return t.Fit(" "+t.Bold.Paint("Rejected")+"  "+style.Count(int64(len(st.Rejected)))+"   "+t.Key.Paint(f.Label(keymap.ActFailed))+" all again", l.ListWidth)
	}
	text := " " + e.title(t, l).Paint("Events") + "  " + style.Count(st.Store.Events-e.deletingCount)
	if e.List.Filter != nil {
		text, found := e.filterWords(f, l.ListWidth-4)
		return t.Fit(" "+t.Key.Paint(f.Label(keymap.ActFilter))+" "+t.Bold.Paint(text)+"  "+found, l.ListWidth)
	}
	if header.Troubled(st.Tunnel) && e.List.Follow && len(e.Selection.Ids) == 0 {
		return t.Fit(text+t.Dim.Paint("   (browse, replay and edit still work)"), l.ListWidth)
	}
	if n := st.Store.Failed; n > 0 {
		text += "   " + t.Failed.Paint(t.Mark.Failed+" "+style.Count(n)+" failed")
	}
	if n := len(st.Rejected); n > 0 {
		look := t.Dim
		if slices.ContainsFunc(st.Rejected, func(r event.Rejected) bool { return r.LooksLikeHub }) {
			look = t.Failed
		}
		text += "   " + look.Paint(style.Count(int64(n))+" rejected")
	}
	if n := len(e.Selection.Ids); n > 0 {
		text += "   " + t.Bold.Paint(style.Count(int64(n))+" selected")
	}
	if e.List.Follow {
		text += "   " + t.Ok.Paint(t.Mark.Live) + " live"
	} else if words := e.newWords(t); words != "" {
		text += "   " + t.Key.Paint(words)
	}
	return t.Fit(text, l.ListWidth)
}

// title is the look of the title of the list, by which one sees where the keys move.
func (e *Screen) title(t *style.Theme, l screen.Layout) style.Style {
	if e.InDetail && l.DetailHeight > 0 {
		return t.Dim
	}
	return t.Bold.With(t.Link)
}

// newWords counts what came since the list followed; empty: nothing did.
func (e *Screen) newWords(t *style.Theme) string {
	n := e.List.New()
	if n == 0 {
		return ""
	}
	if e.List.NewestFirst {
		return style.Count(n) + " new " + t.Mark.Say("↑")
	}
	return style.Count(n) + " new " + t.Mark.Say("↓")
}

// filterWords are the filter and how much it matches, on w cells and the two between them:
// of a long filter the end is cut.
func (e *Screen) filterWords(f screen.Frame, w int) (text, found string) {
	found = e.List.Matches(f.State.Store.Events)
	switch n := e.List.PastCount(); n {
	case 0:
	case 1:
		found += ", 1 no longer matches"
	default:
		found += fmt.Sprintf(", %d no longer match", n)
	}
	if words := e.newWords(f.Theme); words != "" {
		found += "  " + words
	}
	return f.Theme.Cut(visible.Line(e.List.Text), max(w-2-style.Width(found), 4)), found
}

func (e *Screen) rows(f screen.Frame, l screen.Layout) []string {
	if e.List.Filter != nil && len(e.List.Items) == 0 {
		lines := make([]string, l.ListHeight)
		copy(lines, e.noMatchLines(f, l.ListWidth))
		return lines
	}
	return e.items(f, l)
}

// items draws the items that are in sight.
func (e *Screen) items(f screen.Frame, l screen.Layout) []string {
	lines := make([]string, l.ListHeight)
	top := e.List.Top(l.ListHeight)
	look := eventlist.Look{Columns: e.columns, Compact: l.Compact, Focused: !e.InDetail || l.DetailHeight == 0}
	look = look.Fit(e.List.Items[top:min(top+l.ListHeight, len(e.List.Items))], f)
	for i := range lines {
		if at := top + i; at < len(e.List.Items) {
			it := e.List.Items[at]
			it.Marked = it.Replay == nil && e.Selection.Ids[it.Key.ID]
			lines[i] = look.Row(it, f, l.ListWidth, at == e.List.At)
		}
	}
	return lines
}

// pane draws the detail beside or below the list.
func (e *Screen) pane(f screen.Frame, l screen.Layout) []string {
	t, w, h := f.Theme, l.DetailWidth, l.DetailHeight
	if e.Detail.Item.Key == (eventlist.ItemKey{}) {
		return nil
	}
	lines := e.paneHead(f, l)
	lines = append(lines, e.Detail.Body(f, w, h-len(lines), false, e.InDetail)...)
	return t.Fill(lines, w, h)
}

// paneHead is what stands above the tab in the pane: which event it is, what became of it,
// and the tabs.
func (e *Screen) paneHead(f screen.Frame, l screen.Layout) (lines []string) {
	t, w, h := f.Theme, l.DetailWidth, l.DetailHeight
	if e.Detail.Item.Rejected != nil || e.Detail.Item.Gap != nil {
		return nil
	}
	verdict := e.Detail.Verdict(f, w, e.Detail.VerdictHeight(h))
	if l.Kind == screen.Wide {
		lines = append([]string{" " + e.Detail.Title(t, e.InDetail), " " + e.Detail.About(f)}, verdict...)
		if h >= 20 {
			lines = append(lines, t.Line(w, ""))
		}
		return append(lines, " "+e.Detail.Tabs(t, w-1))
	}
	if h > 12 {
		lines = []string{" " + e.Detail.Title(t, e.InDetail)}
	}
	if marks := e.Detail.Remarks(f); marks != "" && h > 9 {
		lines = append(lines, " "+e.Detail.About(f))
	}
	lines = append(lines, verdict...)
	id := t.Link.Paint(e.Detail.Item.Row.ID.Short())
	tabs := e.Detail.Tabs(t, w-style.Width(id)-4)
	return append(lines, t.Lead(" "+tabs, id+" ", w))
}

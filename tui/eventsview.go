package tui

// How the main screen is drawn: list and detail side by side, one above the other, or one
// of them.

import (
	"fmt"

	"hfhook/event"
	"hfhook/internal/visible"
)

func (e *events) Idle(f frame) (left, right string) {
	t := f.theme
	if e.checking(f) {
		return "waiting " + clock(f.now.Sub(f.state.Started)) + " " + t.mark.busy, "nothing rejected so far"
	}
	if n := e.list.unseen(); n > 0 {
		right = fmt.Sprintf("%s unseen below  %s: jump to newest", count(n), f.label(actLast))
	} else if len(e.list.items) > 0 && e.list.at < e.list.top(e.layout(f).listHeight) {
		right = "the selection is farther up  " + f.label(actLast) + ": newest"
	}
	if e.busy() {
		return e.underWay(t), right
	}
	if e.inDetail {
		if left := e.detail.idle(f); left != "" && e.layout(f).detailHeight > 0 {
			return left, right
		}
	}
	if n := len(e.marks.ids); n > 0 {
		return count(int64(n)) + " selected", right
	}
	if troubled(f.state.Tunnel) {
		left, log := lastAttempt(f)
		if right == "" {
			right = log
		}
		return left, right
	}
	return e.lastFailure(t), right
}

func (e *events) underWay(t *theme) string {
	if e.run != nil {
		return e.run.progress(t)
	}
	if e.playing != nil {
		return e.playing.progress(t)
	}
	return t.mark.busy + " replaying " + plural(int64(len(e.replaying)), "event")
}

// lastFailure says so where the newest event was not taken by its target.
func (e *events) lastFailure(t *theme) string {
	if len(e.list.rows) == 0 || e.list.newer {
		return ""
	}
	r := &e.list.rows[len(e.list.rows)-1]
	d := &r.Last
	if r.Deliveries == 0 || d.State != event.Done || d.OK() {
		return ""
	}
	text := fmt.Sprintf("handler returned %s to %s (%s)", d.Result(), r.ID.Short(), took(d.Took))
	if d.Redirect() != "" {
		text += ": a redirect, which hfhook does not follow"
	}
	if d.Err != "" {
		text = fmt.Sprintf("delivery of %s failed: %s", r.ID.Short(), visible.Line(d.Err))
	}
	return t.failed.paint(t.mark.failed + " " + text)
}

func (e *events) View(f frame) []string {
	l := e.layout(f)
	lines := f.header(l)
	lines = append(lines, f.theme.fill(banner(f, l.kind, e.troubleKeys(f)), f.w, l.banner)...)
	body := f.h - len(lines)
	closing := l.closing || e.checking(f) && f.h >= 16
	if closing {
		body--
	}
	switch {
	case e.checking(f):
		lines = append(lines, f.theme.fill(checklist(f, f.w, body), f.w, body)...)
	case l.kind == wide && l.detailHeight > 0:
		lines = append(lines, e.beside(f, l)...)
	default:
		lines = append(lines, e.above(f, l)...)
	}
	if closing {
		lines = append(lines, f.theme.line(f.w, ""))
	}
	return f.theme.fill(lines, f.w, f.h)
}

// beside draws list and detail side by side.
func (e *events) beside(f frame, l layout) []string {
	t := f.theme
	left := append([]string{e.head(f, l)}, e.rows(f, l)...)
	right := e.pane(f, l)
	lines := make([]string, l.listHeight+1)
	bar := t.dim.paint(t.mark.bar)
	for i := range lines {
		lines[i] = t.fit(left[i], l.listWidth) + bar
		if i < len(right) {
			lines[i] += right[i]
		}
	}
	return lines
}

// above draws the list, and below it the detail where there is room.
func (e *events) above(f frame, l layout) []string {
	var lines []string
	if l.head {
		lines = append(lines, e.head(f, l))
	}
	if !l.dividerFirst() {
		lines = append(lines, e.rows(f, l)...)
	}
	if l.divider {
		words := "following"
		switch {
		case e.list.filter != nil:
			text, found := e.filterWords(f, f.w-7)
			words = "/ " + text + "  " + found
		case e.list.unseen() > 0:
			words = count(e.list.unseen()) + " unseen"
		case l.banner > 0 && troubled(f.state.Tunnel):
			words = "events stay usable"
		case !e.list.follow:
			words = "not following"
		}
		lines = append(lines, f.theme.line(f.w, words))
	}
	if l.dividerFirst() {
		lines = append(lines, e.rows(f, l)...)
	}
	if l.detailHeight > 0 {
		lines = append(lines, e.pane(f, l)...)
	}
	return lines
}

// head counts what is in the list.
func (e *events) head(f frame, l layout) string {
	t, st := f.theme, f.state
	text := " " + t.bold.paint("Events") + "  " + count(st.Store.Events-e.doomedNow)
	if e.list.filter != nil {
		text, found := e.filterWords(f, l.listWidth-4)
		return t.fit(" "+t.key.paint(f.label(actFilter))+" "+t.bold.paint(text)+"  "+found, l.listWidth)
	}
	if troubled(st.Tunnel) && e.list.follow && len(e.marks.ids) == 0 {
		return t.fit(text+t.dim.paint("   (browse, replay and edit still work)"), l.listWidth)
	}
	if n := len(st.Rejected); n > 0 {
		text += "   rejected " + count(int64(n))
	}
	if st.Store.Failed > 0 {
		text += "   failed " + count(st.Store.Failed)
	}
	if n := len(e.marks.ids); n > 0 {
		text += "   " + t.bold.paint(count(int64(n))+" selected")
	}
	if e.list.follow {
		text += "   following"
	}
	if n := st.Received; n > 0 && width(text)+len(count(n))+15 <= l.listWidth {
		text += t.dim.paint("   " + count(n) + " this run")
	}
	return t.fit(text, l.listWidth)
}

// filterWords are the filter and how much it matches, on w cells and the two between them:
// of a long filter the end is cut.
func (e *events) filterWords(f frame, w int) (text, found string) {
	found = e.list.matches(f.state.Store.Events)
	return f.theme.cut(visible.Line(e.list.text), max(w-2-width(found), 4)), found
}

func (e *events) rows(f frame, l layout) []string {
	lines := make([]string, l.listHeight)
	top := e.list.top(l.listHeight)
	if e.list.filter != nil && len(e.list.items) == 0 && len(lines) > 0 {
		lines[0] = f.theme.dim.paint(" No event matches.")
		if e.list.loading {
			lines[0] = f.theme.dim.paint(" Looking" + f.theme.mark.busy)
		}
	}
	for i := range lines {
		if at := top + i; at < len(e.list.items) {
			it := e.list.items[at]
			it.marked = it.replay == nil && e.marks.ids[it.key.id]
			lines[i] = rowLine(it, f, l.listWidth, e.columns, l.compact, at == e.list.at, !e.inDetail || l.detailHeight == 0)
		}
	}
	return lines
}

// pane draws the detail beside or below the list.
func (e *events) pane(f frame, l layout) []string {
	t, w, h := f.theme, l.detailWidth, l.detailHeight
	if e.detail.item.key == (itemKey{}) {
		return nil
	}
	lines := e.paneHead(f, l)
	lines = append(lines, e.detail.body(f, w, h-len(lines), false, e.inDetail)...)
	if l.kind == wide && e.detail.tab == tabPayload && e.detail.event != nil && !e.inDetail && len(lines)+2 <= h {
		lines = append(lines, "", e.paneHint(f))
	}
	return t.fill(lines, w, h)
}

// paneHint is what is mostly done next with an event that is looked at.
func (e *events) paneHint(f frame) string {
	t := f.theme
	diff := f.keymap.of(actDiff)
	hint := func(key, word string) string { return " " + t.key.paint(key) + " " + t.dim.paint(word) + " " }
	return hint(f.label(actReplay), "replay") + hint(f.label(actEdit), "edit") + hint(t.mark.say(keyLabel(diff[len(diff)-1:])), "diff with previous")
}

// paneHead is what stands above the tab in the pane.
func (e *events) paneHead(f frame, l layout) (lines []string) {
	t, w, h := f.theme, l.detailWidth, l.detailHeight
	switch {
	case e.detail.item.rejected != nil || e.detail.item.gap != nil:
	case l.kind == wide:
		lines = []string{" " + e.detail.tabs(t, w-1), " " + e.detail.title(t), " " + e.detail.about(f)}
	default:
		tabs := e.detail.tabs(t, w-width(e.detail.title(t))-4)
		lines = []string{t.spread(" "+e.detail.title(t), tabs+" ", w)}
		if marks := e.detail.marks(f); marks != "" && h > 7 {
			lines = append(lines, " "+e.detail.about(f))
		}
	}
	return lines
}

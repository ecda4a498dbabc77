package tui

// One event on the whole screen: the same detail, with room for what the Hub means.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
)

// opened stands on the main screen and shows its detail.
type opened struct{ main *events }

func (o *opened) Name() string { return "one event" }

func (o *opened) Keys(f frame) []binding {
	d := &o.main.detail
	actions := slices.DeleteFunc(d.actions(), func(a action) bool { return a == actBrowse }) // told where it opens something
	if d.tab != tabDiff || d.item.row == nil {
		actions = append(actions, o.main.list.neighbours()...)
	}
	if d.item.row != nil && d.tab != tabDiff {
		actions = append(actions, actDiff)
	}
	if d.link() != "" {
		actions = append(actions, actBrowse)
	}
	if d.sought() == "" { // else n is for the next match
		actions = append(actions, actNew)
	}
	if d.item.row != nil {
		actions = append(actions, actName, actNote, actDelete, actKinBefore, actKinAfter)
	}
	if len(o.main.undos) > 0 {
		actions = append(actions, actUndo)
	}
	if f.state.Hub != nil {
		actions = append(actions, actHooks)
	}
	if d.item.key != (itemKey{}) {
		actions = append(actions, actHubLog)
	}
	actions = append(actions, actUp, actDown, actPageUp, actPageDown, actFirst, actLast)
	if d.item.row != nil {
		actions = append(actions, slices.DeleteFunc(d.otherTabs(), func(a action) bool { return a == actDiff })...)
	}
	bindings := merged(keys(actions...))
	_, told := d.hintLine(f, d.besidePath(f))
	for i, b := range bindings {
		bindings[i].quiet = b.quiet || slices.Contains(told, b.action)
	}
	return slices.Concat(bindings, yield(o.main.troubleKeys(f), bindings), keys(actBack, actHelp, actQuit))
}

// merged names keys that belong together at one place of the footer, as in "←→ fold", and
// the diff by its letter: the number is in the tab bar.
func merged(bindings []binding) []binding {
	at := func(a action) int { return slices.IndexFunc(bindings, func(b binding) bool { return b.action == a }) }
	for _, pair := range []struct {
		one, other  action
		label, word string
	}{{actFold, actUnfold, "←→", "fold"}, {actPrevious, actNext, "[ ]", "prev/next"}} {
		if i, j := at(pair.one), at(pair.other); i >= 0 && j >= 0 {
			bindings[i].foot, bindings[i].word, bindings[j].quiet = pair.label, pair.word, true
		}
	}
	if i := at(actDiff); i >= 0 {
		bindings[i].foot, bindings[i].quiet = "d", false
	}
	return bindings
}

func (o *opened) Do(a action, f frame) (step, tea.Cmd) {
	if a == actBack && o.main.detail.sought() == "" {
		o.main.whole = false
		return step{pop: true}, nil
	}
	return o.main.do(a, f, o)
}

// Update has nothing to do: the main screen below gets the news too.
func (o *opened) Update(tea.Msg, frame) tea.Cmd { return nil }

func (o *opened) Moves(f frame) time.Duration { return o.main.Moves(f) }

func (o *opened) Idle(f frame) (left, right string) {
	left = o.main.detail.idle(f)
	if o.main.busy() {
		left = o.main.underWay(f.theme)
	}
	unseen := ""
	if n := o.main.list.unseen(); n > 0 {
		unseen = count(n) + " unseen"
	}
	if right, _ = o.main.detail.hintLine(f, o.main.detail.besidePath(f)); right == "" {
		return left, unseen
	}
	if unseen != "" && width(left)+width(unseen)+width(right)+6 <= f.w {
		left += "   " + f.theme.dim.paint(unseen)
	}
	return left, right
}

// title is the first line: which event it is, when it came, what it is about, and what is
// special about it.
func (o *opened) title(f frame) string {
	t, d := f.theme, &o.main.detail
	row, total := d.item.row, f.state.Store.Events
	when := f.at(row.Received).Format("15:04:05.000")
	n, known := o.main.list.position(row.ID, total)
	id, marks := t.link.paint(row.ID.Short()), strings.TrimSpace(d.marks(f))
	if f.w < 80 {
		at, pin := "", ""
		if known && f.w >= 60 {
			at = count(n) + "/" + count(total) + "  "
		}
		if row.Pin != "" {
			pin = t.bold.paint("*" + visible.Line(row.Pin))
		}
		title := " " + t.mark.back + " " + at + id + "  " + visible.Line(row.Label)
		right := when[:len("15:04:05")] + " "
		for _, more := range []string{pin, marks} {
			if more != "" && width(title)+width(more)+width(right)+4 <= f.w {
				right = more + "  " + right
			}
		}
		return t.spread(title, right, f.w)
	}
	at := ""
	if known {
		at = count(n) + " of " + count(total) + "  "
	}
	if row.Pin != "" {
		marks = strings.TrimSpace(t.bold.paint(`* pinned "`+visible.Line(row.Pin)+`"`) + "  " + marks)
	}
	title := " " + t.mark.back + " " + at + id + "  " + when + "  " + d.what()
	return t.lead(title, t.cut(marks, max(f.w-width(title)-3, 0))+" ", f.w)
}

// subject is what the event is about, as in "dataset me/corpus #19".
func (d *detail) subject() string {
	text := string(d.item.row.RepoType) + " " + d.item.row.Repo
	if p := d.payload(); p != nil && p.Discussion != nil {
		text += fmt.Sprintf(" #%d", p.Discussion.Num)
	}
	return visible.Line(text)
}

func (o *opened) View(f frame) []string {
	t, d := f.theme, &o.main.detail
	lines := make([]string, 0, f.h)
	switch it := d.item; {
	case it.row != nil:
		subject := t.dim.paint(d.subject()) + " "
		tabs := d.tabs(t, f.w-width(subject)-3)
		if f.w >= 44 && strings.Contains(tabs, "/") { // only the one that is shown would have room
			tabs = d.tabs(t, f.w-1)
		}
		lines = append(lines, o.title(f), t.lead(" "+tabs, subject, f.w))
	case it.rejected != nil:
		lines = append(lines, " "+t.mark.back+" rejected request")
	case it.gap != nil:
		lines = append(lines, " "+t.mark.back+" gap")
	}
	lines = append(lines, t.line(f.w, ""))
	h := f.h - len(lines) - 1
	lines = append(lines, t.fill(d.body(f, f.w, h, true, true), f.w, h)...)
	return append(lines, t.line(f.w, ""))
}

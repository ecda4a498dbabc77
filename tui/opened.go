package tui

// One event on the whole screen: the same detail, with room for what the Hub means.

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
)

// opened stands on the main screen and shows its detail.
type opened struct{ main *events }

func (o *opened) Name() string { return "one event" }

func (o *opened) Keys(f frame) []binding {
	d := &o.main.detail
	actions := d.actions()
	if d.tab != tabDiff || d.item.row == nil {
		actions = append(actions, o.main.list.neighbours()...)
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
		actions = append(actions, d.otherTabs()...)
	}
	bindings := keys(actions...)
	return slices.Concat(bindings, yield(o.main.troubleKeys(f), bindings), keys(actBack, actHelp, actQuit))
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
	left = o.main.detail.idle()
	if o.main.busy() {
		left = o.main.underWay(f.theme)
	}
	if n := o.main.list.unseen(); n > 0 {
		right = count(n) + " unseen"
	}
	return left, right
}

func (o *opened) View(f frame) []string {
	t, d := f.theme, &o.main.detail
	lines := make([]string, 0, f.h)
	switch it := d.item; {
	case it.row != nil:
		when := f.at(it.row.Received).Format("15:04:05.000")
		at := ""
		if n, known := o.main.list.position(it.row.ID, f.state.Store.Events); known && f.w >= 60 {
			at = count(n) + " of " + count(f.state.Store.Events) + "  "
		}
		title := " " + t.mark.back + " " + at + t.link.paint(it.row.ID.Short()) + "  " + when + "  " + d.what()
		marks := d.marks(t)
		if it.row.Pin != "" {
			marks = "  " + t.bold.paint(`* pinned "`+visible.Line(it.row.Pin)+`"`) + marks
		}
		lines = append(lines, t.lead(title, marks+" ", f.w))
		repo := visible.Line(string(it.row.RepoType) + " " + it.row.Repo)
		lines = append(lines, t.lead(" "+d.tabs(t, f.w-1), t.dim.paint(repo)+" ", f.w))
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

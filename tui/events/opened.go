package events

// One event on the whole screen: the same detail, with room for what the Hub means.

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/detail"
	"hfhook/tui/eventlist"
	"hfhook/tui/header"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// Opened stands on the main screen and shows its detail.
type Opened struct{ main *Screen }

func (o *Opened) Name() string { return "one event" }

func (o *Opened) Keys(f screen.Frame) []keymap.Binding {
	d := &o.main.Detail
	actions := slices.DeleteFunc(d.Actions(), func(a keymap.Action) bool { return a == keymap.ActBrowse }) // told where it opens something
	if d.Tab != detail.TabDiff || d.Item.Row == nil {
		actions = append(actions, o.main.List.Neighbours()...)
	}
	if d.Item.Row != nil && d.Tab != detail.TabDiff {
		actions = append(actions, keymap.ActDiff)
	}
	if d.Link() != "" {
		actions = append(actions, keymap.ActBrowse)
	}
	if d.Sought() == "" { // else n is for the next match
		actions = append(actions, keymap.ActNew)
	}
	if d.Item.Row != nil {
		actions = append(actions, keymap.ActName, keymap.ActNote, keymap.ActDelete, keymap.ActPreviousInRepo, keymap.ActNextInRepo, keymap.ActExport)
		if !slices.Contains(actions, keymap.ActReplayMany) {
			actions = append(actions, keymap.ActReplayMany)
		}
	}
	if len(o.main.undos) > 0 {
		actions = append(actions, keymap.ActUndo)
	}
	if f.State.Hub != nil {
		actions = append(actions, keymap.ActHooks)
	}
	if d.Item.Key != (eventlist.ItemKey{}) {
		actions = append(actions, keymap.ActHubLog)
	}
	actions = append(actions, keymap.Motions()...)
	actions = append(actions, d.OutputActions()...)
	if d.Item.Row != nil {
		actions = append(actions, slices.DeleteFunc(d.OtherTabs(), func(a keymap.Action) bool { return a == keymap.ActDiff })...)
	}
	bindings := merged(keymap.Keys(actions...))
	_, told := d.HintLine(f, d.BesidePath(f))
	for i, b := range bindings {
		bindings[i].Quiet = b.Quiet || slices.Contains(told, b.Action)
	}
	return slices.Concat(bindings, o.main.tunnelKeys(f), keymap.Keys(keymap.ActBack, keymap.ActHelp, keymap.ActQuit))
}

// merged names keys that belong together at one place of the footer, for example "←→ fold", and
// the diff by its letter: the number is in the tab bar.
func merged(bindings []keymap.Binding) []keymap.Binding {
	at := func(a keymap.Action) int {
		return slices.IndexFunc(bindings, func(b keymap.Binding) bool { return b.Action == a })
	}
	for _, pair := range []struct {
		one, other  keymap.Action
		label, word string
	}{{keymap.ActFold, keymap.ActUnfold, "←→", "fold"}, {keymap.ActPrevious, keymap.ActNext, "[ ]", "older/newer"}} {
		if i, j := at(pair.one), at(pair.other); i >= 0 && j >= 0 {
			bindings[i].Foot, bindings[i].Word, bindings[j].Quiet = pair.label, pair.word, true
		}
	}
	if i := at(keymap.ActDiff); i >= 0 {
		bindings[i].Foot, bindings[i].Quiet = "d", false
	}
	return bindings
}

func (o *Opened) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	if a == keymap.ActBack && o.main.Detail.Sought() == "" {
		o.main.whole = false
		return screen.Step{Pop: true}, nil
	}
	return o.main.do(a, f, o)
}

// Update has nothing to do: the main screen below gets the news too.
func (o *Opened) Update(tea.Msg, screen.Frame) tea.Cmd { return nil }

func (o *Opened) Moves(f screen.Frame) time.Duration { return o.main.Moves(f) }

func (o *Opened) Idle(f screen.Frame) (left, right string) {
	left = o.main.Detail.Idle(f)
	if o.main.Busy() {
		left = o.main.underWay(f.Theme)
	}
	unseen := o.main.newWords(f.Theme)
	if right, _ = o.main.Detail.HintLine(f, o.main.Detail.BesidePath(f)); right == "" {
		return left, unseen
	}
	if unseen != "" && style.Width(left)+style.Width(unseen)+style.Width(right)+6 <= f.W {
		left += "   " + f.Theme.Dim.Paint(unseen)
	}
	return left, right
}

// title is the first line: which event it is, when it came, what it is about, and what is
// special about it.
func (o *Opened) title(f screen.Frame) string {
	t, d := f.Theme, &o.main.Detail
	row := d.Item.Row
	when := f.At(row.Received).Format("15:04:05.000")
	n, total, known := o.main.List.Position(row.ID, f.State.Store.Events)
	id, marks := t.Link.Paint(row.ID.Short()), strings.TrimSpace(d.Remarks(f))
	if f.W < 80 {
		at, pin := "", ""
		if known && f.W >= 60 {
			at = style.Count(n) + "/" + style.Count(total) + "  "
		}
		if row.Pin != "" {
			pin = t.Bold.Paint("*" + visible.Line(row.Pin))
		}
		title := " " + at + id + "  " + visible.Line(row.Label)
		right := when[:len("15:04:05")] + " "
		for _, more := range []string{pin, marks} {
			if more != "" && style.Width(title)+style.Width(more)+style.Width(right)+4 <= f.W {
				right = more + "  " + right
			}
		}
		return t.Spread(title, right, f.W)
	}
	at := ""
	if known {
		at = style.Count(n) + " of " + style.Count(total) + "  "
	}
	if row.Pin != "" {
		marks = strings.TrimSpace(t.Bold.Paint(`* pinned "`+visible.Line(row.Pin)+`"`) + "  " + marks)
	}
	title := " " + at + id + "  " + when + "  " + d.What()
	return t.Lead(title, t.Cut(marks, max(f.W-style.Width(title)-3, 0))+" ", f.W)
}

func (o *Opened) View(f screen.Frame) []string {
	t := f.Theme
	lines := o.head(f)
	h := f.H - len(lines) - 1
	lines = append(lines, t.Fill(o.main.Detail.Body(f, f.W, h, true, true), f.W, h)...)
	return append(lines, t.Line(f.W, ""))
}

// head is what stands above the tab.
func (o *Opened) head(f screen.Frame) (lines []string) {
	t, d := f.Theme, &o.main.Detail
	switch it := d.Item; {
	case it.Row != nil:
		subject := t.Dim.Paint(d.Subject()) + " "
		tabs := d.Tabs(t, f.W-style.Width(subject)-3)
		if f.W >= 44 && strings.Contains(tabs, "/") { // only the one that is shown would have room
			tabs = d.Tabs(t, f.W-1)
		}
		lines = append(lines, o.title(f))
		lines = append(lines, d.Verdict(f, f.W, d.VerdictHeight(f.H-4))...)
		lines = append(lines, t.Lead(" "+tabs, subject, f.W))
	case it.Rejected != nil:
		lines = append(lines, " "+t.Bold.Paint("Rejected request"))
	case it.Gap != nil:
		lines = append(lines, " "+t.Bold.Paint("Offline"))
	}
	return append(lines, header.Rule(f))
}

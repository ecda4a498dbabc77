package detail

// What the keys do in the detail while it has the focus: each tab has its own.

import (
	"context"
	"fmt"
	"maps"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/pager"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

var TabActions = []keymap.Action{keymap.ActPayload, keymap.ActHeaders, keymap.ActDeliveries, keymap.ActRaw, keymap.ActDiff}

// OtherTabs go to each tab but the one that is shown.
func (d *Pane) OtherTabs() (actions []keymap.Action) {
	for i, a := range TabActions {
		if Tab(i) != d.Tab {
			actions = append(actions, a)
		}
	}
	return actions
}

// Actions are those of the tab that is shown, the most useful first. What moves the
// cursor is not among them.
func (d *Pane) Actions() (actions []keymap.Action) {
	if d.Item.Row == nil || d.Event == nil {
		return []keymap.Action{keymap.ActCopy}
	}
	switch d.Tab {
	case TabPayload:
		actions = d.payloadActions()
	case TabDeliveries:
		actions = d.matchActions()
		if a := d.Delivery(); a != nil {
			if len(a.ResponseBody) > 0 || len(a.ResponseHeader) > 0 {
				actions = append(actions, keymap.ActAnswer)
			}
			actions = append(actions, keymap.ActReplayMany, keymap.ActPair)
			if a.State == event.Done && a.Err == "" && a.Result() != "" {
				actions = append(actions, keymap.ActAccept)
			}
		}
		if _, _, ok := d.Pair(); ok {
			actions = append(actions, keymap.ActPaired)
		}
		actions = append(actions, keymap.ActReplay, keymap.ActEdit, keymap.ActFind, keymap.ActCopy)
	case TabRaw:
		actions = append([]keymap.Action{keymap.ActHex, keymap.ActFind}, d.matchActions()...)
		actions = append(actions, keymap.ActSave, keymap.ActPipe, keymap.ActPager, keymap.ActCopy, keymap.ActReplay, keymap.ActEdit)
	case TabDiff:
		actions = []keymap.Action{keymap.ActPick}
		if d.Compare.Known != nil && d.Compare.Known.B != nil {
			actions = append(actions, keymap.ActOlder)
		}
		if len(d.Compare.newer) > 0 {
			actions = append(actions, keymap.ActNewer)
		}
		if d.Compare.Known != nil && d.Compare.Known.B != nil {
			actions = append(actions, keymap.ActEqual, keymap.ActAsText)
		}
		if _, _, ok := d.Pair(); ok {
			actions = append(actions, keymap.ActAttempts)
		}
		actions = append(actions, keymap.ActCopy, keymap.ActReplay, keymap.ActEdit)
	default:
		actions = append([]keymap.Action{keymap.ActRead}, d.matchActions()...)
		actions = append(actions, keymap.ActReplay, keymap.ActEdit, keymap.ActFind)
		for _, h := range d.hints() {
			actions = append(actions, h.action)
		}
	}
	if d.Link() != "" {
		actions = append(actions, keymap.ActBrowse)
	}
	return append(actions, keymap.ActReplayNew)
}

// OutputActions are the actions that take the value under the cursor away, which fewer people want
// than those of Actions.
func (d *Pane) OutputActions() []keymap.Action {
	if d.Item.Row == nil || d.Node() == nil {
		return nil
	}
	return []keymap.Action{keymap.ActSave, keymap.ActPipe, keymap.ActPager}
}

func (d *Pane) payloadActions() (actions []keymap.Action) {
	if n := d.Tree.Current(); n != nil && n.IsString() {
		actions = append(actions, keymap.ActRead)
	}
	actions = append(actions, keymap.ActReplay, keymap.ActEdit)
	if d.Tree.Foldable() {
		actions = append(actions, keymap.ActFold)
	}
	if d.Tree.Unfoldable() {
		actions = append(actions, keymap.ActUnfold)
	}
	actions = append(actions, keymap.ActFind)
	actions = append(actions, d.matchActions()...)
	if d.Tree.Nested() {
		actions = append(actions, keymap.ActUnfoldAll)
	}
	if d.Tree.Current() == nil {
		return append(actions, keymap.ActCopy)
	}
	for _, h := range d.hints() {
		actions = append(actions, h.action)
	}
	return actions
}

// matching reports whether there are matches to go to.
func (d *Pane) matching() bool { return d.Search.on(d.Tab) && len(d.Search.hits) > 0 }

func (d *Pane) matchActions() []keymap.Action {
	if !d.matching() {
		return nil
	}
	return []keymap.Action{keymap.ActFindNext, keymap.ActFindPrevious}
}

// Link is the page of the Hub for what is under the cursor.
func (d *Pane) Link() string { return describe.Page(d.Payload(), d.Path()) }

// Do carries out an action of the detail, which is w by h cells, and reports whether it
// was one. top is the screen that a question stands on.
func (d *Pane) Do(a keymap.Action, f screen.Frame, top screen.Screen, w, h int) (next screen.Step, cmd tea.Cmd, done bool) {
	ask := d.ask
	if n, moves := a.Lines(h - 1); moves {
		d.Move(n, w)
		return next, nil, true
	}
	switch a {
	case keymap.ActFold:
		d.fold()
	case keymap.ActUnfold:
		cmd = d.unfold()
	case keymap.ActUnfoldAll:
		d.Tree.UnfoldAll()
	case keymap.ActRead:
		cmd = d.read(f)
	case keymap.ActFind:
		next.Push = d.newFind(f, top)
	case keymap.ActFindNext:
		d.goTo(d.Search.at+1, w)
	case keymap.ActFindPrevious:
		d.goTo(d.Search.at-1, w)
	case keymap.ActCopyValue:
		n := d.Tree.Current()
		cmd = ask.CopyBy("the value of "+pager.Shortened(n.Path(), pager.ShownPath), valueCommand(d.Event.ID, n), func(context.Context) (string, error) { return n.Copied(), nil })
	case keymap.ActCopyPath:
		path := d.Path()
		cmd = ask.Copy("the path "+pager.Shortened(path, pager.ShownPath), screen.PlainText(path))
	case keymap.ActCopyQuery:
		query := d.Tree.Current().Query()
		cmd = ask.CopyBy(pager.Shortened(query, pager.ShownPath), "hfhook show "+string(d.Event.ID)+" --raw | "+query, screen.PlainText(query))
	case keymap.ActBrowse:
		command := ""
		if d.Link() == describe.Page(d.Payload(), "") { // the command opens the event's page, not a field's
			command = "hfhook open " + string(d.Event.ID)
		}
		cmd = ask.Browse(d.Link(), command)
	case keymap.ActAnswer:
		next.Push = newWholeAnswer(ask.Runner, d.Event, d.Delivery())
	case keymap.ActHex:
		d.raw.Hex = !d.raw.Hex
	case keymap.ActSave:
		body, name, command := d.taken()
		p := screen.NewPrompt(top, "save", "save to", "save", name, func(path string) tea.Cmd {
			return ask.SaveAs(path, body, style.Plural(int64(len(body)), "byte"), command+" > "+screen.ShellWord(path))
		})
		p.Note = func() string { return "$ " + command + " > " + screen.ShellWord(p.Input.Value()) }
		next.Push = p
	case keymap.ActPager:
		body, _, _ := d.taken()
		cmd = ask.Pager(body)
	case keymap.ActPipe:
		body, _, taken := d.taken()
		p := screen.NewPrompt(top, "pipe", "pipe to", "run", "", func(command string) tea.Cmd { return ask.Pipe(command, body, taken+" | "+command) })
		p.Note = func() string { return "$ " + taken + " | " + p.Input.Value() }
		next.Push = p
	case keymap.ActPair:
		d.MarkAttempt()
	case keymap.ActAccept:
		cmd = ask.accept(d.Delivery())
	case keymap.ActPaired, keymap.ActAttempts:
		if was, is, ok := d.Pair(); ok {
			cmd = ask.compareAttempts(d.Event.ID, was, is)
		}
	case keymap.ActAsText:
		d.Compare.AsText = !d.Compare.AsText
		d.Compare.scroll = 0
	case keymap.ActOlder:
		cmd = ask.older(d.Event, d.Compare.Known.B.ID)
	case keymap.ActNewer:
		d.Compare.back()
	case keymap.ActEqual:
		d.Compare.equal = !d.Compare.equal
	case keymap.ActBack:
		if d.Sought() == "" {
			return next, nil, false
		}
		d.Search = search{asked: d.Search.asked}
	default:
		return next, nil, false
	}
	return next, cmd, true
}

// valueCommand prints a value of an event from a shell.
func valueCommand(id event.ID, n *jsonview.Node) string {
	return "hfhook show " + string(id) + " --raw | " + strings.Replace(n.Query(), "jq ", "jq -r ", 1)
}

// newFind asks for a text, and looks for it while it is written.
func (d *Pane) newFind(f screen.Frame, top screen.Screen) screen.Screen {
	d.Search.fields = nil
	if d.Tab == TabHeaders {
		for _, line := range d.fields(f) {
			d.Search.fields = append(d.Search.fields, line.Name+": "+line.Value+" "+line.Note)
		}
	}
	start := func(text string) {
		d.Search.Text, d.Search.tab, d.Search.hits, d.Search.known, d.Search.at = text, d.Tab, nil, "", 0
	}
	start("")
	p := screen.NewPrompt(top, "find", "find", "keep", "", func(string) tea.Cmd { return nil })
	p.Change = func(text string, _ screen.Frame) tea.Cmd {
		start(text)
		return d.Next()
	}
	p.Leave = func() { start("") }
	p.Note = func() string {
		if d.Sought() == "" {
			return ""
		}
		return d.Search.found()
	}
	return p
}

// Idle is the status line while there is no result to show.
func (d *Pane) Idle(f screen.Frame) string {
	switch {
	case d.Search.on(d.Tab):
		return d.Search.Text + ": " + d.Search.found()
	case d.Tab == TabHeaders && d.Event != nil:
		return visible.Line(pager.Shortened(d.Field(f).Name, 40))
	case d.Tab == TabRaw && d.Event != nil:
		return fmt.Sprintf("offset 0x%x of 0x%x", d.raw.Offset, len(d.Event.Body))
	case d.Tab == TabDeliveries && d.Delivery() != nil:
		return d.turn(d.Attempt)
	case d.Tab == TabDiff:
		return d.Compare.counts()
	}
	return pager.Shortened(d.Path(), max(f.W*2/3, 20))
}

func (d *Pane) fold() {
	if d.Tree == nil {
		return
	}
	n := d.Tree.Current()
	d.Tree.Fold()
	d.remember(n)
}

// unfold returns a Cmd where the node is too large to be taken apart here.
func (d *Pane) unfold() tea.Cmd {
	if d.Tree == nil {
		return nil
	}
	n := d.Tree.Current()
	if large := d.Tree.Unfold(); large != nil {
		return jsonview.UnfoldLarge(d.ask.Runner, d.Tree, large)
	}
	d.remember(n)
	return nil
}

func (d *Pane) remember(n *jsonview.Node) {
	if n != nil && n.Container() {
		if len(d.folds) >= 1000 { // as many as a person folds
			clear(d.folds)
		}
		d.folds = maps.Clone(d.folds)
		d.folds[n.Path()] = n.Open
	}
}

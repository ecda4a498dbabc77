package tui

// What the keys do in the detail while it has the focus: each tab has its own.

import (
	"context"
	"fmt"
	"maps"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
)

var tabActions = []action{actPayload, actHeaders, actDeliveries, actRaw, actDiff}

// otherTabs go to each tab but the one that is shown.
func (d *detail) otherTabs() (actions []action) {
	for i, a := range tabActions {
		if tab(i) != d.tab {
			actions = append(actions, a)
		}
	}
	return actions
}

// actions are those of the tab that is shown, the most useful first. What moves the
// cursor is not among them.
func (d *detail) actions() (actions []action) {
	if d.item.row == nil || d.event == nil {
		return []action{actCopy}
	}
	switch d.tab {
	case tabPayload:
		actions = d.payloadActions()
	case tabDeliveries:
		if a := d.delivery(); a != nil {
			if len(a.ResponseBody) > 0 || len(a.ResponseHeader) > 0 {
				actions = append(actions, actAnswer)
			}
			actions = append(actions, actAgain, actPair)
		}
		if _, _, ok := d.pair(); ok {
			actions = append(actions, actPaired)
		}
		actions = append(actions, actReplay, actEdit, actCopy)
	case tabRaw:
		actions = append([]action{actHex, actFind}, d.matchActions()...)
		actions = append(actions, actSave, actPipe, actPager, actCopy, actReplay, actEdit)
	case tabDiff:
		actions = []action{actPick}
		if d.compare.known != nil && d.compare.known.b != nil {
			actions = append(actions, actOlder)
		}
		if len(d.compare.newer) > 0 {
			actions = append(actions, actNewer)
		}
		if d.compare.known != nil && d.compare.known.b != nil {
			actions = append(actions, actEqual, actAsText)
		}
		if _, _, ok := d.pair(); ok {
			actions = append(actions, actAttempts)
		}
		actions = append(actions, actCopy, actReplay, actEdit)
	default:
		actions = []action{actReplay, actEdit}
		for _, h := range d.hints() {
			actions = append(actions, h.action)
		}
	}
	if d.link() != "" {
		actions = append(actions, actBrowse)
	}
	return actions
}

// shownPath is how many characters of a path are in a sentence, behind which there is more
// to read.
const shownPath = 50

func (d *detail) payloadActions() (actions []action) {
	if d.tree.foldable() {
		actions = append(actions, actFold)
	}
	if d.tree.unfoldable() {
		actions = append(actions, actUnfold)
	}
	actions = append(actions, actReplay, actEdit, actFind)
	actions = append(actions, d.matchActions()...)
	if d.tree.nested() {
		actions = append(actions, actUnfoldAll)
	}
	if d.tree.current() == nil {
		return append(actions, actCopy)
	}
	for _, h := range d.hints() {
		actions = append(actions, h.action)
	}
	return actions
}

// matching tells whether there are matches to go to.
func (d *detail) matching() bool { return d.search.on(d.tab) && len(d.search.hits) > 0 }

func (d *detail) matchActions() []action {
	if !d.matching() {
		return nil
	}
	return []action{actFindNext, actFindPrevious}
}

// link is the page of the Hub for what is under the cursor.
func (d *detail) link() string { return page(d.payload(), d.path()) }

// do carries out an action of the detail, which is w by h cells, and tells whether it
// was one. top is the screen that a question stands on.
func (d *detail) do(a action, top screen, w, h int) (next step, cmd tea.Cmd, done bool) {
	ask := d.ask
	const far = 1 << 30
	switch a {
	case actUp:
		d.move(-1, w)
	case actDown:
		d.move(1, w)
	case actPageUp:
		d.move(-max(h-2, 1), w)
	case actPageDown:
		d.move(max(h-2, 1), w)
	case actFirst:
		d.move(-far, w)
	case actLast:
		d.move(far, w)
	case actFold:
		d.fold()
	case actUnfold:
		cmd = d.unfold()
	case actUnfoldAll:
		d.tree.unfoldAll()
	case actFind:
		next.push = d.newFind(top)
	case actFindNext:
		d.goTo(d.search.at+1, w)
	case actFindPrevious:
		d.goTo(d.search.at-1, w)
	case actCopyValue:
		n := d.tree.current()
		cmd = ask.copyBy("the value of "+shortened(n.path(), shownPath), valueCommand(d.event.ID, n), func(context.Context) (string, error) { return n.copied(), nil })
	case actCopyPath:
		path := d.path()
		cmd = ask.copy("the path "+shortened(path, shownPath), plainText(path))
	case actCopyQuery:
		query := d.tree.current().query()
		cmd = ask.copyBy(shortened(query, shownPath), "hfhook show "+string(d.event.ID)+" --raw | "+query, plainText(query))
	case actBrowse:
		command := ""
		if d.link() == page(d.payload(), "") { // the command opens the event's page, not a field's
			command = "hfhook open " + string(d.event.ID)
		}
		cmd = ask.browse(d.link(), command)
	case actAnswer:
		next.push = newWholeAnswer(ask.runner, d.event, d.delivery())
	case actHex:
		d.raw.hex = !d.raw.hex
	case actSave:
		body, raw := d.event.Body, "hfhook show "+string(d.event.ID)+" --raw"
		p := newPrompt(top, "save", "save to", "save", d.event.ID.Short()+".json", func(path string) tea.Cmd {
			return ask.saveAs(path, body, plural(int64(len(body)), "byte"), raw+" > "+shellWord(path))
		})
		p.note = func() string { return "$ " + raw + " > " + shellWord(p.input.Value()) }
		next.push = p
	case actPager:
		cmd = ask.pager(d.event.Body)
	case actPipe:
		body, raw := d.event.Body, "hfhook show "+string(d.event.ID)+" --raw"
		p := newPrompt(top, "pipe", "pipe to", "run", "", func(command string) tea.Cmd { return ask.pipe(command, body, raw+" | "+command) })
		p.note = func() string { return "$ " + raw + " | " + p.input.Value() }
		next.push = p
	case actPair:
		d.markAttempt()
	case actPaired, actAttempts:
		if was, is, ok := d.pair(); ok {
			cmd = ask.compareAttempts(d.event.ID, was, is)
		}
	case actAsText:
		d.compare.asText = !d.compare.asText
		d.compare.scroll = 0
	case actOlder:
		cmd = ask.older(d.event, d.compare.known.b.ID)
	case actNewer:
		d.compare.back()
	case actEqual:
		d.compare.equal = !d.compare.equal
	case actBack:
		if d.sought() == "" {
			return next, nil, false
		}
		d.search = search{asked: d.search.asked}
	default:
		return next, nil, false
	}
	return next, cmd, true
}

// valueCommand prints a value of an event from a shell.
func valueCommand(id event.ID, n *node) string {
	return "hfhook show " + string(id) + " --raw | " + strings.Replace(n.query(), "jq ", "jq -r ", 1)
}

// newFind asks for a text, and looks for it while it is written.
func (d *detail) newFind(top screen) screen {
	start := func(text string) {
		d.search.text, d.search.tab, d.search.hits, d.search.known = text, d.tab, nil, ""
	}
	start("")
	p := newPrompt(top, "find", "find", "keep", "", func(string) tea.Cmd { return nil })
	p.change = func(text string, _ frame) tea.Cmd {
		start(text)
		return d.next()
	}
	p.leave = func() { start("") }
	p.note = func() string {
		if d.sought() == "" {
			return ""
		}
		return d.search.found()
	}
	return p
}

// idle is the status line while there is no result to show.
func (d *detail) idle(f frame) string {
	switch {
	case d.search.on(d.tab):
		return d.search.text + ": " + d.search.found()
	case d.tab == tabHeaders && d.event != nil:
		return visible.Line(shortened(d.field(f).name, 40))
	case d.tab == tabRaw && d.event != nil:
		return fmt.Sprintf("offset 0x%x of 0x%x", d.raw.offset, len(d.event.Body))
	case d.tab == tabDeliveries && d.delivery() != nil:
		return fmt.Sprintf("attempt %d of %d", d.attempt+1, len(d.deliveries))
	case d.tab == tabDiff:
		return d.compare.counts()
	}
	return shortened(d.path(), max(f.w*2/3, 20))
}

func (d *detail) fold() {
	if d.tree == nil {
		return
	}
	n := d.tree.current()
	d.tree.fold()
	d.remember(n)
}

// unfold returns a Cmd where the node is too large to be taken apart here.
func (d *detail) unfold() tea.Cmd {
	if d.tree == nil {
		return nil
	}
	n := d.tree.current()
	if large := d.tree.unfold(); large != nil {
		return unfoldLarge(d.ask.runner, d.tree, large)
	}
	d.remember(n)
	return nil
}

func (d *detail) remember(n *node) {
	if n != nil && n.container() {
		if len(d.folds) >= 1000 { // as many as a person folds
			clear(d.folds)
		}
		d.folds = maps.Clone(d.folds)
		d.folds[n.path()] = n.open
	}
}

package tui

// The main screen: the header, the list, and the detail of the selected item. Before
// the first event it is the checklist.

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/lease"
)

type events struct {
	ask    *asks
	list   list
	detail detail

	inDetail  bool // the keys move in the detail
	whole     bool // the detail has the whole screen
	earlier   bool // show the events of earlier runs although this one has none yet
	reading   bool // the replays of events in sight are being read
	replaying map[event.ID]bool
	run       *replayRun // nil: none
	rest      *remainder // of the last run; nil: nothing
	playing   *playing   // nil: no synthetic events are on their way
	sent      []*sending // synthetic events whose handlers have yet to answer
	marks     marks
	draft     *edit // that was put aside; nil: none
	known     int64 // events in the store
	undos     []undo
	doomedNow int64 // events that are hidden, and deleted when that can no longer be taken back
	erasing   [][]event.ID
	saved     []SavedFilter
	save      func(SavedFilter) ([]SavedFilter, string, error) // nil: filters can not be saved
	doctor    func(context.Context, func(Check))
	authtoken func(token string, keep bool) (where string, err error)

	keepSecret func() (where string, err error) // nil: none is kept
	listing    context.Context                  // of the list's newest window; nil before the first
	giveUp     context.CancelFunc               // ends it
	columns    columns
	zoomed     bool // the list has the width or the height of both panes
}

func newEvents(a *asks) *events {
	return &events{ask: a, list: newList(), detail: newDetail(a), replaying: map[event.ID]bool{}}
}

func (e *events) Name() string { return "event list" }

func (e *events) layout(f frame) layout {
	l := arrange(f.w, f.h, func(kind arrangement) int { return len(banner(f, kind, nil)) })
	if e.zoomed {
		l = l.zoom()
	}
	return l
}

// quiet tells whether this run has seen nothing yet.
func quiet(f frame) bool {
	st := f.state
	return st.Received == 0 && st.Refused == 0 && !st.Store.Newest.After(st.Started)
}

// checking tells whether the checklist is shown.
func (e *events) checking(f frame) bool {
	return quiet(f) && (!e.earlier || f.state.Store.Events == 0)
}

// busy tells whether a replay is under way.
func (e *events) busy() bool { return len(e.replaying) > 0 || e.run != nil || e.playing != nil }

// rect is the size of the detail.
func (e *events) rect(f frame) (w, h int) {
	l := e.layout(f)
	if e.whole || l.detailHeight == 0 {
		return f.w, f.h - 4
	}
	return l.detailWidth, l.detailHeight
}

func (e *events) Do(a action, f frame) (step, tea.Cmd) { return e.do(a, f, e) }

// do carries out an action for the screen that is on top: this one, or that of one
// event, which shows the same detail.
func (e *events) do(a action, f frame, top screen) (step, tea.Cmd) {
	l := e.layout(f)
	h := l.listHeight
	switch {
	case a == actFilterValue:
		return e.filterValue(f)
	case a == actCopyValue && e.detail.tab == tabHeaders:
		return step{}, e.detail.copyField(f)
	case a == actCopyHeader:
		return step{}, e.detail.copyFlag(f)
	}
	if e.whole || e.inDetail && l.detailHeight > 0 {
		w, height := e.rect(f)
		if e.detail.tab == tabHeaders && e.detail.event != nil {
			e.detail.keepField(f)
		}
		if next, cmd, done := e.detail.do(a, top, w, height); done {
			return next, tea.Batch(cmd, e.settle(f))
		}
	}
	var next step
	var cmd tea.Cmd
	switch a {
	case actUp:
		e.list.move(-1, h)
	case actDown:
		e.list.move(1, h)
	case actPrevious:
		e.list.step(-1, h)
	case actNext:
		e.list.step(1, h)
	case actPageUp:
		e.list.move(-max(h-1, 1), h)
	case actPageDown:
		e.list.move(max(h-1, 1), h)
	case actFirst:
		e.list.first(h)
	case actLast:
		e.list.last(h)
	case actFollow:
		e.list.setFollow(!e.list.follow, h)
	case actOtherPane:
		e.inDetail = !e.inDetail
	case actPayload, actHeaders, actDeliveries, actRaw, actDiff:
		e.detail.tab = tab(a - actPayload)
	case actRejected:
		next.push = e.newRejections(f.state.Refused)
	case actOpen:
		if n := e.detail.item.key.rejected; n > 0 {
			next.push = e.newRejections(n)
			break
		}
		e.whole = true
		next.push = &opened{e}
	case actReplay:
		cmd = e.replay("")
	case actAgain:
		if d := e.detail.delivery(); d != nil {
			cmd = e.replay(d.Target)
		}
	case actEdit:
		next.push, cmd = e.openEdit()
	case actSetValue:
		next.push, cmd = newSet(e.ask, &e.detail, top, f)
	case actPick:
		next.push = newPick(e, f.theme)
	case actFilter:
		bar := newFilterBar(e, e.list.text)
		bar.fresh, e.earlier = e.checking(f), true // there are none but those of earlier runs to filter
		next.push, cmd = bar, e.ask.words(e.detail.event)
	case actMark:
		e.marks.toggle(e.detail.item.key.id)
		e.list.step(1, h)
	case actMarkRange:
		e.marks.extend(e.list.rows, e.detail.item.key.id)
	case actReplayMany:
		next.push, cmd = newReplay(e.ask, e, e.replayScope(), f)
	case actMarkAll:
		cmd = e.ask.matching(e.list.filter, e.list.text)
	case actName:
		next.push = e.askName(top)
	case actNote:
		next.push = e.askNote(top)
	case actDelete:
		cmd = e.ask.doom(e.chosen())
	case actUndo:
		cmd = e.takeBack(f)
	case actKinBefore:
		cmd = e.related(true)
	case actKinAfter:
		cmd = e.related(false)
	case actColumns:
		e.columns = (e.columns + 1) % columnCount
		cmd = resultCmd("the list shows "+e.columns.String(), true)
	case actZoom:
		e.zoomed = !e.zoomed
	case actTargets:
		p := newTargets(e.ask)
		next.push = p
		cmd = e.ask.lookAround(p)
	case actPause:
		cmd = e.ask.pause("", !paused(f.state))
	case actHooks:
		hooks := newHooks(e.ask)
		next.push, cmd = hooks, hooks.open(f)
	case actHubLog:
		cmd = e.ask.browse(e.hubLog(f))
	case actExport:
		next.push = newExport(e.ask, e.marks.sorted(), e.detail.item.key.id)
	case actStop:
		if e.run != nil {
			e.run.halt()
		}
		if e.playing != nil {
			e.playing.halt()
		}
	case actNew:
		next.push, cmd = newTrigger(e.ask, e.play)
	case actCopy:
		next.push = newCopy(e.ask.runner, e.ask.session.SecretText, f, append(e.copies(), e.list.copies()...))
	case actBrowse:
		cmd = e.ask.browse(page(e.detail.payload(), ""), "hfhook open "+string(e.detail.item.key.id))
	case actEarlier:
		e.earlier = true
		e.list.pickNewest()
	case actBack:
		switch {
		case e.inDetail && l.detailHeight > 0:
			e.inDetail = false
		case len(e.marks.ids) > 0:
			e.marks.clear()
		case e.list.filter != nil:
			cmd = e.clearFilter(f)
		default:
			e.earlier = false
		}
	case actSaved1, actSaved2, actSaved3, actSaved4, actSaved5, actSaved6, actSaved7, actSaved8, actSaved9:
		cmd = e.useSaved(int(a-actSaved1), f)
	case actDoctor:
		next.push, cmd = newDoctor(e.ask.runner, e.doctor)
	case actAuthtoken:
		next.push = e.askAuthtoken(top)
	case actOwnURL:
		next.push = e.askURL(top, f)
	case actRetryTunnel:
		cmd = e.ask.retryTunnel()
	case actDropTunnel:
		cmd = e.ask.dropTunnel()
	}
	return next, tea.Batch(cmd, e.settle(f))
}

func (e *events) replayScope() replayScope {
	of := replayScope{selected: e.marks.sorted(), rest: e.rest, cursor: e.detail.item.key.id, hidden: e.list.hidden}
	if e.list.filter != nil {
		of.filter = e.list.text
	}
	return of
}

func (e *events) replayingMany() bool { return e.run != nil }

// startReplays starts many replays.
func (e *events) startReplays(b dev.Batch, command string, f frame) (cmd tea.Cmd) {
	e.marks.clear()
	e.rest = nil
	e.run, cmd = startRun(e.ask, b, command, f)
	return cmd
}

// play sends what was ordered.
func (e *events) play(o order) (cmd tea.Cmd) {
	if e.playing != nil {
		return resultCmd("not sent: "+e.playing.name+" is still on its way, and ctrl+x in the list stops it", false)
	}
	e.playing, cmd = startOrder(e.ask, o)
	return cmd
}

func (e *events) newRejections(selected int64) *rejections {
	plan := func(over screen, w lease.Wish) tea.Cmd { return planHook(e.ask, over, w) }
	return newRejections(e.ask, e.keepSecret, plan, selected)
}

// replay sends the selected event again, once at a time, to every target or to one.
func (e *events) replay(to string) tea.Cmd {
	id := e.detail.item.key.id
	if id == "" || e.replaying[id] {
		return nil
	}
	e.replaying[id] = true
	return e.ask.replay(id, to)
}

func (e *events) Update(msg tea.Msg, f frame) tea.Cmd {
	l := e.layout(f)
	switch msg := msg.(type) {
	case changedMsg:
		e.list.setRejected(f.state.Rejected, f.state.Refused)
		e.list.setGaps(f.state.Gaps, f.state.Offline, f.now)
		e.known = f.state.Store.Events
		e.list.wake(f.state.Store.Events + f.state.Refused)
		e.detail.wake()
		e.reading = false
		return tea.Batch(e.lookSent(f), e.settle(f))
	case pageMsg:
		if msg.err != nil {
			if !e.list.failed(msg.load) {
				return nil
			}
			return resultCmd(fmt.Sprintf("read the list: %v", msg.err), false)
		}
		e.list.take(msg.load, msg.page, msg.newest, l.listHeight)
	case detailMsg:
		_, h := e.rect(f)
		e.detail.take(msg, max(h-6, 4))
	case replaysMsg:
		e.reading = msg.err != nil // then the next wake-up tries again
		if msg.err != nil {
			return resultCmd(fmt.Sprintf("read the replays: %v", msg.err), false)
		}
		e.list.adopt(msg)
	case foundMsg:
		w, _ := e.rect(f)
		e.detail.takeFound(msg, w)
	case comparedMsg:
		if msg.a == e.detail.item.key.id {
			e.detail.compare.take(msg)
		}
	case pairComparedMsg:
		if msg.pair == e.detail.answer.pair {
			e.detail.answer.diff = msg.diff
		}
	case textComparedMsg:
		if msg.a == e.detail.item.key.id {
			e.detail.compare.takeText(msg)
		}
	case olderMsg:
		if msg.err != nil {
			return resultCmd("no older event is of this kind", false)
		}
		if msg.a == e.detail.item.key.id {
			e.detail.compare.with(msg.b)
		}
	case madeMsg:
		return e.openMade(msg)
	case editedMsg:
		return tea.Batch(e.sendEdited(msg, f), e.settle(f))
	case unfoldedMsg:
		msg.node.adopt(msg.kids)
		msg.tree.opened(msg.node)
	case doomedMsg:
		return tea.Batch(e.doomed(msg, f), e.settle(f))
	case deletedMsg:
		return tea.Batch(e.erased(msg), e.settle(f))
	case pinnedMsg:
		return e.named(msg, f)
	case notedMsg:
		return e.noted(msg)
	case savedMsg:
		return e.keepSaved(msg)
	case relatedMsg:
		return tea.Batch(e.goRelated(msg, l.listHeight), e.settle(f))
	case matchingMsg:
		return e.selectMatching(msg, f)
	case sentMsg:
		return tea.Batch(e.takeSent(msg, f), e.settle(f))
	case replayedMsg:
		delete(e.replaying, msg.id)
	case unsentMsg: // the screen may have been put aside meanwhile
		msg.of.sending = false
	case playedMsg:
		if msg.run == e.playing {
			e.playing = nil
		}
		return tea.Batch(e.await(msg.recorded, f), e.settle(f))
	case recordedMsg:
		return tea.Batch(e.await(msg, f), e.settle(f))
	case runEndedMsg:
		if msg.run == e.run {
			e.run, e.rest = nil, msg.run.left()
		}
	}
	if e.checking(f) {
		e.list.forgetSelection() // nobody has chosen what is not in sight
	}
	return e.settle(f)
}

// settle lets the detail follow the selection, and asks for what is missing.
func (e *events) settle(f frame) tea.Cmd {
	var cmds []tea.Cmd
	if wanted, ok := e.list.next(e.layout(f).listHeight); ok {
		cmds = append(cmds, e.read(wanted))
	}
	if of := e.list.unread(e.layout(f).listHeight); len(of) > 0 && !e.reading {
		e.reading = true
		cmds = append(cmds, e.ask.replays(of))
	}
	if it, ok := e.list.current(); ok {
		e.detail.show(it)
	} else if len(e.list.items) == 0 && (e.list.filter != nil || len(e.list.hidden) > 0) {
		e.detail.show(item{})
	}
	return tea.Batch(append(cmds, e.detail.next())...)
}

func (e *events) Moves(f frame) time.Duration {
	if e.run != nil || e.playing != nil {
		return 100 * time.Millisecond
	}
	top := e.list.top(f.h)
	for _, it := range e.list.items[top:min(top+f.h, len(e.list.items))] {
		if it.row != nil && pending(it.row) {
			return 100 * time.Millisecond
		}
	}
	return 0
}

// Package events is the main screen: the list, the detail of the selected event, and the
// filter bar. It opens the dialogs.
package events

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
	"hfhook/tui/causes"
	"hfhook/tui/describe"
	"hfhook/tui/detail"
	"hfhook/tui/edit"
	"hfhook/tui/eventlist"
	"hfhook/tui/exporting"
	"hfhook/tui/header"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/rejected"
	"hfhook/tui/replay"
	"hfhook/tui/screen"
	"hfhook/tui/settings"
	"hfhook/tui/sorted"
	"hfhook/tui/targets"
	"hfhook/tui/trigger"
	"hfhook/tui/webhooks"
)

type Screen struct {
	ask    *asks
	List   eventlist.List
	setup  setup
	Detail detail.Pane

	InDetail bool // the keys move in the detail
	whole    bool // the detail has the whole screen
	earlier  bool // show the events of earlier runs although this one has none yet
	reading  bool // the replays of events in sight are being read

	pastStale     bool // the rows that no longer match are to be read again
	readingPast   bool // they are being read
	seen          []sight
	made          event.ID // that was made here and is to be selected once it is in the list
	replaying     map[event.ID]bool
	asked         map[string]bool   // targets whose handlers were asked for their paths
	Run           *replay.Run       // nil: none
	Address       *replay.Address   // that was typed for replays; nil: none is remembered
	Rest          *replay.Remainder // of the last run; nil: nothing
	Playing       *trigger.Playing  // nil: no synthetic events are on their way
	Sent          []*sending        // synthetic events whose handlers have yet to answer
	Selection     eventlist.Selection
	comparing     []event.ID   // the two that d is to compare, older first; nil: none
	draft         *edit.Screen // that was put aside; nil: none
	known         int64        // events in the store
	undos         []undo
	deletingCount int64 // events that are hidden, and deleted when that can no longer be taken back
	erasing       [][]event.ID
	Saved         []SavedFilter
	Save          func(SavedFilter) ([]SavedFilter, string, error) // nil: filters cannot be saved
	Doctor        func(context.Context, func(settings.Check))
	Authtoken     func(token string, keep bool)
	Tunnels       Tunnels // nil: the tunnel cannot be changed

	KeepSecret func() (where string, err error) // nil: none is kept

	KeepHandlerSecret func(target string) (where string, err error) // nil: none is kept

	listing  context.Context    // of the list's newest window; nil before the first
	giveUp   context.CancelFunc // ends it
	columns  eventlist.Columns
	narrowed narrowed // by f
	shorter  shorter  // filter, if nothing matches this one
	zoomed   bool     // the list has the width or the height of both panes
}

func New(r *screen.Runner, s Session) *Screen {
	a := &asks{r, s}

	return &Screen{ask: a, List: eventlist.New(), Detail: detail.New(a.Runner, a.session), replaying: map[event.ID]bool{}}
}

func (e *Screen) Name() string { return "event list" }

func (e *Screen) Layout(f screen.Frame) screen.Layout {
	l := screen.Arrange(f.W, f.H, func(kind screen.Arrangement) int { return len(header.Banner(f, kind)) })
	l.Copies = true
	if e.zoomed {
		l = l.Zoom()
	}
	return l
}

// Checking reports whether the checklist is shown.
func (e *Screen) Checking(f screen.Frame) bool {
	return describe.Quiet(f) && (!e.earlier || f.State.Store.Events == 0)
}

// Busy reports whether a replay is under way.
func (e *Screen) Busy() bool { return len(e.replaying) > 0 || e.Run != nil || e.Playing != nil }

// rect is the size of the detail.
func (e *Screen) rect(f screen.Frame) (w, h int) {
	l := e.Layout(f)
	if e.whole || l.DetailHeight == 0 {
		return f.W, f.H - 4
	}
	return l.DetailWidth, l.DetailHeight
}

func (e *Screen) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) { return e.do(a, f, e) }

// do carries out an action for the screen that is on top: this one, or that of one
// event, which shows the same detail.
func (e *Screen) do(a keymap.Action, f screen.Frame, top screen.Screen) (screen.Step, tea.Cmd) {
	if e.Checking(f) && top == screen.Screen(e) {
		if next, cmd, done := e.doSetup(a, f, top); done {
			return next, cmd
		}
	}
	l := e.Layout(f)
	h := l.ListHeight
	e.seeing(a, f)
	defer func() {
		if reads := e.whole || e.InDetail || len(e.Selection.Ids) > 0; reads && a != keymap.ActFollow {
			e.List.Detach(h)
		}
		e.chose()
	}()
	switch {
	case a == keymap.ActFilterValue:
		return e.filterValue(f)
	case a == keymap.ActCopyValue && e.Detail.Tab == detail.TabHeaders:
		return screen.Step{}, e.Detail.CopyField(f)
	case a == keymap.ActCopyHeader:
		return screen.Step{}, e.Detail.CopyFlag(f)
	}
	if e.whole || e.InDetail && l.DetailHeight > 0 {
		w, height := e.rect(f)
		if e.Detail.Tab == detail.TabHeaders && e.Detail.Event != nil {
			e.Detail.KeepField(f)
		}
		if next, cmd, done := e.Detail.Do(a, f, top, w, height); done {
			return next, tea.Batch(cmd, e.settle(f))
		}
	}
	var next screen.Step
	var cmd tea.Cmd
	switch a {
	case keymap.ActPrevious:
		e.List.Step(-1, h)
	case keymap.ActNext:
		e.List.Step(1, h)
	case keymap.ActUp, keymap.ActDown, keymap.ActHalfUp, keymap.ActHalfDown, keymap.ActPageUp, keymap.ActPageDown:
		n, _ := a.Lines(h)
		e.List.Move(n, h)
	case keymap.ActFirst:
		e.List.First(h)
	case keymap.ActLast:
		e.List.Last(h)
	case keymap.ActFollow:
		e.List.Attach(h)
	case keymap.ActOtherPane:
		e.InDetail = !e.InDetail
	case keymap.ActDiff:
		cmd = e.diff(f)
	case keymap.ActPayload, keymap.ActHeaders, keymap.ActDeliveries, keymap.ActRaw:
		e.Detail.Tab = detail.Tab(a - keymap.ActPayload)
	case keymap.ActRejected:
		shown := f.State.Refused
		if n := e.Detail.Item.Number(); n > 0 {
			shown = n
		}
		next.Push = e.newRejections(shown)
	case keymap.ActOpen:
		if e.Detail.Item.Run != nil {
			e.List.Toggle()
			break
		}
		if n := e.Detail.Item.Number(); n > 0 {
			next.Push = e.newRejections(n)
			break
		}
		e.whole = true
		next.Push = &Opened{e}
	case keymap.ActReplay:
		cmd = e.replay(dev.ReplayAs{}, f)
	case keymap.ActReplayNew:
		cmd = e.replay(dev.ReplayAs{New: true}, f)
	case keymap.ActEdit:
		if n := len(e.chosen()); n > 1 {
			cmd = screen.ResultCmd(fmt.Sprintf("%d events are selected, and one is edited at a time: %s ends the selection", n, f.Label(keymap.ActBack)), false)
			break
		}
		next.Push, cmd = e.openEdit(e.chosen()[0])
	case keymap.ActSetValue:
		next.Push, cmd = edit.NewSet(e.ask.Runner, e.ask.session, &e.Detail, top, f)
	case keymap.ActPick:
		next.Push = newPick(e, f.Theme)
	case keymap.ActFilter:
		bar := newFilterBar(e, e.List.Text)
		e.List.Detach(h)
		bar.fresh, e.earlier = e.Checking(f), true // there are none but those of earlier runs to filter
		next.Push, cmd = bar, e.ask.words(e.Detail.Event)
	case keymap.ActMark:
		e.Selection.Toggle(e.Detail.Item.Key.ID)
		e.List.StepDown(h)
	case keymap.ActMarkRange:
		e.Selection.Extend(e.List.Rows, e.Detail.Item.Key.ID)
	case keymap.ActReplayMany:
		next.Push, cmd = replay.New(e.ask.Runner, e.ask.session, e, e.replayScope(), f)
	case keymap.ActMarkAll:
		cmd = e.ask.matching(e.List.Filter, e.List.Text)
	case keymap.ActName:
		next.Push = e.askName(top)
	case keymap.ActNote:
		next.Push = e.askNote(top)
	case keymap.ActDelete:
		if e.noneMatch() {
			cmd = e.shorten(f)
			break
		}
		cmd = e.ask.askRemove(e.chosen())
	case keymap.ActUndo:
		cmd = e.takeBack(f)
	case keymap.ActPreviousInRepo:
		cmd = e.findSameRepo(true)
	case keymap.ActNextInRepo:
		cmd = e.findSameRepo(false)
	case keymap.ActColumns:
		e.columns = (e.columns + 1) % eventlist.ColumnCount
		cmd = screen.ResultCmd("the list shows "+e.columns.String(), true)
	case keymap.ActZoom:
		e.zoomed = !e.zoomed
	case keymap.ActTargets:
		p := targets.New(e.ask.Runner, e.ask.session)
		next.Push = p
		cmd = targets.LookAround(e.ask.Runner, e.ask.session, p)
	case keymap.ActHandlerSecret:
		next.Push = e.handlerSecret(top, f)
	case keymap.ActSendTo:
		next.Push, cmd = e.sendTo(top, f)
	case keymap.ActPause:
		cmd = targets.Pause(e.ask.Runner, e.ask.session, "", !describe.Paused(f.State))
	case keymap.ActHooks:
		hooks := webhooks.New(e.ask.Runner, e.ask.session)
		next.Push, cmd = hooks, hooks.Open(f)
	case keymap.ActHubLog:
		cmd = e.ask.Browse(e.hubLog(f))
	case keymap.ActExport:
		next.Push = exporting.New(e.ask.Runner, e.ask.session, e.selection(), e.Detail.Item.Key.ID)
	case keymap.ActStop:
		if e.Run != nil {
			e.Run.Halt()
		}
		if e.Playing != nil {
			e.Playing.Halt()
		}
	case keymap.ActNew:
		next.Push, cmd = trigger.New(e.ask.Runner, e.ask.session, e.play)
	case keymap.ActCopy:
		next.Push = screen.NewCopy(e.ask.Runner, e.ask.session.SecretText, f, append(e.Copies(), e.List.Copies()...))
	case keymap.ActBrowse:
		cmd = e.ask.Browse(describe.Page(e.Detail.Payload(), ""), "hfhook open "+string(e.Detail.Item.Key.ID))
	case keymap.ActFailed:
		cmd = e.failedOnly(f)
	case keymap.ActSort:
		next.Push, cmd = sorted.New(e.ask.Runner, e.ask.session, e, e.List.Filter, e.List.Text, f)
	case keymap.ActCauses:
		next.Push, cmd = causes.New(e.ask.Runner, e.ask.session, e, e.List.Filter, e.List.Text)
	case keymap.ActEarlier:
		cmd = e.openEarlier(f)
	case keymap.ActBack:
		switch {
		case e.InDetail && l.DetailHeight > 0:
			e.InDetail = false
		case len(e.Selection.Ids) > 0:
			e.Selection.Clear()
		case e.narrowed.to == onRejected:
			cmd = e.widen(e.narrowed, f)
		case e.List.Filter != nil:
			cmd = e.clearFilter(f)
		default:
			e.earlier = false
		}
	case keymap.ActSaved1, keymap.ActSaved2, keymap.ActSaved3, keymap.ActSaved4, keymap.ActSaved5, keymap.ActSaved6, keymap.ActSaved7, keymap.ActSaved8, keymap.ActSaved9:
		cmd = e.useSaved(int(a-keymap.ActSaved1), f)
	case keymap.ActDoctor:
		next.Push, cmd = settings.NewDoctor(e.ask.Runner, e.Doctor)
	case keymap.ActTunnel:
		next.Push = e.tunnelMenu(top, f)
	}
	return next, tea.Batch(cmd, e.settle(f))
}

func (e *Screen) replayScope() replay.Scope {
	of := replay.Scope{Selected: e.selection(), Rest: e.Rest, Cursor: e.Detail.Item.Key.ID, Hidden: e.List.Hidden, Address: e.Address}
	if e.List.Filter != nil {
		of.Filter = e.List.Text
	}
	if d := e.Detail.Delivery(); d != nil && e.Detail.Tab == detail.TabDeliveries && (e.whole || e.InDetail) {
		of.To = d
	}
	return of
}

func (e *Screen) ReplayingMany() bool { return e.Run != nil }

// StartReplays starts many replays.
func (e *Screen) StartReplays(b dev.Batch, command string, f screen.Frame) (cmd tea.Cmd) {
	e.Selection.Clear()
	e.Rest = nil
	e.List.KeepAll(b.Events)
	e.Run, cmd = replay.StartRun(e.ask.Runner, e.ask.session, b, command, f)
	return cmd
}

// play sends what was ordered.
func (e *Screen) play(o trigger.Order) (cmd tea.Cmd) {
	if e.Playing != nil {
		return screen.ResultCmd("not sent: "+e.Playing.Name+" is still being sent; ctrl+x in the list stops it", false)
	}
	e.Playing, cmd = trigger.StartOrder(e.ask.Runner, e.ask.session, o)
	return cmd
}

func (e *Screen) newRejections(selected int64) *rejected.Screen {
	plan := func(over screen.Screen, w lease.Request) tea.Cmd {
		return webhooks.PlanHook(e.ask.Runner, e.ask.session, over, w)
	}
	return rejected.New(e.ask.Runner, e.ask.session, e.KeepSecret, plan, selected)
}

// replay sends the chosen events again to every target, one event once at a time.
func (e *Screen) replay(as dev.ReplayAs, f screen.Frame) tea.Cmd {
	ids := e.chosen()
	if len(ids) > 1 {
		return e.replayMany(ids, as, f)
	}
	id := ids[0]
	if id == "" || e.replaying[id] {
		return nil
	}
	e.replaying[id] = true
	return e.ask.replay(id, as)
}

func (e *Screen) Update(msg tea.Msg, f screen.Frame) tea.Cmd {
	l := e.Layout(f)
	switch msg := msg.(type) {
	case screen.ChangedMsg:
		e.List.SetRejected(f.State.Rejected, f.State.Refused)
		e.List.SetGaps(f.State.Gaps, f.State.Offline, f.Now)
		e.known = f.State.Store.Events
		e.List.Wake(f.State.Store.Events)
		e.Detail.Wake()
		e.reading, e.pastStale = false, true
		cmds := []tea.Cmd{e.lookSent(f), e.learnPaths(f), e.settle(f)}
		if e.Checking(f) || len(f.State.Targets) == 0 || e.setup.ssh == "" {
			cmds = append(cmds, e.lookForWays())
		}
		return tea.Batch(cmds...)
	case waysMsg:
		e.setup.take(msg)
		return nil
	case startSSHMsg:
		return e.ask.useTunnel(e.Tunnels, "ssh", "connecting to "+e.setup.ssh)
	case pageMsg:
		if msg.err != nil {
			if !e.List.Failed(msg.load) {
				return nil
			}
			return screen.ResultCmd(fmt.Sprintf("read the list: %s", screen.Plain(msg.err)), false)
		}
		aimed := e.List.Aimed()
		if made := e.made; e.List.Take(msg.load, msg.page, msg.newest, l.ListHeight) && aimed {
			e.chose()
			e.made = made
		}
	case detail.DetailMsg:
		_, h := e.rect(f)
		e.Detail.Take(msg, max(h-6, 4))
	case eventlist.ReplaysMsg:
		e.reading = msg.Err != nil // then the next wake-up tries again
		if msg.Err != nil {
			return screen.ResultCmd(fmt.Sprintf("read the replays: %s", screen.Plain(msg.Err)), false)
		}
		e.List.Adopt(msg)
	case detail.FoundMsg:
		w, _ := e.rect(f)
		e.Detail.TakeFound(msg, w)
	case detail.ComparedMsg:
		if msg.A == e.Detail.Item.Key.ID {
			e.Detail.Compare.Take(msg)
		}
	case detail.PairComparedMsg:
		if msg.Pair == e.Detail.Answer.Pair {
			e.Detail.Answer.Diff = msg.Diff
		}
	case detail.TextComparedMsg:
		if msg.A == e.Detail.Item.Key.ID {
			e.Detail.Compare.TakeText(msg)
		}
	case detail.OlderMsg:
		if msg.Err != nil {
			return screen.ResultCmd("no earlier event to compare with", false)
		}
		if msg.A == e.Detail.Item.Key.ID {
			e.Detail.Compare.With(msg.B, msg.What)
		}
	case trigger.MadeMsg:
		return e.openMade(msg)
	case edit.EditedMsg:
		return tea.Batch(e.sendEdited(msg, f), e.settle(f))
	case jsonview.UnfoldedMsg:
		msg.Node.Adopt(msg.Kids)
		msg.Tree.Opened(msg.Node)
	case deletableMsg:
		return tea.Batch(e.hideDeleted(msg, f), e.settle(f))
	case deletedMsg:
		return tea.Batch(e.erased(msg), e.settle(f))
	case pinnedMsg:
		return e.named(msg, f)
	case notedMsg:
		return e.noted(msg)
	case savedMsg:
		return e.keepSaved(msg)
	case sameRepoMsg:
		return tea.Batch(e.goRelated(msg, l.ListHeight), e.settle(f))
	case pastMsg:
		e.readingPast = false
		if msg.err != nil {
			return screen.ResultCmd(fmt.Sprintf("read the list: %s", screen.Plain(msg.err)), false)
		}
		e.List.TakePast(msg.rows, msg.gone)
	case countsMsg:
		if found, ok := msg[e.shorter.text]; ok {
			e.shorter.found = found
		}
	case earlierMsg:
		return tea.Batch(e.goEarlier(msg, f), e.settle(f))
	case matchingMsg:
		return e.selectMatching(msg, f)
	case sentMsg:
		return tea.Batch(e.takeSent(msg, f), e.settle(f))
	case detail.AcceptedMsg:
		e.Detail.Reread(msg.ID)
	case replayedMsg:
		delete(e.replaying, msg.id)
	case edit.UnsentMsg: // the screen may have been put aside meanwhile
		msg.Of.Sending = false
	case trigger.PlayedMsg:
		if msg.Run == e.Playing {
			e.Playing = nil
		}
		return tea.Batch(e.Await(msg.Recorded, f), e.settle(f))
	case screen.RecordedMsg:
		return tea.Batch(e.Await(msg, f), e.settle(f))
	case replay.RunEndedMsg:
		if msg.Run == e.Run {
			e.Run, e.Rest = nil, msg.Run.Left()
		}
	}
	if e.Checking(f) {
		e.List.ForgetSelection() // nobody has chosen what is not in sight
	}
	return e.settle(f)
}

// settle lets the detail follow the selection, and asks for what is missing.
func (e *Screen) settle(f screen.Frame) tea.Cmd {
	var cmds []tea.Cmd
	if wanted, ok := e.List.Next(e.Layout(f).ListHeight); ok {
		cmds = append(cmds, e.read(wanted))
	} else if cmd := e.seekShorter(f); cmd != nil {
		cmds = append(cmds, cmd)
	}
	if of := e.List.Unread(e.Layout(f).ListHeight); len(of) > 0 && !e.reading {
		e.reading = true
		cmds = append(cmds, e.ask.replays(of))
	}
	if ids := e.List.Past(); len(ids) > 0 && e.pastStale && !e.readingPast {
		e.pastStale, e.readingPast = false, true
		cmds = append(cmds, e.ask.past(ids))
	}
	e.selectMade(e.Layout(f).ListHeight)
	if it, ok := e.List.Current(); ok {
		e.Detail.Show(it)
		e.compareChosen()
	} else if len(e.List.Items) == 0 && (e.List.Filter != nil || len(e.List.Hidden) > 0) {
		e.Detail.Show(eventlist.Item{})
	}
	e.sight(f.Now)
	return tea.Batch(append(cmds, e.Detail.Next())...)
}

func (e *Screen) Moves(f screen.Frame) time.Duration {
	if e.Run != nil || e.Playing != nil {
		return 100 * time.Millisecond
	}
	top := e.List.Top(f.H)
	for _, it := range e.List.Items[top:min(top+f.H, len(e.List.Items))] {
		if it.Row != nil && eventlist.Pending(it.Row, f.State) {
			return 100 * time.Millisecond
		}
	}
	return 0
}

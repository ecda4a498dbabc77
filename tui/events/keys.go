package events

// What the keys can do on the main screen: with the list, with the detail, with marked
// events, and about a tunnel that is not up.

import (
	"slices"

	"hfhook/tui/describe"
	"hfhook/tui/detail"
	"hfhook/tui/eventlist"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

func (e *Screen) Keys(f screen.Frame) []keymap.Binding {
	if e.Checking(f) {
		return slices.Concat(e.tunnelKeys(f), e.setupKeys(f), e.savedQuiet(f), keymap.Keys(keymap.ActHelp, keymap.ActQuit))
	}
	bindings := keymap.Keys(e.actions(f)...)
	if run := e.Detail.Item.Run; run != nil && bindings[0].Action == keymap.ActOpen {
		bindings[0] = bindings[0].As(map[bool]string{false: "unfold", true: "fold"}[run.Open])
	}
	for i, b := range bindings {
		if b.Action == keymap.ActSendTo {
			bindings[i] = b.As(e.routeWord(f))
		}
		if n := len(e.Selection.Ids); n > 1 && b.Action == keymap.ActReplay {
			bindings[i].Word = "replay " + style.Count(int64(n))
		}
	}
	return slices.Concat(e.tunnelKeys(f), bindings, e.savedQuiet(f), keymap.Keys(keymap.ActHelp, keymap.ActQuit))
}

// actions are what can be done with the list and the detail.
func (e *Screen) actions(f screen.Frame) (actions []keymap.Action) {
	if e.offersRoute(f) {
		defer func() { actions = append([]keymap.Action{keymap.ActSendTo}, actions...) }()
	}
	if !e.InDetail && describe.SecretTarget(f.State, "") != "" { // there s sets a value
		defer func() { actions = append([]keymap.Action{keymap.ActHandlerSecret}, actions...) }()
	}
	l := e.Layout(f)
	selected, isEvent := e.Detail.Item.Key != (eventlist.ItemKey{}), e.Detail.Item.Row != nil
	inside := e.InDetail && l.DetailHeight > 0 && isEvent
	switch {
	case inside:
		actions = e.Detail.Actions()
		if !slices.Contains(actions, keymap.ActAnswer) && !slices.Contains(actions, keymap.ActRead) {
			actions = append([]keymap.Action{keymap.ActOpen}, actions...)
		}
	case isEvent:
		actions = []keymap.Action{keymap.ActOpen, keymap.ActReplay, keymap.ActReplayMany, keymap.ActEdit, keymap.ActFilter, keymap.ActFailed}
	case e.Detail.Item.Gap != nil:
		actions = []keymap.Action{keymap.ActHubLog, keymap.ActFilter, keymap.ActCopy}
	case selected:
		actions = []keymap.Action{keymap.ActOpen, keymap.ActFilter, keymap.ActCopy}
	default:
		actions = []keymap.Action{keymap.ActFilter, keymap.ActCopy}
	}
	if !inside || e.Detail.Sought() == "" { // else n is for the next match
		actions = append(actions, keymap.ActNew)
	}
	actions = append(actions, keymap.ActTargets)
	if len(f.State.Rejected) > 0 {
		actions = append(actions, keymap.ActRejected)
	}
	if isEvent && !inside {
		actions = append(actions, keymap.ActCopy, keymap.ActMark)
	}
	if f.State.Hub != nil {
		actions = append(actions, keymap.ActHooks)
	}
	if !slices.Contains(actions, keymap.ActFailed) {
		actions = append(actions, keymap.ActFailed)
	}
	actions = append(actions, keymap.ActEarlier)
	if len(f.State.Targets) > 0 && !inside {
		actions = append(actions, keymap.ActPause)
	}
	if selected {
		if l.DetailHeight > 0 {
			actions = append(actions, keymap.ActOtherPane)
		}
		if !e.List.Follow {
			actions = append(actions, keymap.ActFollow)
		}
		if !inside || e.Detail.Tab != detail.TabDiff {
			actions = append(actions, e.List.Neighbours()...)
		}
		if isEvent {
			actions = append(actions, keymap.ActPreviousInRepo, keymap.ActNextInRepo)
		}
		actions = append(actions, keymap.Motions()...)
	}
	if !inside && describe.Page(e.Detail.Payload(), "") != "" {
		actions = append(actions, keymap.ActBrowse)
	}
	if !isEvent && len(e.Selection.Ids) > 0 {
		actions = append(actions, keymap.ActReplay, keymap.ActName, keymap.ActNote, keymap.ActDelete)
	}
	if isEvent || len(e.Selection.Ids) > 0 {
		if !slices.Contains(actions, keymap.ActReplayMany) {
			actions = append(actions, keymap.ActReplayMany)
		}
		actions = append(actions, keymap.ActExport)
	}
	if isEvent && !inside {
		actions = append(actions, keymap.ActMarkRange, keymap.ActReplayNew)
		if e.List.Filter != nil {
			actions = append(actions, keymap.ActMarkAll)
		}
	}
	if isEvent {
		actions = append(actions, keymap.ActName, keymap.ActNote, keymap.ActDelete)
	}
	if e.noneMatch() {
		actions = append(actions, keymap.ActDelete)
	}
	if len(e.undos) > 0 {
		actions = append([]keymap.Action{keymap.ActUndo}, actions...)
	}
	if selected && !inside {
		actions = append(actions, keymap.ActColumns)
		if l.Kind != screen.Single {
			actions = append(actions, keymap.ActZoom)
		}
	}
	if selected && !slices.Contains(actions, keymap.ActHubLog) {
		actions = append(actions, keymap.ActHubLog)
	}
	if e.Run != nil || e.Playing != nil {
		actions = append([]keymap.Action{keymap.ActStop}, actions...)
	}
	if inside {
		actions = append(actions, e.Detail.OutputActions()...)
	}
	if e.Doctor != nil {
		actions = append(actions, keymap.ActDoctor)
	}
	actions = append(actions, keymap.ActSort)
	if f.State.Store.Failed > 0 {
		actions = append(actions, keymap.ActCauses)
	}
	if isEvent && l.DetailHeight > 0 {
		actions = append(actions, e.Detail.OtherTabs()...)
	}
	if describe.Quiet(f) || e.InDetail && l.DetailHeight > 0 || len(e.Selection.Ids) > 0 || e.List.Filter != nil || e.narrowed.to == onRejected {
		actions = append(actions, keymap.ActBack)
	}
	if len(e.Selection.Ids) > 0 && !inside { // what is done to all of them comes first
		actions = foremost(actions, keymap.ActUndo, keymap.ActStop, keymap.ActReplay, keymap.ActReplayMany, keymap.ActMark, keymap.ActMarkRange, keymap.ActExport, keymap.ActName, keymap.ActDelete, keymap.ActBack)
	}
	return actions
}

// foremost puts some of the actions, as far as they are there, before the others.
func foremost(actions []keymap.Action, first ...keymap.Action) []keymap.Action {
	is := func(a keymap.Action) bool { return slices.Contains(first, a) }
	front := slices.DeleteFunc(slices.Clone(first), func(a keymap.Action) bool { return !slices.Contains(actions, a) })
	return append(front, slices.DeleteFunc(actions, is)...)
}

// Ways are the keys that open a screen and work on every other one, too.
func (e *Screen) Ways(f screen.Frame) []keymap.Binding {
	actions := []keymap.Action{keymap.ActTargets, keymap.ActTunnel}
	if f.State.Hub != nil {
		actions = append(actions, keymap.ActHooks)
	}
	if e.Doctor != nil {
		actions = append(actions, keymap.ActDoctor)
	}
	if len(f.State.Rejected) > 0 {
		actions = append(actions, keymap.ActRejected)
	}
	return keymap.Keys(actions...)
}

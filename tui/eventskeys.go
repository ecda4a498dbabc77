package tui

// What the keys can do on the main screen: with the list, with the detail, with marked
// events, and about a tunnel that is not up.

import (
	"slices"

	"hfhook/tunnel"
)

func (e *events) Keys(f frame) []binding {
	bindings := keys(e.actions(f)...)
	for i, b := range bindings {
		if b.action == actHooks && e.checking(f) && f.state.Hub.User != "" && f.state.Hub.Here() == nil {
			bindings[i] = b.as("create webhook")
		}
		if b.action == actTargets && e.checking(f) && len(f.state.Targets) == 0 {
			bindings[i].quiet = false // the next step of many
		}
		if n := len(e.marks.ids); n > 0 && b.action == actReplayMany {
			bindings[i].word = "replay " + count(int64(n))
		}
	}
	trouble := e.troubleKeys(f)
	return slices.Concat(trouble, yield(bindings, trouble), e.savedQuiet(f), keys(actHelp, actQuit))
}

// actions are what can be done with the list and the detail.
func (e *events) actions(f frame) (actions []action) {
	if e.checking(f) {
		actions = []action{actCopy, actNew}
		if f.state.Hub != nil {
			actions = []action{actHooks, actCopy, actNew}
		}
		if e.doctor != nil {
			actions = append(actions, actDoctor)
		}
		if f.state.Store.Events > 0 {
			actions = append(actions, actEarlier, actFilter)
		}
		return append(actions, actTargets, actHubLog)
	}
	l := e.layout(f)
	selected, isEvent := e.detail.item.key != (itemKey{}), e.detail.item.row != nil
	inside := e.inDetail && l.detailHeight > 0 && isEvent
	switch {
	case inside:
		actions = e.detail.actions()
		if !slices.Contains(actions, actAnswer) {
			actions = append([]action{actOpen}, actions...)
		}
	case isEvent:
		actions = []action{actOpen, actReplay, actEdit, actFilter, actCopy}
	case e.detail.item.gap != nil:
		actions = []action{actHubLog, actFilter, actCopy}
	case selected:
		actions = []action{actOpen, actFilter, actCopy}
	default:
		actions = []action{actFilter, actCopy}
	}
	if !inside || e.detail.sought() == "" { // else n is for the next match
		actions = append(actions, actNew)
	}
	if isEvent && !inside {
		actions = append(actions, actMark)
	}
	if f.state.Hub != nil {
		actions = append(actions, actHooks)
	}
	actions = append(actions, actTargets)
	if len(f.state.Targets) > 0 && !inside {
		actions = append(actions, actPause)
	}
	if selected {
		if l.detailHeight > 0 {
			actions = append(actions, actOtherPane)
		}
		actions = append(actions, actFollow)
		if !inside || e.detail.tab != tabDiff {
			actions = append(actions, e.list.neighbours()...)
		}
		if isEvent {
			actions = append(actions, actKinBefore, actKinAfter)
		}
		actions = append(actions, actUp, actDown, actPageUp, actPageDown, actFirst, actLast)
	}
	if !inside && page(e.detail.payload(), "") != "" {
		actions = append(actions, actBrowse)
	}
	if !isEvent && len(e.marks.ids) > 0 && !inside {
		actions = append(actions, actReplayMany, actExport)
	}
	if isEvent && !inside {
		actions = append(actions, actMarkRange, actReplayMany, actExport)
		if e.list.filter != nil {
			actions = append(actions, actMarkAll)
		}
	}
	if isEvent {
		actions = append(actions, actName, actNote, actDelete)
	}
	if len(e.undos) > 0 {
		actions = append([]action{actUndo}, actions...)
	}
	if selected && !inside {
		actions = append(actions, actColumns)
		if l.kind != single {
			actions = append(actions, actZoom)
		}
	}
	if selected && !slices.Contains(actions, actHubLog) {
		actions = append(actions, actHubLog)
	}
	if e.run != nil || e.playing != nil {
		actions = append([]action{actStop}, actions...)
	}
	if e.doctor != nil {
		actions = append(actions, actDoctor)
	}
	if len(f.state.Rejected) > 0 {
		actions = append(actions, actRejected)
	}
	if isEvent && l.detailHeight > 0 {
		actions = append(actions, e.detail.otherTabs()...)
	}
	if quiet(f) || e.inDetail && l.detailHeight > 0 || len(e.marks.ids) > 0 || e.list.filter != nil {
		actions = append(actions, actBack)
	}
	if len(e.marks.ids) > 0 && !inside { // what is done to all of them comes first
		actions = foremost(actions, actUndo, actStop, actReplayMany, actMark, actMarkRange, actExport, actName, actDelete, actBack)
	}
	return actions
}

// foremost puts some of the actions, as far as they are there, before the others.
func foremost(actions []action, first ...action) []action {
	is := func(a action) bool { return slices.Contains(first, a) }
	front := slices.DeleteFunc(slices.Clone(first), func(a action) bool { return !slices.Contains(actions, a) })
	return append(front, slices.DeleteFunc(actions, is)...)
}

// troubleKeys are those that do something about the tunnel.
func (e *events) troubleKeys(f frame) []binding {
	st := f.state.Tunnel
	switch {
	case troubled(st):
		bindings := keys(actRetryTunnel)
		if e.authtoken != nil && st.Provider == "ngrok" {
			bindings = append(bindings, keys(actAuthtoken)...)
		}
		if len(e.undos) == 0 { // u then takes back
			bindings = append(bindings, keys(actOwnURL)...)
		}
		bindings = append(bindings, keys(actDropTunnel)...)
		for i := range bindings {
			if short, ok := map[action]string{actAuthtoken: "token", actDropTunnel: "local"}[bindings[i].action]; ok && f.w < narrowFooter {
				bindings[i].word = short
			}
		}
		return bindings
	case st.Phase == tunnel.Connecting, st.Phase == tunnel.Checking:
		return keys(actDropTunnel)
	case st.Phase == tunnel.Off && st.Provider != "":
		return []binding{keys(actRetryTunnel)[0].as("tunnel")}
	}
	return nil
}

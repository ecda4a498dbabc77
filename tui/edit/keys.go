package edit

// What the keys can do while a payload is edited.

import (
	"slices"

	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

func (p *Screen) Keys(f screen.Frame) []keymap.Binding {
	if p.field != nil {
		keep, kind := keymap.Keys(keymap.ActChoose)[0].As("keep"), keymap.Keys(keymap.ActComplete)[0].As("as text")
		send, cancel := keymap.Keys(keymap.ActSend)[0].As("keep and send"), keymap.Keys(keymap.ActBack)[0].As("cancel")
		if f.W < keymap.NarrowFooter {
			send.Word = "send"
		}
		if p.field.asText {
			kind = kind.As("as JSON")
		}
		if p.field.add {
			return []keymap.Binding{keep, send, cancel}
		}
		return []keymap.Binding{keep, send, kind, cancel}
	}
	back := keymap.Keys(keymap.ActBack)[0].As("discard")
	if p.Now == nil {
		return append([]keymap.Binding{back}, keymap.Keys(keymap.ActHelp, keymap.ActQuit)...)
	}
	actions := []keymap.Action{keymap.ActSend, keymap.ActEditor}
	if p.Now.Tree != nil && p.Now.Tree.Current() != nil {
		actions = slices.Insert(actions, 0, keymap.ActChoose)
	}
	if len(p.past) > 0 {
		actions = append(actions, keymap.ActTakeBack)
	}
	actions = append(actions, keymap.ActFixture)
	if p.Parent != "" {
		actions = append(actions, keymap.ActRequest)
	}
	if tree := p.Now.Tree; tree != nil {
		actions = append(actions, keymap.ActPresets, keymap.ActCopyCommand)
		if n := tree.Current(); n != nil {
			actions = append(actions, keymap.ActSetValue)
			if isBool(n) {
				actions = append(actions, keymap.ActToggle)
			}
		}
		actions = append(actions, keymap.ActAddField)
		if n := tree.Current(); n != nil && n.Parent != nil {
			actions = append(actions, keymap.ActUnset)
		}
		if tree.Foldable() {
			actions = append(actions, keymap.ActFold)
		}
		if tree.Unfoldable() {
			actions = append(actions, keymap.ActUnfold)
		}
		actions = append(actions, keymap.ActSave)
		actions = append(actions, keymap.Motions()...)
	} else {
		actions = append(actions, keymap.ActCopyCommand, keymap.ActSave)
	}
	bindings := keymap.Keys(actions...)
	for i, b := range bindings {
		switch b.Action {
		case keymap.ActChoose:
			bindings[i] = b.As("edit field")
			if f.W < keymap.NarrowFooter {
				bindings[i].Word = "edit"
			}
		case keymap.ActFixture: // ctrl+s sends
			bindings[i] = keymap.Yield([]keymap.Binding{b}, keymap.Keys(keymap.ActSend))[0]
		case keymap.ActFold, keymap.ActUnfold, keymap.ActSetValue:
			bindings[i].Quiet = true
		}
	}
	if p.Changes() == 0 {
		back = back.As("back")
	}
	return append(append(bindings, back), keymap.Keys(keymap.ActHelp, keymap.ActQuit)...)
}

func isBool(n *jsonview.Node) bool { return string(n.Raw) == "true" || string(n.Raw) == "false" }

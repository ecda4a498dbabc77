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
		bindings := keymap.Keys(keymap.ActChoose, keymap.ActComplete, keymap.ActBack)
		bindings[0], bindings[2] = bindings[0].As("keep"), bindings[2].As("cancel")
		switch {
		case p.field.add:
			bindings = slices.Delete(bindings, 1, 2)
		case p.field.asText:
			bindings[1] = bindings[1].As("as JSON")
		default:
			bindings[1] = bindings[1].As("as text")
		}
		return bindings
	}
	back := keymap.Keys(keymap.ActBack)[0].As("discard")
	if p.Now == nil {
		return append([]keymap.Binding{back}, keymap.Keys(keymap.ActHelp, keymap.ActQuit)...)
	}
	actions := []keymap.Action{keymap.ActChoose, keymap.ActEditor}
	if len(p.past) > 0 {
		actions = append(actions, keymap.ActTakeBack)
	}
	if f.W < keymap.NarrowFooter { // where the footer has room for few of them
		actions = append(actions, keymap.ActFixture)
	} else {
		actions = slices.Insert(actions, 1, keymap.ActFixture)
	}
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
		actions = append(actions, keymap.ActUp, keymap.ActDown, keymap.ActPageUp, keymap.ActPageDown, keymap.ActFirst, keymap.ActLast, keymap.ActSave)
	} else {
		actions = append(actions, keymap.ActCopyCommand, keymap.ActSave)
	}
	bindings := keymap.Keys(actions...)
	bindings[0] = bindings[0].As("send")
	for i, b := range bindings {
		if b.Action == keymap.ActFold || b.Action == keymap.ActUnfold {
			bindings[i].Quiet = true
		}
	}
	if p.Changes() == 0 {
		back = back.As("back")
	}
	return append(append(bindings, back), keymap.Keys(keymap.ActHelp, keymap.ActQuit)...)
}

func isBool(n *jsonview.Node) bool { return string(n.Raw) == "true" || string(n.Raw) == "false" }

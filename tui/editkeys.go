package tui

// What the keys can do while a payload is edited.

import "slices"

func (p *edit) Keys(f frame) []binding {
	if p.field != nil {
		bindings := keys(actChoose, actComplete, actBack)
		bindings[0], bindings[2] = bindings[0].as("keep"), bindings[2].as("cancel")
		switch {
		case p.field.add:
			bindings = slices.Delete(bindings, 1, 2)
		case p.field.asText:
			bindings[1] = bindings[1].as("as JSON")
		default:
			bindings[1] = bindings[1].as("as text")
		}
		return bindings
	}
	back := keys(actBack)[0].as("discard")
	if p.now == nil {
		return append([]binding{back}, keys(actHelp, actQuit)...)
	}
	actions := []action{actChoose, actEditor}
	if len(p.past) > 0 {
		actions = append(actions, actTakeBack)
	}
	if f.w < narrowFooter { // where the footer has room for few of them
		actions = append(actions, actFixture)
	} else {
		actions = slices.Insert(actions, 1, actFixture)
	}
	if tree := p.now.tree; tree != nil {
		actions = append(actions, actPresets, actCopyCommand)
		if n := tree.current(); n != nil {
			actions = append(actions, actSetValue)
			if isBool(n) {
				actions = append(actions, actToggle)
			}
		}
		actions = append(actions, actAddField)
		if n := tree.current(); n != nil && n.parent != nil {
			actions = append(actions, actUnset)
		}
		if tree.foldable() {
			actions = append(actions, actFold)
		}
		if tree.unfoldable() {
			actions = append(actions, actUnfold)
		}
		actions = append(actions, actUp, actDown, actPageUp, actPageDown, actFirst, actLast, actSave)
	} else {
		actions = append(actions, actCopyCommand, actSave)
	}
	bindings := keys(actions...)
	bindings[0] = bindings[0].as("send")
	for i, b := range bindings {
		if b.action == actFold || b.action == actUnfold {
			bindings[i].quiet = true
		}
	}
	if p.changes() == 0 {
		back = back.as("back")
	}
	return append(append(bindings, back), keys(actHelp, actQuit)...)
}

func isBool(n *node) bool { return string(n.raw) == "true" || string(n.raw) == "false" }

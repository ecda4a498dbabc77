package detail

// What stands at the right of the status line while one event has the screen: the keys
// for what is under the cursor, which leaves the footer to those for the event.

import (
	"strings"

	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A hint is one key and what it does, in more words and in fewer.
type hint struct {
	action      keymap.Action
	long, short string
}

// hints are the keys of the tab that are told there.
func (d *Pane) hints() []hint {
	if d.Item.Row == nil || d.Event == nil {
		return nil
	}
	switch d.Tab {
	case TabPayload:
		if d.Tree.Current() == nil {
			return nil
		}
		hints := []hint{{keymap.ActCopyValue, "value", "value"}, {keymap.ActCopyPath, "path", "path"}, {keymap.ActCopyQuery, "jq", "jq"}}
		if d.ValueTerm() != "" {
			hints = append(hints, hint{keymap.ActFilterValue, "filter on this value", "filter"})
		}
		if d.Tree.Valid {
			hints = append(hints, hint{keymap.ActSetValue, "set and replay", "set"})
		}
		return hints
	case TabDeliveries:
		if _, _, ok := d.Pair(); ok {
			return []hint{{keymap.ActPaired, "diff any two: space marks", "diff two"}}
		}
	case TabDiff:
		if k := d.Compare.Known; k != nil && k.B != nil && !d.Compare.AsText {
			word := "shows ids, links, times and equal fields"
			if d.Compare.equal {
				word = "shows what is new only"
			}
			return []hint{{keymap.ActEqual, word, "all"}}
		}
	case TabHeaders:
		return []hint{{keymap.ActCopyValue, "value", "value"}, {keymap.ActCopyHeader, "as -H", "as -H"}, {keymap.ActFilterValue, "filter on the path", "path"}}
	}
	return nil
}

// HintLine is as many of the hints as w cells have room for, and which they are.
func (d *Pane) HintLine(f screen.Frame, w int) (line string, shown []keymap.Action) {
	t := f.Theme
	hints := d.hints()
	try := func(hints []hint, word func(hint) string) bool {
		parts := make([]string, len(hints))
		shown = shown[:0]
		for i, h := range hints {
			parts[i] = t.Key.Paint(f.Label(h.action)) + " " + t.Dim.Paint(word(h))
			shown = append(shown, h.action)
		}
		line = strings.Join(parts, "  ")
		return style.Width(line) <= w
	}
	if try(hints, func(h hint) string { return h.long }) {
		return line, shown
	}
	for n := len(hints); n > 0; n-- {
		if try(hints[:n], func(h hint) string { return h.short }) {
			return line, shown
		}
	}
	return "", nil
}

// BesidePath is the room at the right of what is under the cursor.
func (d *Pane) BesidePath(f screen.Frame) int { return f.W - style.Width(d.Idle(f)) - 4 }

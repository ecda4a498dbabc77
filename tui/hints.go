package tui

// What stands at the right of the status line while one event has the screen: the keys
// for what is under the cursor, which leaves the footer to those for the event.

import "strings"

// A hint is one key and what it does, in more words and in fewer.
type hint struct {
	action      action
	long, short string
}

// hints are the keys of the tab that are told there.
func (d *detail) hints() []hint {
	if d.item.row == nil || d.event == nil {
		return nil
	}
	switch d.tab {
	case tabPayload:
		if d.tree.current() == nil {
			return nil
		}
		hints := []hint{{actCopyValue, "value", "value"}, {actCopyPath, "path", "path"}, {actCopyQuery, "jq", "jq"}}
		if d.valueTerm() != "" {
			hints = append(hints, hint{actFilterValue, "filter on this value", "filter"})
		}
		if d.tree.valid {
			hints = append(hints, hint{actSetValue, "set and replay", "set"})
		}
		return hints
	case tabDeliveries:
		if _, _, ok := d.pair(); ok {
			return []hint{{actPaired, "diff any two: space marks", "diff two"}}
		}
	case tabDiff:
		if k := d.compare.known; k != nil && k.b != nil && !d.compare.asText {
			word := "shows equal fields"
			if d.compare.equal {
				word = "hides equal fields"
			}
			return []hint{{actEqual, word, "equal"}}
		}
	case tabHeaders:
		return []hint{{actCopyValue, "value", "value"}, {actCopyHeader, "as -H", "as -H"}, {actFilterValue, "filter on the path", "path"}}
	}
	return nil
}

// hintLine is as many of the hints as w cells have room for, and which they are.
func (d *detail) hintLine(f frame, w int) (line string, shown []action) {
	t := f.theme
	hints := d.hints()
	try := func(hints []hint, word func(hint) string) bool {
		parts := make([]string, len(hints))
		shown = shown[:0]
		for i, h := range hints {
			parts[i] = t.key.paint(f.label(h.action)) + " " + t.dim.paint(word(h))
			shown = append(shown, h.action)
		}
		line = strings.Join(parts, "  ")
		return width(line) <= w
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

// besidePath is the room at the right of what is under the cursor.
func (d *detail) besidePath(f frame) int { return f.w - width(d.idle(f)) - 4 }

package events

// What to do where nothing matches the filter.

import (
	tea "charm.land/bubbletea/v2"

	"hfhook/filter"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// shorter is the filter without its last term.
type shorter struct {
	of    string // the filter
	text  string // without its last term; empty: it has only one
	found string // how many events match that; empty: it is not known yet
}

// noneMatch reports whether everything was looked at and nothing matches.
func (e *Screen) noneMatch() bool {
	l := &e.List
	return l.Filter != nil && len(l.Items) == 0 && !l.Loading && !l.Older && !l.Newer && e.narrowed.to != onRejected
}

// seekShorter counts what the filter without its last term matches.
func (e *Screen) seekShorter(f screen.Frame) tea.Cmd {
	if !e.noneMatch() || e.shorter.of == e.List.Text {
		return nil
	}
	e.shorter = shorter{of: e.List.Text}
	rest, _, _ := filter.Shorter(e.List.Text)
	if x, err := filter.Parse(rest, f.Now); err != nil || x == nil {
		return nil
	}
	e.shorter.text = rest
	return e.ask.counts([]string{rest}, f.Now)
}

// shorten takes the last term away from the filter.
func (e *Screen) shorten(f screen.Frame) tea.Cmd {
	text := e.shorter.text
	if text == "" {
		return e.clearFilter(f)
	}
	x, err := filter.Parse(text, f.Now)
	if err != nil {
		return screen.ResultCmd(screen.Plain(err), false)
	}
	return tea.Batch(e.filterBy(x, text, f), e.did("filter: "+visible.Line(text), "hfhook ls "+screen.ShellWord(text)))
}

// noMatchLines say that nothing matches, and what helps.
func (e *Screen) noMatchLines(f screen.Frame, w int) []string {
	t := f.Theme
	if !e.noneMatch() {
		return []string{t.Dim.Paint(" Looking" + t.Mark.Busy)}
	}
	lines := []string{
		t.Cut(" Nothing matches "+visible.Line(e.List.Text)+", in this run or earlier ones.", w),
		" " + t.Key.Paint(f.Label(keymap.ActBack)) + t.Dim.Paint("  all events ("+style.Count(f.State.Store.Events)+")"),
	}
	if e.shorter.text != "" {
		line := t.Cut(visible.Line(e.shorter.text), max(w-20, 8))
		if e.shorter.found != "" {
			line += " (" + e.shorter.found + ")"
		}
		lines = append(lines, " "+t.Key.Paint(f.Label(keymap.ActDelete))+t.Dim.Paint("  without the last term: "+line))
	}
	return append(lines, " "+t.Key.Paint(f.Label(keymap.ActFilter))+t.Dim.Paint("    change the filter"))
}

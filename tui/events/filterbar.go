package events

// The filter of the list: typed, live, completed, saved, and the same on the command
// line.

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"hfhook/filter"
	"hfhook/internal/visible"
	"hfhook/tui/detail"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A FilterBar is the screen on which the filter is typed: above the list, with what it
// can become below.
type FilterBar struct {
	*screen.Prompt
	Main   *Screen
	before filter.Expr // to go back to
	text   string
	Err    error // of what is written; the filter is the last that had none
	fresh  bool  // the checklist is what to go back to
	follow bool  // the list followed before, and does so again behind it
	words  storeWords

	offer  completion // for the text as it is
	chosen int        // of the offer's terms, that tab has put into the text; -1: none
}

func newFilterBar(main *Screen, text string) *FilterBar {
	b := &FilterBar{Main: main, before: main.List.Filter, text: main.List.Text, chosen: -1, follow: main.List.Follow}
	b.Prompt = screen.NewPrompt(main, "filter", "/", "keep", text, nil)
	b.Change = func(text string, f screen.Frame) tea.Cmd {
		b.chosen = -1
		return b.apply(text, f)
	}
	return b
}

// apply shows what matches the text, where it is a filter.
func (b *FilterBar) apply(text string, f screen.Frame) tea.Cmd {
	x, err := filter.Parse(text, f.Now)
	if b.Err = err; err != nil {
		return nil
	}
	return b.Main.filterBy(x, strings.TrimSpace(text), f)
}

// put replaces the text, the caret at its end.
func (b *FilterBar) put(text string, f screen.Frame) tea.Cmd {
	b.Input.SetValue(text)
	b.Input.CursorEnd()
	b.chosen = -1
	return b.apply(text, f)
}

// offers is what the term under the caret can become. While tab goes through the terms
// that is what it was before the first of them.
func (b *FilterBar) offers() completion {
	if b.chosen < 0 {
		text, caret := b.Input.Value(), b.Input.Position()
		b.offer = b.words.complete(text, caret).withSaved(b.Main.Saved, text, caret)
	}
	return b.offer
}

// complete puts the next term of the offer into the text, or the one before.
func (b *FilterBar) complete(n int, f screen.Frame) tea.Cmd {
	c := b.offers()
	if len(c.terms) == 0 {
		return nil
	}
	text := []rune(b.Input.Value())
	to := c.to
	if b.chosen >= 0 {
		to = c.from + utf8.RuneCountInString(c.terms[b.chosen])
	}
	switch {
	case b.chosen >= 0:
		b.chosen = (b.chosen + n + len(c.terms)) % len(c.terms)
	case n < 0:
		b.chosen = len(c.terms) - 1
	default:
		b.chosen = 0
	}
	word := []rune(c.terms[b.chosen])
	whole := string(text[:c.from]) + string(word) + string(text[min(to, len(text)):])
	b.Input.SetValue(whole)
	b.Input.SetCursor(c.from + len(word))
	if len(c.terms) == 1 {
		b.chosen = -1 // it is taken, and what follows can be completed
	}
	return b.apply(whole, f)
}

func (b *FilterBar) Keys(screen.Frame) []keymap.Binding {
	bindings := keymap.Keys(keymap.ActChoose)
	bindings[0] = bindings[0].As("keep")
	if len(b.offers().terms) > 0 {
		bindings = append(bindings, keymap.Keys(keymap.ActComplete, keymap.ActCompleteBack)...)
	}
	if b.Input.Value() != "" {
		if b.Main.Save != nil && b.Err == nil {
			bindings = append(bindings, keymap.Keys(keymap.ActSaveFilter)...)
		}
		bindings = append(bindings, keymap.Keys(keymap.ActClear)...)
		if b.Err == nil {
			bindings = append(bindings, keymap.Keys(keymap.ActCopyFilter)...)
		}
	}
	bindings = append(bindings, b.Main.savedKeys()...)
	return append(bindings, keymap.Keys(keymap.ActBack)[0].As("cancel"))
}

func (b *FilterBar) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActComplete:
		return screen.Step{}, b.complete(1, f)
	case keymap.ActCompleteBack:
		return screen.Step{}, b.complete(-1, f)
	case keymap.ActClear:
		return screen.Step{}, b.put("", f)
	case keymap.ActCopyFilter:
		return screen.Step{}, b.Main.ask.Copy("the command", screen.PlainText(b.Main.List.Command()))
	case keymap.ActSaveFilter:
		return screen.Step{Push: b.Main.askFilterName(b, strings.TrimSpace(b.Input.Value()))}, nil
	case keymap.ActBack:
		b.Main.earlier = b.Main.earlier && !b.fresh
		cmd := b.Main.filterBy(b.before, b.text, f)
		return screen.Step{Pop: true}, tea.Batch(cmd, b.leave(f))
	case keymap.ActChoose:
		if b.Err != nil { // it is to be mended first
			return screen.Step{}, screen.ResultCmd(screen.Plain(b.Err), false)
		}
		return screen.Step{Pop: true}, b.leave(f)
	}
	if i := int(a - keymap.ActSaved1); i >= 0 && i < len(b.Main.Saved) {
		return screen.Step{}, b.put(b.Main.Saved[i].Text, f)
	}
	return screen.Step{}, nil
}

// leave has the list follow again if it did before: nothing moved while the filter was typed.
func (b *FilterBar) leave(f screen.Frame) tea.Cmd {
	if b.follow {
		b.Main.List.Attach(b.Main.Layout(f).ListHeight)
	}
	b.Main.chose()
	return b.Main.settle(f)
}

func (b *FilterBar) Update(msg tea.Msg, f screen.Frame) tea.Cmd {
	if words, ok := msg.(storeWordsMsg); ok {
		b.words = storeWords(words)
		return nil
	}
	return b.Prompt.Update(msg, f)
}

func (b *FilterBar) Moves(f screen.Frame) time.Duration { return b.Main.Moves(f) }

// Idle says what the filter hides.
func (b *FilterBar) Idle(f screen.Frame) (left, right string) {
	l := &b.Main.List
	if b.Err != nil {
		return "the list shows the previous filter", ""
	}
	left = "live filter"
	if hidden := f.State.Store.Events - l.Shown(); l.Filter != nil && !l.Older && !l.Newer && !l.Loading && hidden > 0 {
		left += "; " + style.Count(hidden) + " hidden"
	}
	return left, "matching new events still appear"
}

// says is what is wrong with the text, or how many events match.
func (b *FilterBar) says(t *style.Theme) (text string, look style.Style) {
	if b.Err == nil {
		return b.Main.List.Matches(b.Main.known), t.Bold
	}
	text = screen.Plain(b.Err)
	var wrong *filter.Error
	if errors.As(b.Err, &wrong) {
		text = fmt.Sprintf("column %d: %s", wrong.Column, wrong.Msg)
		if wrong.Nearest != "" {
			text = fmt.Sprintf("column %d: did you mean %s? %s", wrong.Column, wrong.Nearest, wrong.Msg)
		}
	}
	return visible.Line(text), t.Warn
}

// bar draws the text and, below it, how many match or what is wrong.
func (b *FilterBar) bar(f screen.Frame, w int) []string {
	t := f.Theme
	text, look := b.says(t)
	lines := []string{
		" " + t.Key.Paint("/") + " " + screen.Caret(t, &b.Input, w-6),
		" " + look.Paint(t.Cut(text, w-2)),
	}
	hint := "     " + t.Mark.Say("↵") + " keep"
	if b.Main.Save != nil && b.Input.Value() != "" {
		hint += "   " + f.Label(keymap.ActSaveFilter) + " save"
	}
	hint += "   esc clear"
	if b.Err == nil && style.Width(lines[1])+style.Width(hint) <= w {
		lines[1] += t.Dim.Paint(hint)
	}
	return lines
}

// Panel draws what the term can become, on w by h cells.
func (b *FilterBar) Panel(f screen.Frame, w, h int) []string {
	if h < 2 {
		return nil
	}
	t, c := f.Theme, b.offers()
	if c.fresh && b.chosen < 0 {
		c = completion{}
	}
	lines := []string{t.Line(w, "complete: tab")}
	line, used := " ", 1
	begin := max(b.chosen-20, 0) // what is chosen is in sight
	for i, word := range c.listed()[min(begin, len(c.terms)):] {
		word = t.Cut(word, w-4)
		if used+style.Width(word)+2 > w {
			lines, line, used = append(lines, line), " ", 1
		}
		look := style.Style{}
		if begin+i == b.chosen {
			look = t.Selected
			word = t.Mark.Cursor + word // the colour is not the only sign
		} else {
			word = " " + word
		}
		line += look.Paint(word) + " "
		used += style.Width(word) + 1
		if len(lines) >= h {
			break
		}
	}
	if used > 1 {
		lines = append(lines, line)
	}
	if c.hint != "" && len(lines) < h {
		lines = append(lines, t.Dim.Paint("  "+t.Cut(c.key+" "+c.hint, w-3)))
	}
	guide := filterGuide
	if h < 10 || w < 56 {
		guide = filterGuideShort
	}
	for _, line := range guide {
		line = "  " + t.Cut(t.Mark.Say(line), w-3)
		if len(c.terms) > 0 || c.hint != "" {
			line = t.Dim.Paint(line)
		}
		lines = append(lines, line)
	}
	return lines[:min(len(lines), h)]
}

// View draws the bar above the list, and the panel below it.
func (b *FilterBar) View(f screen.Frame) []string {
	t, e := f.Theme, b.Main
	l := e.Layout(f)
	lines := f.Header(l)
	h := f.H - len(lines)
	if l.Closing {
		h--
	}
	w := l.ListWidth
	if l.Kind != screen.Wide || l.DetailHeight == 0 {
		w = f.W
	}
	top := append(b.bar(f, w), t.Line(w, ""))
	if h < 8 {
		top = top[:2]
	}
	saved := e.savedLines(t, w, max(h-len(top)-9, 1))
	if h < 12 {
		saved = nil
	}
	room := max(min(len(filterGuide)+1, (h-len(top)-len(saved))*2/3), 0)
	if h < 12 {
		room = min(2, h-len(top)-2)
	}
	panel := b.Panel(f, w, room)
	rows := l
	rows.ListWidth, rows.ListHeight = w, max(h-len(top)-max(room, len(panel))-len(saved), 0)
	left := append(top, e.rows(f, rows)...)
	left = append(left, t.Fill(panel, w, max(room, len(panel)))...)
	left = append(left, saved...)
	if l.Kind == screen.Wide && l.DetailHeight > 0 {
		right := b.beside(f, l)
		bar := t.Dim.Paint(t.Mark.Bar)
		for i := range left {
			left[i] = t.Fit(left[i], w) + bar
			if i < len(right) {
				left[i] += right[i]
			}
		}
	}
	lines = append(lines, left...)
	if l.Closing {
		lines = append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
	}
	return t.Fill(lines, f.W, f.H)
}

// beside is the detail, and below it the filter as a command.
func (b *FilterBar) beside(f screen.Frame, l screen.Layout) []string {
	t := f.Theme
	var foot []string
	if command := visible.Line(b.Main.List.Command()); b.Main.List.Filter != nil && b.Err == nil {
		foot = append(foot, "")
		if d := &b.Main.Detail; d.Tab == detail.TabPayload && d.Item.Row != nil && slices.ContainsFunc(d.Matchers, func(m jsonview.Matcher) bool { return m.Said }) {
			foot = append(foot, " "+t.Dim.Paint(t.Mark.Quotes[0]+" "+t.Mark.Quotes[1]+" marks what the filter matched"), "")
		}
		foot = append(foot, " "+t.Dim.Paint(t.Cut("Same filter on the command line:", l.DetailWidth-2)))
		for _, line := range t.Wrap(command, l.DetailWidth-2, 4) {
			foot = append(foot, " "+line)
		}
		foot = append(foot, " "+t.Key.Paint(f.Label(keymap.ActCopyFilter))+t.Dim.Paint(" copies that command"))
	}
	h := l.DetailHeight
	if h-len(foot) < 8 {
		foot = nil
	}
	l.DetailHeight = h - len(foot)
	return append(b.Main.pane(f, l), foot...)
}

// filterBy shows the events that match.
func (e *Screen) filterBy(x filter.Expr, text string, f screen.Frame) tea.Cmd {
	e.List.SetFilter(x, text, e.Layout(f).ListHeight)
	e.Detail.Filtered, e.Detail.Matchers = wordOf(x), jsonview.Matchers(x)
	if e.Detail.Tree != nil {
		e.Detail.Tree.Seek(e.Detail.Matchers)
	}
	return e.settle(f)
}

// clearFilter shows all events again, and offers the filter back.
func (e *Screen) clearFilter(f screen.Frame) tea.Cmd {
	x, text := e.List.Filter, e.List.Text
	e.undoable(undo{back: func(f screen.Frame) tea.Cmd { return e.filterBy(x, text, f) }}, f)
	return tea.Batch(e.filterBy(nil, "", f), e.did("all events again: "+f.Label(keymap.ActUndo)+" brings the filter back", "hfhook ls"))
}

// wordOf is the first word that a filter looks for in the body.
func wordOf(x filter.Expr) string {
	switch x := x.(type) {
	case filter.Word:
		return string(x)
	case filter.And:
		for _, part := range x {
			if word := wordOf(part); word != "" {
				return word
			}
		}
	}
	return ""
}

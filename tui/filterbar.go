package tui

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
)

// A filterBar is the screen on which the filter is typed: above the list, with what it
// can become below.
type filterBar struct {
	*prompt
	main   *events
	before filter.Expr // to go back to
	text   string
	err    error // of what is written; the filter is the last that had none
	fresh  bool  // the checklist is what to go back to
	words  storeWords

	offer  completion // for the text as it is
	chosen int        // of the offer's terms, that tab has put into the text; -1: none
}

func newFilterBar(main *events, text string) *filterBar {
	b := &filterBar{main: main, before: main.list.filter, text: main.list.text, chosen: -1}
	b.prompt = newPrompt(main, "filter", "/", "keep", text, nil)
	b.change = func(text string, f frame) tea.Cmd {
		b.chosen = -1
		return b.apply(text, f)
	}
	return b
}

// apply shows what matches the text, where it is a filter.
func (b *filterBar) apply(text string, f frame) tea.Cmd {
	x, err := filter.Parse(text, f.now)
	if b.err = err; err != nil {
		return nil
	}
	return b.main.filterBy(x, strings.TrimSpace(text), f)
}

// put replaces the text, the caret at its end.
func (b *filterBar) put(text string, f frame) tea.Cmd {
	b.input.SetValue(text)
	b.input.CursorEnd()
	b.chosen = -1
	return b.apply(text, f)
}

// offers is what the term under the caret can become. While tab goes through the terms
// that is what it was before the first of them.
func (b *filterBar) offers() completion {
	if b.chosen < 0 {
		b.offer = b.words.complete(b.input.Value(), b.input.Position())
	}
	return b.offer
}

// complete puts the next term of the offer into the text, or the one before.
func (b *filterBar) complete(n int, f frame) tea.Cmd {
	c := b.offers()
	if len(c.terms) == 0 {
		return nil
	}
	text := []rune(b.input.Value())
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
	b.input.SetValue(whole)
	b.input.SetCursor(c.from + len(word))
	if len(c.terms) == 1 {
		b.chosen = -1 // it is taken, and what follows can be completed
	}
	return b.apply(whole, f)
}

func (b *filterBar) Keys(frame) []binding {
	bindings := keys(actChoose)
	bindings[0] = bindings[0].as("keep")
	if len(b.offers().terms) > 0 {
		bindings = append(bindings, keys(actComplete, actCompleteBack)...)
	}
	if b.input.Value() != "" {
		if b.main.save != nil && b.err == nil {
			bindings = append(bindings, keys(actSaveFilter)...)
		}
		bindings = append(bindings, keys(actClear)...)
		if b.err == nil {
			bindings = append(bindings, keys(actCopyFilter)...)
		}
	}
	bindings = append(bindings, b.main.savedKeys()...)
	return append(bindings, keys(actBack)[0].as("cancel"))
}

func (b *filterBar) Do(a action, f frame) (step, tea.Cmd) {
	switch a {
	case actComplete:
		return step{}, b.complete(1, f)
	case actCompleteBack:
		return step{}, b.complete(-1, f)
	case actClear:
		return step{}, b.put("", f)
	case actCopyFilter:
		return step{}, b.main.ask.copy("the command", plainText(b.main.list.command()))
	case actSaveFilter:
		return step{push: b.main.askFilterName(b, strings.TrimSpace(b.input.Value()))}, nil
	case actBack:
		b.main.earlier = b.main.earlier && !b.fresh
		return step{pop: true}, b.main.filterBy(b.before, b.text, f)
	case actChoose:
		if b.err != nil { // it is to be mended first
			return step{}, resultCmd(b.err.Error(), false)
		}
		return step{pop: true}, nil
	}
	if i := int(a - actSaved1); i >= 0 && i < len(b.main.saved) {
		return step{}, b.put(b.main.saved[i].Text, f)
	}
	return step{}, nil
}

func (b *filterBar) Update(msg tea.Msg, f frame) tea.Cmd {
	if words, ok := msg.(storeWordsMsg); ok {
		b.words = storeWords(words)
		return nil
	}
	return b.prompt.Update(msg, f)
}

func (b *filterBar) Moves(f frame) time.Duration { return b.main.Moves(f) }

// Idle says what the filter hides.
func (b *filterBar) Idle(f frame) (left, right string) {
	l := &b.main.list
	if b.err != nil {
		return "the list is still that of the text before", ""
	}
	left = "filter is live"
	if hidden := f.state.Store.Events - l.shown(); l.filter != nil && !l.older && !l.newer && !l.loading && hidden > 0 {
		left += "; " + count(hidden) + " hidden"
	}
	return left, "new events that match still appear"
}

// says is what is wrong with the text, or how many events match.
func (b *filterBar) says(t *theme) (text string, look style) {
	if b.err == nil {
		return b.main.list.matches(b.main.known), t.bold
	}
	text = b.err.Error()
	var wrong *filter.Error
	if errors.As(b.err, &wrong) {
		text = fmt.Sprintf("column %d: %s", wrong.Column, wrong.Msg)
		if wrong.Nearest != "" {
			text = fmt.Sprintf("column %d: did you mean %s? %s", wrong.Column, wrong.Nearest, wrong.Msg)
		}
	}
	return visible.Line(text), t.warn
}

// bar draws the text and, below it, how many match or what is wrong.
func (b *filterBar) bar(f frame, w int) []string {
	t := f.theme
	text, look := b.says(t)
	lines := []string{
		" " + t.key.paint("/") + " " + t.caret(&b.input, w-6),
		" " + look.paint(t.cut(text, w-2)),
	}
	hint := "     " + t.mark.say("↵") + " keep"
	if b.main.save != nil && b.input.Value() != "" {
		hint += "   " + f.label(actSaveFilter) + " save"
	}
	hint += "   esc clear"
	if b.err == nil && width(lines[1])+width(hint) <= w {
		lines[1] += t.dim.paint(hint)
	}
	return lines
}

// panel draws what the term can become, on w by h cells.
func (b *filterBar) panel(f frame, w, h int) []string {
	if h < 2 {
		return nil
	}
	t, c := f.theme, b.offers()
	if c.fresh && b.chosen < 0 {
		c = completion{}
	}
	lines := []string{t.line(w, "complete: tab")}
	line, used := " ", 1
	begin := max(b.chosen-20, 0) // what is chosen is in sight
	for i, word := range c.listed()[min(begin, len(c.terms)):] {
		word = t.cut(word, w-4)
		if used+width(word)+2 > w {
			lines, line, used = append(lines, line), " ", 1
		}
		look := style{}
		if begin+i == b.chosen {
			look = t.selected
			word = t.mark.cursor + word // the colour is not the only sign
		} else {
			word = " " + word
		}
		line += look.paint(word) + " "
		used += width(word) + 1
		if len(lines) >= h {
			break
		}
	}
	if used > 1 {
		lines = append(lines, line)
	}
	if c.hint != "" && len(lines) < h {
		lines = append(lines, t.dim.paint("  "+t.cut(c.key+" "+c.hint, w-3)))
	}
	guide := filterGuide
	if h < 10 || w < 56 {
		guide = filterGuideShort
	}
	for _, line := range guide {
		line = "  " + t.cut(t.mark.say(line), w-3)
		if len(c.terms) > 0 || c.hint != "" {
			line = t.dim.paint(line)
		}
		lines = append(lines, line)
	}
	return lines[:min(len(lines), h)]
}

// View draws the bar above the list, and the panel below it.
func (b *filterBar) View(f frame) []string {
	t, e := f.theme, b.main
	l := e.layout(f)
	lines := f.header(l)
	h := f.h - len(lines)
	if l.closing {
		h--
	}
	w := l.listWidth
	if l.kind != wide || l.detailHeight == 0 {
		w = f.w
	}
	top := append(b.bar(f, w), t.line(w, ""))
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
	panel := b.panel(f, w, room)
	rows := l
	rows.listWidth, rows.listHeight = w, max(h-len(top)-max(room, len(panel))-len(saved), 0)
	left := append(top, e.rows(f, rows)...)
	left = append(left, t.fill(panel, w, max(room, len(panel)))...)
	left = append(left, saved...)
	if l.kind == wide && l.detailHeight > 0 {
		right := b.beside(f, l)
		bar := t.dim.paint(t.mark.bar)
		for i := range left {
			left[i] = t.fit(left[i], w) + bar
			if i < len(right) {
				left[i] += right[i]
			}
		}
	}
	lines = append(lines, left...)
	if l.closing {
		lines = append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
	}
	return t.fill(lines, f.w, f.h)
}

// beside is the detail, and below it the filter as a command.
func (b *filterBar) beside(f frame, l layout) []string {
	t := f.theme
	var foot []string
	if command := visible.Line(b.main.list.command()); b.main.list.filter != nil && b.err == nil {
		foot = append(foot, "")
		if d := &b.main.detail; d.tab == tabPayload && d.item.row != nil && slices.ContainsFunc(d.matchers, func(m matcher) bool { return m.said }) {
			foot = append(foot, " "+t.dim.paint(t.mark.quotes[0]+" "+t.mark.quotes[1]+" marks what the filter matched"), "")
		}
		foot = append(foot, " "+t.dim.paint(t.cut("Same text works on the command line:", l.detailWidth-2)))
		for _, line := range t.wrap(command, l.detailWidth-2, 4) {
			foot = append(foot, " "+line)
		}
		foot = append(foot, " "+t.key.paint(f.label(actCopyFilter))+t.dim.paint(" copies that command"))
	}
	h := l.detailHeight
	if h-len(foot) < 8 {
		foot = nil
	}
	l.detailHeight = h - len(foot)
	return append(b.main.pane(f, l), foot...)
}

// filterBy shows the events that match.
func (e *events) filterBy(x filter.Expr, text string, f frame) tea.Cmd {
	e.list.setFilter(x, text, e.layout(f).listHeight)
	e.detail.filtered, e.detail.matchers = wordOf(x), matchers(x)
	if e.detail.tree != nil {
		e.detail.tree.seek(e.detail.matchers)
	}
	return e.settle(f)
}

// clearFilter shows all events again, and offers the filter back.
func (e *events) clearFilter(f frame) tea.Cmd {
	x, text := e.list.filter, e.list.text
	e.undoable(undo{back: func(f frame) tea.Cmd { return e.filterBy(x, text, f) }}, f)
	return tea.Batch(e.filterBy(nil, "", f), e.did("all events again: "+f.label(actUndo)+" brings the filter back", "hfhook ls"))
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

// command lists the same events from a shell.
func (l *list) command() string {
	if strings.HasPrefix(l.text, "-") {
		return "hfhook ls -- " + shellWord(l.text)
	}
	return "hfhook ls " + shellWord(l.text)
}

func (l *list) copies() []copyChoice {
	if l.filter == nil {
		return nil
	}
	return []copyChoice{{key: "f", what: "filter as a command", note: l.command(), text: plainText(l.command())}}
}

package events

// The filter of the list: typed, live, completed, saved, and the same on the command
// line.

import (
	"errors"
	"fmt"
	"maps"
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

	unfinished int  // byte of the text at which a word begins that is not a term yet; -1: none
	insisted   bool // ↵ was pressed although something is wrong
	guide      bool // every term is shown
	shut       bool // the offered terms are hidden, until something is typed
	counts     map[string]string

	offer  completion // for the text as it is
	chosen int        // of the offer's terms, that tab has put into the text; -1: none
}

func newFilterBar(main *Screen, text string) *FilterBar {
	b := &FilterBar{Main: main, before: main.List.Filter, text: main.List.Text, chosen: -1, unfinished: -1, counts: map[string]string{}, follow: main.List.Follow}
	b.Prompt = screen.NewPrompt(main, "filter", "/", "keep", text, nil)
	b.Change = func(text string, f screen.Frame) tea.Cmd {
		b.chosen, b.shut = -1, false
		return b.apply(text, f)
	}
	return b
}

// apply shows what matches the text or, while its last word is not finished, the text
// before that word.
func (b *FilterBar) apply(text string, f screen.Frame) tea.Cmd {
	b.unfinished, b.insisted = -1, false
	x, err := filter.Parse(text, f.Now)
	b.Err = err
	if err != nil {
		rest, last, at := filter.Shorter(text)
		var wrong *filter.Error
		typing := b.Input.Position() >= utf8.RuneCountInString(strings.TrimRight(text, " "))
		if !typing || !errors.As(err, &wrong) || wrong.Column <= utf8.RuneCountInString(text[:at]) || strings.HasSuffix(text, " ") || last == "" || !mayGrow(last) {
			return b.count(f)
		}
		if x, err = filter.Parse(rest, f.Now); err != nil {
			return b.count(f)
		}
		b.unfinished, text = at, rest
	}
	return tea.Batch(b.Main.filterBy(x, strings.TrimSpace(text), f), b.count(f))
}

// mayGrow reports whether a word that is not a term yet may still become one: the name of a
// key, or a key and the beginning of its value.
func mayGrow(word string) bool {
	word = strings.TrimLeft(word, "-(")
	if word == "" || strings.ContainsAny(word[:1], `."`) || strings.HasPrefix(word, "header") || strings.HasPrefix(word, "answer") {
		return true
	}
	key, value, ok := strings.Cut(word, ":")
	if !ok || !slices.Contains(filter.Keys(), key+":") {
		return false
	}
	if key == "status" && len(value) < 3 && strings.Trim(value, "0123456789") == "" {
		return true
	}
	known := filter.Values(key + ":")
	return value == "" || len(known) == 0 || slices.ContainsFunc(known, func(v string) bool { return strings.HasPrefix(v, strings.TrimPrefix(value, `"`)) })
}

// count asks how many events the offered terms match that are in sight.
func (b *FilterBar) count(f screen.Frame) tea.Cmd {
	c := b.offers()
	if c.key == "" || c.key == "." {
		return nil
	}
	begin := max(b.chosen-offeredRows/2, 0)
	var texts []string
	for _, term := range c.terms[min(begin, len(c.terms)):min(begin+offeredRows, len(c.terms))] {
		if _, ok := b.counts[term]; !ok {
			texts = append(texts, term)
			b.counts[term] = "" // it is being counted
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return b.Main.ask.counts(texts, f.Now)
}

// offeredRows is how many terms of the offer are in sight.
const offeredRows = 8

// put replaces the text, the caret at its end.
func (b *FilterBar) put(text string, f screen.Frame) tea.Cmd {
	b.Input.SetValue(text)
	b.Input.CursorEnd()
	b.chosen, b.shut = -1, false
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
	b.shut = false
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
	bindings = append(bindings, keymap.Keys(keymap.ActFilterGuide)...)
	cancel := "cancel"
	if b.listing() {
		cancel = "close"
	}
	return append(bindings, keymap.Keys(keymap.ActBack)[0].As(cancel))
}

// listing reports whether terms are shown to choose from.
func (b *FilterBar) listing() bool {
	c := b.offers()
	return b.guide || !b.shut && len(c.terms) > 0 && (!c.fresh || b.chosen >= 0)
}

func (b *FilterBar) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActComplete:
		return screen.Step{}, b.complete(1, f)
	case keymap.ActCompleteBack:
		return screen.Step{}, b.complete(-1, f)
	case keymap.ActFilterGuide:
		b.guide = !b.guide
	case keymap.ActClear:
		return screen.Step{}, b.put("", f)
	case keymap.ActCopyFilter:
		return screen.Step{}, b.Main.ask.Copy("the command", screen.PlainText(b.Main.List.Command()))
	case keymap.ActSaveFilter:
		return screen.Step{Push: b.Main.askFilterName(b, strings.TrimSpace(b.Input.Value()))}, nil
	case keymap.ActBack:
		if b.listing() {
			b.guide, b.shut = false, true
			return screen.Step{}, nil
		}
		b.Main.earlier = b.Main.earlier && !b.fresh
		cmd := b.Main.filterBy(b.before, b.text, f)
		return screen.Step{Pop: true}, tea.Batch(cmd, b.leave(f))
	case keymap.ActChoose:
		if b.Err != nil { // it is to be corrected first
			b.insisted = true
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

// Type edits the text; ↑ and ↓ go through the offer, as tab does.
func (b *FilterBar) Type(key tea.KeyPressMsg, f screen.Frame) (screen.Step, tea.Cmd) {
	switch key.String() {
	case "down":
		return screen.Step{}, b.complete(1, f)
	case "up":
		return screen.Step{}, b.complete(-1, f)
	}
	return b.Prompt.Type(key, f)
}

func (b *FilterBar) Update(msg tea.Msg, f screen.Frame) tea.Cmd {
	switch msg := msg.(type) {
	case storeWordsMsg:
		b.words = storeWords(msg)
		return b.count(f)
	case countsMsg:
		maps.Copy(b.counts, msg)
		return nil
	}
	return b.Prompt.Update(msg, f)
}

func (b *FilterBar) Moves(f screen.Frame) time.Duration { return b.Main.Moves(f) }

// Idle says what the filter hides.
func (b *FilterBar) Idle(f screen.Frame) (left, right string) {
	l := &b.Main.List
	if b.Err != nil && b.unfinished < 0 {
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
	if b.unfinished >= 0 && !b.insisted {
		if b.Main.List.Filter == nil {
			return "keep typing", t.Dim
		}
		return b.Main.List.Matches(b.Main.known) + ", without the last word", t.Dim
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
	return []string{
		" " + t.Key.Paint("/") + " " + b.typed(t, w-6),
		" " + look.Paint(t.Cut(text, w-2)),
	}
}

// typed is the text with its caret, grey where a word is not finished.
func (b *FilterBar) typed(t *style.Theme, w int) string {
	text := screen.Caret(t, &b.Input, w)
	if b.unfinished < 0 || b.insisted {
		return text
	}
	runes := []rune(text)
	word := len([]rune(visible.Line(b.Input.Value()[b.unfinished:]))) + len([]rune(t.Mark.Caret))
	begin := max(len(runes)-word, 0)
	return string(runes[:begin]) + t.Dim.Paint(string(runes[begin:]))
}

// Panel draws what the term can become, on w by h cells, or every term there is.
func (b *FilterBar) Panel(f screen.Frame, w, h int) []string {
	t, c := f.Theme, b.offers()
	if h < 2 {
		return nil
	}
	if b.guide {
		guide := filterGuide
		if h <= len(guide) || w < 56 {
			guide = filterGuideShort
		}
		lines := []string{t.Line(w, "all filters")}
		for _, line := range guide {
			lines = append(lines, "  "+t.Cut(t.Mark.Say(line), w-3))
		}
		return lines[:min(len(lines), h)]
	}
	if b.shut || c.fresh && b.chosen < 0 || len(c.terms) == 0 && c.hint == "" {
		return nil
	}
	lines := []string{t.Line(w, "complete: tab")}
	listed := c.listed()
	most := min(offeredRows, h-1, len(listed))
	begin := min(max(b.chosen-most+1, 0), max(len(listed)-most, 0)) // what is chosen is in sight
	wide := 0
	for _, word := range listed[begin : begin+most] {
		wide = max(wide, style.Width(word))
	}
	wide = min(wide, w-14)
	for i, word := range listed[begin : begin+most] {
		count := b.counts[c.terms[begin+i]]
		line := t.Fit(t.Cut(word, wide), wide) + "  " + strings.Repeat(" ", max(5-style.Width(count), 0)) + count
		if begin+i == b.chosen {
			line = t.Selected.Paint(t.Mark.Cursor + line + " ") // the colour is not the only sign
		} else {
			line = " " + line
		}
		lines = append(lines, " "+line)
	}
	if left := len(listed) - begin - most; left > 0 {
		c.hint = strings.TrimSpace(style.Count(int64(left)) + " more   " + c.hint)
	}
	if c.hint != "" && len(lines) < h {
		lines = append(lines, t.Dim.Paint("  "+t.Cut(c.key+" "+c.hint, w-3)))
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
	if b.guide {
		saved = nil
	}
	room := max(min(len(filterGuide)+1, (h-len(top)-len(saved))*2/3), 0)
	if h < 12 {
		room = min(3, h-len(top)-2)
	}
	panel := b.Panel(f, w, room)
	rows := l
	rows.ListWidth, rows.ListHeight = w, max(h-len(top)-len(panel)-len(saved), 0)
	left := append(top, panel...)
	if len(panel) > 0 {
		if rows.ListHeight > 1 {
			left = append(left, t.Line(w, ""))
			rows.ListHeight--
		}
	}
	if e.List.Filter != nil && len(e.List.Items) == 0 && rows.ListHeight > 0 {
		words := " No matching events."
		if !e.noneMatch() {
			words = " Looking" + t.Mark.Busy
		}
		left = append(left, t.Dim.Paint(words))
		rows.ListHeight--
	}
	left = append(left, e.items(f, rows)...)
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
	e.narrowed, e.shorter = narrowed{}, shorter{}
	e.List.SetRejectedOnly(false)
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

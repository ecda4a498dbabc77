package tui

// The help: the keys of the screen below, by group, searched as one types.

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
)

type help struct {
	of       string // name of the screen
	all      bool   // the keys of all screens
	bindings []binding
	every    []binding // those of all screens
	version  string
	letters  []letter // of the copy menu, where the screen below has it
	search   string
	top      int
}

// newHelp shows bindings in the order of the key table.
func newHelp(of string, bindings []binding, chosen Keymap, version string) *help {
	bindings = slices.Clone(bindings)
	slices.SortStableFunc(bindings, func(a, b binding) int { return cmp.Compare(a.action, b.action) })
	return &help{of: of, bindings: bindings, every: chosen.apply(everyBinding(), false), version: version}
}

func (p *help) Name() string { return "help" }

// Keys are few: the letters are for the search.
func (p *help) Keys(f frame) []binding {
	up, down := keys(actUp)[0], keys(actDown)[0]
	up.keys, up.label, up.word, up.quiet = up.keys[:1], "↑", "up", false
	down.keys, down.label, down.word, down.quiet = down.keys[:1], "↓", "down", false
	back := keys(actBack)[0].as("close")
	opened := f.keymap.of(actHelp)[:1]
	back.keys = slices.Concat(opened, back.keys)
	back.label = "esc " + keyLabel(opened)
	tab := keys(actOtherPane)[0].as("all screens")
	if p.all {
		tab = tab.as("this screen")
	}
	bindings := []binding{tab, back}
	if p.top > 0 {
		bindings = append(bindings, up)
	}
	if p.top < p.last(f) {
		bindings = append(bindings, down)
	}
	return bindings
}

// last is the line at the top when the end of the text is in sight.
func (p *help) last(f frame) int { return max(len(p.lines(f))-p.room(f), 0) }

func (p *help) Do(a action, f frame) (step, tea.Cmd) {
	switch a {
	case actUp:
		p.top--
	case actDown:
		p.top++
	case actOtherPane:
		p.all, p.top = !p.all, 0
	case actBack:
		return step{pop: true}, nil
	}
	p.top = min(max(p.top, 0), p.last(f))
	return step{}, nil
}

// Type searches.
func (p *help) Type(key tea.KeyPressMsg, _ frame) (step, tea.Cmd) {
	switch {
	case key.String() == "backspace" && p.search != "":
		_, size := utf8.DecodeLastRuneInString(p.search)
		p.search = p.search[:len(p.search)-size]
	case key.Text != "" && len(p.search) < 40:
		p.search += key.Text
	}
	p.top = 0
	return step{}, nil
}

func (p *help) Update(tea.Msg, frame) tea.Cmd { return nil }

func (p *help) Moves(frame) time.Duration { return 0 }

func (p *help) Idle(frame) (left, right string) { return "$ hfhook help keys", "hfhook " + p.version }

func (p *help) room(f frame) int { return max(f.h-6, 0) }

func (p *help) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	of := p.of
	if p.all {
		of = "all screens"
	}
	search := "type to search " + t.mark.caret
	if p.search != "" {
		search = "search: " + visible.Line(p.search) + t.mark.caret
	}
	if f.w >= 100 {
		search += "      " + f.label(actOtherPane) + ": " + map[bool]string{false: "all screens", true: "this screen"}[p.all]
	}
	lines = append(lines, t.lead(" "+t.bold.paint("Help: "+of), search+" ", f.w), t.line(f.w, ""))
	text := p.lines(f)
	lines = append(lines, text[min(p.top, len(text)):]...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

// A helpLine is one line of the help: a key, or keys that belong together.
type helpLine struct{ label, text, short, group string }

// pairs are keys that are told together: there and back.
var pairs = []struct {
	one, other action
	text       string
}{
	{actUp, actDown, "one"}, {actPageUp, actPageDown, "page"}, {actFirst, actLast, "first, last"},
	{actPrevious, actNext, "prev, next event"}, {actKinBefore, actKinAfter, "same repo or PR"},
	{actFold, actUnfold, "fold, unfold"}, {actFindNext, actFindPrevious, "matches"},
}

// told are the lines of the bindings. What is searched for is told by itself.
func (p *help) told(t *theme) (lines []helpLine) {
	bindings := p.bindings
	if p.all {
		bindings = p.every
	}
	by := map[action]binding{}
	tabs := 0
	for _, b := range bindings {
		by[b.action] = b
		if slices.Contains(tabActions, b.action) && len(b.label) == 1 && b.label >= "1" && b.label <= "5" {
			tabs++
		}
	}
	done := map[action]bool{}
	for _, b := range bindings {
		label := t.mark.say(b.label)
		line := helpLine{label, b.help, cmp.Or(b.word, b.help), b.group}
		if p.search != "" {
			if strings.Contains(strings.ToLower(label+" "+b.help+" "+b.word+" "+b.name), strings.ToLower(p.search)) {
				lines = append(lines, line)
			}
			if b.action == actCopy {
				for _, l := range p.copies(label) {
					if strings.Contains(strings.ToLower(l.label+" "+l.text), strings.ToLower(p.search)) {
						lines = append(lines, helpLine{strings.TrimSpace(l.label), l.text, l.text, l.group})
					}
				}
			}
			continue
		}
		if done[b.action] {
			continue
		}
		if slices.Contains(tabActions, b.action) && tabs >= len(tabActions)-1 { // the one that is shown is not offered
			for _, a := range tabActions {
				done[a] = true
			}
			line = helpLine{t.mark.say("1–5"), "tabs of the detail", "tabs", groupMove}
		}
		for _, pair := range pairs {
			if other, there := by[pair.other]; there && pair.one == b.action {
				done[pair.other] = true
				line.label = t.mark.say(b.label) + " " + t.mark.say(other.label)
				if short := t.mark.say(strings.ReplaceAll(b.label, " ", "") + " " + strings.ReplaceAll(other.label, " ", "")); t.mark.words == nil {
					line.label = short
				} else if width(line.label) > 9 {
					line.label = t.mark.say(strings.Fields(b.label)[0] + " " + strings.Fields(other.label)[0])
				}
				line.text, line.short = pair.text, pair.text
			}
		}
		lines = append(lines, line)
		if b.action == actCopy {
			lines = append(lines, p.copies(line.label)...)
		}
	}
	return lines
}

// copies are the letters of the copy menu.
func (p *help) copies(copy string) (lines []helpLine) {
	letters := p.letters
	if p.all {
		letters = copyLetters
	}
	for _, l := range letters {
		lines = append(lines, helpLine{label: "  " + copy + " " + l.key, text: l.text, group: groupTake})
	}
	return lines
}

var helpGroups = []string{groupMove, groupEvent, groupLook, groupTake, groupTunnel, groupHfhook}

// lines are the groups in as many columns as there is room for, and the legend.
func (p *help) lines(f frame) []string {
	t, told := f.theme, p.told(f.theme)
	if len(told) == 0 {
		return []string{" No key has that in its words."}
	}
	if f.w < 90 {
		lines := p.dense(t, told, f.w)
		if p.search != "" {
			return lines
		}
		lines = append(lines, "")
		line := ""
		for _, mark := range legend(t) {
			if line != "" && width(line)+3+width(mark) > f.w-1 {
				lines, line = append(lines, line), ""
			}
			line += " " + mark + " "
		}
		return append(lines, line,
			" M D S B K: model, dataset, space, bucket, kernel",
			" [keys] in config.toml changes keys: hfhook help keys")
	}
	var blocks [][]string
	for _, group := range helpGroups {
		block := []string{" " + t.bold.paint(group)}
		for _, line := range told {
			if line.group == group {
				block = append(block, "  "+t.key.paint(t.fit(line.label, 9))+" "+line.text)
			}
		}
		if len(block) > 1 {
			blocks = append(blocks, block)
		}
	}
	lines := sideBySide(t, blocks, f.w)
	if p.search != "" {
		return lines
	}
	return append(lines, "",
		" Marks:  "+strings.Join(legend(t), "  ")+"  dup redelivery  =time same body",
		" Types:  M model   D dataset   S space   B bucket   K kernel     Colour is never the only sign.",
		" Keys can be changed under [keys] in config.toml: hfhook help keys has the names of the actions.")
}

// legend is what stands for what in the list.
func legend(t *theme) []string {
	m := t.mark
	return []string{m.cursor + " current", "* pinned", m.marked + " selected", m.failed + " rejected", m.busy + " waiting", m.below + " replay", strings.Repeat(m.dot, 3) + " gap"}
}

// dense tells the keys in few words and without headings, a group after the other.
func (p *help) dense(t *theme, told []helpLine, w int) (lines []string) {
	n := max(w/20, 1)
	for _, group := range helpGroups {
		at := 0
		for _, line := range told {
			if line.group != group || line.short == "" {
				continue
			}
			if at%n == 0 {
				lines = append(lines, "")
			}
			label := t.fit(line.label, max(width(line.label), 2))
			lines[len(lines)-1] += t.fit(" "+t.key.paint(label)+" "+line.short, w/n)
			at++
		}
	}
	return lines
}

// sideBySide puts blocks side by side, each into the column that is shortest so far.
func sideBySide(t *theme, blocks [][]string, w int) []string {
	const columnWidth = 30
	n := max(w/columnWidth, 1)
	cols := make([][]string, n)
	for _, block := range blocks {
		shortest := 0
		for i := range cols {
			if len(cols[i]) < len(cols[shortest]) {
				shortest = i
			}
		}
		if len(cols[shortest]) > 0 {
			block = append([]string{""}, block...)
		}
		cols[shortest] = append(cols[shortest], block...)
	}
	height := 0
	for _, col := range cols {
		height = max(height, len(col))
	}
	lines := make([]string, height)
	for i := range lines {
		var b strings.Builder
		for _, col := range cols {
			text := ""
			if i < len(col) {
				text = col[i]
			}
			b.WriteString(t.fit(text, w/n))
		}
		lines[i] = b.String()
	}
	return lines
}

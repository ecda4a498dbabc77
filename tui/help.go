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
	version  string
	search   string
	top      int
}

// newHelp shows bindings in the order of the key table.
func newHelp(of string, bindings []binding, version string) *help {
	slices.SortStableFunc(bindings, func(a, b binding) int { return cmp.Compare(a.action, b.action) })
	return &help{of: of, bindings: bindings, version: version}
}

func (p *help) Name() string { return "help" }

// Keys are few: the letters are for the search.
func (p *help) Keys(f frame) []binding {
	up, down := keys(actUp)[0], keys(actDown)[0]
	up.keys, up.label, up.word, up.quiet = up.keys[:1], "↑", "up", false
	down.keys, down.label, down.word, down.quiet = down.keys[:1], "↓", "down", false
	back := keys(actBack)[0].as("close")
	back.keys = append([]string{"?"}, back.keys...)
	back.label = "esc ?"
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

func (p *help) Idle(frame) (left, right string) { return "", "hfhook " + p.version }

func (p *help) room(f frame) int { return max(f.h-6, 0) }

func (p *help) View(f frame) []string {
	t := f.theme
	lines := header(f, arrange(f.w, f.h, noBanner))
	of := p.of
	if p.all {
		of = "all screens"
	}
	search := "type to search " + t.mark.caret
	if p.search != "" {
		search = "search: " + visible.Line(p.search) + t.mark.caret
	}
	lines = append(lines, t.lead(" "+t.bold.paint("Help: "+of), search+" ", f.w), t.line(f.w, ""))
	text := p.lines(f)
	lines = append(lines, text[min(p.top, len(text)):]...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

// lines are the groups in as many columns as there is room for, and the legend.
func (p *help) lines(f frame) []string {
	t := f.theme
	bindings := p.bindings
	if p.all {
		bindings = keyTable[:]
	}
	var blocks [][]string
	for _, group := range []string{groupMove, groupEvent, groupLook, groupTake, groupTunnel, groupHfhook} {
		var block []string
		for _, b := range bindings {
			label := t.mark.say(b.label)
			if b.group == group && strings.Contains(strings.ToLower(label+" "+b.help), strings.ToLower(p.search)) {
				block = append(block, "   "+t.key.paint(t.fit(label, 7))+" "+b.help)
			}
		}
		if len(block) > 0 {
			blocks = append(blocks, append([]string{" " + t.bold.paint(group)}, block...))
		}
	}
	lines := sideBySide(t, blocks, f.w)
	if p.search == "" {
		lines = append(lines, "",
			t.mark.say(" Marks:  ▸ current   ✗ rejected   … waiting   dup the same delivery again"),
			" Types:  M model   D dataset   S space   B bucket   K kernel",
			" Colour is never the only sign (NO_COLOR works).")
	}
	if len(blocks) == 0 {
		return []string{" No key has that in its words."}
	}
	return lines
}

// sideBySide puts blocks side by side, each into the column that is shortest so far.
func sideBySide(t *theme, blocks [][]string, w int) []string {
	const columnWidth = 28
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

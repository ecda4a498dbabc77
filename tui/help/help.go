// Package help has the help of the keys and the command palette.
package help

// The help: the keys of the screen below, by group, searched as one types.

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/detail"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

type Screen struct {
	of       string // name of the screen
	all      bool   // the keys of all screens
	bindings []keymap.Binding
	every    []keymap.Binding // those of all screens
	version  string
	Letters  []keymap.Letter // of the copy menu, where the screen below has it
	search   string
	top      int
}

// New shows bindings in the order of the key table.
func New(of string, bindings []keymap.Binding, chosen keymap.Keymap, version string) *Screen {
	bindings = slices.Clone(bindings)
	slices.SortStableFunc(bindings, func(a, b keymap.Binding) int { return cmp.Compare(a.Action, b.Action) })
	return &Screen{of: of, bindings: bindings, every: chosen.Apply(keymap.EveryBinding(), false), version: version}
}

func (p *Screen) Name() string { return "help" }

// Keys are few: the letters are for the search.
func (p *Screen) Keys(f screen.Frame) []keymap.Binding {
	back := keymap.Keys(keymap.ActBack)[0].As("close")
	opened := f.Keymap.Of(keymap.ActHelp)[:1]
	back.Keys = slices.Concat(opened, back.Keys)
	back.Label = "esc " + keymap.KeyLabel(opened)
	tab := keymap.Keys(keymap.ActOtherPane)[0].As("all screens")
	if p.all {
		tab = tab.As("this screen")
	}
	move := keymap.Typed(screen.TextKeys(p.top, p.last(f)))
	for i := range move {
		move[i].Label = keymap.KeyLabel(move[i].Keys[:1])
	}
	return append([]keymap.Binding{tab, back}, move...)
}

// last is the line at the top when the end of the text is in sight.
func (p *Screen) last(f screen.Frame) int { return max(len(p.lines(f))-p.room(f), 0) }

func (p *Screen) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActOtherPane:
		p.all, p.top = !p.all, 0
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	}
	n, _ := a.Lines(p.room(f))
	p.top = min(max(p.top+n, 0), p.last(f))
	return screen.Step{}, nil
}

// Type searches.
func (p *Screen) Type(key tea.KeyPressMsg, _ screen.Frame) (screen.Step, tea.Cmd) {
	switch {
	case key.String() == "backspace" && p.search != "":
		_, size := utf8.DecodeLastRuneInString(p.search)
		p.search = p.search[:len(p.search)-size]
	case key.Text != "" && len(p.search) < 40:
		p.search += key.Text
	}
	p.top = 0
	return screen.Step{}, nil
}

func (p *Screen) Update(tea.Msg, screen.Frame) tea.Cmd { return nil }

func (p *Screen) Moves(screen.Frame) time.Duration { return 0 }

func (p *Screen) Idle(screen.Frame) (left, right string) {
	return "$ hfhook help keys", "hfhook " + p.version
}

func (p *Screen) room(f screen.Frame) int { return max(f.H-6, 0) }

func (p *Screen) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	of := p.of
	if p.all {
		of = "all screens"
	}
	search := "type to search " + t.Mark.Caret
	if p.search != "" {
		search = "search: " + visible.Line(p.search) + t.Mark.Caret
	}
	if f.W >= 100 {
		search += "      " + f.Label(keymap.ActOtherPane) + ": " + map[bool]string{false: "all screens", true: "this screen"}[p.all]
	}
	lines = append(lines, t.Lead(" "+t.Bold.Paint("Help: "+of), search+" ", f.W), t.Line(f.W, ""))
	text := p.lines(f)
	lines = append(lines, text[min(p.top, len(text)):]...)
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

// A helpLine is one line of the help: a key, or keys that belong together.
type helpLine struct{ label, text, short, group string }

// pairs are keys that are told together: there and back.
var pairs = []struct {
	one, other keymap.Action
	text       string
}{
	{keymap.ActUp, keymap.ActDown, "up, down"}, {keymap.ActHalfUp, keymap.ActHalfDown, "half a page"}, {keymap.ActPageUp, keymap.ActPageDown, "page"}, {keymap.ActFirst, keymap.ActLast, "first, last"},
	{keymap.ActPrevious, keymap.ActNext, "older, newer"}, {keymap.ActPreviousInRepo, keymap.ActNextInRepo, "same repo or PR"},
	{keymap.ActFold, keymap.ActUnfold, "fold, unfold"}, {keymap.ActFindNext, keymap.ActFindPrevious, "matches"},
}

// bindingLines are the lines of the bindings. What is searched for is told by itself.
func (p *Screen) bindingLines(t *style.Theme) (lines []helpLine) {
	bindings := p.bindings
	if p.all {
		bindings = p.every
	}
	by := map[keymap.Action]keymap.Binding{}
	tabs := 0
	for _, b := range bindings {
		by[b.Action] = b
		if slices.Contains(detail.TabActions, b.Action) && len(b.Label) == 1 && b.Label >= "1" && b.Label <= "5" {
			tabs++
		}
	}
	done := map[keymap.Action]bool{}
	if p.search == "" {
		lines = p.everyday(t, bindings, done)
	}
	for _, b := range bindings {
		label := t.Mark.Say(b.Label)
		line := helpLine{label, b.Help, cmp.Or(b.Word, b.Help), b.Group}
		if p.search != "" {
			if strings.Contains(strings.ToLower(label+" "+b.Help+" "+b.Word+" "+b.Name), strings.ToLower(p.search)) {
				lines = append(lines, line)
			}
			if b.Action == keymap.ActCopy {
				for _, l := range p.copies(label) {
					if strings.Contains(strings.ToLower(l.label+" "+l.text), strings.ToLower(p.search)) {
						lines = append(lines, helpLine{strings.TrimSpace(l.label), l.text, l.text, l.group})
					}
				}
			}
			continue
		}
		if done[b.Action] {
			continue
		}
		if slices.Contains(detail.TabActions, b.Action) && tabs >= len(detail.TabActions)-1 { // the one that is shown is not offered
			for _, a := range detail.TabActions {
				done[a] = true
			}
			line = helpLine{t.Mark.Say("1–5"), "tabs of the detail", "tabs", keymap.GroupMove}
		}
		for _, pair := range pairs {
			if other, there := by[pair.other]; there && pair.one == b.Action {
				done[pair.other] = true
				line.label = t.Mark.Say(b.Label) + " " + t.Mark.Say(other.Label)
				if short := t.Mark.Say(strings.ReplaceAll(b.Label, " ", "") + " " + strings.ReplaceAll(other.Label, " ", "")); t.Mark.Words == nil {
					line.label = short
				} else if style.Width(line.label) > 9 {
					line.label = t.Mark.Say(strings.Fields(b.Label)[0] + " " + strings.Fields(other.Label)[0])
				}
				line.text, line.short = pair.text, pair.text
			}
		}
		lines = append(lines, line)
		if b.Action == keymap.ActCopy {
			lines = append(lines, p.copies(line.label)...)
		}
	}
	return lines
}

// everyday are the ten commonest tasks, where events are shown; done are the actions that need
// no line of their own then.
func (p *Screen) everyday(t *style.Theme, bindings []keymap.Binding, done map[keymap.Action]bool) (lines []helpLine) {
	if !slices.ContainsFunc(bindings, func(b keymap.Binding) bool { return b.Action == keymap.ActNew }) {
		return nil
	}
	key := func(a keymap.Action) string {
		for _, b := range p.every {
			for _, key := range b.Keys {
				if b.Action == a && (key < "1" || key > "9") { // the number of a tab is the lesser name
					return t.Mark.Say(keymap.KeyLabel([]string{key}))
				}
			}
		}
		return ""
	}
	for _, task := range []struct {
		actions     []keymap.Action
		more        string // a letter of the menu that opens
		text, short string
	}{
		{[]keymap.Action{keymap.ActFollow}, "", "follow the newest", "follow"},
		{[]keymap.Action{keymap.ActOpen}, "", "open, read it all", "open"},
		{[]keymap.Action{keymap.ActReplay}, "", "replay", "replay"},
		{[]keymap.Action{keymap.ActEdit}, "", "edit and replay", "edit"},
		{[]keymap.Action{keymap.ActFailed}, "", "failed, rejected, all", "failed"},
		{[]keymap.Action{keymap.ActFailed, keymap.ActReplayMany}, "", "replay all failures", "replay failures"},
		{[]keymap.Action{keymap.ActDiff}, "", "diff with previous", "diff"},
		{[]keymap.Action{keymap.ActCopy}, "u", "copy the URL", "URL"},
		{[]keymap.Action{keymap.ActNew}, "", "new synthetic event", "new event"},
		{[]keymap.Action{keymap.ActEarlier}, "", "earlier runs", "earlier"},
	} {
		var keys []string
		for _, a := range task.actions {
			keys = append(keys, key(a))
			done[a] = done[a] || len(task.actions) == 1 && a != keymap.ActCopy && a != keymap.ActDiff
		}
		if task.more != "" {
			keys = append(keys, task.more)
		}
		lines = append(lines, helpLine{strings.Join(keys, " "), task.text, task.short, keymap.GroupEveryday})
	}
	return lines
}

// copies are the letters of the copy menu.
func (p *Screen) copies(copy string) (lines []helpLine) {
	letters := p.Letters
	if p.all {
		letters = keymap.CopyLetters
	}
	for _, l := range letters {
		lines = append(lines, helpLine{label: "  " + copy + " " + l.Key, text: l.Text, group: keymap.GroupTake})
	}
	return lines
}

var helpGroups = []string{keymap.GroupEveryday, keymap.GroupMove, keymap.GroupEvent, keymap.GroupLook, keymap.GroupTake, keymap.GroupTunnel, keymap.GroupHfhook}

// lines are the groups in as many columns as there is room for, and the legend.
func (p *Screen) lines(f screen.Frame) []string {
	t, bindingLines := f.Theme, p.bindingLines(f.Theme)
	if len(bindingLines) == 0 {
		return []string{" No matches."}
	}
	if f.W < 90 {
		lines := p.dense(t, bindingLines, f.W)
		if p.search != "" {
			return lines
		}
		lines = append(lines, "")
		line := ""
		for _, mark := range legend(t) {
			if line != "" && style.Width(line)+3+style.Width(mark) > f.W-1 {
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
		block, labels := []string{" " + t.Bold.Paint(group)}, 3
		for _, line := range bindingLines {
			if line.group == group {
				labels = max(labels, style.Width(line.label))
			}
		}
		for _, line := range bindingLines {
			if line.group == group {
				block = append(block, "  "+t.Key.Paint(t.Fit(line.label, labels))+"  "+line.text)
			}
		}
		if len(block) > 1 {
			blocks = append(blocks, block)
		}
	}
	lines := sideBySide(t, blocks, f.W)
	if p.search != "" {
		return lines
	}
	return append(lines, "",
		" Marks:  "+strings.Join(legend(t), "  "),
		"         dup redelivery   =14:35:07 same body as that event, without a Webhook-Id",
		" Types:  M model   D dataset   S space   B bucket   K kernel     Colour is never the only sign.",
		" Keys can be changed under [keys] in config.toml: hfhook help keys has the names of the actions.")
}

// legend is what stands for what in the list.
func legend(t *style.Theme) []string {
	m := t.Mark
	return []string{m.Cursor + " current", "* pinned", m.Marked + " selected", m.Failed + " rejected", m.Busy + " waiting", m.Below + " replay", strings.Repeat(m.Dot, 3) + " gap"}
}

// dense tells the keys in few words and without headings, a group after the other, in as many
// columns as need no word cut.
func (p *Screen) dense(t *style.Theme, bindingLines []helpLine, w int) (lines []string) {
	var rows [][]string
	for n := max(w/10, 1); ; n-- {
		rows = nil
		widths := make([]int, n)
		for _, group := range helpGroups {
			at := 0
			for _, line := range bindingLines {
				if line.group != group || line.short == "" {
					continue
				}
				if at%n == 0 {
					rows = append(rows, nil)
				}
				cell := " " + t.Key.Paint(t.Fit(line.label, max(style.Width(line.label), 2))) + " " + line.short
				rows[len(rows)-1] = append(rows[len(rows)-1], cell)
				widths[at%n] = max(widths[at%n], style.Width(cell)+1)
				at++
			}
		}
		total := 0
		for _, width := range widths {
			total += width
		}
		if total > w+1 && n > 1 { // the last one needs no space behind it
			continue
		}
		for _, row := range rows {
			var line strings.Builder
			for i, cell := range row {
				line.WriteString(t.Fit(cell, widths[i]))
			}
			lines = append(lines, t.Cut(strings.TrimRight(line.String(), " "), w))
		}
		return lines
	}
}

// sideBySide puts blocks side by side, each into the column that is shortest so far: into as
// many columns as have room with all that is in them.
func sideBySide(t *style.Theme, blocks [][]string, w int) []string {
	for n := len(blocks); ; n-- {
		cols, widths, total := make([][]string, n), make([]int, n), 0
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
		for i, col := range cols {
			height = max(height, len(col))
			for _, line := range col {
				widths[i] = max(widths[i], style.Width(line)+2)
			}
			total += widths[i]
		}
		if total > w+1 && n > 1 {
			continue
		}
		lines := make([]string, height)
		for i := range lines {
			var b strings.Builder
			for c, col := range cols {
				text := ""
				if i < len(col) {
					text = col[i]
				}
				b.WriteString(t.Fit(text, widths[c]+(w-total)/n))
			}
			lines[i] = t.Cut(b.String(), w)
		}
		return lines
	}
}

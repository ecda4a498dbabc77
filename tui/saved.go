package tui

// Saved filters: F1 to F9 apply them. They are kept in the project's configuration, so
// that a team shares them.

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/filter"
	"hfhook/internal/visible"
)

// A SavedFilter is a filter that has a name.
type SavedFilter struct {
	Name string
	Text string // in the filter language
}

// maxSaved is how many filters have a key.
const maxSaved = 9

// savedMsg says what became of a filter that was saved.
type savedMsg struct {
	name  string
	text  string
	all   []SavedFilter
	where string
	err   error
}

// savedKeys are the keys of the saved filters. The footer names them together.
func (e *events) savedKeys() []binding {
	n := min(len(e.saved), maxSaved)
	bindings := make([]binding, n)
	for i := range bindings {
		b := keys(actSaved1 + action(i))[0]
		b.help = visible.Line(e.saved[i].Name)
		b.quiet = i > 0
		if i == 0 && n > 1 {
			b.label = fmt.Sprintf("F1–F%d", n)
		}
		b.word = "saved"
		bindings[i] = b
	}
	return bindings
}

// savedQuiet are those keys on the main screen, where the footer has no room for them.
func (e *events) savedQuiet(f frame) []binding {
	if e.checking(f) && f.state.Store.Events == 0 {
		return nil
	}
	bindings := e.savedKeys()
	for i := range bindings {
		bindings[i].quiet, bindings[i].label = true, fmt.Sprintf("F%d", i+1)
	}
	return bindings
}

// useSaved applies a saved filter.
func (e *events) useSaved(i int, f frame) tea.Cmd {
	if i >= len(e.saved) {
		return nil
	}
	s := e.saved[i]
	x, err := filter.Parse(s.Text, f.now) // times like 2h count from now
	if err != nil {
		return resultCmd(fmt.Sprintf("filter %q: %v", s.Name, err), false)
	}
	e.earlier = true
	return tea.Batch(e.filterBy(x, strings.TrimSpace(s.Text), f), e.did("filter: "+visible.Line(s.Name), e.list.command()))
}

// askFilterName asks for the name under which a filter is kept.
func (e *events) askFilterName(top screen, text string) screen {
	p := newPrompt(top, "save filter", "save as", "save", "", func(name string) tea.Cmd {
		return e.ask.cmd(func() tea.Msg {
			msg := savedMsg{name: strings.TrimSpace(name), text: text}
			msg.all, msg.where, msg.err = e.save(SavedFilter{Name: msg.name, Text: text})
			return msg
		})
	})
	p.note = func() string {
		if name := strings.TrimSpace(p.input.Value()); name != "" {
			return "$ " + saveCommand(text, name)
		}
		return "[[filter]] in .hfhook.toml, which a team shares"
	}
	return p
}

// keepSaved takes the filters that there are after one was saved.
func (e *events) keepSaved(msg savedMsg) tea.Cmd {
	if msg.err != nil {
		return resultCmd(fmt.Sprintf("save the filter: %v", msg.err), false)
	}
	e.saved = msg.all
	var text strings.Builder
	fmt.Fprintf(&text, "saved %q in %s", msg.name, msg.where)
	for i, s := range e.saved[:min(len(e.saved), maxSaved)] {
		if s.Name == msg.name {
			fmt.Fprintf(&text, ": F%d applies it", i+1)
		}
	}
	return e.did(text.String(), saveCommand(msg.text, msg.name))
}

// saveCommand saves a filter from a shell.
func saveCommand(text, name string) string {
	return "hfhook ls --save " + shellWord(name) + " -- " + shellWord(text)
}

// savedLines are the saved filters in the panel, on at most h lines of w cells.
func (e *events) savedLines(t *theme, w, h int) []string {
	n := min(len(e.saved), maxSaved)
	if n == 0 || h < 2 {
		return nil
	}
	lines := []string{t.line(w, "saved")}
	if h > n && w > 40 {
		for i, s := range e.saved[:n] {
			lines = append(lines, t.cut(fmt.Sprintf("  %s %s %s", t.key.paint(fmt.Sprintf("F%d", i+1)), t.fit(visible.Line(s.Name), 16), t.dim.paint(visible.Line(s.Text))), w-1))
		}
		return lines
	}
	line := " "
	for i, s := range e.saved[:n] {
		part := t.key.paint(fmt.Sprintf("F%d", i+1)) + " " + t.cut(visible.Line(s.Name), 20) + "   "
		if width(line)+width(part) > w && width(line) > 1 {
			if lines = append(lines, line); len(lines) == h {
				return lines
			}
			line = " "
		}
		line += part
	}
	return append(lines, t.cut(line, w-1))
}

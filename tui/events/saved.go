package events

// Saved filters: F1 to F9 apply them. They are kept in the project's configuration, so
// that a team shares them.

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/filter"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
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
func (e *Screen) savedKeys() []keymap.Binding {
	n := min(len(e.Saved), maxSaved)
	bindings := make([]keymap.Binding, n)
	for i := range bindings {
		b := keymap.Keys(keymap.ActSaved1 + keymap.Action(i))[0]
		b.Help = visible.Line(e.Saved[i].Name)
		b.Quiet = i > 0
		if i == 0 && n > 1 {
			b.Label = fmt.Sprintf("F1–F%d", n)
		}
		b.Word = "saved"
		bindings[i] = b
	}
	return bindings
}

// savedQuiet are those keys on the main screen, where the footer has no room for them.
func (e *Screen) savedQuiet(f screen.Frame) []keymap.Binding {
	if e.Checking(f) && f.State.Store.Events == 0 {
		return nil
	}
	bindings := e.savedKeys()
	for i := range bindings {
		bindings[i].Quiet, bindings[i].Label = true, fmt.Sprintf("F%d", i+1)
	}
	return bindings
}

// useSaved applies a saved filter.
func (e *Screen) useSaved(i int, f screen.Frame) tea.Cmd {
	if i >= len(e.Saved) {
		return nil
	}
	s := e.Saved[i]
	x, err := filter.Parse(s.Text, f.Now) // times like 2h count from now
	if err != nil {
		return screen.ResultCmd(fmt.Sprintf("filter %q: %s", s.Name, screen.Plain(err)), false)
	}
	e.earlier = true
	return tea.Batch(e.filterBy(x, strings.TrimSpace(s.Text), f), e.did("filter: "+visible.Line(s.Name), e.List.Command()))
}

// askFilterName asks for the name under which a filter is kept.
func (e *Screen) askFilterName(top screen.Screen, text string) screen.Screen {
	p := screen.NewPrompt(top, "save filter", "save as", "save", "", func(name string) tea.Cmd {
		return e.ask.Cmd(func() tea.Msg {
			msg := savedMsg{name: strings.TrimSpace(name), text: text}
			msg.all, msg.where, msg.err = e.Save(SavedFilter{Name: msg.name, Text: text})
			return msg
		})
	})
	p.Note = func() string {
		if name := strings.TrimSpace(p.Input.Value()); name != "" {
			return "$ " + saveCommand(text, name)
		}
		return "[[filter]] in .hfhook.toml, shared with your team"
	}
	return p
}

// keepSaved takes the filters that there are after one was saved.
func (e *Screen) keepSaved(msg savedMsg) tea.Cmd {
	if msg.err != nil {
		return screen.ResultCmd(fmt.Sprintf("save the filter: %s", screen.Plain(msg.err)), false)
	}
	e.Saved = msg.all
	var text strings.Builder
	fmt.Fprintf(&text, "saved %q in %s", msg.name, msg.where)
	for i, s := range e.Saved[:min(len(e.Saved), maxSaved)] {
		if s.Name == msg.name {
			fmt.Fprintf(&text, ": F%d applies it", i+1)
		}
	}
	return e.did(text.String(), saveCommand(msg.text, msg.name))
}

// saveCommand saves a filter from a shell.
func saveCommand(text, name string) string {
	return "hfhook ls --save " + screen.ShellWord(name) + " -- " + screen.ShellWord(text)
}

// savedLines are the saved filters in the panel, on at most h lines of w cells.
func (e *Screen) savedLines(t *style.Theme, w, h int) []string {
	n := min(len(e.Saved), maxSaved)
	if n == 0 || h < 2 {
		return nil
	}
	lines := []string{t.Line(w, "saved")}
	if h > n && w > 40 {
		for i, s := range e.Saved[:n] {
			lines = append(lines, t.Cut(fmt.Sprintf("  %s %s %s", t.Key.Paint(fmt.Sprintf("F%d", i+1)), t.Fit(visible.Line(s.Name), 16), t.Dim.Paint(visible.Line(s.Text))), w-1))
		}
		return lines
	}
	line := " "
	for i, s := range e.Saved[:n] {
		part := t.Key.Paint(fmt.Sprintf("F%d", i+1)) + " " + t.Cut(visible.Line(s.Name), 20) + "   "
		if style.Width(line)+style.Width(part) > w && style.Width(line) > 1 {
			if lines = append(lines, line); len(lines) == h {
				return lines
			}
			line = " "
		}
		line += part
	}
	return append(lines, t.Cut(line, w-1))
}

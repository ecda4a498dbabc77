package tui

// The filter of the list: typed, live, completed, and the same on the command line.

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/filter"
	"hfhook/internal/visible"
)

// filterWords are the keys of the filter language, and values that they take: package
// filter has the whole of it.
var filterWords = []struct {
	key    string
	values []string
	hint   string // where the values are the user's own
}{
	{"scope:", []string{"repo", "repo.content", "repo.config", "discussion", "discussion.comment"}, ""},
	{"action:", []string{"create", "update", "delete", "move"}, ""},
	{"type:", []string{"model", "dataset", "space", "bucket", "kernel"}, ""},
	{"repo:", nil, "a glob, as in me/*"},
	{"status:", []string{"2xx", "4xx", "5xx", "err", "pending"}, ""},
	{"is:", []string{"failed", "replayed", "edited", "synthetic", "pinned", "duplicate", "warned"}, ""},
	{"since:", []string{"1h", "2h", "today", "7d"}, ""},
	{"before:", nil, "as in 14:30"},
	{"ref:", []string{"main", "pr/*", "tags/*"}, ""},
	{"pr:", nil, "a number"},
	{"author:", nil, "an id"},
	{"path:", nil, "a glob, as in /webhooks/ci"},
	{"ms:", nil, "as in >500"},
	{"size:", nil, "as in >10k"},
}

// A filterBar is the prompt in which the filter is typed.
type filterBar struct {
	*prompt
	main   *events
	before filter.Expr // to go back to
	text   string
	err    error // of what is written; the filter is the last that had none
}

func newFilterBar(main *events) *filterBar {
	b := &filterBar{main: main, before: main.list.filter, text: main.list.text}
	b.prompt = newPrompt(main, "filter", "/", "keep", b.text, nil)
	b.change = func(text string, f frame) tea.Cmd {
		x, err := filter.Parse(text, f.now)
		if b.err = err; err != nil {
			return nil
		}
		return main.filterBy(x, strings.TrimSpace(text), f)
	}
	b.note = b.says
	return b
}

func (b *filterBar) Keys(frame) []binding {
	keep, cancel := keys(actChoose)[0].as("keep"), keys(actBack)[0].as("cancel")
	if text, _ := b.completed(); text != "" {
		return append([]binding{keep}, append(keys(actComplete), cancel)...)
	}
	return []binding{keep, cancel}
}

func (b *filterBar) Do(a action, f frame) (step, tea.Cmd) {
	switch {
	case a == actComplete:
		text, _ := b.completed()
		b.input.SetValue(text)
		b.input.CursorEnd()
		return step{}, b.change(text, f)
	case a == actBack:
		return step{pop: true}, b.main.filterBy(b.before, b.text, f)
	case b.err != nil: // it is to be mended first
		return step{}, resultCmd(b.err.Error(), false)
	}
	return step{pop: true}, nil
}

// term is the last term of what is written, and what stands before it.
func (b *filterBar) term() (before, last string) {
	text := b.input.Value()
	i := strings.LastIndexAny(text, " (|") + 1
	if strings.HasPrefix(text[i:], "-") {
		i++
	}
	return text[:i], text[i:]
}

// completed is the text with its last term completed by the first word that fits, and
// all words that do; empty where there is none.
func (b *filterBar) completed() (text string, all []string) {
	before, last := b.term()
	if last == "" {
		return "", nil
	}
	for _, w := range filterWords {
		if value, ok := strings.CutPrefix(last, w.key); ok {
			for _, v := range w.values {
				if strings.HasPrefix(v, value) && v != value {
					all = append(all, w.key+v)
				}
			}
		} else if strings.HasPrefix(w.key, last) {
			all = append(all, w.key)
		}
	}
	if len(all) == 0 {
		return "", nil
	}
	return before + all[0], all
}

// says is what stands beside the text: what is wrong with it, how it can go on, or how
// many events match.
func (b *filterBar) says() string {
	_, all := b.completed()
	_, last := b.term()
	switch {
	case len(all) > 0:
		for i := range all {
			if key, value, ok := strings.Cut(all[i], ":"); ok && value != "" && strings.HasPrefix(last, key+":") {
				all[i] = value
			}
		}
		return strings.Join(all, " ")
	case b.err != nil:
		var wrong *filter.Error
		if errors.As(b.err, &wrong) && wrong.Nearest != "" {
			return visible.Line("did you mean " + wrong.Nearest + "? " + wrong.Msg)
		}
		return visible.Line(b.err.Error())
	}
	for _, w := range filterWords {
		if last == w.key && w.hint != "" {
			return w.hint
		}
	}
	return b.main.list.matches(b.main.known)
}

// filterBy shows the events that match.
func (e *events) filterBy(x filter.Expr, text string, f frame) tea.Cmd {
	e.list.setFilter(x, text, e.layout(f).listHeight)
	e.detail.filtered = wordOf(x)
	return e.settle(f)
}

// clearFilter shows all events again, and offers the filter back.
func (e *events) clearFilter(f frame) tea.Cmd {
	x, text := e.list.filter, e.list.text
	e.undoable(undo{back: func(f frame) tea.Cmd { return e.filterBy(x, text, f) }}, f)
	return tea.Batch(e.filterBy(nil, "", f), resultCmd("all events again: u brings the filter back", true))
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

package targets

// What is left over at targets that no running hfhook has: shown below the targets, and given
// up by a key.

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// leftOver is the one under the cursor, nil if that is on a target of the session.
func (p *Screen) leftOver(f screen.Frame) *store.LeftOver {
	if i := p.index(f) - len(f.State.Targets); i >= 0 {
		return &f.State.Store.LeftOver[i]
	}
	return nil
}

// leftOverState says what is left over, in a few words.
func leftOverState(l *store.LeftOver, t *style.Theme) string {
	var parts []string
	if l.Failed > 0 {
		parts = append(parts, style.Count(l.Failed)+" failed")
	}
	if l.Waiting > 0 {
		parts = append(parts, style.Count(l.Waiting)+" not sent")
	}
	return t.Mark.Off + " left over: " + strings.Join(parts, ", ")
}

// aboutLeftOver says all that is known of it.
func (p *Screen) aboutLeftOver(l *store.LeftOver, f screen.Frame) []string {
	t := f.Theme
	lines := []string{t.Line(f.W, visible.Line(l.Target))}
	text := "No running hfhook has this target. Its failed and waiting events are found with is:failed and in the detail. " +
		f.Label(keymap.ActClearLeft) + " clears it: events and attempts stay. A new target of this name resumes it."
	for _, line := range t.Wrap(text, max(f.W-2, 8), 4) {
		lines = append(lines, " "+line)
	}
	return append(lines, p.listening(f)...)
}

// askToClear asks first, unless it is about one event alone.
func (p *Screen) askToClear(f screen.Frame) (screen.Step, tea.Cmd) {
	l := p.leftOver(f)
	if l == nil {
		return screen.Step{}, nil
	}
	name, n := l.Target, l.Failed+l.Waiting
	if n == 1 {
		return screen.Step{}, p.ask.clearLeftOver(name)
	}
	return screen.Step{Push: &screen.Menu{
		HelpName: "clear", Title: "Clear what " + visible.Line(name) + " has left: " + style.Count(l.Failed) + " failed, " + style.Count(l.Waiting) + " not sent?", Verb: "choose",
		Choices: []screen.Choice{
			{Key: "n", Text: "keep it", Note: "it is used again by a target of this name"},
			{Key: "c", Text: "clear it", Note: "the events and attempts stay, and can be replayed"},
		},
		Take: func(i int) tea.Cmd {
			if i == 0 {
				return nil
			}
			return p.ask.clearLeftOver(name)
		},
	}}, nil
}

func (a *asks) clearLeftOver(name string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		done, err := a.session.ClearLeftOver(a.Ctx, name)
		if err != nil {
			return screen.ResultMsg{Text: screen.Plain(err)}
		}
		return screen.ResultMsg{Text: fmt.Sprintf("cleared %s: %d failed, %d not sent", name, done.Failed, done.Waiting), Ok: true, Command: heldCommand(name) + " --drop"}
	})
}

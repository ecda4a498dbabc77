package replay

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// Click presses a button. They stand on a line of their own, which no event's can be like.
func (p *Dialog) Click(x, y int, f screen.Frame) (screen.Step, tea.Cmd) {
	line, buttons := "", replayButtons(f.Theme)
	if lines := p.View(f); y < len(lines) {
		line = ansi.Strip(lines[y])
	}
	if bar := f.Theme.Mark.Bar; strings.Join(strings.Fields(strings.Trim(line, bar+" ")), " ") != strings.Join(strings.Fields(strings.Join(buttons, " ")), " ") {
		return screen.Step{}, nil
	}
	for i, b := range buttons {
		if from := style.Width(line[:strings.Index(line, b)]); x >= from && x < from+style.Width(b) {
			return p.Do(replayActions[i], f)
		}
	}
	return screen.Step{}, nil
}

func (p *Dialog) Scroll(n, _, _ int, f screen.Frame) tea.Cmd {
	a := keymap.ActDown
	if n < 0 {
		a = keymap.ActUp
	}
	p.Do(a, f) // a field for each turn of the wheel
	return nil
}

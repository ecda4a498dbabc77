package settings

// The log: what hfhook noted and what came of each action, newest last.

import (
	"log/slog"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// keptResults is how many results of actions are kept.
const keptResults = 1000

// A Journal keeps the results that the status line has shown.
type Journal struct{ Results []dev.Record }

func (j *Journal) Add(at time.Time, text string, ok bool) {
	level := slog.LevelInfo
	if !ok {
		level = slog.LevelError
	}
	if len(j.Results) == keptResults {
		j.Results = slices.Delete(j.Results, 0, 1)
	}
	j.Results = append(j.Results, dev.Record{At: at, Level: level, Text: text})
}

type LogView struct {
	screen.Scrollback
	Results *Journal
	Log     func() []dev.Record // nil: none is kept
}

func (p *LogView) Name() string { return "log" }

// records are those of both sources, by time.
func (p *LogView) records() []dev.Record {
	all := slices.Clone(p.Results.Results)
	if p.Log != nil {
		all = append(all, p.Log()...)
	}
	slices.SortStableFunc(all, func(a, b dev.Record) int { return a.At.Compare(b.At) })
	return all
}

func (p *LogView) Keys(screen.Frame) []keymap.Binding {
	return append(p.ScrollKeys(len(p.records())), keymap.Keys(keymap.ActBack, keymap.ActHelp, keymap.ActQuit)...)
}

func (p *LogView) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	if a == keymap.ActBack {
		return screen.Step{Pop: true}, nil
	}
	p.ScrollBy(a, max(f.H-5, 1), len(p.records()))
	return screen.Step{}, nil
}

func (p *LogView) Update(tea.Msg, screen.Frame) tea.Cmd { return nil }

func (p *LogView) Moves(screen.Frame) time.Duration { return time.Second }

func (p *LogView) Idle(screen.Frame) (left, right string) {
	if p.Up > 0 {
		return "", style.Plural(int64(p.Up), "newer record") + " below"
	}
	return "", ""
}

func (p *LogView) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	lines = append(lines, t.Lead(" "+t.Bold.Paint("Log"), t.Dim.Paint("full log: hfhook.log in the state directory")+" ", f.W), t.Line(f.W, ""))
	room := max(f.H-len(lines)-1, 1)
	all := p.records()
	var text []string
	for i := len(all) - 1 - min(p.Up, max(len(all)-1, 0)); i >= 0 && len(text) < room; i-- {
		text = append(p.record(f, all[i]), text...)
	}
	if len(all) == 0 {
		text = []string{" The log is empty."}
	}
	lines = append(lines, t.Fill(text[max(len(text)-room, 0):], f.W, room)...)
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

// record draws one record on at most three lines.
func (p *LogView) record(f screen.Frame, r dev.Record) []string {
	t := f.Theme
	mark, look := " ", style.Style{}
	switch {
	case r.Level >= slog.LevelError:
		mark, look = t.Mark.Failed, t.Failed
	case r.Level >= slog.LevelWarn:
		mark, look = t.Mark.Warn, t.Warn
	}
	head := " " + t.Dim.Paint(f.At(r.At).Format(time.TimeOnly)) + " " + look.Paint(mark) + " "
	var lines []string
	for _, part := range t.Wrap(visible.Line(r.Text), f.W-12, 3) {
		lines = append(lines, head+part)
		head = style.Spaces(12)
	}
	return lines
}

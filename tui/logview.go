package tui

// The log: what hfhook noted and what came of each action, newest last.

import (
	"log/slog"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
)

// keptResults is how many results of actions are kept.
const keptResults = 1000

// A journal keeps the results that the status line has shown.
type journal struct{ results []dev.Record }

func (j *journal) add(at time.Time, text string, ok bool) {
	level := slog.LevelInfo
	if !ok {
		level = slog.LevelError
	}
	if len(j.results) == keptResults {
		j.results = slices.Delete(j.results, 0, 1)
	}
	j.results = append(j.results, dev.Record{At: at, Level: level, Text: text})
}

type logView struct {
	scrollback
	results *journal
	log     func() []dev.Record // nil: none is kept
}

func (p *logView) Name() string { return "log" }

// records are those of both sources, by time.
func (p *logView) records() []dev.Record {
	all := slices.Clone(p.results.results)
	if p.log != nil {
		all = append(all, p.log()...)
	}
	slices.SortStableFunc(all, func(a, b dev.Record) int { return a.At.Compare(b.At) })
	return all
}

func (p *logView) Keys(frame) []binding {
	return append(p.keys(len(p.records())), keys(actBack, actHelp, actQuit)...)
}

func (p *logView) Do(a action, f frame) (step, tea.Cmd) {
	if a == actBack {
		return step{pop: true}, nil
	}
	p.move(a, max(f.h-5, 1), len(p.records()))
	return step{}, nil
}

func (p *logView) Update(tea.Msg, frame) tea.Cmd { return nil }

func (p *logView) Moves(frame) time.Duration { return time.Second }

func (p *logView) Idle(frame) (left, right string) {
	if p.up > 0 {
		return "", plural(int64(p.up), "newer record") + " below"
	}
	return "", ""
}

func (p *logView) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	lines = append(lines, t.lead(" "+t.bold.paint("Log"), t.dim.paint("hfhook.log in the state directory has all of it")+" ", f.w), t.line(f.w, ""))
	room := max(f.h-len(lines)-1, 1)
	all := p.records()
	var text []string
	for i := len(all) - 1 - min(p.up, max(len(all)-1, 0)); i >= 0 && len(text) < room; i-- {
		text = append(p.record(f, all[i]), text...)
	}
	if len(all) == 0 {
		text = []string{" Nothing has been noted yet."}
	}
	lines = append(lines, t.fill(text[max(len(text)-room, 0):], f.w, room)...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

// record draws one record on at most three lines.
func (p *logView) record(f frame, r dev.Record) []string {
	t := f.theme
	mark, look := " ", style{}
	switch {
	case r.Level >= slog.LevelError:
		mark, look = t.mark.failed, t.failed
	case r.Level >= slog.LevelWarn:
		mark, look = t.mark.warn, t.warn
	}
	head := " " + t.dim.paint(f.at(r.At).Format(time.TimeOnly)) + " " + look.paint(mark) + " "
	var lines []string
	for _, part := range t.wrap(visible.Line(r.Text), f.w-12, 3) {
		lines = append(lines, head+part)
		head = spaces(12)
	}
	return lines
}

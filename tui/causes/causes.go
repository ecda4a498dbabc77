// Package causes is the screen of failed events, grouped by what went wrong.
package causes

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/failures"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/replay"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// most is how many of the newest failed events the screen groups.
const most = 2000

// A Main is what the screen asks of the list below it.
type Main interface {
	// ReplayGroup sends events again to one target.
	ReplayGroup(ids []event.ID, target, command string, f screen.Frame) tea.Cmd

	// ShowFilter shows the events that match.
	ShowFilter(text string, f screen.Frame) tea.Cmd
}

// A Screen is the groups of failed events.
type Screen struct {
	ask   *screen.Runner
	store failures.Store
	main  Main
	x     filter.Expr // nil: all
	text  string      // of the filter

	report failures.Report
	err    error
	loaded bool
	load   int // number of the newest load
	cancel context.CancelFunc

	cursor int
	group  string // what the cursor is on, across loads

	sent sent
}

// sent is the group that was replayed last.
type sent struct {
	says   string
	target string
	ids    []event.ID
	ended  bool
}

// New begins to look for failed events that match a filter.
func New(r *screen.Runner, s failures.Store, main Main, x filter.Expr, text string) (*Screen, tea.Cmd) {
	p := &Screen{ask: r, store: s, main: main, x: x, text: text}
	return p, p.read()
}

// loadedMsg answers read.
type loadedMsg struct {
	of     *Screen
	load   int
	report failures.Report
	err    error
}

func (p *Screen) read() tea.Cmd {
	if p.cancel != nil {
		p.cancel()
	}
	ctx, cancel := context.WithCancel(p.ask.Ctx)
	p.load++
	load := p.load
	p.cancel = cancel
	return p.ask.Cmd(func() tea.Msg {
		defer cancel()
		report, err := failures.Collect(ctx, p.store, p.x, most, func(event.ID) {})
		return loadedMsg{p, load, report, err}
	})
}

func (p *Screen) Name() string { return "failures by cause" }

func (p *Screen) current() *failures.Group {
	if p.cursor >= len(p.report.Groups) {
		return nil
	}
	return &p.report.Groups[p.cursor]
}

func (p *Screen) Keys(screen.Frame) []keymap.Binding {
	actions := []keymap.Action{keymap.ActReload, keymap.ActBack, keymap.ActHelp, keymap.ActQuit}
	if p.current() != nil {
		actions = append([]keymap.Action{keymap.ActReplay, keymap.ActOpen}, append(keymap.Motions(), actions...)...)
	}
	bindings := keymap.Keys(actions...)
	for i, b := range bindings {
		switch b.Action {
		case keymap.ActReplay:
			bindings[i] = b.As("replay the group")
		case keymap.ActOpen:
			bindings[i] = b.As("show its events")
		}
	}
	return bindings
}

func (p *Screen) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActBack:
		p.cancel()
		return screen.Step{Pop: true}, nil
	case keymap.ActReload:
		return screen.Step{}, p.read()
	case keymap.ActReplay:
		return screen.Step{}, p.replay(f)
	case keymap.ActOpen:
		if g := p.current(); g != nil {
			p.cancel()
			return screen.Step{Pop: true}, p.main.ShowFilter(g.Filter(), f)
		}
	}
	n, _ := a.Lines(p.room(f))
	p.move(p.cursor + n)
	return screen.Step{}, nil
}

func (p *Screen) move(to int) {
	p.cursor = max(min(to, len(p.report.Groups)-1), 0)
	if g := p.current(); g != nil {
		p.group = name(g)
	}
}

// name tells groups apart.
func name(g *failures.Group) string { return g.Target + "\x00" + g.Says() }

// replay sends the events of a group again, the oldest first, to the target where they failed.
func (p *Screen) replay(f screen.Frame) tea.Cmd {
	g := p.current()
	if g == nil {
		return nil
	}
	ids := slices.Clone(g.Events)
	slices.Reverse(ids)
	p.sent = sent{says: g.Says(), target: g.Target, ids: ids}
	return p.main.ReplayGroup(ids, g.Target, "hfhook replay --filter "+screen.ShellWord(g.Filter())+" --to "+screen.ShellWord(g.Target), f)
}

func (p *Screen) Update(msg tea.Msg, _ screen.Frame) tea.Cmd {
	switch msg := msg.(type) {
	case loadedMsg:
		if msg.of == p && msg.load == p.load {
			p.take(msg)
		}
	case replay.RunEndedMsg:
		p.sent.ended = true
		return p.read()
	}
	return nil
}

// take shows what was read, with the cursor on the group that it was on.
func (p *Screen) take(msg loadedMsg) {
	p.loaded, p.err = true, msg.err
	if msg.err != nil {
		return
	}
	p.report = msg.report
	at := slices.IndexFunc(p.report.Groups, func(g failures.Group) bool { return name(&g) == p.group })
	if at < 0 {
		at = p.cursor
	}
	p.move(at)
}

func (p *Screen) Moves(screen.Frame) time.Duration { return 0 }

func (p *Screen) Idle(screen.Frame) (left, right string) {
	return p.summary(), "$ " + p.command()
}

func (p *Screen) command() string {
	if p.text == "" {
		return "hfhook failures"
	}
	return "hfhook failures " + screen.ShellWord(p.text)
}

// PrintedBy is the command that prints the same.
func (p *Screen) PrintedBy(screen.Frame) string { return p.command() }

// summary is all of it in a line.
func (p *Screen) summary() string {
	switch {
	case p.err != nil:
		return "read the failed events: " + screen.Plain(p.err)
	case !p.loaded:
		return "looking for failed events"
	case len(p.report.Groups) == 0:
		return "no failed events"
	}
	text := style.Plural(int64(p.report.Events), "failed event") + ", " + style.Plural(int64(len(p.report.Groups)), "cause")
	if p.report.Upto != "" {
		text += ", of the newest " + style.Count(most)
	}
	return text
}

// left says what the replay of a group has changed; empty: none has ended.
func (p *Screen) left() string {
	if !p.sent.ended || len(p.sent.ids) == 0 {
		return ""
	}
	failing := 0
	for i := range p.report.Groups {
		g := &p.report.Groups[i]
		if g.Target == p.sent.target {
			for _, id := range p.sent.ids {
				if slices.Contains(g.Events, id) {
					failing++
				}
			}
		}
	}
	return fmt.Sprintf("%s at %s: %d fixed, %d still failing", p.sent.says, p.sent.target, len(p.sent.ids)-failing, failing)
}

// room is how many groups are in sight.
func (p *Screen) room(f screen.Frame) int {
	return max(f.H-screen.Arrange(f.W, f.H, screen.NoBanner).Header-3-p.footHeight(f), 1)
}

// footHeight is the height of what is said of the selected group.
func (p *Screen) footHeight(f screen.Frame) int {
	if f.H < 14 {
		return 0
	}
	return 4
}

func (p *Screen) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	title := " " + t.Bold.Paint("Failures by cause")
	if p.text != "" {
		title += "  " + t.Key.Paint(f.Label(keymap.ActFilter)) + " " + visible.Line(p.text)
	}
	lines = append(lines, t.Lead(t.Cut(title, f.W), "", f.W), t.Line(f.W, ""))
	room := p.room(f)
	top := max(p.cursor-room+1, 0)
	for i := top; i < min(top+room, len(p.report.Groups)); i++ {
		lines = append(lines, p.row(&p.report.Groups[i], i == p.cursor, f))
	}
	if len(p.report.Groups) == 0 {
		lines = append(lines, " "+t.Dim.Paint(p.summary()+"."))
	}
	foot := p.foot(f)
	lines = append(t.Fill(lines, f.W, f.H-1-len(foot)), foot...)
	return append(lines, t.Line(f.W, ""))
}

// row is a group on one line.
func (p *Screen) row(g *failures.Group, selected bool, f screen.Frame) string {
	t := f.Theme
	times := f.Moment(g.Last)
	if f.W >= 80 && !g.First.Equal(g.Last) {
		if first := f.Moment(g.First); first != times {
			times = first + " to " + times
		}
	}
	target := ""
	if f.W >= 60 {
		target = "  " + t.Fit(t.Cut(visible.Line(g.Target), 14), 14)
	}
	right := target + "  " + times
	left := fmt.Sprintf("%5s  ", style.Count(int64(len(g.Events)))) + visible.Line(g.Says())
	line := t.Fit(t.Cut(left, max(f.W-3-style.Width(right), 8)), max(f.W-3-style.Width(right), 8)) + right
	if selected {
		return t.Selected.Paint(t.Fit(t.Mark.Cursor+line, f.W))
	}
	return t.Cut(" "+line, f.W)
}

// foot says more of the selected group, and what its replay has changed.
func (p *Screen) foot(f screen.Frame) (lines []string) {
	t, g := f.Theme, p.current()
	if p.footHeight(f) == 0 {
		return nil
	}
	lines = append(lines, t.Line(f.W, ""))
	if g != nil {
		newest := g.Newest.ID.Short() + "  " + strings.TrimSpace(g.Newest.Label+" "+g.Newest.Subject)
		lines = append(lines,
			t.Cut(" "+t.Dim.Paint("newest  ")+visible.Line(newest), f.W),
			t.Cut(" "+t.Dim.Paint("events  hfhook ls "+visible.Line(screen.ShellWord(g.Filter()))), f.W))
	}
	if left := p.left(); left != "" {
		lines = append(lines, t.Cut(" "+t.Bold.Paint("replay  ")+visible.Line(left), f.W))
	}
	return t.Fill(lines, f.W, p.footHeight(f))
}

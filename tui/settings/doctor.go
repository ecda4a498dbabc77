package settings

// The doctor: what hfhook dev needs, checked one after the other while it is shown.

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"hfhook/tui/screen"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

// A Check is the result of one of the doctor's checks.
type Check struct {
	Name   string
	State  string // ok, warning or failed
	Detail string
	Fix    string // what to do; may be empty
}

// An examination is what the doctor has found so far.
type examination struct {
	mu     sync.Mutex
	found  []Check
	ended  bool
	cancel context.CancelFunc
}

func (x *examination) add(c Check) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.found = append(x.found, c)
}

// so far returns what was found, and whether that is all.
func (x *examination) soFar() (found []Check, ended bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.found[:len(x.found):len(x.found)], x.ended
}

// examinedMsg says that an examination has ended.
type examinedMsg struct{ of *examination }

type Doctor struct {
	ask *screen.Runner
	run func(ctx context.Context, report func(Check))
	x   *examination
	top int
}

// NewDoctor begins to check.
func NewDoctor(a *screen.Runner, run func(context.Context, func(Check))) (*Doctor, tea.Cmd) {
	p := &Doctor{ask: a, run: run}
	return p, p.begin()
}

func (p *Doctor) begin() tea.Cmd {
	ctx, cancel := context.WithCancel(p.ask.Ctx)
	x := &examination{cancel: cancel}
	p.x, p.top = x, 0
	return p.ask.Cmd(func() tea.Msg {
		defer cancel()
		p.run(ctx, x.add)
		x.mu.Lock()
		x.ended = true
		x.mu.Unlock()
		return examinedMsg{x}
	})
}

func (p *Doctor) Name() string { return "doctor" }

func (p *Doctor) Keys(f screen.Frame) []keymap.Binding {
	bindings := keymap.Keys(keymap.ActReport, keymap.ActBack, keymap.ActHelp, keymap.ActQuit)
	bindings[0] = bindings[0].As("copy report")
	bindings[0].Command = "hfhook doctor"
	if _, ended := p.x.soFar(); ended {
		bindings = append(keymap.Keys(keymap.ActDoctor), bindings...)
		bindings[0] = bindings[0].As("again")
	}
	return append(screen.TextKeys(p.top, len(p.lines(f))-p.room(f)), bindings...)
}

func (p *Doctor) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActDoctor:
		return screen.Step{}, p.begin()
	case keymap.ActReport:
		return screen.Step{}, p.ask.CopyBy("the report", "hfhook doctor", screen.PlainText(p.report()))
	case keymap.ActBack:
		p.x.cancel()
		return screen.Step{Pop: true}, nil
	}
	n, _ := a.Lines(p.room(f))
	p.top = max(min(p.top+n, len(p.lines(f))-p.room(f)), 0)
	return screen.Step{}, nil
}

func (p *Doctor) Update(msg tea.Msg, f screen.Frame) tea.Cmd {
	if msg, ok := msg.(examinedMsg); ok && msg.of == p.x {
		p.top = p.firstTrouble(f)
		text, good := p.verdict()
		return func() tea.Msg { return screen.ResultMsg{Text: text, Ok: good, Command: "hfhook doctor"} }
	}
	return nil
}

func (p *Doctor) Moves(screen.Frame) time.Duration {
	if _, ended := p.x.soFar(); !ended {
		return 100 * time.Millisecond
	}
	return 0
}

// verdict is all of it in a sentence.
func (p *Doctor) verdict() (text string, good bool) {
	found, _ := p.x.soFar()
	failed, warned := 0, 0
	for _, c := range found {
		switch c.State {
		case "failed":
			failed++
		case "warning":
			warned++
		}
	}
	text = style.Plural(int64(len(found)), "check") + ": "
	switch {
	case failed+warned == 0:
		return text + "no problems", true
	case failed == 0:
		return text + style.Plural(int64(warned), "warning"), true
	}
	return fmt.Sprintf("%s%d failed, %s", text, failed, style.Plural(int64(warned), "warning")), false
}

func (p *Doctor) Idle(f screen.Frame) (left, right string) {
	if _, ended := p.x.soFar(); !ended {
		return "checking" + f.Theme.Mark.Busy, "$ " + p.PrintedBy(f)
	}
	left, _ = p.verdict()
	return left, "$ " + p.PrintedBy(f)
}

func (p *Doctor) room(f screen.Frame) int {
	return max(f.H-screen.Arrange(f.W, f.H, screen.NoBanner).Header-3, 1)
}

func (p *Doctor) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	lines = append(lines, t.Lead(" "+t.Bold.Paint("Doctor"), t.Dim.Paint("read-only checks")+" ", f.W), t.Line(f.W, ""))
	text := p.lines(f)
	lines = append(lines, text[min(p.top, len(text)):]...)
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

// firstTrouble is the line at the top with which what is to be looked at is in sight.
func (p *Doctor) firstTrouble(f screen.Frame) int {
	all, _ := p.x.soFar()
	i := slices.IndexFunc(all, func(c Check) bool { return c.State != "ok" })
	room, whole := p.room(f), len(checkLines(all, f))
	if i < 0 || len(checkLines(all[:i+1], f)) <= room {
		return 0
	}
	return max(min(len(checkLines(all[:i], f)), whole-room), 0)
}

// lines are the checks, each with what to do.
func (p *Doctor) lines(f screen.Frame) (lines []string) {
	found, ended := p.x.soFar()
	lines = checkLines(found, f)
	if !ended {
		lines = append(lines, " "+f.Theme.Dim.Paint(f.Theme.Mark.Busy+" checking"))
	}
	return lines
}

func checkLines(found []Check, f screen.Frame) (lines []string) {
	t := f.Theme
	for _, c := range found {
		mark, look := t.Mark.Ok, t.Ok
		switch c.State {
		case "warning":
			mark, look = t.Mark.Warn, t.Warn
		case "failed":
			mark, look = t.Mark.Failed, t.Failed
		}
		head := " " + look.Paint(mark) + " " + t.Fit(visible.Line(c.Name), 9)
		for _, part := range t.Wrap(visible.Line(c.Detail), f.W-14, 4) {
			lines = append(lines, head+part)
			head = style.Spaces(12)
		}
		if c.Fix != "" {
			head = style.Spaces(12) + t.Dim.Paint("Fix: ")
			for _, part := range t.Wrap(visible.Line(c.Fix), f.W-19, 4) {
				lines = append(lines, head+part)
				head = style.Spaces(17)
			}
		}
	}
	return lines
}

// report is what was found as plain text.
func (p *Doctor) report() string {
	found, _ := p.x.soFar()
	var b strings.Builder
	for _, c := range found {
		fmt.Fprintf(&b, "%-8s %-9s %s\n", c.State, visible.Line(c.Name), visible.Line(c.Detail))
		if c.Fix != "" {
			fmt.Fprintf(&b, "%-18s Fix: %s\n", "", visible.Line(c.Fix))
		}
	}
	return b.String()
}

func (*Doctor) PrintedBy(screen.Frame) string { return "hfhook doctor" }

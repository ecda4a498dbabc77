package tui

// The doctor: what hfhook dev needs, checked one after the other while it is shown.

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
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

type doctor struct {
	ask *runner
	run func(ctx context.Context, report func(Check))
	x   *examination
	top int
}

// newDoctor begins to check.
func newDoctor(a *runner, run func(context.Context, func(Check))) (*doctor, tea.Cmd) {
	p := &doctor{ask: a, run: run}
	return p, p.begin()
}

func (p *doctor) begin() tea.Cmd {
	ctx, cancel := context.WithCancel(p.ask.ctx)
	x := &examination{cancel: cancel}
	p.x, p.top = x, 0
	return p.ask.cmd(func() tea.Msg {
		defer cancel()
		p.run(ctx, x.add)
		x.mu.Lock()
		x.ended = true
		x.mu.Unlock()
		return examinedMsg{x}
	})
}

func (p *doctor) Name() string { return "doctor" }

func (p *doctor) Keys(f frame) []binding {
	bindings := keys(actReport, actBack, actHelp, actQuit)
	bindings[0] = bindings[0].as("copy report")
	if _, ended := p.x.soFar(); ended {
		bindings = append(keys(actDoctor), bindings...)
		bindings[0] = bindings[0].as("again")
	}
	if room := p.room(f); room < len(p.lines(f)) {
		scroll := keys(actUp, actDown, actPageUp, actPageDown, actFirst, actLast)
		for i, word := range []string{"up", "down"} {
			scroll[i].word, scroll[i].quiet = word, p.top == 0 == (i == 0)
		}
		bindings = append(scroll, bindings...)
	}
	return bindings
}

func (p *doctor) Do(a action, f frame) (step, tea.Cmd) {
	page := max(p.room(f)-1, 1)
	switch a {
	case actDoctor:
		return step{}, p.begin()
	case actReport:
		return step{}, p.ask.copy("the report", plainText(p.report()))
	case actBack:
		p.x.cancel()
		return step{pop: true}, nil
	case actUp:
		p.top--
	case actDown:
		p.top++
	case actPageUp:
		p.top -= page
	case actPageDown:
		p.top += page
	case actFirst:
		p.top = 0
	case actLast:
		p.top = 1 << 30
	}
	p.top = max(min(p.top, len(p.lines(f))-p.room(f)), 0)
	return step{}, nil
}

func (p *doctor) Update(msg tea.Msg, f frame) tea.Cmd {
	if msg, ok := msg.(examinedMsg); ok && msg.of == p.x {
		p.top = p.firstTrouble(f)
		text, good := p.verdict()
		return func() tea.Msg { return resultMsg{text: text, ok: good, command: "hfhook doctor"} }
	}
	return nil
}

func (p *doctor) Moves(frame) time.Duration {
	if _, ended := p.x.soFar(); !ended {
		return 100 * time.Millisecond
	}
	return 0
}

// verdict is all of it in a sentence.
func (p *doctor) verdict() (text string, good bool) {
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
	text = plural(int64(len(found)), "check") + ": "
	switch {
	case failed+warned == 0:
		return text + "all is well", true
	case failed == 0:
		return fmt.Sprintf("%s%d to look at", text, warned), true
	}
	return fmt.Sprintf("%s%d failed, %d to look at", text, failed, warned), false
}

func (p *doctor) Idle(f frame) (left, right string) {
	if _, ended := p.x.soFar(); !ended {
		return "checking" + f.theme.mark.busy, "$ " + p.printedBy(f)
	}
	left, _ = p.verdict()
	return left, "$ " + p.printedBy(f)
}

func (p *doctor) room(f frame) int { return max(f.h-arrange(f.w, f.h, noBanner).header-3, 1) }

func (p *doctor) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	lines = append(lines, t.lead(" "+t.bold.paint("Doctor"), t.dim.paint("nothing is changed on the Hub or at the tunnel's service")+" ", f.w), t.line(f.w, ""))
	text := p.lines(f)
	lines = append(lines, text[min(p.top, len(text)):]...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

// firstTrouble is the line at the top with which what is to be looked at is in sight.
func (p *doctor) firstTrouble(f frame) int {
	all, _ := p.x.soFar()
	i := slices.IndexFunc(all, func(c Check) bool { return c.State != "ok" })
	room, whole := p.room(f), len(checkLines(all, f))
	if i < 0 || len(checkLines(all[:i+1], f)) <= room {
		return 0
	}
	return max(min(len(checkLines(all[:i], f)), whole-room), 0)
}

// lines are the checks, each with what to do.
func (p *doctor) lines(f frame) (lines []string) {
	found, ended := p.x.soFar()
	lines = checkLines(found, f)
	if !ended {
		lines = append(lines, " "+f.theme.dim.paint(f.theme.mark.busy+" checking"))
	}
	return lines
}

func checkLines(found []Check, f frame) (lines []string) {
	t := f.theme
	for _, c := range found {
		mark, look := t.mark.ok, t.ok
		switch c.State {
		case "warning":
			mark, look = t.mark.warn, t.warn
		case "failed":
			mark, look = t.mark.failed, t.failed
		}
		head := " " + look.paint(mark) + " " + t.fit(visible.Line(c.Name), 9)
		for _, part := range t.wrap(visible.Line(c.Detail), f.w-14, 4) {
			lines = append(lines, head+part)
			head = spaces(12)
		}
		if c.Fix != "" {
			head = spaces(12) + t.dim.paint("Fix: ")
			for _, part := range t.wrap(visible.Line(c.Fix), f.w-19, 4) {
				lines = append(lines, head+part)
				head = spaces(17)
			}
		}
	}
	return lines
}

// report is what was found as plain text.
func (p *doctor) report() string {
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

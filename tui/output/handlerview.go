// Package output shows what the handler that hfhook runs has printed.
package output

// The handler that hfhook runs beside: how it is, and the end of what it prints.

import (
	"fmt"
	"regexp"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/handler"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

type Screen struct {
	screen.Scrollback
	ask  *asks
	kept int   // lines at the last look
	ever int64 // the same, with those that were dropped
}

func New(r *screen.Runner, s Session) *Screen {
	a := &asks{r, s}

	p := &Screen{ask: a}
	_, p.kept, p.ever = a.session.HandlerOutput(0, 0)
	return p
}

const ScreenName = "handler"

func (p *Screen) Name() string { return ScreenName }

func (p *Screen) Keys(screen.Frame) []keymap.Binding {
	restart := keymap.Keys(keymap.ActRestart)[0]
	restart.Quiet = false
	bindings := append([]keymap.Binding{restart}, p.ScrollKeys(p.kept)...)
	return append(bindings, keymap.Keys(keymap.ActBack, keymap.ActHelp, keymap.ActQuit)...)
}

func (p *Screen) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActRestart:
		return screen.Step{}, RestartHandler(p.ask.Runner, p.ask.session, f.State)
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	}
	p.ScrollBy(a, max(f.H-6, 1), p.kept)
	p.settle()
	return screen.Step{}, nil
}

// settle keeps what is in sight in its place while lines come.
func (p *Screen) settle() {
	var ever int64
	_, p.kept, ever = p.ask.session.HandlerOutput(0, 0)
	if p.Up > 0 {
		p.Up += int(ever - p.ever)
	}
	p.ever = ever
	p.KeepWithin(p.kept)
}

func (p *Screen) Update(msg tea.Msg, _ screen.Frame) tea.Cmd {
	if _, ok := msg.(screen.ChangedMsg); ok {
		p.settle()
	}
	return nil
}

func (p *Screen) Moves(screen.Frame) time.Duration { return time.Second }

func (p *Screen) Idle(screen.Frame) (left, right string) {
	if p.Up > 0 {
		return "", style.Plural(int64(p.Up), "newer line") + " below"
	}
	return "", "full log: handler.log in the state directory"
}

func (p *Screen) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	if st := f.State.Handler; st != nil {
		state := handlerState(f, st)
		left := " " + t.Bold.Paint("Handler") + "  "
		if room := f.W - style.Width(left) - style.Width(state) - 3; room >= 12 {
			left += t.Dim.Paint(t.Cut(visible.Line(st.Command), room))
		}
		lines = append(lines, t.Spread(left, state+" ", f.W))
	}
	lines = append(lines, t.Line(f.W, ""))
	room := max(f.H-len(lines)-1, 1)
	var text []string
	printed, _, ever := p.ask.session.HandlerOutput(p.Up, room)
	for i := len(printed) - 1; i >= 0 && len(text) < room; i-- {
		text = append(p.line(f, &printed[i]), text...)
	}
	if ever == 0 {
		text = []string{" No output yet."}
	}
	lines = append(lines, t.Fill(text[max(len(text)-room, 0):], f.W, room)...)
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

// line draws one line of output on at most four.
func (p *Screen) line(f screen.Frame, l *dev.HandlerLine) []string {
	t := f.Theme
	stamp, indent := f.At(l.At).Format(time.TimeOnly), 10
	if f.W < 60 {
		stamp, indent = "", 1
	}
	head := " "
	if stamp != "" {
		head += t.Dim.Paint(stamp) + " "
	}
	text := visible.Line(l.Text)
	if l.Remark {
		text = t.Mark.Say("── ") + text
	}
	var lines []string
	for _, part := range t.Wrap(text, f.W-indent-1, 4) {
		switch {
		case l.Remark:
			part = t.Key.Paint(part)
		default:
			part = lookOf(t, l.Text).Paint(part)
		}
		lines = append(lines, head+part)
		head = style.Spaces(indent)
	}
	if lines == nil {
		lines = []string{head}
	}
	return lines
}

// levels are words by which a line of output says how serious it is, at its beginning or after a
// time in front of it.
var levels = regexp.MustCompile(`^[^A-Za-z]*(?:\[?\b(ERROR|CRITICAL|FATAL|PANIC|panic|error|Error)\b|\[?\b(WARNING|WARN|warning|warn)\b|(Traceback) \(most|\w*(?:[.]\w+)*(Error|Exception)\b:)`)

// lookOf is the colour of a line of output: that of an error or a warning, if it says that it is one.
func lookOf(t *style.Theme, line string) style.Style {
	switch m := levels.FindStringSubmatch(line); {
	case m == nil:
		return style.Style{}
	case m[2] != "":
		return t.Warn
	}
	return t.Failed
}

// handlerState is how the handler is, in few words.
func handlerState(f screen.Frame, st *dev.Handler) string {
	t := f.Theme
	switch st.Phase {
	case handler.Running:
		text := "running " + duration.Seconds(f.Now.Sub(st.Since))
		if f.W >= 60 {
			text += fmt.Sprintf("  pid %d", st.PID)
		}
		if st.Starts > 1 && f.W >= 80 {
			text += fmt.Sprintf("  start %d", st.Starts)
		}
		return t.Ok.Paint(t.Mark.Ok + " " + text)
	case handler.Waiting:
		text := visible.Line(st.Last)
		if st.InARow > 1 && f.W >= 60 {
			text += fmt.Sprintf(", %d times in a row", st.InARow)
		}
		return t.Failed.Paint(t.Mark.Failed + " " + text + "; again in " + duration.Seconds(st.Next.Sub(f.Now)))
	case handler.Ended:
		return t.Warn.Paint(t.Mark.Off + " " + visible.Line(st.Last))
	}
	return t.Warn.Paint(t.Mark.Busy + " starting")
}

// RestartHandler starts the handler beside again. That it has crashed is news by itself.
func RestartHandler(r *screen.Runner, s Session, st *dev.State) tea.Cmd {
	a := &asks{r, s}

	starts := 0
	if st.Handler != nil {
		starts = st.Handler.Starts
	}
	return a.Cmd(func() tea.Msg {
		a.session.RestartHandler()
		return screen.ResultMsg{Text: "restarting the handler", Ok: true, Command: "hfhook restart", Until: func(st *dev.State, now time.Time) screen.Outcome {
			switch h := st.Handler; {
			case h == nil || h.Failed && h.Starts > starts:
				return screen.Outcome{Over: true}
			case h.Starts > starts && h.Phase == handler.Running:
				return screen.Outcome{Over: true, Text: fmt.Sprintf("the handler is running again: start %d, pid %d", h.Starts, h.PID), Ok: true}
			}
			return screen.Outcome{}
		}}
	})
}

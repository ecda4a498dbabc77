package tui

// The handler that hfhook runs beside: how it is, and the end of what it prints.

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/handler"
	"hfhook/internal/visible"
)

type handlerView struct {
	scrollback
	ask  *asks
	kept int   // lines at the last look
	ever int64 // the same, with those that were dropped
}

func newHandlerView(a *asks) *handlerView {
	p := &handlerView{ask: a}
	_, p.kept, p.ever = a.session.HandlerOutput(0, 0)
	return p
}

const handlerName = "handler"

func (p *handlerView) Name() string { return handlerName }

func (p *handlerView) Keys(frame) []binding {
	restart := keys(actRestart)[0]
	restart.quiet = false
	bindings := append([]binding{restart}, p.keys(p.kept)...)
	return append(bindings, keys(actBack, actHelp, actQuit)...)
}

func (p *handlerView) Do(a action, f frame) (step, tea.Cmd) {
	switch a {
	case actRestart:
		return step{}, p.ask.restartHandler(f.state)
	case actBack:
		return step{pop: true}, nil
	}
	p.move(a, max(f.h-6, 1), p.kept)
	p.settle()
	return step{}, nil
}

// settle keeps what is in sight in its place while lines come.
func (p *handlerView) settle() {
	var ever int64
	_, p.kept, ever = p.ask.session.HandlerOutput(0, 0)
	if p.up > 0 {
		p.up += int(ever - p.ever)
	}
	p.ever = ever
	p.keep(p.kept)
}

func (p *handlerView) Update(msg tea.Msg, _ frame) tea.Cmd {
	if _, ok := msg.(changedMsg); ok {
		p.settle()
	}
	return nil
}

func (p *handlerView) Moves(frame) time.Duration { return time.Second }

func (p *handlerView) Idle(frame) (left, right string) {
	if p.up > 0 {
		return "", plural(int64(p.up), "newer line") + " below"
	}
	return "", "handler.log in the state directory has all of it"
}

func (p *handlerView) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	if st := f.state.Handler; st != nil {
		state := handlerState(f, st)
		left := " " + t.bold.paint("Handler") + "  "
		if room := f.w - width(left) - width(state) - 3; room >= 12 {
			left += t.dim.paint(t.cut(visible.Line(st.Command), room))
		}
		lines = append(lines, t.spread(left, state+" ", f.w))
	}
	lines = append(lines, t.line(f.w, ""))
	room := max(f.h-len(lines)-1, 1)
	var text []string
	printed, _, ever := p.ask.session.HandlerOutput(p.up, room)
	for i := len(printed) - 1; i >= 0 && len(text) < room; i-- {
		text = append(p.line(f, &printed[i]), text...)
	}
	if ever == 0 {
		text = []string{" It has printed nothing yet."}
	}
	lines = append(lines, t.fill(text[max(len(text)-room, 0):], f.w, room)...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

// line draws one line of output on at most four.
func (p *handlerView) line(f frame, l *dev.HandlerLine) []string {
	t := f.theme
	stamp, indent := f.at(l.At).Format(time.TimeOnly), 10
	if f.w < 60 {
		stamp, indent = "", 1
	}
	head := " "
	if stamp != "" {
		head += t.dim.paint(stamp) + " "
	}
	text := visible.Line(l.Text)
	if l.Remark {
		text = t.mark.say("── ") + text
	}
	var lines []string
	for _, part := range t.wrap(text, f.w-indent-1, 4) {
		if l.Remark {
			part = t.key.paint(part)
		}
		lines = append(lines, head+part)
		head = spaces(indent)
	}
	if lines == nil {
		lines = []string{head}
	}
	return lines
}

// handlerState is how the handler is, in few words.
func handlerState(f frame, st *dev.Handler) string {
	t := f.theme
	switch st.Phase {
	case handler.Running:
		text := "running " + clock(f.now.Sub(st.Since))
		if f.w >= 60 {
			text += fmt.Sprintf("  pid %d", st.PID)
		}
		if st.Starts > 1 && f.w >= 80 {
			text += fmt.Sprintf("  start %d", st.Starts)
		}
		return t.ok.paint(t.mark.ok + " " + text)
	case handler.Waiting:
		text := visible.Line(st.Last)
		if st.InARow > 1 && f.w >= 60 {
			text += fmt.Sprintf(", %d times in a row", st.InARow)
		}
		return t.failed.paint(t.mark.failed + " " + text + "; again in " + clock(st.Next.Sub(f.now)))
	case handler.Ended:
		return t.warn.paint(t.mark.off + " " + visible.Line(st.Last))
	}
	return t.warn.paint(t.mark.busy + " starting")
}

// Package rejected shows the requests that were refused, why, and what to do about it.
package rejected

// The rejected requests, each with what is known of it and what to do about it.

import (
	tea "charm.land/bubbletea/v2"

	"fmt"
	"slices"
	"strings"
	"time"

	"hfhook/tui/screen"

	"hfhook/event"
	"hfhook/internal/duration"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

type Screen struct {
	ask      *asks
	keep     func() (where string, err error)                  // of the session's secret; nil: hfhook keeps none
	plan     func(over screen.Screen, w lease.Request) tea.Cmd // shows what a request would change on the Hub
	selected int64                                             // number of a rejected request, from 1
}

func New(r *screen.Runner, s Session, keep func() (string, error), plan func(screen.Screen, lease.Request) tea.Cmd, selected int64) *Screen {
	a := &asks{r, s}

	return &Screen{ask: a, keep: keep, plan: plan, selected: selected}
}

func (p *Screen) Name() string { return "rejected requests" }

// At is the index of the selected request, or of the nearest that is still there; -1
// if there is none.
func (p *Screen) At(f screen.Frame) int {
	n := len(f.State.Rejected)
	oldest := f.State.Refused - int64(n) + 1
	return min(int(max(p.selected-oldest, 0)), n-1)
}

func (p *Screen) current(f screen.Frame) *event.Rejected {
	i := p.At(f)
	if i < 0 {
		return nil
	}
	return &f.State.Rejected[i]
}

func (p *Screen) Keys(f screen.Frame) []keymap.Binding {
	actions := []keymap.Action{keymap.ActCopy, keymap.ActBack, keymap.ActHelp, keymap.ActQuit}
	if r := p.current(f); r != nil {
		actions = append([]keymap.Action{keymap.ActReport, keymap.ActForget, keymap.ActForgetAll}, slices.Concat(keymap.Motions(), actions)...)
		if len(r.Faults) > 1 {
			actions = append([]keymap.Action{keymap.ActOpen}, actions...)
		}
		if changes(r, f) || len(describe.Fixes(r, f)) > 0 {
			actions = append([]keymap.Action{keymap.ActMySecret}, actions...)
		}
	}
	bindings, narrow := keymap.Keys(actions...), f.W < keymap.NarrowFooter
	for i, b := range bindings {
		switch b.Action {
		case keymap.ActBack:
			bindings[i] = b.As("all events")
			if narrow {
				bindings[i].Word = "back"
			}
		case keymap.ActOpen:
			bindings[i] = b.As("faults")
		case keymap.ActReport:
			if narrow {
				bindings[i].Word = "copy"
			}
		case keymap.ActCopy:
			bindings[i].Quiet = narrow
		}
	}
	return bindings
}

func (p *Screen) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	i, n := p.At(f), len(f.State.Rejected)
	switch a {
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	case keymap.ActOpen:
		return screen.Step{Push: &faultList{request: *p.current(f)}}, nil
	case keymap.ActMySecret:
		return p.secret(f)
	case keymap.ActReport:
		report := p.Report(f)
		return screen.Step{}, p.ask.CopyBy("the report", fmt.Sprintf("hfhook rejected %d", n-i), screen.PlainText(report))
	case keymap.ActCopy:
		return screen.Step{Push: screen.NewCopy(p.ask.Runner, p.ask.session.SecretText, f, nil)}, nil
	case keymap.ActForget:
		no := *p.current(f)
		return screen.Step{}, p.ask.forget("forgot the request of "+f.At(no.At).Format(time.TimeOnly), fmt.Sprintf("hfhook rejected %d --forget", n-i), func() { p.ask.session.ForgetRejected(no) })
	case keymap.ActForgetAll:
		return screen.Step{}, p.ask.forget("forgot all of them", "hfhook rejected --forget-all", p.ask.session.ForgetAllRejected)
	}
	by, _ := a.Lines(p.layout(f).ListHeight)
	p.selected = f.State.Refused - int64(n) + 1 + int64(max(min(i+by, n-1), 0))
	return screen.Step{}, nil
}

// forget drops rejected requests. The screen hears of it as of every change.
func (a *asks) forget(text, command string, drop func()) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		drop()
		return screen.ResultMsg{Text: text, Ok: true, Command: command}
	})
}

func (p *Screen) Update(tea.Msg, screen.Frame) tea.Cmd {
	return nil
}

func (p *Screen) Moves(screen.Frame) time.Duration { return 0 }

// Idle says how many requests lacked the secret: the commonest fault.
func (p *Screen) Idle(f screen.Frame) (left, right string) {
	n := 0
	var first, last time.Time
	for _, r := range f.State.Rejected {
		if r.Reason != event.WrongSecret && r.Reason != event.NoSecret {
			continue
		}
		if n++; n == 1 {
			first = r.At
		}
		last = r.At
	}
	if n < 2 {
		return "", ""
	}
	left = fmt.Sprintf("%d requests in %s had a wrong secret or none", n, duration.Text(last.Sub(first)))
	if f.W >= 80 {
		left += "; the Hub lists its own as failed"
	}
	return left, ""
}

// Report is what is known of the selected request, as text. There is no secret in it:
// none was kept.
func (p *Screen) Report(f screen.Frame) string {
	plain := &style.Theme{Mark: f.Theme.Mark}
	f.Theme = plain
	var b strings.Builder
	for _, line := range describe.RejectedLines(p.current(f), f, 100, "", len(p.current(f).Faults)) {
		b.WriteString(strings.TrimRight(strings.TrimPrefix(line, " "), " ") + "\n")
	}
	return b.String()
}

func (p *Screen) layout(f screen.Frame) screen.Layout {
	l := screen.Arrange(f.W, f.H, screen.NoBanner)
	if l.Kind != screen.Wide { // the list needs no more than a few lines
		room := f.H - l.Header - 2
		if l.Closing {
			room--
		}
		l.ListHeight = max(min(max(len(f.State.Rejected), 1), room*2/5), 1)
		l.DetailWidth, l.DetailHeight = f.W, room-l.ListHeight
	}
	return l
}

func (p *Screen) View(f screen.Frame) []string {
	t, l := f.Theme, p.layout(f)
	lines := f.Header(l)
	n := len(f.State.Rejected)
	head := fmt.Sprintf(" %s  %s of %s that came", t.Bold.Paint("Rejected"), style.Count(int64(n)), style.Count(f.State.Refused+f.State.Received))
	at := p.At(f)
	var right []string
	if at >= 0 {
		right = describe.RejectedView(&f.State.Rejected[at], f, l.DetailWidth, l.DetailHeight, "")
	} else {
		right = []string{" No rejected requests."}
	}
	top := max(min(at-l.ListHeight/2, n-l.ListHeight), 0)
	peers := 0
	for i := top; i < min(top+l.ListHeight, n); i++ {
		peers = max(peers, min(style.Width(describe.PeerHost(&f.State.Rejected[i])), 15))
	}
	rows := make([]string, l.ListHeight)
	for i := range rows {
		if top+i < n {
			rows[i] = p.row(&f.State.Rejected[top+i], f, l, peers, top+i == at)
		}
	}
	if l.Kind == screen.Wide {
		left := append([]string{t.Fit(head, l.ListWidth)}, rows...)
		bar := t.Dim.Paint(t.Mark.Bar)
		for i := range left {
			line := t.Fit(left[i], l.ListWidth) + bar
			if i < len(right) {
				line += right[i]
			}
			lines = append(lines, line)
		}
	} else {
		lines = append(append(append(append(lines, head), rows...), t.Line(f.W, "")), right...)
	}
	if l.Closing {
		return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
	}
	return t.Fill(lines, f.W, f.H)
}

// row draws one request: when, why, what was asked for, and from where, on peers cells.
func (p *Screen) row(r *event.Rejected, f screen.Frame, l screen.Layout, peers int, selected bool) string {
	t := f.Theme
	when := f.At(r.At).Format(time.TimeOnly)
	if l.Compact {
		when = when[:len("15:04")]
	}
	why := fmt.Sprintf("%d %s", r.Status, describe.ReasonWords(r.Reason))
	rest := max(l.ListWidth-len(when)-2, 0)
	asked := visible.Line(r.Method + " " + r.Path)
	text := t.Fit(why, min(20, rest)) + " " + t.Fit(asked, max(rest-peers-23, 0)) + " " + t.Right(describe.PeerHost(r), peers)
	if selected {
		return t.Selected.Paint(t.Fit(t.Mark.Cursor+when+" "+text, l.ListWidth))
	}
	return t.Fit(t.Failed.Paint(t.Mark.Failed)+t.Dim.Paint(when)+" "+text, l.ListWidth)
}

func (p *Screen) Click(x, y int, f screen.Frame) (screen.Step, tea.Cmd) {
	l, n := p.layout(f), len(f.State.Rejected)
	top := max(min(p.At(f)-l.ListHeight/2, n-l.ListHeight), 0)
	if i := screen.Listed(y, l.Header+1, top, l.ListHeight, n); i >= 0 && x < l.ListWidth {
		p.selected = f.State.Refused - int64(n) + 1 + int64(i)
	}
	return screen.Step{}, nil
}

func (p *Screen) Scroll(n, _, _ int, f screen.Frame) tea.Cmd {
	i := max(min(p.At(f)+n, len(f.State.Rejected)-1), 0)
	p.selected = f.State.Refused - int64(len(f.State.Rejected)) + 1 + int64(i)
	return nil
}

package tui

// The rejected requests, each with what is known of it and what to do about it.

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
)

type rejections struct {
	ask      *asks
	keep     func() (where string, err error)        // of the session's secret; nil: hfhook keeps none
	plan     func(over screen, w lease.Wish) tea.Cmd // offers what a wish would change on the Hub
	selected int64                                   // number of a rejected request, from 1
}

func newRejections(a *asks, keep func() (string, error), plan func(screen, lease.Wish) tea.Cmd, selected int64) *rejections {
	return &rejections{ask: a, keep: keep, plan: plan, selected: selected}
}

func (p *rejections) Name() string { return "rejected requests" }

// at is the index of the selected request, or of the nearest that is still there; -1
// where there is none.
func (p *rejections) at(f frame) int {
	n := len(f.state.Rejected)
	oldest := f.state.Refused - int64(n) + 1
	return min(int(max(p.selected-oldest, 0)), n-1)
}

func (p *rejections) current(f frame) *event.Rejected {
	i := p.at(f)
	if i < 0 {
		return nil
	}
	return &f.state.Rejected[i]
}

func (p *rejections) Keys(f frame) []binding {
	actions := []action{actCopy, actBack, actHelp, actQuit}
	if r := p.current(f); r != nil {
		actions = append([]action{actReport, actForget, actForgetAll, actUp, actDown, actPageUp, actPageDown, actFirst, actLast}, actions...)
		if f.state.Secret.Verified && r.Reason == event.WrongSecret {
			actions = append([]action{actMySecret}, actions...)
		}
		if len(r.Faults) > 1 {
			actions = append([]action{actOpen}, actions...)
		}
		if len(fixes(r, f)) > 0 {
			actions = append([]action{actPushSecret}, actions...)
		}
	}
	bindings, narrow := keys(actions...), f.w < narrowFooter
	for i, b := range bindings {
		switch b.action {
		case actBack:
			bindings[i] = b.as("all events")
			if narrow {
				bindings[i].word = "back"
			}
		case actOpen:
			bindings[i] = b.as("faults")
		case actPushSecret:
			bindings[i] = b.as("fix on Hub")
		case actUp: // k is for the key
			bindings[i].keys, bindings[i].label = slices.DeleteFunc(slices.Clone(b.keys), func(k string) bool { return k == "k" }), "↑"
		case actReport:
			if narrow {
				bindings[i].word = "copy"
			}
		case actCopy:
			bindings[i].quiet = narrow
		}
	}
	return bindings
}

func (p *rejections) Do(a action, f frame) (step, tea.Cmd) {
	i, n := p.at(f), len(f.state.Rejected)
	page := max(p.layout(f).listHeight-1, 1)
	switch a {
	case actUp:
		i--
	case actDown:
		i++
	case actPageUp:
		i -= page
	case actPageDown:
		i += page
	case actFirst:
		i = 0
	case actLast:
		i = n - 1
	case actBack:
		return step{pop: true}, nil
	case actOpen:
		return step{push: &faultList{request: *p.current(f)}}, nil
	case actPushSecret:
		return p.fix(f)
	case actMySecret:
		return step{push: p.mySecret(f)}, nil
	case actReport:
		report := p.report(f)
		return step{}, p.ask.copy("the report", plainText(report))
	case actCopy:
		return step{push: newCopy(p.ask.runner, p.ask.session.SecretText, f, nil)}, nil
	case actForget:
		no := *p.current(f)
		return step{}, p.ask.forget("forgot the request of "+f.at(no.At).Format(time.TimeOnly), func() { p.ask.session.ForgetRejected(no) })
	case actForgetAll:
		return step{}, p.ask.forget("forgot all of them", p.ask.session.ForgetAllRejected)
	}
	p.selected = f.state.Refused - int64(n) + 1 + int64(max(min(i, n-1), 0))
	return step{}, nil
}

// forget drops rejected requests. The screen hears of it as of every change.
func (a *asks) forget(text string, drop func()) tea.Cmd {
	return a.cmd(func() tea.Msg {
		drop()
		return resultMsg{text: text, ok: true}
	})
}

func (p *rejections) Update(tea.Msg, frame) tea.Cmd {
	return nil
}

func (p *rejections) Moves(frame) time.Duration { return 0 }

// Idle says how many requests lacked the secret: the commonest fault.
func (p *rejections) Idle(f frame) (left, right string) {
	n := 0
	var first, last time.Time
	for _, r := range f.state.Rejected {
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
	left = fmt.Sprintf("%d requests in %s had no right secret", n, took(last.Sub(first)))
	if f.w >= 80 {
		left += "; the Hub shows its own as failed"
	}
	return left, ""
}

// report is what is known of the selected request, as text. There is no secret in it:
// none was kept.
func (p *rejections) report(f frame) string {
	plain := &theme{mark: f.theme.mark}
	f.theme = plain
	var b strings.Builder
	for _, line := range rejectedLines(p.current(f), f, 100, "", len(p.current(f).Faults)) {
		b.WriteString(strings.TrimRight(strings.TrimPrefix(line, " "), " ") + "\n")
	}
	return b.String()
}

func (p *rejections) layout(f frame) layout {
	l := arrange(f.w, f.h, noBanner)
	if l.kind != wide { // the list needs no more than a few lines
		room := f.h - l.header - 2
		if l.closing {
			room--
		}
		l.listHeight = max(min(max(len(f.state.Rejected), 1), room*2/5), 1)
		l.detailWidth, l.detailHeight = f.w, room-l.listHeight
	}
	return l
}

func (p *rejections) View(f frame) []string {
	t, l := f.theme, p.layout(f)
	lines := f.header(l)
	n := len(f.state.Rejected)
	head := fmt.Sprintf(" %s  %s of %s that came", t.bold.paint("Rejected"), count(int64(n)), count(f.state.Refused+f.state.Received))
	at := p.at(f)
	var right []string
	if at >= 0 {
		right = rejectedView(&f.state.Rejected[at], f, l.detailWidth, l.detailHeight, "")
	} else {
		right = []string{" Nothing rejected is remembered."}
	}
	top := max(min(at-l.listHeight/2, n-l.listHeight), 0)
	peers := 0
	for i := top; i < min(top+l.listHeight, n); i++ {
		peers = max(peers, min(width(peerHost(&f.state.Rejected[i])), 15))
	}
	rows := make([]string, l.listHeight)
	for i := range rows {
		if top+i < n {
			rows[i] = p.row(&f.state.Rejected[top+i], f, l, peers, top+i == at)
		}
	}
	if l.kind == wide {
		left := append([]string{t.fit(head, l.listWidth)}, rows...)
		bar := t.dim.paint(t.mark.bar)
		for i := range left {
			line := t.fit(left[i], l.listWidth) + bar
			if i < len(right) {
				line += right[i]
			}
			lines = append(lines, line)
		}
	} else {
		lines = append(append(append(append(lines, head), rows...), t.line(f.w, "")), right...)
	}
	if l.closing {
		return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
	}
	return t.fill(lines, f.w, f.h)
}

func peerHost(r *event.Rejected) string {
	host, _, err := net.SplitHostPort(r.Peer)
	if err != nil {
		host = r.Peer
	}
	return visible.Line(host)
}

// row draws one request: when, why, what was asked for, and from where, on peers cells.
func (p *rejections) row(r *event.Rejected, f frame, l layout, peers int, selected bool) string {
	t := f.theme
	when := f.at(r.At).Format(time.TimeOnly)
	if l.compact {
		when = when[:len("15:04")]
	}
	why := fmt.Sprintf("%d %s", r.Status, reasonWords(r.Reason))
	rest := max(l.listWidth-len(when)-2, 0)
	asked := visible.Line(r.Method + " " + r.Path)
	text := t.fit(why, min(20, rest)) + " " + t.fit(asked, max(rest-peers-23, 0)) + " " + t.right(peerHost(r), peers)
	if selected {
		return t.selected.paint(t.fit(t.mark.cursor+when+" "+text, l.listWidth))
	}
	return t.fit(t.failed.paint(t.mark.failed)+t.dim.paint(when)+" "+text, l.listWidth)
}

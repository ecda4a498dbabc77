package tui

// A sheet: lines of the program's own that fill the screen and scroll.

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
)

type sheet struct {
	ask     *runner
	command string // that shows the same
	name    string // of the screen, for the help
	head    func(f frame) []string
	lines   func(f frame) []string
	idle    string
	top     int
}

func (p *sheet) Name() string { return p.name }

func (p *sheet) Keys(frame) []binding {
	return keys(actCopyCommand, actUp, actDown, actPageUp, actPageDown, actFirst, actLast, actBack, actHelp, actQuit)
}

func (p *sheet) Do(a action, f frame) (step, tea.Cmd) {
	const far = 1 << 30
	move := map[action]int{actUp: -1, actDown: 1, actPageUp: -max(f.h-6, 1), actPageDown: max(f.h-6, 1), actFirst: -far, actLast: far}
	switch a {
	case actBack:
		return step{pop: true}, nil
	case actCopyCommand:
		return step{}, p.ask.copy("the command", plainText(p.command))
	}
	p.top = min(max(p.top+move[a], 0), max(len(p.lines(f))-1, 0))
	return step{}, nil
}

func (p *sheet) Update(tea.Msg, frame) tea.Cmd { return nil }

func (p *sheet) Moves(frame) time.Duration { return 0 }

func (p *sheet) Idle(f frame) (left, right string) {
	return p.idle, f.theme.cut(visible.Line("$ "+p.command), f.w-width(p.idle)-6)
}

func (p *sheet) View(f frame) []string {
	t := f.theme
	lines := append(p.head(f), t.line(f.w, ""))
	all := p.lines(f)
	room := f.h - len(lines) - 1
	lines = append(lines, all[min(p.top, max(len(all)-room, 0)):]...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

// compareAttempts shows what two attempts of an event differ in: A is the later one.
func (a *asks) compareAttempts(id event.ID, was, is event.Delivery) tea.Cmd {
	return a.cmd(func() tea.Msg {
		body := newDifference(jsondiff.Compare(was.ResponseBody, is.ResponseBody))
		sent := compareFields(was.RequestHeader, is.RequestHeader)
		got := compareFields(was.ResponseHeader, is.ResponseHeader)
		var drawn drawnLines
		return pushMsg{screen: &sheet{
			ask:     a.runner,
			command: fmt.Sprintf("hfhook diff %s --attempts %d,%d", id, was.N, is.N),
			name:    "two attempts",
			idle:    fmt.Sprintf("attempts %d and %d", was.N, is.N),
			head: func(f frame) []string {
				t := f.theme
				side := func(name string, d *event.Delivery) string {
					at := "-"
					if !d.Started.IsZero() {
						at = f.at(d.Started).Format(time.TimeOnly)
					}
					return t.cut(fmt.Sprintf(" %s  attempt %d  %s  %s  %s", t.bold.paint(name), d.N, at, d.Kind, visible.Line(address(d.URL, false))), f.w)
				}
				return []string{" " + t.mark.back + " " + t.link.paint(id.Short()), side("A", &is), side("B", &was)}
			},
			lines: func(f frame) []string {
				t := f.theme
				a1, took1 := attemptCells(&was, f)
				a2, took2 := attemptCells(&is, f)
				lines := []string{same(t, "status", statusText(a2, &is), statusText(a1, &was), f.w), same(t, "took", took2, took1, f.w)}
				if was.Err != "" || is.Err != "" {
					lines = append(lines, same(t, "error", visible.Line(is.Err), visible.Line(was.Err), f.w))
				}
				lines = append(lines, "", " "+t.bold.paint("Answer"))
				lines = append(append(lines, got.draw(t, f.w)...), drawn.lines(t, body, f.w, false)...)
				lines = append(lines, "", " "+t.bold.paint("Sent"))
				return append(lines, sent.draw(t, f.w)...)
			},
		}}
	})
}

func statusText(cell string, d *event.Delivery) string {
	if cell == strconv.Itoa(d.Status) {
		return cell + " " + http.StatusText(d.Status)
	}
	return cell
}

// same is a line of what is equal in A and B, or is not.
func same(t *theme, name, a, b string, w int) string {
	if a == b {
		return t.dim.paint(t.cut(" = "+name+"  both "+a, w))
	}
	return t.cut(" "+t.warn.paint("~ "+name)+"  A "+a+"   B "+b, w)
}

// A fieldDiff is what two sets of header lines differ in.
type fieldDiff struct {
	lines []fieldLine
	equal int
}

type fieldLine struct{ name, a, b string }

// compareFields compares headers by name; the values of one name stand side by side.
func compareFields(b, a []event.Field) fieldDiff {
	var names []string
	left, right := map[string]string{}, map[string]string{}
	collect := func(fields []event.Field, into map[string]string) {
		for _, f := range fields {
			name := http.CanonicalHeaderKey(f.Name)
			if _, there := left[name]; !there {
				if _, there := right[name]; !there {
					names = append(names, name)
				}
			}
			if old, there := into[name]; there {
				into[name] = old + ", " + f.Value
			} else {
				into[name] = f.Value
			}
		}
	}
	collect(a, left)
	collect(b, right)
	var d fieldDiff
	for _, name := range names {
		if left[name] == right[name] {
			d.equal++
			continue
		}
		d.lines = append(d.lines, fieldLine{name, left[name], right[name]})
	}
	return d
}

func (d fieldDiff) draw(t *theme, w int) []string {
	var lines []string
	or := func(s string) string {
		if s == "" {
			return "(none)"
		}
		return visible.Line(s)
	}
	for _, l := range d.lines {
		lines = append(lines, t.cut(" "+t.warn.paint("~ "+visible.Line(l.name))+"  A "+or(l.a)+"   B "+or(l.b), w))
	}
	if d.equal > 0 {
		lines = append(lines, t.dim.paint(" "+plural(int64(d.equal), "header")+" equal"))
	}
	return lines
}

// pair are the two attempts that d compares: those that are marked, the marked one and
// the one under the cursor, or that and the one before; ok is false where there are no
// two.
func (d *detail) pair() (was, is event.Delivery, ok bool) {
	var chosen []int
	for i := range d.deliveries {
		if d.paired[d.deliveries[i].N] {
			chosen = append(chosen, i)
		}
	}
	switch {
	case len(chosen) > 2:
		chosen = chosen[len(chosen)-2:]
	case len(chosen) == 1 && chosen[0] != d.attempt:
		chosen = append(chosen, d.attempt)
	case len(chosen) < 2 && d.attempt > 0:
		chosen = []int{d.attempt - 1, d.attempt}
	case len(chosen) < 2 && len(d.deliveries) > 1:
		chosen = []int{0, 1}
	}
	if len(chosen) != 2 || max(chosen[0], chosen[1]) >= len(d.deliveries) {
		return was, is, false
	}
	return d.deliveries[min(chosen[0], chosen[1])], d.deliveries[max(chosen[0], chosen[1])], true
}

// markAttempt marks the attempt under the cursor, or no longer: two at most.
func (d *detail) markAttempt() {
	a := d.delivery()
	if a == nil {
		return
	}
	was := d.paired[a.N]
	if len(d.paired) >= 2 {
		d.paired = nil
	}
	if was {
		delete(d.paired, a.N)
		return
	}
	if d.paired == nil {
		d.paired = map[int]bool{}
	}
	d.paired[a.N] = true
}

package detail

// Two attempts side by side.

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/baseline"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/jsonview"
	"hfhook/tui/pager"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// compareAttempts shows what two attempts of an event differ in: A is the later one.
func (a *asks) compareAttempts(id event.ID, was, is event.Delivery) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		compared := compareAnswers(&was, &is)
		sent := compareFields(was.RequestHeader, is.RequestHeader)
		got := compareFields(was.ResponseHeader, is.ResponseHeader)
		var drawn jsonview.DrawnLines
		return screen.PushMsg{Screen: &pager.Sheet{
			Ask:      a.Runner,
			Command:  fmt.Sprintf("hfhook diff %s --attempts %d,%d", id, was.N, is.N),
			HelpName: "two attempts",
			Status:   fmt.Sprintf("attempts %d and %d", was.N, is.N),
			Head: func(f screen.Frame) []string {
				t := f.Theme
				side := func(name string, d *event.Delivery) string {
					at := "-"
					if !d.Started.IsZero() {
						at = f.At(d.Started).Format(time.TimeOnly)
					}
					return t.Cut(fmt.Sprintf(" %s  attempt %d  %s  %s  %s", t.Bold.Paint(name), d.N, at, d.Kind, visible.Line(style.Address(d.URL, false))), f.W)
				}
				return []string{" " + t.Link.Paint(id.Short()), side("from", &was), side("to  ", &is)}
			},
			Lines: func(f screen.Frame) []string {
				t := f.Theme
				a1, took1 := describe.AttemptCells(&was, f)
				a2, took2 := describe.AttemptCells(&is, f)
				lines := []string{same(t, "status", statusText(a1, &was), statusText(a2, &is), f.W), same(t, "took", took1, took2, f.W)}
				if was.Err != "" || is.Err != "" {
					lines = append(lines, same(t, "error", visible.Line(was.Err), visible.Line(is.Err), f.W))
				}
				lines = append(append(lines, "", " "+t.Bold.Paint("Answer")), compared.whyLines(t, f.W)...)
				lines = append(append(lines, got.draw(t, f.W)...), drawn.Lines(t, compared.bodies, jsonview.DiffLook{W: f.W, All: true})...)
				lines = append(lines, "", " "+t.Bold.Paint("Sent"))
				return append(lines, sent.draw(t, f.W)...)
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

// same is a line of what is equal in both, or is not: old to new.
func same(t *style.Theme, name, was, is string, w int) string {
	if was == is {
		return t.Dim.Paint(t.Cut(" "+name+"  "+is+" as before", w))
	}
	return t.Cut(" "+t.Bold.Paint(name)+"  "+t.Failed.Paint(was)+" "+t.Mark.Arrow+" "+t.Ok.Paint(is), w)
}

// A fieldDiff is what two sets of header lines differ in.
type fieldDiff struct {
	lines []fieldLine
	equal int
}

type fieldLine struct{ name, was, is string }

// compareFields compares headers by name; the values of one name stand side by side.
func compareFields(was, is []event.Field) fieldDiff {
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
	collect(was, left)
	collect(is, right)
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

func (d fieldDiff) draw(t *style.Theme, w int) []string {
	var lines []string
	or := func(s string) string {
		if s == "" {
			return "(none)"
		}
		return visible.Line(s)
	}
	for _, l := range d.lines {
		lines = append(lines, t.Cut(" "+t.Name.Paint(visible.Line(l.name))+"  "+t.Failed.Paint(or(l.was))+" "+t.Mark.Arrow+" "+t.Ok.Paint(or(l.is)), w))
	}
	if d.equal > 0 {
		lines = append(lines, t.Dim.Paint(" "+style.Plural(int64(d.equal), "header")+" equal"))
	}
	return lines
}

// Pair are the two attempts that d compares: those that are marked, or the marked one and
// the one under the cursor, or that and the one before it at the same target, which for the
// first is the next one. ok is false if there are no two.
func (d *Pane) Pair() (was, is event.Delivery, ok bool) {
	var chosen []int
	for i := range d.Deliveries {
		if d.Paired[d.Deliveries[i].N] {
			chosen = append(chosen, i)
		}
	}
	switch {
	case len(chosen) > 2:
		chosen = chosen[len(chosen)-2:]
	case len(chosen) == 1 && chosen[0] != d.Attempt:
		chosen = append(chosen, d.Attempt)
	case len(chosen) < 2:
		chosen = []int{d.before(d.Attempt), d.Attempt}
		if chosen[0] < 0 {
			chosen[0] = d.after(d.Attempt)
		}
	}
	if len(chosen) != 2 || min(chosen[0], chosen[1]) < 0 || max(chosen[0], chosen[1]) >= len(d.Deliveries) {
		return was, is, false
	}
	return d.Deliveries[min(chosen[0], chosen[1])], d.Deliveries[max(chosen[0], chosen[1])], true
}

// before is the index of the attempt before that of an index at the same target, or -1.
func (d *Pane) before(i int) int {
	if i < 0 || i >= len(d.Deliveries) {
		return -1
	}
	before := baseline.Before(d.Deliveries, d.Deliveries[i].N)
	return slices.IndexFunc(d.Deliveries, func(o event.Delivery) bool { return before != nil && o.N == before.N })
}

// after is the index of the attempt after that of an index at the same target, or -1.
func (d *Pane) after(i int) int {
	for k := range d.Deliveries {
		if d.before(k) == i {
			return k
		}
	}
	return -1
}

// MarkAttempt marks the attempt under the cursor, or no longer: two at most.
func (d *Pane) MarkAttempt() {
	a := d.Delivery()
	if a == nil {
		return
	}
	was := d.Paired[a.N]
	if len(d.Paired) >= 2 {
		d.Paired = nil
	}
	if was {
		delete(d.Paired, a.N)
		return
	}
	if d.Paired == nil {
		d.Paired = map[int]bool{}
	}
	d.Paired[a.N] = true
}

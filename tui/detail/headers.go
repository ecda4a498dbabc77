package detail

// The tab headers: the request line, the fields by who set them, and what else is known
// of the request. The cursor goes through all of them.

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/pager"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A headerGroup is fields that were set by the same side.
type headerGroup struct {
	title string
	lines []pager.HeaderLine
}

// headerGroups are the fields and facts in the order in which they are shown.
func (d *Pane) headerGroups(f screen.Frame) (groups []headerGroup) {
	e, verified := d.Event, f.State.Secret.Verified
	came := e.Origin == event.FromHub || e.Origin == event.Synthetic
	for _, g := range describe.Headers(e, d.Deliveries, came && verified, verified, f.Theme.Mark.Ok) {
		group := headerGroup{title: g.Title}
		for _, line := range g.Lines {
			group.lines = append(group.lines, pager.HeaderLine{Name: line.Name, Value: line.Value, Note: line.Note, Secret: line.Secret})
		}
		groups = append(groups, group)
	}
	return append(groups, headerGroup{"", aboutRequest(e, f)})
}

// aboutRequest is what else is known of it.
func aboutRequest(e *event.Event, f screen.Frame) []pager.HeaderLine {
	peer := e.Peer
	if peer == "" {
		peer = "none: not received by hfhook"
	}
	if e.Tunnel {
		peer += " through the tunnel"
	}
	if from := e.Values("X-Forwarded-For"); e.Tunnel && len(from) > 0 {
		peer += ", which says that it was " + from[0]
	}
	query := pager.HeaderLine{Name: "query", Value: e.Query}
	if e.Query == "" {
		query.Value, query.Note = "none", "?secret=… would be removed the same way"
	}
	received := f.At(e.Received).Format("2006-01-02 15:04:05.000 -0700") + "  " + style.Plural(int64(len(e.Body)), "byte")
	if e.Answer.Status != 0 {
		received += fmt.Sprintf("  answered +%s", duration.Text(e.Answer.Took))
	}
	lines := []pager.HeaderLine{query, {Name: "peer", Value: peer}, {Name: "received", Value: received}}
	if e.DeliveryID != "" {
		lines = append(lines, pager.HeaderLine{Name: "delivery", Value: e.DeliveryID, Note: "the same when the Hub sends it again"})
	}
	for i := range lines {
		lines[i].Fact = true
	}
	return lines
}

// fields are the lines that the cursor goes through.
func (d *Pane) fields(f screen.Frame) (all []pager.HeaderLine) {
	for _, g := range d.headerGroups(f) {
		all = append(all, g.lines...)
	}
	return all
}

// Field is the line under the cursor.
func (d *Pane) Field(f screen.Frame) pager.HeaderLine {
	all := d.fields(f)
	return all[min(d.header, len(all)-1)]
}

// KeepField has the cursor on a line, of which there may have been more.
func (d *Pane) KeepField(f screen.Frame) { d.header = min(d.header, len(d.fields(f))-1) }

// headersView draws the request line, the fields and the facts.
func headersView(d *Pane, f screen.Frame, w, h int, focused bool) []string {
	t, e := f.Theme, d.Event
	request := fmt.Sprintf("%s %s", e.Method, e.Path)
	if e.Query != "" {
		request += "?" + e.Query
	}
	request = " " + t.Bold.Paint(t.Cut(visible.Line(request+" "+e.Proto), w-1))
	lines := []string{t.Lead(request, t.Dim.Paint("canonical case, all values kept")+" ", w)}

	groups := d.headerGroups(f)
	names := 0
	for _, g := range groups {
		for _, line := range g.lines {
			names = max(names, style.Width(visible.Line(line.Name)))
		}
	}
	names = min(names, max(w/3, 12))
	d.KeepField(f)
	at, from, to := 0, 0, 0 // the field, and the lines of the one under the cursor
	for _, g := range groups {
		switch {
		case len(g.lines) == 0:
			continue
		case g.title == "":
			lines = append(lines, "", " "+t.Bold.Paint("Request line, query and peer"))
		default:
			lines = append(lines, t.Line(w, g.title))
		}
		for _, line := range g.lines {
			drawn := line.Draw(t, names, w, at == d.header, focused)
			if at == d.header {
				from, to = len(lines), len(lines)+len(drawn)
			}
			lines = append(lines, drawn...)
			at++
		}
	}
	if d.header == 0 {
		from = 0 // what stands above the first one
	}
	d.headerTop = min(max(d.headerTop, to-h), from, max(len(lines)-h, 0))
	return lines[d.headerTop:]
}

// CopyField copies the value under the cursor; of the secret its name, for the value is
// in no store.
func (d *Pane) CopyField(f screen.Frame) tea.Cmd {
	a := d.ask
	line := d.Field(f)
	if line.Secret {
		return a.CopyBy("the name "+line.Name+": secret values are never copied", d.headersCommand(), screen.PlainText(line.Name))
	}
	return a.CopyBy("the value of "+visible.Line(line.Name), d.headersCommand(), screen.PlainText(line.Value))
}

// CopyFlag copies the field as curl and HTTPie's friends take it.
func (d *Pane) CopyFlag(f screen.Frame) tea.Cmd {
	a := d.ask
	line := d.Field(f)
	flag := "-H " + screen.ShellWord(line.Name+": "+line.Value)
	switch {
	case line.Fact:
		return screen.ResultCmd(line.Name+" is not a header: "+f.Label(keymap.ActCopyValue)+" copies it", false)
	case line.Secret:
		flag = `-H "` + line.Name + `: $WEBHOOK_SECRET"`
	}
	return a.CopyBy(visible.Line(pager.Shortened(flag, 60)), d.headersCommand(), func(context.Context) (string, error) { return flag, nil })
}

func (d *Pane) headersCommand() string { return "hfhook show " + string(d.Event.ID) + " --headers" }

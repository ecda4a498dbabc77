package tui

// The tab headers: the request line, the fields by who set them, and what else is known
// of the request. The cursor goes through all of them.

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
)

// A headerLine is a field and what to know about it. Name and value are as they came.
type headerLine struct {
	name, value, note string

	secret bool // whose value is nowhere
	fact   bool // about the request, and no field of it
}

// A headerGroup is fields that were set by the same side.
type headerGroup struct {
	title string
	lines []headerLine
}

// headerGroups are the fields and facts in the order in which they are shown.
func (d *detail) headerGroups(f frame) []headerGroup {
	e := d.event
	var sender, way []headerLine
	sent := e.Sent()
	for _, field := range e.Header {
		line := headerLine{name: field.Name, value: field.Value}
		switch {
		// The length is the sender's, too, although each request has one of its own.
		case strings.EqualFold(field.Name, "Content-Length"),
			slices.ContainsFunc(sent, func(s event.Field) bool { return strings.EqualFold(s.Name, field.Name) }):
			sender = append(sender, line)
		default:
			way = append(way, line)
		}
	}
	from := "from the sender"
	if e.Origin == event.FromHub {
		from = "from the Hub"
	}
	if came := e.Origin == event.FromHub || e.Origin == event.Synthetic; came && f.state.Secret.Verified {
		sender = append(sender, headerLine{name: event.SecretHeader, value: "verified " + f.theme.mark.ok + secretName(e), note: "(not stored; put back from your config on replay)", secret: true})
	}
	return []headerGroup{
		{from, sender},
		{"added on the way (not sent on replay)", way},
		{"sent to the handler", d.sentOn(f)},
		{"", aboutRequest(e, f)},
	}
}

// secretName says with which secret an event was verified, if that is not the present one.
func secretName(e *event.Event) string {
	if e.Matched < 2 {
		return ""
	}
	return " with the " + e.Secret() + " secret"
}

// sentOn are the fields that a handler gets besides those of the sender: of the last
// attempt, or of the first one that there will be.
func (d *detail) sentOn(f frame) []headerLine {
	var lines []headerLine
	if f.state.Secret.Verified {
		lines = append(lines, headerLine{name: event.SecretHeader, note: "put back, for this machine only", secret: true})
	}
	lines = append(lines, headerLine{name: "X-Hfhook-Event-Id", value: string(d.event.ID), note: "same on every attempt: use it as the idempotency key"})
	attempt, replay := headerLine{name: "X-Hfhook-Attempt", value: "1"}, headerLine{name: "X-Hfhook-Replay", note: "absent on the first delivery"}
	if n := len(d.deliveries); n > 0 {
		for _, field := range d.deliveries[n-1].RequestHeader {
			switch strings.ToLower(field.Name) {
			case "x-hfhook-attempt":
				attempt.value = field.Value
			case "x-hfhook-replay":
				replay.value, replay.note = field.Value, "of the last attempt"
			}
		}
	}
	return append(lines, attempt, replay)
}

// aboutRequest is what else is known of it.
func aboutRequest(e *event.Event, f frame) []headerLine {
	peer := e.Peer
	if peer == "" {
		peer = "none: not received here"
	}
	if e.Tunnel {
		peer += " through the tunnel"
	}
	if from := e.Values("X-Forwarded-For"); e.Tunnel && len(from) > 0 {
		peer += ", which says that it was " + from[0]
	}
	query := headerLine{name: "query", value: e.Query}
	if e.Query == "" {
		query.value, query.note = "none", "?secret=… would be removed the same way"
	}
	received := f.at(e.Received).Format("2006-01-02 15:04:05.000 -0700") + "  " + plural(int64(len(e.Body)), "byte")
	if e.Answer.Status != 0 {
		received += fmt.Sprintf("  answered +%s", took(e.Answer.Took))
	}
	lines := []headerLine{query, {name: "peer", value: peer}, {name: "received", value: received}}
	if e.DeliveryID != "" {
		lines = append(lines, headerLine{name: "delivery", value: e.DeliveryID, note: "the same when the Hub sends it again"})
	}
	for i := range lines {
		lines[i].fact = true
	}
	return lines
}

// fields are the lines that the cursor goes through.
func (d *detail) fields(f frame) (all []headerLine) {
	for _, g := range d.headerGroups(f) {
		all = append(all, g.lines...)
	}
	return all
}

// field is the line under the cursor.
func (d *detail) field(f frame) headerLine {
	all := d.fields(f)
	return all[min(d.header, len(all)-1)]
}

// keepField has the cursor on a line, of which there may have been more.
func (d *detail) keepField(f frame) { d.header = min(d.header, len(d.fields(f))-1) }

// headersView draws the request line, the fields and the facts.
func headersView(d *detail, f frame, w, h int, focused bool) []string {
	t, e := f.theme, d.event
	request := fmt.Sprintf("%s %s", e.Method, e.Path)
	if e.Query != "" {
		request += "?" + e.Query
	}
	request = " " + t.bold.paint(t.cut(visible.Line(request+" "+e.Proto), w-1))
	lines := []string{t.lead(request, t.dim.paint("canonical case, all values kept")+" ", w)}

	groups := d.headerGroups(f)
	names := 0
	for _, g := range groups {
		for _, line := range g.lines {
			names = max(names, width(visible.Line(line.name)))
		}
	}
	names = min(names, max(w/3, 12))
	d.keepField(f)
	at, from, to := 0, 0, 0 // the field, and the lines of the one under the cursor
	for _, g := range groups {
		switch {
		case len(g.lines) == 0:
			continue
		case g.title == "":
			lines = append(lines, "", " "+t.bold.paint("Request line, query and peer"))
		default:
			lines = append(lines, t.line(w, g.title))
		}
		for _, line := range g.lines {
			drawn := line.draw(t, names, w, at == d.header, focused)
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

// draw is the field on w cells: on more lines where it is the one under the cursor.
func (l headerLine) draw(t *theme, names, w int, current, focused bool) (lines []string) {
	name := " " + t.fit(visible.Line(l.name), names) + "  "
	room, most := w-width(name), 4
	value := visible.Line(l.value)
	if l.secret {
		value = strings.TrimSpace(t.mark.block + " " + value)
	}
	if current {
		most = 16
	}
	note := ""
	if l.note != "" && width(value)+2+width(l.note) <= room {
		note = l.note
		if value != "" {
			note = "  " + note
		}
	}
	for i, part := range t.wrap(value, room, most) {
		if i > 0 {
			name, note = spaces(width(name)), ""
		}
		switch {
		case current && focused:
			lines = append(lines, t.selected.paint(t.fit(">"+name[1:]+part+t.mark.say(note), w)))
		case l.fact:
			lines = append(lines, t.dim.paint(name)+part+t.dim.paint(t.mark.say(note)))
		default:
			lines = append(lines, t.name.paint(name)+part+t.dim.paint(t.mark.say(note)))
		}
	}
	return lines
}

// copyField copies the value under the cursor; of the secret its name, for the value is
// in no store.
func (d *detail) copyField(f frame) tea.Cmd {
	a := d.ask
	line := d.field(f)
	if line.secret {
		return a.copyBy("the name "+line.name+": secret values are never copied", d.headersCommand(), plainText(line.name))
	}
	return a.copyBy("the value of "+visible.Line(line.name), d.headersCommand(), plainText(line.value))
}

// copyFlag copies the field as curl and HTTPie's friends take it.
func (d *detail) copyFlag(f frame) tea.Cmd {
	a := d.ask
	line := d.field(f)
	flag := "-H " + shellWord(line.name+": "+line.value)
	switch {
	case line.fact:
		return resultCmd(line.name+" is no header: "+f.label(actCopyValue)+" copies it", false)
	case line.secret:
		flag = `-H "` + line.name + `: $WEBHOOK_SECRET"`
	}
	return a.copyBy(visible.Line(shortened(flag, 60)), d.headersCommand(), func(context.Context) (string, error) { return flag, nil })
}

// shortened is a text with its middle left out where it has more than n characters.
func shortened(s string, n int) string {
	if text := []rune(s); len(text) > n {
		return string(text[:n/2]) + "…" + string(text[len(text)-n/2+1:])
	}
	return s
}

func (d *detail) headersCommand() string { return "hfhook show " + string(d.event.ID) + " --headers" }

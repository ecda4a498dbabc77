package tui

// The tab headers: the request line, and the fields by who set them.

import (
	"fmt"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/internal/visible"
)

// block stands for the secret, which is in no frame.
const block = "********"

// headersView draws the request line, the fields in three groups, and the facts
// around the request.
func headersView(d *detail, f frame, w, h int) []string {
	t, e := f.theme, d.event
	request := fmt.Sprintf("%s %s", e.Method, e.Path)
	if e.Query != "" {
		request += "?" + e.Query
	}
	lines := []string{" " + t.bold.paint(t.cut(visible.Line(request+" "+e.Proto), w-1))}

	var sender, way []headerLine
	sent := e.Sent()
	for _, field := range e.Header {
		line := headerLine{visible.Line(field.Name), visible.Line(field.Value), ""}
		if slices.ContainsFunc(sent, func(s event.Field) bool { return strings.EqualFold(s.Name, field.Name) }) {
			sender = append(sender, line)
		} else {
			way = append(way, line)
		}
	}
	from := "from the sender"
	if e.Origin == event.FromHub {
		from = "from the Hub"
	}
	if f.state.Secret.Verified {
		sender = append(sender, headerLine{"X-Webhook-Secret", block, "never stored"})
	}
	groups := []struct {
		title string
		lines []headerLine
	}{{from, sender}, {"of the way here (not sent to the handler)", way}, {"sent to the handler", sentOn(d, f)}}
	names := 0
	for _, g := range groups {
		for _, line := range g.lines {
			names = max(names, width(line.name))
		}
	}
	names = min(names, max(w/3, 12))
	for _, g := range groups {
		if len(g.lines) == 0 {
			continue
		}
		lines = append(lines, t.line(w, g.title))
		for _, line := range g.lines {
			lines = append(lines, line.draw(t, names, w)...)
		}
	}
	lines = append(append(lines, ""), aboutRequest(e, f)...)
	d.scroll = min(d.scroll, max(len(lines)-h, 0)) // else the way back would be as long
	return lines[d.scroll:]
}

// A headerLine is a field and what to know about it.
type headerLine struct{ name, value, note string }

func (l headerLine) draw(t *theme, names, w int) (lines []string) {
	name := " " + t.fit(l.name, names) + "  "
	room := w - width(name)
	if l.note != "" && width(l.value)+2+width(l.note) <= room {
		return []string{t.name.paint(name) + l.value + "  " + t.dim.paint(l.note)}
	}
	for i, part := range t.wrap(l.value, room, 4) {
		if i > 0 {
			name = spaces(width(name))
		}
		lines = append(lines, t.name.paint(name)+part)
	}
	return lines
}

// sentOn are the fields that a handler gets besides those of the sender: of the last
// attempt, or of the first one that there will be.
func sentOn(d *detail, f frame) []headerLine {
	lines := []headerLine{{"X-Hfhook-Event-Id", string(d.event.ID), "the same on every attempt: the idempotency key"}}
	if f.state.Secret.Verified {
		lines = append(lines, headerLine{"X-Webhook-Secret", block, "put back, for this machine only"})
	}
	n := len(d.deliveries)
	if n == 0 {
		return append(lines, headerLine{"X-Hfhook-Attempt", "1", ""})
	}
	for _, field := range d.deliveries[n-1].RequestHeader {
		switch strings.ToLower(field.Name) {
		case "x-hfhook-attempt", "x-hfhook-replay":
			lines = append(lines, headerLine{visible.Line(field.Name), visible.Line(field.Value), "of the last attempt"})
		}
	}
	return lines
}

// aboutRequest is what else is known of it.
func aboutRequest(e *event.Event, f frame) []string {
	t := f.theme
	peer := e.Peer
	if e.Tunnel {
		peer += " through the tunnel"
	}
	if from := e.Values("X-Forwarded-For"); e.Tunnel && len(from) > 0 {
		peer += ", which says that it was " + from[0]
	}
	query := e.Query
	if query == "" {
		query = "none"
	}
	lines := []string{
		t.dim.paint(" query     ") + visible.Line(query),
		t.dim.paint(" peer      ") + visible.Line(peer),
		t.dim.paint(" received  ") + f.at(e.Received).Format("2006-01-02 15:04:05.000 -0700") + "  " + plural(int64(len(e.Body)), "byte"),
	}
	if e.DeliveryID != "" {
		lines = append(lines, t.dim.paint(" delivery  ")+visible.Line(e.DeliveryID))
	}
	return lines
}

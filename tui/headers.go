package tui

// The tab headers: the request line, and the fields by who set them.

import (
	"fmt"
	"strings"

	"hfhook/event"
	"hfhook/internal/visible"
)

// onTheWay tells whether a field is set by what stands between the Hub and here. It
// is not sent on replay.
func onTheWay(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "host", "via", "forwarded", "accept-encoding", "connection", "x-real-ip":
		return true
	}
	return strings.HasPrefix(name, "x-forwarded-") || strings.HasPrefix(name, "ngrok-")
}

func headersView(e *event.Event, f frame, w, h, scroll int) []string {
	t := f.theme
	request := fmt.Sprintf("%s %s", e.Method, e.Path)
	if e.Query != "" {
		request += "?" + e.Query
	}
	lines := []string{" " + t.bold.paint(t.cut(visible.Line(request+" "+e.Proto), w-1))}
	for _, group := range []struct {
		title string
		way   bool
	}{{"from the sender", false}, {"added on the way", true}} {
		var fields []event.Field
		names := 0
		for _, field := range e.Header {
			if onTheWay(field.Name) == group.way {
				fields = append(fields, field)
				names = max(names, width(visible.Line(field.Name)))
			}
		}
		if len(fields) == 0 {
			continue
		}
		names = min(names, max(w/3, 12))
		lines = append(lines, t.line(w, group.title))
		for _, field := range fields {
			name := " " + t.fit(visible.Line(field.Name), names) + "  "
			for i, part := range t.wrap(visible.Line(field.Value), w-width(name), 4) {
				if i > 0 {
					name = spaces(width(name))
				}
				lines = append(lines, t.name.paint(name)+part)
			}
		}
	}
	peer := e.Peer
	if e.Tunnel {
		peer += " through the tunnel"
	}
	lines = append(lines, "",
		t.dim.paint(" peer      ")+visible.Line(peer),
		t.dim.paint(" received  ")+f.at(e.Received).Format("2006-01-02 15:04:05.000 -0700")+"  "+plural(int64(len(e.Body)), "byte"),
		t.dim.paint(" sha256    ")+fmt.Sprintf("%x", e.SHA256),
		t.dim.paint(" secret    never stored; put back from the settings on replay"))
	if e.DeliveryID != "" {
		lines = append(lines, t.dim.paint(" delivery  ")+visible.Line(e.DeliveryID))
	}
	scroll = min(scroll, max(len(lines)-h, 0))
	return lines[scroll:]
}

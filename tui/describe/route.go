package describe

// The path of a handler that is not the one that was sent to, and the key that corrects it.

import (
	"net/http"
	"net/url"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// RouteText says what is wrong with the path of an attempt, and which key corrects it; empty if
// nothing is known to be.
func RouteText(f screen.Frame, d *event.Delivery) string {
	if d.Status != http.StatusNotFound && d.Status != http.StatusMethodNotAllowed {
		return ""
	}
	u, err := url.Parse(d.URL)
	if err != nil {
		return ""
	}
	for i := range f.State.Targets {
		if t := &f.State.Targets[i]; t.Name == d.Target && t.Routes != nil && t.Routes.Sent == u.EscapedPath() {
			return RouteHint(f, t)
		}
	}
	return ""
}

// RouteHint is RouteText for the newest attempt at a target.
func RouteHint(f screen.Frame, t *dev.Target) string {
	text := t.Routes.Text()
	if text == "" {
		return ""
	}
	does := " sends there from now on"
	switch len(t.Routes.Found) {
	case 0:
		does = " takes the right one"
	case 1:
	default:
		does = " chooses one of them"
	}
	return visible.Line(text) + ". " + f.Label(keymap.ActSendTo) + does
}

// RouteTarget is the target whose path can be corrected: the one with that name if it is one of
// them, else the first. nil: there is none.
func RouteTarget(st *dev.State, name string) *dev.Target {
	var first *dev.Target
	for i := range st.Targets {
		t := &st.Targets[i]
		if t.Routes.Text() == "" && ProposedPath(st, t) == "" {
			continue
		}
		if t.Name == name {
			return t
		}
		if first == nil {
			first = t
		}
	}
	return first
}

// ProposedPath is the one path on which a handler takes POST, if nothing was sent to it yet and
// hfhook would send to another one. It is empty otherwise.
func ProposedPath(st *dev.State, t *dev.Target) string {
	if t.Routes == nil || t.Routes.Sent != "" || len(t.Routes.Found) != 1 {
		return ""
	}
	u, err := url.Parse(st.LocalURL)
	if err != nil || u.EscapedPath() == t.Routes.Found[0] {
		return ""
	}
	return t.Routes.Found[0]
}

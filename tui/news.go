package tui

// Kind is said in the status line although nobody has pressed a key: that the handler has
// crashed, and what came of it when it was back.

import (
	"slices"
	"time"

	"hfhook/internal/dev"
	"hfhook/internal/handler"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/output"
	"hfhook/tui/screen"
)

// notice says what is new in a state.
func (m *model) news(before, now *dev.State) {
	if st := now.Handler; st != nil && st.Failed && (before.Handler == nil || before.Handler.Starts != st.Starts || !before.Handler.Failed) {
		text := "the handler " + st.Last
		if !m.onHandler() {
			text += ": " + m.frame().Label(keymap.ActHandler) + " shows what it printed"
		}
		m.show(text, false)
	}
	if st, was := now.Handler, before.Handler; st != nil && was != nil && was.Failed && st.Phase == handler.Running && !m.status.Ok {
		m.status = screen.Status{} // it is no longer so
	}
	m.notices(before.Notices, now.Notices)
	for _, t := range now.Targets {
		if t.Hint != "" && !slices.ContainsFunc(before.Targets, func(was dev.Target) bool { return was.Name == t.Name && was.Hint == t.Hint }) {
			hint := t.Hint
			if text := describe.RouteHint(m.frame(), &t); text != "" {
				hint = text
			}
			m.show(t.Name+": "+hint, false)
		}
	}
	if n := now.Store.News; n.OK && n.At.After(before.Store.News.At) { // the banner has the rest
		m.show("store: "+n.Text, true)
	}
	if c := now.HandlerRestart; c != nil && (before.HandlerRestart == nil || before.HandlerRestart.N != c.N) {
		m.show(c.String(), c.OK())
		m.status.Stays = true
	}
}

// notices says those that were not there before.
func (m *model) notices(before, now []dev.Notice) {
	var last time.Time
	if n := len(before); n > 0 {
		last = before[n-1].At
	}
	for _, n := range now {
		if n.At.After(last) {
			text := n.String()
			if n.Target == "" {
				text = n.About + ": " + text
			}
			m.show(text, n.OK)
		}
	}
}

// onHandler reports whether the handler's own screen is on top.
func (m *model) onHandler() bool { return m.top().Name() == output.ScreenName }

// show puts a sentence into the status line and the log.
func (m *model) show(text string, ok bool) {
	m.status.Set(visible.Line(text), ok, m.now)
	m.past.Add(m.now, text, ok)
}

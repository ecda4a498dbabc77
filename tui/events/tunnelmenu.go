package events

// The menu of the tunnel: retry it, give it an authtoken, use a URL of one's own, go on
// without one.

import (
	tea "charm.land/bubbletea/v2"

	"hfhook/tui/header"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tunnel"
)

// tunnelKeys are the key of that menu: in the footer while the tunnel needs somebody.
func (e *Screen) tunnelKeys(f screen.Frame) []keymap.Binding {
	b := keymap.Keys(keymap.ActTunnel)[0]
	b.Quiet = !header.Troubled(f.State.Tunnel)
	return []keymap.Binding{b}
}

// tunnelMenu offers what can be done about the tunnel as it is.
func (e *Screen) tunnelMenu(top screen.Screen, f screen.Frame) *screen.Menu {
	st := f.State.Tunnel
	m := &screen.Menu{HelpName: "tunnel", Title: "Tunnel", Verb: "do it"}
	var takes []func() tea.Cmd
	add := func(key, text, note string, take func() tea.Cmd) {
		m.Choices, takes = append(m.Choices, screen.Choice{Key: key, Text: text, Note: note}), append(takes, take)
	}
	ask := func(s screen.Screen) func() tea.Cmd {
		return func() tea.Cmd { return func() tea.Msg { return screen.PushMsg{Screen: s} } }
	}
	if st.Provider != "" && st.Phase != tunnel.Up {
		add("r", "retry", "open it again now", e.ask.retryTunnel)
	}
	if e.Authtoken != nil && st.Provider == "ngrok" {
		add("a", "ngrok authtoken", "paste one, for this run or for good", ask(e.askAuthtoken(top)))
	}
	add("u", "my own URL", "a tunnel or proxy of yours that points here", ask(e.askURL(top, f)))
	if st.Phase != tunnel.Off {
		add("l", "local only", "go on without a tunnel", e.ask.dropTunnel)
	}
	m.Take = func(i int) tea.Cmd { return takes[i]() }
	return m
}

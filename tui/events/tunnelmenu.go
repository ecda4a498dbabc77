package events

// The menu of the tunnel: every way to a public URL, while hfhook runs.

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/header"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tunnel"
)

// tunnelKeys are the key of the menu, in the footer while the tunnel needs somebody.
func (e *Screen) tunnelKeys(f screen.Frame) []keymap.Binding {
	b := keymap.Keys(keymap.ActTunnel)[0]
	b.Quiet = !header.Troubled(f.State.Tunnel)
	return []keymap.Binding{b}
}

// tunnelMenu offers what can be done about the tunnel as it is.
func (e *Screen) tunnelMenu(top screen.Screen, f screen.Frame) *screen.Menu {
	st := f.State.Tunnel
	m := &screen.Menu{HelpName: "tunnel", Title: "Tunnel", About: tunnelNow(f), Verb: "do it"}
	var takes []func() tea.Cmd
	add := func(key, text, note string, take func() tea.Cmd) {
		m.Choices, takes = append(m.Choices, screen.Choice{Key: key, Text: text, Note: note}), append(takes, take)
	}
	ask := func(s screen.Screen) func() tea.Cmd {
		return func() tea.Cmd { return func() tea.Msg { return screen.PushMsg{Screen: s} } }
	}
	use := func(kind, text string) func() tea.Cmd {
		return func() tea.Cmd { return e.ask.useTunnel(e.Tunnels, kind, text) }
	}
	if st.Provider != "" && !st.NotSetUp() {
		note := "try " + providerWords(st.Provider) + " again, now"
		if st.Phase == tunnel.Up {
			note = "send a test request through the public URL"
		}
		add("t", "Try again", note, e.ask.retryTunnel)
	}
	if e.Tunnels != nil {
		add(header.KeySSH, "SSH", "no account, new URL each run; "+e.setup.ssh+" can read the traffic", func() tea.Cmd { return e.overSSH(top) })
		if st.Provider != "ngrok" && e.setup.ngrok {
			add("n", "ngrok", "with the authtoken that is set up", use("ngrok", "connecting to ngrok"))
		}
	}
	if e.Authtoken != nil {
		add(header.KeyAuthtoken, "ngrok", "free account, URL stays the same; paste the authtoken", ask(e.askAuthtoken(top)))
	}
	if e.Tunnels != nil && e.setup.program {
		add(header.KeyProgram, "cloudflared", "no account, new URL each run; Cloudflare can read the traffic", use("cloudflared", "starting cloudflared"))
	}
	add(header.KeyOwnURL, "My own URL", "a tunnel or proxy of yours that points here", ask(e.askURL(top, f)))
	if st.Phase != tunnel.Off {
		add(header.KeyNoTunnel, "Local only", "no tunnel: the Hub cannot reach this machine", e.ask.dropTunnel)
	}
	if kind, url := kept(st); e.Tunnels != nil && kind != "" {
		add("p", "Keep it", "for this project, in .hfhook.toml: "+keptLine(kind, url), func() tea.Cmd { return e.ask.keepTunnel(e.Tunnels, kind, url) })
	}
	m.Take = func(i int) tea.Cmd { return takes[i]() }
	return m
}

// tunnelNow is how the tunnel is, beside the menu's title.
func tunnelNow(f screen.Frame) string {
	st := f.State.Tunnel
	switch {
	case st.Phase == tunnel.Up:
		return "now: " + providerWords(st.Provider) + ", " + visible.Line(st.URL)
	case st.NotSetUp(), st.Phase == tunnel.Off:
		return "now: none"
	case header.Lost(st):
		return "now: " + providerWords(st.Provider) + ", lost"
	}
	return "now: " + providerWords(st.Provider) + ", " + string(st.Phase)
}

// providerWords are a provider as people know it.
func providerWords(name string) string {
	switch name {
	case "own":
		return "your own URL"
	case "ssh":
		return "SSH"
	}
	return name
}

// kept is the choice that could be kept: a tunnel that is up, or none. Both are empty if there
// is nothing to keep yet.
func kept(st tunnel.State) (kind, url string) {
	switch {
	case st.Phase == tunnel.Off:
		return "none", ""
	case st.Phase != tunnel.Up:
		return "", ""
	case st.Provider == "own":
		return "own", st.URL
	}
	return st.Provider, ""
}

func keptLine(kind, url string) string {
	if url != "" {
		return `url = "` + visible.Line(url) + `"`
	}
	return `tunnel = "` + kind + `"`
}

// useTunnel goes on with another kind of tunnel.
func (a *asks) useTunnel(ways Tunnels, kind, text string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		was := a.session.State().Tunnel
		if err := ways.Use(kind); err != nil {
			return screen.ResultMsg{Text: screen.Plain(err)}
		}
		return screen.ResultMsg{Text: text, Ok: true, Command: tunnelCommand(kind), Until: tunnelTried(was, kind, "")}
	})
}

func (a *asks) keepTunnel(ways Tunnels, kind, url string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		said, err := ways.Keep(kind, url)
		if err != nil {
			return screen.ResultMsg{Text: screen.Plain(err)}
		}
		command := tunnelCommand(kind)
		switch {
		case url != "":
			command = "hfhook dev --url " + screen.ShellWord(url)
		case kind == "none":
			command = "hfhook dev --tunnel none"
		}
		return screen.ResultMsg{Text: said, Ok: true, Stays: true, Command: command}
	})
}

// askKeyWithin is how long an SSH server has to show its key.
const askKeyWithin = 15 * time.Second

// overSSH opens a tunnel over SSH. The first time it asks whether the server is to be trusted,
// and says who can read what goes through it.
func (e *Screen) overSSH(top screen.Screen) tea.Cmd {
	ways, a := e.Tunnels, e.ask
	looked := a.Cmd(func() tea.Msg {
		ctx, cancel := context.WithTimeout(a.Ctx, askKeyWithin)
		defer cancel()
		key, err := ways.HostKey(ctx)
		switch {
		case err != nil:
			return screen.ResultMsg{Text: problemWords(err)}
		case key.Known:
			return startSSHMsg{}
		}
		return screen.OfferMsg{Over: top, Screen: e.askTrust(ways, key)}
	})
	return tea.Batch(screen.ResultCmd("asking "+visible.Line(sshHost(ways.Server()))+" for its key", true), looked)
}

// startSSHMsg: the SSH server is known.
type startSSHMsg struct{}

// problemWords is an error with what to do about it.
func problemWords(err error) string {
	if p, ok := err.(*tunnel.Problem); ok && p.Fix != "" {
		return p.Error() + ". " + p.Fix
	}
	return screen.Plain(err)
}

// askTrust shows the key of a new SSH server.
func (e *Screen) askTrust(ways Tunnels, key tunnel.HostKey) *screen.Menu {
	login := visible.Line(ways.Server())
	host := visible.Line(sshHost(login))
	connect := func(keep bool) tea.Cmd {
		a := e.ask
		return a.Cmd(func() tea.Msg {
			was := a.session.State().Tunnel
			if err := ways.Trust(key); err != nil {
				return screen.ResultMsg{Text: problemWords(err)}
			}
			if err := ways.Use("ssh"); err != nil {
				return screen.ResultMsg{Text: screen.Plain(err)}
			}
			text := "connecting to " + host
			if keep {
				said, err := ways.Keep("ssh", "")
				if err != nil {
					return screen.ResultMsg{Text: screen.Plain(err)}
				}
				text += "; " + said
			}
			return screen.ResultMsg{Text: text, Ok: true, Command: tunnelCommand("ssh"), Until: tunnelTried(was, "ssh", "")}
		})
	}
	return &screen.Menu{
		HelpName: "SSH tunnel", Title: "A public URL over SSH", About: "asked once", Verb: "connect",
		Intro: []string{
			// The first two are what has room on the smallest screen.
			host + " can read payloads and the webhook secret.",
			visible.Line(key.Print) + " is its key, new here.",
			"It decrypts what it forwards. hfhook logs in as " + login + " and gets a public URL that leads to this machine. No account is needed; each run has another URL.",
		},
		Choices: []screen.Choice{
			{Key: "y", Text: "Trust this key and connect", Note: "remembered for later runs"},
			{Key: "p", Text: "Trust, connect and keep SSH", Note: "for this project, in .hfhook.toml: " + keptLine("ssh", "")},
		},
		Take: func(i int) tea.Cmd { return connect(i == 1) },
	}
}

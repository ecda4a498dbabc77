package tui

// Mending the tunnel: an authtoken that is typed in, for this run or for good, and a
// public URL of the user's own.

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/tunnel"
)

// askAuthtoken asks for ngrok's authtoken, which is in no frame while it is typed.
func (e *events) askAuthtoken(top screen) screen {
	p := newPrompt(top, "authtoken", "authtoken", "go on", "", nil)
	p.secret = true
	p.next = func(token string) screen {
		token = strings.TrimSpace(token)
		if token == "" {
			return nil
		}
		return newKeepToken(e, token)
	}
	p.note = func() string {
		if p.input.Value() != "" {
			return "$ NGROK_AUTHTOKEN=TOKEN hfhook dev"
		}
		return "from dashboard.ngrok.com/get-started/your-authtoken"
	}
	return p
}

// newKeepToken asks whether the authtoken is to be kept.
func newKeepToken(e *events, token string) *menu {
	return &menu{
		name: "authtoken", title: "Keep the authtoken?", about: "it is shown nowhere, and goes into no log", verb: "use it",
		choices: []choice{
			{key: "r", text: "for this run only", note: "in memory"},
			{key: "f", text: "for good", note: "in ngrok's own configuration, as ngrok config add-authtoken does"},
		},
		take: func(i int) tea.Cmd {
			return e.ask.cmd(func() tea.Msg {
				where, err := e.authtoken(token, i == 1)
				if err != nil {
					return resultMsg{text: err.Error()}
				}
				was := e.ask.session.State().Tunnel
				e.ask.session.RetryTunnel()
				command := "NGROK_AUTHTOKEN=TOKEN hfhook dev"
				text := "trying the tunnel with the authtoken, which is kept in memory"
				if where != "" {
					text = "trying the tunnel with the authtoken, which is now in " + where
				}
				if i == 1 {
					command = "ngrok config add-authtoken TOKEN"
				}
				return resultMsg{text: text, ok: true, command: command, until: tunnelTried(was, "")}
			})
		},
	}
}

// pastedURL is the URL that was meant: one that was pasted whole stands behind the scheme
// with which the prompt begins.
func pastedURL(text string) string {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "https://"); ok && (strings.HasPrefix(rest, "https://") || strings.HasPrefix(rest, "http://")) {
		return rest
	}
	return text
}

// askURL asks for the public URL that the user has brought.
func (e *events) askURL(top screen, f frame) screen {
	local := f.state.LocalURL
	p := newPrompt(top, "own URL", "public URL", "use", "https://", func(url string) tea.Cmd {
		return e.ask.cmd(func() tea.Msg {
			url, err := e.ask.session.UseURL(pastedURL(url))
			if err != nil {
				return resultMsg{text: err.Error()}
			}
			return resultMsg{text: fmt.Sprintf("going on with %s: looking whether it leads here", url), ok: true, command: "hfhook dev --url " + shellWord(url), until: tunnelTried(tunnel.State{}, url)}
		})
	})
	p.note = func() string { return "of a tunnel of your own that forwards to " + address(local, false) }
	return p
}

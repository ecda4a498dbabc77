package events

// Input that repairs the tunnel: an authtoken that is typed in, for this run or to be saved, and a
// public URL of the user's own.

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/screen"
	"hfhook/tui/style"
	"hfhook/tunnel"
)

// askAuthtoken asks for ngrok's authtoken, which is in no frame while it is typed.
func (e *Screen) askAuthtoken(top screen.Screen) screen.Screen {
	p := screen.NewPrompt(top, "authtoken", "authtoken", "continue", "", nil)
	p.Secret = true
	p.Next = func(token string) screen.Screen {
		token = strings.TrimSpace(token)
		if token == "" {
			return nil
		}
		return newKeepToken(e, token)
	}
	p.Note = func() string {
		if p.Input.Value() != "" {
			return "$ NGROK_AUTHTOKEN=TOKEN hfhook dev"
		}
		return "from dashboard.ngrok.com/get-started/your-authtoken"
	}
	return p
}

// newKeepToken asks whether the authtoken is to be kept.
func newKeepToken(e *Screen, token string) *screen.Menu {
	return &screen.Menu{
		HelpName: "authtoken", Title: "Keep the authtoken?", About: "never shown or logged", Verb: "use it",
		Choices: []screen.Choice{
			{Key: "r", Text: "for this run only", Note: "in memory"},
			{Key: "f", Text: "for later runs, too", Note: "once ngrok has accepted it: in its configuration, like ngrok config add-authtoken"},
		},
		Take: func(i int) tea.Cmd {
			return e.ask.Cmd(func() tea.Msg {
				was := e.ask.session.State().Tunnel
				e.Authtoken(token, i == 1)
				if was.Provider == "ngrok" || e.Tunnels == nil {
					e.ask.session.RetryTunnel()
				} else if err := e.Tunnels.Use("ngrok"); err != nil {
					return screen.ResultMsg{Text: screen.Plain(err)}
				}
				command := "NGROK_AUTHTOKEN=TOKEN hfhook dev"
				text := "trying the tunnel with the authtoken (kept in memory)"
				if i == 1 {
					text = "trying the tunnel with the authtoken, which is saved once ngrok has accepted it"
					command = "ngrok config add-authtoken TOKEN"
				}
				return screen.ResultMsg{Text: text, Ok: true, Command: command, Until: tunnelTried(was, "ngrok", "")}
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
func (e *Screen) askURL(top screen.Screen, f screen.Frame) screen.Screen {
	local := f.State.LocalURL
	p := screen.NewPrompt(top, "own URL", "public URL", "use", "https://", func(url string) tea.Cmd {
		return e.ask.Cmd(func() tea.Msg {
			url, err := e.ask.session.UseURL(pastedURL(url))
			if err != nil {
				return screen.ResultMsg{Text: screen.Plain(err)}
			}
			return screen.ResultMsg{Text: fmt.Sprintf("using %s: checking that it points here", url), Ok: true, Command: "hfhook dev --url " + screen.ShellWord(url), Until: tunnelTried(tunnel.State{}, tunnel.Own{}.Name(), url)}
		})
	})
	p.Note = func() string { return "of your own tunnel to " + style.Address(local, false) }
	return p
}

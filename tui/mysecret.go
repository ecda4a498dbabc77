package tui

// One's own secret on the screen of rejected requests: mended, where it is what went
// wrong, or typed in. It counts at once; what keeps it is said, and never what it is.

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
)

// mySecret asks for the secret, or first whether the one that there is shall be mended.
func (p *rejections) mySecret(f frame) screen {
	no := *p.current(f)
	typing := p.askSecret(no)
	if no.Evidence == nil || no.Evidence.Mend == "" {
		return typing
	}
	mend := no.Evidence.Mend
	return &menu{
		name: "my secret", title: "hfhook knows the secret that was sent", verb: "choose",
		choices: []choice{
			{key: "m", text: "take that one", note: visible.Line(no.Evidence.Hint)},
			{key: "t", text: "type another", note: "it is not shown"},
		},
		take: func(i int) tea.Cmd {
			if i == 0 {
				return p.changeSecret(no, func() (event.Print, error) { return p.ask.session.MendSecret(mend) })
			}
			return func() tea.Msg { return pushMsg{screen: typing} }
		},
	}
}

func (p *rejections) askSecret(no event.Rejected) *prompt {
	q := newPrompt(p, "my secret", "my secret", "take it", "", func(text string) tea.Cmd {
		return p.changeSecret(no, func() (event.Print, error) { return p.ask.session.TakeSecret(text) })
	})
	q.secret = true
	q.note = func() string { return "the one that the webhook on the Hub has" }
	return q
}

// changeSecret has the session take a secret, and asks whether to keep it where hfhook
// has a file of its own for it.
func (p *rejections) changeSecret(no event.Rejected, change func() (event.Print, error)) tea.Cmd {
	return p.ask.cmd(func() tea.Msg {
		print, err := change()
		if err != nil {
			return resultMsg{text: "your secret is as before: " + err.Error(), stays: true}
		}
		text := fmt.Sprintf("for this run your secret is one of %s (print %s)", plural(int64(print.Length), "character"), print.Text)
		if no.Evidence != nil && no.Evidence.Sent == print {
			text = fmt.Sprintf("for this run your secret is the one that was sent (%s)", plural(int64(print.Length), "character"))
		}
		if len(p.ask.session.State().Targets) > 0 {
			text += "; handlers get the one before"
		}
		st := p.ask.session.State().Secret
		result := resultMsg{text: text, ok: true, stays: true, command: lastingCommand(st)}
		if p.keep == nil || !st.Made {
			return result
		}
		return tea.Batch(func() tea.Msg { return result }, func() tea.Msg { return pushMsg{screen: p.askKeep(st)} })()
	})
}

// askKeep asks whether the secret takes the place of the one that hfhook has made.
func (p *rejections) askKeep(st dev.Secret) screen {
	return &menu{
		name: "keep the secret", title: "Keep it for the next runs, too?", verb: "choose",
		choices: []choice{
			{key: "r", text: "for this run only", note: "the next hfhook has the one that it has made"},
			{key: "f", text: "for good", note: "in " + visible.Line(st.Source) + "; the one that hfhook has made is accepted, too, until hfhook secret forget"},
		},
		take: func(i int) tea.Cmd {
			if i == 0 {
				return resultCmd("your secret is for this run only", true)
			}
			return p.ask.cmd(func() tea.Msg {
				where, err := p.keep()
				if err != nil {
					return resultMsg{text: err.Error()}
				}
				return resultMsg{text: "your secret is kept in " + where + "; the one before is accepted, too", ok: true, command: lastingCommand(st)}
			})
		},
	}
}

// lastingCommand gives hfhook the secret at its next start, and does not have it in it.
func lastingCommand(st dev.Secret) string {
	switch {
	case st.Made:
		return "hfhook secret new --secret-stdin < FILE"
	case st.Source == "WEBHOOK_SECRET":
		return "read -rs WEBHOOK_SECRET; export WEBHOOK_SECRET; hfhook dev"
	}
	return "hfhook dev --secret-file " + shellWord(st.Source)
}

// lasting says how a secret that was typed is kept, and who has the one before.
func lasting(st dev.Secret) string {
	keep := st.Source + " has the one before: change it there to keep this one."
	if st.Made {
		keep = "hfhook secret new --secret-stdin keeps it."
	}
	return "Your secret was changed here, for this run. " + keep + " Handlers get the one before."
}

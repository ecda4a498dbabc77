package rejected

// One's own secret on the screen of rejected requests: fixed, if it is what went
// wrong, or typed in. It counts at once; what keeps it is said, and never what it is.

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// changes reports whether another secret here would have let the request in.
func changes(r *event.Rejected, f screen.Frame) bool {
	return f.State.Secret.Verified && r.Reason == event.WrongSecret
}

// secret offers the ways to make the secret here and the one that was sent the same: use the
// one that was sent, set this one on the webhook, or type another. The only way that there is
// is taken at once.
func (p *Screen) secret(f screen.Frame) (screen.Step, tea.Cmd) {
	no, fixes := *p.current(f), describe.Fixes(p.current(f), f)
	typing := p.askSecret(no)
	fix := ""
	if no.Evidence != nil {
		fix = no.Evidence.Fix
	}
	switch {
	case !changes(&no, f):
		return p.fix(&no, fixes)
	case fix == "" && len(fixes) == 0:
		return screen.Step{Push: typing}, nil
	}
	m := &screen.Menu{HelpName: "secret", Title: "The secret here and the one that was sent differ", Verb: "choose"}
	var takes []func() tea.Cmd
	add := func(c screen.Choice, take func() tea.Cmd) {
		m.Choices, takes = append(m.Choices, c), append(takes, take)
	}
	if fix != "" {
		m.Title = "hfhook knows the secret that was sent"
		add(screen.Choice{Key: "m", Text: "use that one", Note: visible.Line(no.Evidence.Hint)}, func() tea.Cmd {
			return p.changeSecret(no, func() (event.Print, error) { return p.ask.session.FixSecret(fix) })
		})
	}
	if len(fixes) > 0 {
		add(screen.Choice{Key: "w", Text: "set yours on the webhook", Note: "you see the change on the Hub first"}, func() tea.Cmd {
			next, cmd := p.fix(&no, fixes)
			if next.Push != nil {
				return func() tea.Msg { return screen.PushMsg{Screen: next.Push} }
			}
			return cmd
		})
	}
	add(screen.Choice{Key: "t", Text: "type another", Note: "it is not shown"}, func() tea.Cmd {
		return func() tea.Msg { return screen.PushMsg{Screen: typing} }
	})
	m.Take = func(i int) tea.Cmd { return takes[i]() }
	return screen.Step{Push: m}, nil
}

func (p *Screen) askSecret(no event.Rejected) *screen.Prompt {
	q := screen.NewPrompt(p, "my secret", "my secret", "take it", "", func(text string) tea.Cmd {
		return p.changeSecret(no, func() (event.Print, error) { return p.ask.session.TakeSecret(text) })
	})
	q.Secret = true
	q.Note = func() string { return "the one set on the Hub's webhook" }
	return q
}

// changeSecret has the session take a secret, and asks whether to keep it where hfhook
// has a file of its own for it.
func (p *Screen) changeSecret(no event.Rejected, change func() (event.Print, error)) tea.Cmd {
	return p.ask.Cmd(func() tea.Msg {
		print, err := change()
		if err != nil {
			return screen.ResultMsg{Text: "your secret is unchanged: " + screen.Plain(err), Stays: true}
		}
		text := fmt.Sprintf("secret changed for this run: %s (fingerprint %s)", style.Plural(int64(print.Length), "character"), print.Text)
		if no.Evidence != nil && no.Evidence.Sent == print {
			text = fmt.Sprintf("secret changed for this run: the one that was sent (%s)", style.Plural(int64(print.Length), "character"))
		}
		if len(p.ask.session.State().Targets) > 0 {
			text += "; handlers still get the previous one"
		}
		st := p.ask.session.State().Secret
		result := screen.ResultMsg{Text: text, Ok: true, Stays: true, Command: lastingCommand(st)}
		if p.keep == nil || !st.Made {
			return result
		}
		return tea.Batch(func() tea.Msg { return result }, func() tea.Msg { return screen.PushMsg{Screen: p.askKeep(st)} })()
	})
}

// askKeep asks whether the secret takes the place of the one that hfhook has made.
func (p *Screen) askKeep(st dev.Secret) screen.Screen {
	return &screen.Menu{
		HelpName: "keep the secret", Title: "Keep it for later runs?", Verb: "choose",
		Choices: []screen.Choice{
			{Key: "r", Text: "for this run only", Note: "later runs use the generated secret"},
			{Key: "f", Text: "for later runs, too", Note: "in " + visible.Line(st.Source) + "; the one that hfhook has made is also accepted until hfhook secret forget"},
		},
		Take: func(i int) tea.Cmd {
			if i == 0 {
				return screen.ResultCmd("your secret is changed for this run only", true)
			}
			return p.ask.Cmd(func() tea.Msg {
				where, err := p.keep()
				if err != nil {
					return screen.ResultMsg{Text: screen.Plain(err)}
				}
				return screen.ResultMsg{Text: "your secret is saved in " + where + "; the previous one is also accepted", Ok: true, Command: lastingCommand(st)}
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
	return "hfhook dev --secret-file " + screen.ShellWord(st.Source)
}

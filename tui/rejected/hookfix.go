package rejected

// What can be done on the Hub about a request of its own that was refused: the webhook
// gets the secret that is wanted here.

import (
	tea "charm.land/bubbletea/v2"

	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
)

// fix shows what would be changed on the Hub. Which webhook it was is asked where the
// request does not say.
func (p *Screen) fix(f screen.Frame) (screen.Step, tea.Cmd) {
	r := p.current(f)
	hooks := describe.Fixes(r, f)
	if hooks[0].ID == r.Webhook {
		return screen.Step{}, p.plan(p, fixWish(hooks[0]))
	}
	m := &screen.Menu{HelpName: "webhook", Title: "Which webhook sent it? The request does not say", About: "these point here", Verb: "show the change"}
	var wishes []lease.Wish
	for _, h := range hooks {
		wishes = append(wishes, fixWish(h))
		m.Choices = append(m.Choices, screen.Choice{Text: describe.ShortID(h.ID), Note: visible.Line(describe.WatchedWords(&h.Webhook))})
	}
	m.Take = func(i int) tea.Cmd { return p.plan(p, wishes[i]) }
	return screen.Step{Push: m}, nil
}

// fixWish sets the secret on a webhook. One that hfhook did not make, or that points
// elsewhere, is taken over with it: nobody else gets the secret.
func fixWish(h *lease.Hook) lease.Wish {
	w := lease.Wish{Deed: lease.TakeOver, Webhook: h.ID}
	if h.Noted && h.Here {
		w.Deed = lease.PushSecret
	}
	return w
}

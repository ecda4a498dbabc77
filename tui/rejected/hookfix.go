package rejected

// Kind can be done on the Hub about a request of its own that was refused: the webhook
// gets the secret that is wanted here.

import (
	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
)

// fix shows what would be changed on the Hub. Which webhook it was is asked where the
// request does not say.
func (p *Screen) fix(r *event.Rejected, hooks []*lease.Hook) (screen.Step, tea.Cmd) {
	if hooks[0].ID == r.Webhook {
		return screen.Step{}, p.plan(p, fixRequest(hooks[0]))
	}
	m := &screen.Menu{HelpName: "webhook", Title: "Which webhook sent it? The request does not say", About: "these point here", Verb: "show the change"}
	var requests []lease.Request
	for _, h := range hooks {
		requests = append(requests, fixRequest(h))
		m.Choices = append(m.Choices, screen.Choice{Text: describe.ShortID(h.ID), Note: visible.Line(describe.WatchedWords(&h.Webhook))})
	}
	m.Take = func(i int) tea.Cmd { return p.plan(p, requests[i]) }
	return screen.Step{Push: m}, nil
}

// fixRequest sets the secret on a webhook. One that hfhook did not make, or that points
// elsewhere, is taken over with it: nobody else gets the secret.
func fixRequest(h *lease.Hook) lease.Request {
	w := lease.Request{Action: lease.TakeOver, Webhook: h.ID}
	if h.Noted && h.Here {
		w.Action = lease.PushSecret
	}
	return w
}

package tui

// What can be done on the Hub about a request of its own that was refused: the webhook
// gets the secret that is wanted here.

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
)

// fixes are the webhooks that a rejected request may be from, and that may get the secret:
// the one that its body names, else those that lead here. There are none where it does not
// look like the Hub's: a stranger is not to have webhooks changed.
func fixes(r *event.Rejected, f frame) []*lease.Hook {
	st := f.state.Hub
	aboutSecret := r.Reason == event.WrongSecret || r.Reason == event.NoSecret
	if !aboutSecret || !r.LooksLikeHub || st == nil || !f.state.Secret.Verified || f.state.HookURL == "" {
		return nil
	}
	if h := st.Hook(r.Webhook); h != nil {
		return slices.DeleteFunc([]*lease.Hook{h}, func(h *lease.Hook) bool { return h.Others })
	}
	var here []*lease.Hook
	for i := range st.Hooks {
		if h := &st.Hooks[i]; h.Here && !h.Others {
			here = append(here, h)
		}
	}
	return here
}

// fix shows what would be changed on the Hub. Which webhook it was is asked where the
// request does not say.
func (p *rejections) fix(f frame) (step, tea.Cmd) {
	r := p.current(f)
	hooks := fixes(r, f)
	if hooks[0].ID == r.Webhook {
		return step{}, p.plan(p, fixWish(hooks[0]))
	}
	m := &menu{name: "webhook", title: "It does not say which webhook it is from", about: "these lead here", verb: "show the change"}
	var wishes []lease.Wish
	for _, h := range hooks {
		wishes = append(wishes, fixWish(h))
		m.choices = append(m.choices, choice{text: shortID(h.ID), note: visible.Line(watchedWords(&h.Webhook))})
	}
	m.take = func(i int) tea.Cmd { return p.plan(p, wishes[i]) }
	return step{push: m}, nil
}

// fixWish sets the secret on a webhook. One that hfhook did not make, or that leads
// elsewhere, is taken over with it: nobody else gets the secret.
func fixWish(h *lease.Hook) lease.Wish {
	w := lease.Wish{Deed: lease.TakeOver, Webhook: h.ID}
	if h.Noted && h.Here {
		w.Deed = lease.PushSecret
	}
	return w
}

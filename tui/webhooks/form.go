package webhooks

// Kind a webhook is to watch: a form for one that is made, or changed.

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

type hookForm struct {
	screen.FormPage
	hooks *Screen
	id    string // of the webhook that is changed; empty: one is made
}

// eventChoices are what of the domains a form offers.
var eventChoices = []struct {
	word    string
	domains []hub.Domain
}{
	{"repo and discussion", []hub.Domain{hub.DomainRepo, hub.DomainDiscussion}},
	{"repo", []hub.Domain{hub.DomainRepo}},
	{"discussion", []hub.Domain{hub.DomainDiscussion}},
}

func newHookForm(p *Screen, h *lease.Hook) *hookForm {
	watch := screen.TextField("watch", "dataset:me/corpus", screen.MaxPrompt)
	watch.About = "one or more type:name, separated by spaces; types:\n" + strings.Join(hub.WatchedTypes(), ", ")
	events := screen.ChoiceField("events")
	for _, c := range eventChoices {
		events.Choices = append(events.Choices, c.word)
	}
	form := &hookForm{hooks: p}
	form.Form.Fields = []screen.Field{watch, events}
	if h != nil {
		form.id = h.ID
		var words []string
		for _, w := range h.Watched {
			words = append(words, w.String())
		}
		form.Form.Fields[0].Set(strings.Join(words, " "))
		if len(h.Domains) == 1 {
			for i, c := range eventChoices {
				if len(c.domains) == 1 && c.domains[0] == h.Domains[0] {
					form.Form.Fields[1].Chosen = i
				}
			}
		}
	}
	return form
}

func (p *hookForm) Name() string { return "webhook" }

func (p *hookForm) Keys(screen.Frame) []keymap.Binding {
	return p.Form.Keys("show the change", "cancel")
}

func (p *hookForm) Do(a keymap.Action, _ screen.Frame) (screen.Step, tea.Cmd) {
	p.Form.Do(a)
	switch a {
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	case keymap.ActChoose:
		request, err := p.request()
		if err != nil {
			return screen.Step{}, screen.ResultCmd(screen.Plain(err), false)
		}
		return screen.Step{Pop: true}, p.hooks.plan(request)
	}
	return screen.Step{}, nil
}

// request is what the form says.
func (p *hookForm) request() (lease.Request, error) {
	w := lease.Request{Action: lease.Add, Domains: eventChoices[p.Form.Fields[1].Chosen].domains}
	if p.id != "" {
		w.Action, w.Webhook = lease.Edit, p.id
	}
	for _, text := range strings.FieldsFunc(p.Form.Value("watch"), func(r rune) bool { return r == ' ' || r == ',' }) {
		item, err := hub.ParseWatched(text)
		if err != nil {
			return w, err
		}
		w.Watched = append(w.Watched, item)
	}
	if len(w.Watched) == 0 {
		return w, errors.New("enter what to watch, for example dataset:me/corpus")
	}
	return w, nil
}

func (p *hookForm) Idle(f screen.Frame) (left, right string) {
	left = "you review the change first"
	request, err := p.request()
	if item, hintErr := hub.ParseWatched(p.Form.Fields[0].Hint); err != nil && hintErr == nil && p.Form.Value("watch") == "" {
		request.Watched, err = []hub.Watched{item}, nil
	}
	if err == nil {
		right = f.Theme.Cut("$ "+visible.Line(HookCommand(request, f.State)), f.W-style.Width(left)-6)
	}
	return left, right
}

func (p *hookForm) View(f screen.Frame) []string {
	title := "New webhook that points here"
	if p.id != "" {
		title = "What " + describe.ShortID(p.id) + " watches"
	}
	return p.Page(f, title, visible.Line(f.State.HookURL))
}

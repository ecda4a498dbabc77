package tui

// What a webhook is to watch: a form for one that is made, or changed.

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
)

type hookForm struct {
	formPage
	hooks *hooks
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

func newHookForm(p *hooks, h *lease.Hook) *hookForm {
	watch := textField("watch", "dataset:me/corpus", maxPrompt)
	events := field{name: "events"}
	for _, c := range eventChoices {
		events.choose = append(events.choose, c.word)
	}
	form := &hookForm{hooks: p, formPage: formPage{form: form{fields: []field{watch, events}}}}
	if h != nil {
		form.id = h.ID
		var words []string
		for _, w := range h.Watched {
			words = append(words, w.String())
		}
		form.form.fields[0].input.SetValue(strings.Join(words, " "))
		form.form.fields[0].input.CursorEnd()
		if len(h.Domains) == 1 {
			for i, c := range eventChoices {
				if len(c.domains) == 1 && c.domains[0] == h.Domains[0] {
					form.form.fields[1].chosen = i
				}
			}
		}
	}
	return form
}

func (p *hookForm) Name() string { return "webhook" }

func (p *hookForm) Keys(frame) []binding {
	show, tab, cancel := keys(actChoose)[0].as("show the change"), keys(actOtherPane)[0].as("next field"), keys(actBack)[0].as("cancel")
	return []binding{show, tab, cancel}
}

func (p *hookForm) Do(a action, _ frame) (step, tea.Cmd) {
	switch a {
	case actOtherPane:
		p.next()
	case actBack:
		return step{pop: true}, nil
	case actChoose:
		wish, err := p.wish()
		if err != nil {
			return step{}, resultCmd(err.Error(), false)
		}
		return step{pop: true}, p.hooks.plan(wish)
	}
	return step{}, nil
}

// wish is what the form says.
func (p *hookForm) wish() (lease.Wish, error) {
	w := lease.Wish{Deed: lease.Add, Domains: eventChoices[p.form.fields[1].chosen].domains}
	if p.id != "" {
		w.Deed, w.Webhook = lease.Edit, p.id
	}
	for _, text := range strings.FieldsFunc(p.form.value("watch"), func(r rune) bool { return r == ' ' || r == ',' }) {
		item, err := hub.ParseWatched(text)
		if err != nil {
			return w, err
		}
		w.Watched = append(w.Watched, item)
	}
	if len(w.Watched) == 0 {
		return w, errors.New("say what it is to watch, as in dataset:me/corpus")
	}
	return w, nil
}

func (p *hookForm) Idle(f frame) (left, right string) {
	left = "nothing is changed before you have seen it"
	wish, err := p.wish()
	if item, hintErr := hub.ParseWatched(p.form.fields[0].hint); err != nil && hintErr == nil && p.form.value("watch") == "" {
		wish.Watched, err = []hub.Watched{item}, nil
	}
	if err == nil {
		right = f.theme.cut("$ "+visible.Line(hookCommand(wish, f.state)), f.w-width(left)-6)
	}
	return left, right
}

func (p *hookForm) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	title := "A new webhook that leads here"
	if p.id != "" {
		title = "What " + shortID(p.id) + " watches"
	}
	lines = append(lines, t.fit(" "+t.bold.paint(title), f.w), t.line(f.w, ""))
	lines = append(lines, p.form.lines(t, f.w)...)
	if f.h > 14 {
		lines = append(lines, "",
			t.dim.paint(" watch   one or more type:name, with spaces between them; the types are"),
			t.dim.paint("         "+strings.Join(hub.WatchedTypes(), ", ")),
			t.dim.paint(" events  left and right choose: all, or one half of them"), "",
			t.dim.paint(" url     "+visible.Line(f.state.HookURL)))
	}
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

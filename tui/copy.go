package tui

// The menu of what can be put on the clipboard.

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/export"
	"hfhook/internal/visible"
)

// A copyChoice is one of them. text may take its time, and is called in a Cmd.
type copyChoice struct {
	key, what, note string
	text            func(context.Context) (string, error)
	command         string // that prints or copies the same; may be empty
}

func plainText(s string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return s, nil }
}

// A letter takes one of them.
type letter struct{ key, text string }

// copyLetters are those that are worth to be known by heart, which the help tells.
var copyLetters = []letter{{"b", "body"}, {"c", "cURL (no secret)"}, {"u", "public URL"}, {"p", "JSON path"}}

// letters are those that the menu of now has.
func (e *events) letters(f frame) []letter {
	offered := newCopy(e.ask.runner, e.ask.session.SecretText, f, e.copies()).choices
	return slices.DeleteFunc(slices.Clone(copyLetters), func(l letter) bool {
		return !slices.ContainsFunc(offered, func(c choice) bool { return c.key == l.key })
	})
}

// newCopy makes the menu: first what the session has, then what the event has.
func newCopy(a *runner, secret func() string, f frame, ofEvent []copyChoice) *menu {
	st := f.state
	var all []copyChoice
	if st.HookURL != "" {
		all = append(all, copyChoice{key: "u", what: "public URL", note: st.HookURL, text: plainText(st.HookURL)})
	}
	all = append(all, copyChoice{key: "l", what: "local URL", note: st.LocalURL, text: plainText(st.LocalURL)})
	if st.Secret.Verified {
		all = append(all, copyChoice{key: "s", what: "secret", note: "copied, not shown", command: "hfhook secret copy", text: func(context.Context) (string, error) { return secret(), nil }})
	}
	all = append(all, ofEvent...)
	if f.command != "" {
		all = append(all, copyChoice{key: "a", what: "last action as a command", note: f.command, text: plainText(f.command)})
	}
	m := &menu{
		name: "copy", title: "Copy", verb: "copy", about: "the secret goes to the clipboard, never to the screen",
		take: func(i int) tea.Cmd { return a.copyBy("the "+all[i].what, all[i].command, all[i].text) },
	}
	for _, c := range all {
		m.choices = append(m.choices, choice{key: c.key, text: c.what, note: visible.Line(c.note)})
	}
	return m
}

// copies are what can be taken from an event.
func (e *events) copies() []copyChoice {
	d, a := &e.detail, e.ask
	id := d.item.key.id
	if id == "" {
		return nil
	}
	choices := []copyChoice{
		{key: "b", what: "body", note: plural(d.item.row.Size, "byte"), command: "hfhook show " + string(id) + " --raw", text: func(ctx context.Context) (string, error) {
			e, err := a.session.Event(ctx, id)
			if err != nil {
				return "", err
			}
			return string(e.Body), nil
		}},
		{key: "i", what: "event id", note: string(id), text: plainText(string(id))},
	}
	show, replay := "hfhook show "+string(id)+shownBy[d.tab], replayCommand(id)
	if d.tab == tabDiff && d.compare.known != nil && d.compare.known.b != nil {
		show = "hfhook diff " + string(d.compare.known.b.ID) + " " + string(id)
	}
	if sent := d.delivery(); sent != nil {
		replay = replayCommand(id, *sent)
	}
	choices = append(choices,
		copyChoice{key: "d", what: "command that shows it", note: show, text: plainText(show)},
		copyChoice{key: "r", what: "command that replays it", note: replay, text: plainText(replay)},
		exportChoice(a, "c", "cURL command", id, export.Curl),
		exportChoice(a, "h", "HTTPie command", id, export.HTTPie),
		exportChoice(a, "t", "test for pytest", id, export.Pytest))
	if n := d.node(); n != nil {
		path := n.path()
		choices = append(choices, copyChoice{key: "p", what: "JSON path", note: path, text: plainText(path)})
	}
	return choices
}

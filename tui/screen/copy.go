package screen

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
)

// A CopyChoice is one of them. text may take its time, and is called in a Cmd.
type CopyChoice struct {
	Key, What, Note string
	Text            func(context.Context) (string, error)
	Command         string // that prints or copies the same; may be empty
}

func PlainText(s string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return s, nil }
}

// NewCopy makes the menu: first what the session has, then what the event has.
func NewCopy(a *Runner, secret func() string, f Frame, ofEvent []CopyChoice) *Menu {
	st := f.State
	var all []CopyChoice
	if st.HookURL != "" {
		all = append(all, CopyChoice{Key: "u", What: "public URL", Note: st.HookURL, Text: PlainText(st.HookURL)})
	}
	all = append(all, CopyChoice{Key: "l", What: "local URL", Note: st.LocalURL, Text: PlainText(st.LocalURL)})
	if st.Secret.Verified {
		all = append(all, CopyChoice{Key: "s", What: "secret", Note: "copied, not shown", Command: "hfhook secret copy", Text: func(context.Context) (string, error) { return secret(), nil }})
	}
	all = append(all, ofEvent...)
	if f.Command != "" {
		all = append(all, CopyChoice{Key: "a", What: "last action as a command", Note: f.Command, Text: PlainText(f.Command)})
	}
	m := &Menu{
		HelpName: "copy", Title: "Copy", Verb: "copy", About: "copied without being shown",
		Take: func(i int) tea.Cmd { return a.CopyBy("the "+all[i].What, all[i].Command, all[i].Text) },
	}
	for _, c := range all {
		m.Choices = append(m.Choices, Choice{Key: c.Key, Text: c.What, Note: visible.Line(c.Note)})
	}
	return m
}

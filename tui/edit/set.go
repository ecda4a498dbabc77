package edit

// One field that is set and sent at once, without the edit screen.

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/detail"
	"hfhook/tui/jsonview"
	"hfhook/tui/screen"
)

// NewSet asks for another value of the field under the cursor, and replays the event
// with it.
func NewSet(r *screen.Runner, s Session, d *detail.Pane, top screen.Screen, f screen.Frame) (screen.Screen, tea.Cmd) {
	a := &asks{r, s}

	n := d.Node()
	path, exact := n.Way()
	in, ok := n.AsInput()
	switch {
	case !exact:
		return nil, screen.ResultCmd(errHidden.Error(), false)
	case !ok || len(in.Text) > screen.MaxPrompt:
		return nil, screen.ResultCmd(fmt.Sprintf("%s is too long for one line: e edits it", path), false)
	}
	id := d.Event.ID
	command := func(v []byte) string {
		var command strings.Builder
		command.WriteString("hfhook replay " + string(id) + " --set " + screen.ShellWord(path.String()) + "=" + screen.ShellValue(screen.FlagValue(string(v))))
		for _, t := range f.State.Targets {
			command.WriteString(" --to " + screen.ShellWord(describe.TargetText(t)))
		}
		return command.String()
	}
	value := func(text string) ([]byte, error) { return jsonview.FieldInput{Text: text, AsText: in.AsText}.Value() }
	p := screen.NewPrompt(top, "set", "set "+visible.Line(path.String())+" "+in.Kind(), "set and replay", in.Text, func(text string) tea.Cmd {
		v, err := value(text)
		switch {
		case err != nil: // check has seen to that
			return screen.ResultCmd(screen.Plain(err), false)
		case text == in.Text:
			return screen.ResultCmd(fmt.Sprintf("%s already has that value: nothing was sent", path), false)
		}
		return a.setAndReplay(id, path, v, command(v))
	})
	p.Check = func(text string) error {
		_, err := value(text)
		return err
	}
	p.Note = func() string {
		v, err := value(p.Input.Value())
		if err != nil {
			return visible.Line(screen.Plain(err))
		}
		return "$ " + visible.Line(strings.Replace(command(v), string(id), id.Short(), 1))
	}
	return p, nil
}

func (a *asks) setAndReplay(id event.ID, path jsontree.Path, value []byte, command string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		made, err := a.set(a.Ctx, id, path, value)
		if err != nil {
			return screen.ResultMsg{Text: fmt.Sprintf("set %s: %s", path, screen.Plain(err))}
		}
		return EditedMsg{made, id, command, nil}
	})
}

func (a *asks) set(ctx context.Context, id event.ID, path jsontree.Path, value []byte) (event.ID, error) {
	e, err := a.session.Event(ctx, id)
	if err != nil {
		return "", err
	}
	body, err := jsonedit.Set(e.Body, path, value)
	if err != nil {
		return "", err
	}
	made, err := a.session.Edit(ctx, id, event.Edit{Body: body})
	if err != nil {
		return "", err
	}
	return made.ID, nil
}

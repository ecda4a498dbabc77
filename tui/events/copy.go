package events

// The menu of what can be put on the clipboard.

import (
	"context"
	"slices"

	"hfhook/internal/export"
	"hfhook/tui/describe"
	"hfhook/tui/detail"
	"hfhook/tui/exporting"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// Letters are those that the menu of now has.
func (e *Screen) Letters(f screen.Frame) []keymap.Letter {
	offered := screen.NewCopy(e.ask.Runner, e.ask.session.SecretText, f, e.Copies()).Choices
	return slices.DeleteFunc(slices.Clone(keymap.CopyLetters), func(l keymap.Letter) bool {
		return !slices.ContainsFunc(offered, func(c screen.Choice) bool { return c.Key == l.Key })
	})
}

// Copies are what can be taken from an event.
func (e *Screen) Copies() []screen.CopyChoice {
	d, a := &e.Detail, e.ask
	id := d.Item.Key.ID
	if id == "" {
		return nil
	}
	choices := []screen.CopyChoice{
		{Key: "b", What: "body", Note: style.Plural(d.Item.Row.Size, "byte"), Command: "hfhook show " + string(id) + " --raw", Text: func(ctx context.Context) (string, error) {
			e, err := a.session.Event(ctx, id)
			if err != nil {
				return "", err
			}
			return string(e.Body), nil
		}},
		{Key: "i", What: "event id", Note: string(id), Text: screen.PlainText(string(id))},
	}
	show, replay := "hfhook show "+string(id)+detail.ShownBy[d.Tab], describe.ReplayCommand(id)
	if d.Tab == detail.TabDiff && d.Compare.Known != nil && d.Compare.Known.B != nil {
		show = "hfhook diff " + string(d.Compare.Known.B.ID) + " " + string(id)
	}
	if sent := d.Delivery(); sent != nil {
		replay = describe.ReplayCommand(id, *sent)
	}
	choices = append(choices,
		screen.CopyChoice{Key: "d", What: "command that shows it", Note: show, Text: screen.PlainText(show)},
		screen.CopyChoice{Key: "r", What: "command that replays it", Note: replay, Text: screen.PlainText(replay)},
		exporting.CopyChoice(a.Runner, a.session, "c", "cURL command", id, export.Curl),
		exporting.CopyChoice(a.Runner, a.session, "h", "HTTPie command", id, export.HTTPie),
		exporting.CopyChoice(a.Runner, a.session, "t", "test for pytest", id, export.Pytest))
	if n := d.Node(); n != nil {
		path := n.Path()
		choices = append(choices, screen.CopyChoice{Key: "p", What: "JSON path", Note: path, Text: screen.PlainText(path)})
	}
	return choices
}

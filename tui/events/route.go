package events

// Correcting the path that a handler gets its events on.

import (
	"net/http"
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
)

// offersRoute reports whether the path of a target can be corrected.
func (e *Screen) offersRoute(f screen.Frame) bool { return describe.RouteTarget(f.State, "") != nil }

// routeWord is what the key for it does with the paths that are known.
func (e *Screen) routeWord(f screen.Frame) string {
	name, _ := e.refusedPath()
	switch len(describe.RouteTarget(f.State, name).Routes.Found) {
	case 0:
		return "enter path"
	case 1:
		return "use that path"
	}
	return "choose path"
}

// sendTo corrects the path of the target that refused the selected event, or of the first one
// that has another path than hfhook sends to: at once if there is one path, else the user chooses
// or enters it.
func (e *Screen) sendTo(below screen.Screen, f screen.Frame) (screen.Screen, tea.Cmd) {
	name, again := e.refusedPath()
	t := describe.RouteTarget(f.State, name)
	if t == nil {
		return nil, screen.ResultCmd("no path to correct: no handler answered 404 or 405", false)
	}
	target := t.Name
	if target != name {
		again = ""
	}
	switch found := t.Routes.Found; len(found) {
	case 0:
		return screen.NewPrompt(below, "path of the handler", "POST ", "send there", "/", func(path string) tea.Cmd {
			return e.ask.sendTo(target, path, again)
		}), nil
	case 1:
		return nil, e.ask.sendTo(target, found[0], again)
	default:
		choices := make([]screen.Choice, len(found))
		for i, path := range found {
			choices[i] = screen.Choice{Text: "POST " + visible.Line(path)}
		}
		return &screen.Menu{
			HelpName: "path of the handler", Title: "Send events to", About: visible.Line(target), Verb: "send there", Choices: choices,
			Take: func(i int) tea.Cmd { return e.ask.sendTo(target, found[i], again) },
		}, nil
	}
}

// refusedPath is the target that answered the selected event with 404 or 405, and the event.
func (e *Screen) refusedPath() (target string, id event.ID) {
	row := e.Detail.Item.Row
	if row == nil {
		return "", ""
	}
	i := slices.IndexFunc(row.Outcomes, func(o event.Outcome) bool {
		return o.Last.Status == http.StatusNotFound || o.Last.Status == http.StatusMethodNotAllowed
	})
	if i < 0 {
		return "", ""
	}
	return row.Outcomes[i].Target, row.ID
}

// sendTo has a target get its events on a path from now on, and sends it the event again that
// it has refused on another one, if there is one.
func (a *asks) sendTo(target, path string, again event.ID) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		written, err := a.session.SendTo(target, path)
		if err != nil {
			return screen.ResultMsg{Text: "change the path: " + screen.Plain(err)}
		}
		command := "hfhook dev " + written
		text := "POST " + visible.Line(path) + " from now on. To keep that: " + visible.Line(command)
		if again == "" {
			return screen.ResultMsg{Text: visible.Line(target) + " gets " + text, Ok: true, Command: command}
		}
		sent, err := a.session.ReplayTo(a.Ctx, again, target, dev.ReplayAs{})
		if err != nil {
			return screen.ResultMsg{Text: "replay of " + again.Short() + ": " + screen.Plain(err), Ended: replayedMsg{again}, Command: command}
		}
		answer, ok := describe.AnswersOf([]event.Delivery{sent})
		return screen.ResultMsg{Text: answer + "; " + text, Ok: ok, Ended: replayedMsg{again}, Command: command}
	})
}

// learnPaths asks handlers for their paths that nothing was sent to yet, each once.
func (e *Screen) learnPaths(f screen.Frame) tea.Cmd {
	if !describe.Quiet(f) {
		return nil
	}
	var cmds []tea.Cmd
	for i := range f.State.Targets {
		t := &f.State.Targets[i]
		if t.Routes != nil || e.asked[t.Name] || f.State.Health(t) != dev.Healthy {
			continue
		}
		if e.asked == nil {
			e.asked = map[string]bool{}
		}
		e.asked[t.Name] = true
		name := t.Name
		cmds = append(cmds, e.ask.Cmd(func() tea.Msg {
			e.ask.session.LearnPaths(e.ask.Ctx, name)
			return nil
		}))
	}
	return tea.Batch(cmds...)
}

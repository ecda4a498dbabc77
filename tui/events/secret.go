package events

// A handler that answers 401 or 403 since it has another secret.

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// handlerSecret offers what makes the secrets of hfhook and of a handler the same.
func (e *Screen) handlerSecret(below screen.Screen, f screen.Frame) screen.Screen {
	name, again := e.refusedSecret()
	target := describe.SecretTarget(f.State, name)
	if target != name {
		again = ""
	}
	enter := screen.NewPrompt(below, "secret of the handler", "the handler's secret", "use it", "", func(text string) tea.Cmd {
		return e.ask.giveHandler(target, text, again)
	})
	enter.Secret = true
	enter.Note = func() string { return "not shown, for this run" }
	choices := []screen.Choice{
		{Key: "e", Text: "Enter the handler's secret", Note: "hfhook sends it from now on, and accepts it besides its own"},
		{Key: "c", Text: "Copy hfhook's secret", Note: "copied, not shown: set it in the handler"},
	}
	takes := []func() tea.Cmd{
		func() tea.Cmd { return func() tea.Msg { return screen.PushMsg{Screen: enter} } },
		func() tea.Cmd {
			return e.ask.CopyBy("the secret", "hfhook secret copy", func(context.Context) (string, error) { return e.ask.session.SecretText(), nil })
		},
	}
	return &screen.Menu{
		HelpName: "secret of the handler", Title: "Secret", About: visible.Line(target) + " answers 401 or 403", Verb: "do it",
		Choices: choices, Take: func(i int) tea.Cmd { return takes[i]() },
	}
}

// refusedSecret is the target that answered the selected event with 401 or 403, and the event.
func (e *Screen) refusedSecret() (target string, id event.ID) {
	row := e.Detail.Item.Row
	if row == nil {
		return "", ""
	}
	i := slices.IndexFunc(row.Outcomes, func(o event.Outcome) bool {
		return o.Last.Status == http.StatusUnauthorized || o.Last.Status == http.StatusForbidden
	})
	if i < 0 {
		return "", ""
	}
	return row.Outcomes[i].Target, row.ID
}

// giveHandler has a handler get a secret from now on, and sends the event again that one has
// refused, if there is one.
func (a *asks) giveHandler(target, text string, again event.ID) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		print, err := a.session.GiveHandler(target, text)
		if err != nil {
			return screen.ResultMsg{Text: "the secret is unchanged: " + screen.Plain(err), Stays: true}
		}
		st := a.session.State()
		changed := fmt.Sprintf("%s gets that secret (%s) for this run", visible.Line(target), style.Plural(int64(print.Length), "character"))
		if hub := st.Hub; hub != nil && hub.Here() != nil {
			changed += ". The webhook on the Hub needs it too: " + keymap.KeyTable[keymap.ActHooks].Label + " sets it"
		}
		command := "WEBHOOK_SECRET=… hfhook dev"
		if again == "" {
			return screen.ResultMsg{Text: changed, Ok: true, Stays: true, Command: command}
		}
		sent, err := a.session.ReplayTo(a.Ctx, again, target, dev.ReplayAs{})
		if err != nil {
			return screen.ResultMsg{Text: "replay of " + again.Short() + ": " + screen.Plain(err), Ended: replayedMsg{again}, Command: command}
		}
		answer, ok := describe.AnswersOf([]event.Delivery{sent})
		return screen.ResultMsg{Text: answer + "; " + changed, Ok: ok, Ended: replayedMsg{again}, Command: command}
	})
}

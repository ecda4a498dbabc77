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
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
	"hfhook/tui/style"
	"hfhook/tui/webhooks"
)

// handlerSecret offers what makes the secrets of hfhook and of a handler the same.
func (e *Screen) handlerSecret(below screen.Screen, f screen.Frame) screen.Screen {
	name, again := e.refusedSecret()
	target := describe.SecretTarget(f.State, name)
	if target != name {
		again = ""
	}
	enter := func(hook string) func() tea.Cmd {
		q := screen.NewPrompt(below, "secret of the handler", "the handler's secret", "use it", "", func(text string) tea.Cmd {
			return e.giveHandler(below, target, text, again, hook)
		})
		q.Secret = true
		q.Note = func() string { return "not shown, for this run" }
		return func() tea.Cmd { return func() tea.Msg { return screen.PushMsg{Screen: q} } }
	}
	m := &screen.Menu{HelpName: "secret of the handler", Title: "Secret", About: visible.Line(target) + " answers 401 or 403", Verb: "do it"}
	var takes []func() tea.Cmd
	add := func(key, text, note string, take func() tea.Cmd) {
		m.Choices, takes = append(m.Choices, screen.Choice{Key: key, Text: text, Note: note}), append(takes, take)
	}
	add("e", "Enter the handler's secret", "hfhook sends it from now on, and accepts it besides its own", enter(""))
	if h := managedHook(f.State); h != nil {
		add("w", "Enter it, and set it on the Hub's webhook", "on "+describe.ShortID(h.ID)+"; you review the change first", enter(h.ID))
	}
	add("c", "Copy hfhook's secret", "copied, not shown: set it in the handler", func() tea.Cmd {
		return e.ask.CopyBy("the secret", "hfhook secret copy", func(context.Context) (string, error) { return e.ask.session.SecretText(), nil })
	})
	m.Take = func(i int) tea.Cmd { return takes[i]() }
	return m
}

// managedHook is the webhook on the Hub that points here and that hfhook changes; nil: none.
func managedHook(st *dev.State) *lease.Hook {
	if st.Hub == nil {
		return nil
	}
	if h := st.Hub.Here(); h != nil && h.Noted && !h.Others {
		return h
	}
	return nil
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
// refused, if there is one. Then it offers what else the secret is needed for; with a webhook, the
// change of that one on the Hub.
func (e *Screen) giveHandler(below screen.Screen, target, text string, again event.ID, hook string) tea.Cmd {
	a := e.ask
	return a.Cmd(func() tea.Msg {
		print, err := a.session.GiveHandler(target, text)
		if err != nil {
			return screen.ResultMsg{Text: "the secret is unchanged: " + screen.Plain(err), Stays: true}
		}
		changed := fmt.Sprintf("%s gets that secret (%s) for this run", visible.Line(target), style.Plural(int64(print.Length), "character"))
		result := screen.ResultMsg{Text: changed, Ok: true, Stays: true, Command: "WEBHOOK_SECRET=… hfhook dev"}
		if again != "" {
			sent, err := a.session.ReplayTo(a.Ctx, again, target, dev.ReplayAs{})
			answer, ok := describe.AnswersOf([]event.Delivery{sent})
			result.Text, result.Ok, result.Stays, result.Ended = answer+"; "+changed, ok, false, replayedMsg{again}
			if err != nil {
				result.Text = "replay of " + again.Short() + ": " + screen.Plain(err)
			}
		}
		next := e.secretGiven(target, a.session.State(), hook)
		push, over := func() tea.Msg { return screen.PushMsg{Screen: next} }, screen.Screen(next)
		if len(next.Choices) < 2 { // it has what ends it alone
			push, over = func() tea.Msg { return nil }, below
		}
		if hook != "" {
			push = tea.Sequence(push, e.setOnHub(over, target, hook))
		}
		return tea.Batch(func() tea.Msg { return result }, push)()
	})
}

// setOnHub shows what it would change to give a webhook on the Hub the secret of a target.
func (e *Screen) setOnHub(over screen.Screen, target, hook string) tea.Cmd {
	return webhooks.PlanHook(e.ask.Runner, e.ask.session, over, lease.Request{Action: lease.PushSecret, Webhook: hook, Handler: target})
}

// keepHandlerSecret keeps a target's secret, and offers what is left to do with it.
func (e *Screen) keepHandlerSecret(target string, st *dev.State, done string) tea.Cmd {
	left := e.secretGiven(target, st, done)
	left.Choices = left.Choices[1:] // without what is done now
	take := left.Take
	left.Take = func(i int) tea.Cmd { return take(i + 1) }
	return e.ask.Cmd(func() tea.Msg {
		where, err := e.KeepHandlerSecret(target)
		if err != nil {
			return screen.ResultMsg{Text: screen.Plain(err)}
		}
		kept := screen.ResultMsg{Text: "the secret of " + visible.Line(target) + " is kept for this directory in " + where, Ok: true, Stays: true, Command: "hfhook secret forget --handlers"}
		if len(left.Choices) < 2 {
			return kept
		}
		left.Choices[len(left.Choices)-1].Text = "No"
		return tea.Batch(func() tea.Msg { return kept }, func() tea.Msg { return screen.PushMsg{Screen: left} })()
	})
}

// secretGiven offers what a handler's secret that was entered is needed for besides the handler:
// later runs, and the webhook on the Hub, unless done is that one.
func (e *Screen) secretGiven(target string, st *dev.State, done string) *screen.Menu {
	m := &screen.Menu{HelpName: "secret of the handler", Title: "The secret of " + visible.Line(target), Verb: "choose"}
	var takes []func() tea.Cmd
	add := func(key, text, note string, take func() tea.Cmd) {
		m.Choices, takes = append(m.Choices, screen.Choice{Key: key, Text: text, Note: note}), append(takes, take)
	}
	if e.KeepHandlerSecret != nil {
		add("f", "Keep it for later runs", "in hfhook's state directory, readable by you alone", func() tea.Cmd { return e.keepHandlerSecret(target, st, done) })
	}
	if h := managedHook(st); h != nil && h.ID != done {
		add("w", "Set it on the Hub's webhook, too", "on "+describe.ShortID(h.ID)+"; you review the change first", func() tea.Cmd {
			left := e.secretGiven(target, st, h.ID)
			return tea.Sequence(func() tea.Msg { return screen.PushMsg{Screen: left} }, e.setOnHub(left, target, h.ID))
		})
	}
	add("r", "For this run only", "", func() tea.Cmd { return nil })
	m.Take = func(i int) tea.Cmd { return takes[i]() }
	return m
}

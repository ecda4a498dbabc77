package events

// The event before and after of the same pull request or discussion's repository, and
// all events that match: what the list asks the store for beyond its window.

import (
	"strings"

	"fmt"

	"hfhook/tui/describe"
	"hfhook/tui/screen"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

// sameRepoMsg answers related.
type sameRepoMsg struct {
	of, found event.ID // found: empty if there is none
	what      string
	older     bool
	err       error
}

// sameThread is what events have in common with the selected one: its pull request or, where
// it is about none, its repository.
func (e *Screen) sameThread() (x filter.Expr, what string) {
	row := e.Detail.Item.Row
	if row == nil || row.Repo == "" {
		return nil, ""
	}
	repo := filter.And{filter.Type(row.RepoType), filter.Repo(row.Repo)}
	if p := e.Detail.Payload(); p != nil && p.Discussion != nil && p.Discussion.IsPullRequest {
		return append(repo, filter.PR(p.Discussion.Num)), fmt.Sprintf("%s#%d", row.Repo, p.Discussion.Num)
	}
	return repo, row.Repo
}

// findSameRepo looks for the next event of the same pull request or repository.
func (e *Screen) findSameRepo(older bool) tea.Cmd {
	x, what := e.sameThread()
	if x == nil {
		return nil
	}
	if e.List.Filter != nil {
		x = filter.And{x, e.List.Filter}
	}
	return e.ask.findSameRepo(e.Detail.Item.Key.ID, x, what, older)
}

func (a *asks) findSameRepo(of event.ID, x filter.Expr, what string, older bool) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		msg := sameRepoMsg{of: of, what: what, older: older}
		for q := (store.Query{Filter: x, Limit: 1, Before: of}); ; {
			if !older {
				q.After, q.Before = q.Before, ""
			}
			page, err := a.session.List(a.Ctx, q)
			switch {
			case err != nil:
				msg.err = err
				return msg
			case len(page.Rows) > 0:
				msg.found = page.Rows[0].ID
				return msg
			case page.Next == "":
				return msg
			}
			q.Before, q.After = page.Next, ""
		}
	})
}

// go to what was found, if the user has not gone elsewhere meanwhile.
func (e *Screen) goRelated(msg sameRepoMsg, h int) tea.Cmd {
	switch {
	case msg.err != nil:
		return screen.ResultCmd(fmt.Sprintf("look for another event of %s: %s", msg.what, screen.Plain(msg.err)), false)
	case msg.found == "" && msg.older:
		return screen.ResultCmd("no earlier event of "+msg.what, true)
	case msg.found == "":
		return screen.ResultCmd("no newer event of "+msg.what, true)
	case msg.of == e.List.Selected.ID:
		e.List.GoTo(msg.found, h)
	}
	return nil
}

// maxSelected is how many events are selected at once, the newest ones.
const maxSelected = 10_000

// matchingMsg answers matching.
type matchingMsg struct {
	text string // of the filter
	ids  []event.ID
	more bool // there are more than maxSelected
	err  error
}

// matching asks for all events that match the filter.
func (a *asks) matching(x filter.Expr, text string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		msg := matchingMsg{text: text}
		for q := (store.Query{Filter: x, Limit: 500}); ; {
			page, err := a.session.List(a.Ctx, q)
			if err != nil {
				msg.err = err
				return msg
			}
			for _, r := range page.Rows {
				if len(msg.ids) == maxSelected {
					msg.more = true
					return msg
				}
				msg.ids = append(msg.ids, r.ID)
			}
			if q.Before = page.Next; page.Next == "" {
				return msg
			}
		}
	})
}

// selectMatching selects what matches, if that is still the filter.
func (e *Screen) selectMatching(msg matchingMsg, f screen.Frame) tea.Cmd {
	switch {
	case msg.err != nil:
		return screen.ResultCmd(fmt.Sprintf("select what matches: %s", screen.Plain(msg.err)), false)
	case msg.text != e.List.Text:
		return nil
	}
	n := 0
	e.Selection.Clear()
	for _, id := range msg.ids {
		if !e.List.Hidden[id] {
			e.Selection.Toggle(id)
			n++
		}
	}
	text := style.Plural(int64(n), "event") + " selected"
	if msg.more {
		text += ", the newest of those that match"
	}
	return e.did(fmt.Sprintf("%s: %s replays them, %s deletes them", text, f.Label(keymap.ActReplayMany), f.Label(keymap.ActDelete)), fmt.Sprintf("%s -n %d -q", e.List.Command(), len(msg.ids)))
}

// hubLog is the page on the Hub with what a webhook has sent lately and a button to send
// it again, and the command that opens it; of no webhook it is the list of webhooks.
// https://huggingface.co/docs/hub/webhooks
func (e *Screen) hubLog(f screen.Frame) (page, command string) {
	const pages = "https://huggingface.co/settings/webhooks"
	id := e.webhook(f)
	if st := f.State.Hub; st != nil && st.Hook(id) != nil {
		return st.Hook(id).Activity, describe.ActivityCommand(id)
	}
	if id == "" || strings.Trim(id, "0123456789abcdef") != "" {
		return pages, "hfhook open hub"
	}
	return pages + "/" + id + "/activity", describe.ActivityCommand(id)
}

// webhook is that of the selected event, else the one that points here, else the busiest
// one; empty if none is known.
func (e *Screen) webhook(f screen.Frame) string {
	st := f.State.Hub
	if p := e.Detail.Payload(); p != nil {
		return p.Webhook.ID
	} else if r := e.Detail.Item.Rejected; r != nil && describe.KnownHook(f, r.Webhook) {
		return r.Webhook
	} else if st != nil && st.Here() != nil {
		return st.Here().ID
	} else if len(f.State.Triggers) > 0 {
		return f.State.Triggers[0].Webhook
	}
	return ""
}

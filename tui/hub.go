package tui

// The Hub in the header, the checklist and the banner: whose token, which webhook leads
// here, and how much of the day's allowance has come.

import (
	"fmt"
	"strings"
	"time"

	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
)

// dayLimit is how often the Hub lets a webhook be triggered in 24 hours:
// https://huggingface.co/docs/hub/webhooks#rate-limits.
const dayLimit = 1000

// hubLink is the first link of the header. "1 hook" is said of webhooks that lead here
// and are enabled, as the Hub says itself.
func hubLink(f frame) link {
	t, st := f.theme, f.state.Hub
	k := link{mark: t.mark.off, look: t.dim, word: "Hub", short: "Hub", detail: "off"}
	if st == nil {
		return k
	}
	if trouble := st.Trouble(); trouble != "" {
		k.detail = trouble
		if trouble != lease.NoLogin && trouble != lease.Offline {
			k.mark, k.look, k.word, k.short = t.mark.failed, t.failed, "HUB", "HUB"
		}
		return k
	}
	if st.Read.IsZero() {
		k.mark, k.look, k.detail = t.mark.busy, t.warn, "reading"
		return k
	}
	here := st.Here()
	switch {
	case st.Paused:
		k.mark, k.look, k.detail = t.mark.warn, t.warn, "hook paused"
	case here == nil:
		k.mark, k.look, k.detail = t.mark.ok, t.ok, "login "+visible.Line(st.User)
	case here.State == hub.Enabled:
		n := int64(0)
		for i := range st.Hooks {
			if st.Hooks[i].Here && st.Hooks[i].State == hub.Enabled {
				n++
			}
		}
		k.mark, k.look, k.detail = t.mark.ok, t.ok, plural(n, "hook")
	case here.State == hub.Suspended:
		k.mark, k.look, k.word, k.short, k.detail = t.mark.failed, t.failed, "HUB", "HUB", "suspended"
	default:
		k.mark, k.look, k.detail = t.mark.warn, t.warn, "hook "+visible.Line(string(here.State))
	}
	return k
}

// seenToday is how many events of a webhook came here in the last 24 hours.
func seenToday(f frame, id string) int {
	for _, tr := range f.state.Triggers {
		if tr.Webhook == id {
			return tr.N
		}
	}
	return 0
}

// meter is what came here of what the Hub sends in a day, of the webhook that leads here
// or, where the Hub was not asked, of the one that sent most; empty where none did.
func meter(f frame) (text string, look style) {
	var n int
	switch {
	case f.state.Hub != nil && f.state.Hub.Here() != nil:
		for i := range f.state.Hub.Hooks { // of the one that is nearest to its limit
			if h := &f.state.Hub.Hooks[i]; h.Here {
				n = max(n, seenToday(f, h.ID))
			}
		}
	case len(f.state.Triggers) > 0 && (f.state.Hub == nil || f.state.Hub.Trouble() != ""):
		n = f.state.Triggers[0].N // of the webhook that sent most
	case f.state.Hub != nil && !f.state.Hub.Read.IsZero() && f.state.HookURL != "":
		// None leads here yet, and none has used up anything.
	default:
		return "", style{}
	}
	look = f.theme.dim
	switch {
	case n >= dayLimit:
		look = f.theme.failed
	case n >= dayLimit*8/10:
		look = f.theme.warn
	}
	return fmt.Sprintf("%d/%d", n, dayLimit), look
}

// hookCheck is the checklist's line about the webhook.
func hookCheck(f frame, short bool) check {
	t, st := f.theme, f.state.Hub
	c := check{t.mark.idle, t.dim, "Webhook", "set it up at huggingface.co/settings/webhooks (" + f.label(actCopy) + " copies the URL)"}
	if short {
		c.text = "huggingface.co/settings/webhooks"
	}
	if st == nil || st.Trouble() == lease.NoLogin || st.Trouble() == lease.Offline {
		return c
	}
	here := st.Here()
	switch {
	case st.Problem != nil:
		c = check{t.mark.failed, t.failed, "Webhook", visible.Line(st.Problem.Error())}
	case st.Read.IsZero():
		c = check{t.mark.busy, t.warn, "Webhook", "reading yours on the Hub"}
	case here == nil:
		c.text = "no webhook on your Hub account points here"
		if short {
			c.text = "none on the Hub points here"
		}
		if h := earlierHook(st); h != nil {
			c.text = shortID(h.ID) + " of an earlier run leads elsewhere"
		}
	case here.State == hub.Enabled:
		c = check{t.mark.ok, t.ok, "Webhook", shortID(here.ID) + " points here, for " + visible.Line(watchedWords(&here.Webhook))}
	default:
		c = check{t.mark.failed, t.failed, "Webhook", shortID(here.ID) + " points here, and is " + stateWord(here.State)}
		if st.Paused {
			c.mark, c.look, c.text = t.mark.warn, t.warn, shortID(here.ID)+" is disabled until the tunnel is back"
		}
	}
	return c
}

// earlierHook is a webhook that hfhook has made and that could be led here; nil: none.
func earlierHook(st *lease.State) *lease.Hook {
	for i := range st.Hooks {
		if h := &st.Hooks[i]; h.Noted && !h.Others && !h.Here {
			return h
		}
	}
	return nil
}

// hookNext says what the webhooks' screen is good for before the first event; empty where
// nothing is left to be done there.
func hookNext(f frame) string {
	st := f.state.Hub
	if st == nil || st.User == "" {
		return ""
	}
	switch here := st.Here(); {
	case here != nil && here.State == hub.Enabled, here != nil && st.Paused:
		return ""
	case here != nil:
		return "look at the webhook " + shortID(here.ID) + ", and enable it"
	case earlierHook(st) != nil:
		return "lead the webhook " + shortID(earlierHook(st).ID) + " here, or create one"
	}
	return "create the webhook for me (asks what to watch; uses your hf login as " + visible.Line(st.User) + ")"
}

// hubFact says in the banner what becomes of the webhook while the tunnel is down.
func hubFact(f frame) (fact, bool) {
	st := f.state.Hub
	switch {
	case st == nil:
		return fact{}, false
	case st.Paused:
		return fact{"Hub", "The webhook is disabled meanwhile, so that the Hub does not suspend it and mail you.", "The webhook is disabled meanwhile."}, true
	case !st.PauseAt.IsZero():
		at := "At " + f.at(st.PauseAt).Format(time.TimeOnly) + " the webhook is disabled"
		return fact{"Hub", at + ", before the Hub suspends it and mails you.", at + "."}, true
	}
	return fact{}, false
}

func shortID(id string) string {
	if len(id) > 8 {
		id = id[:8]
	}
	return visible.Line(id)
}

func stateWord(s hub.State) string {
	if s == hub.Suspended {
		return "suspended"
	}
	return visible.Line(string(s))
}

func watchedWords(w *hub.Webhook) string {
	var text strings.Builder
	for i, item := range w.Watched {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(item.String())
	}
	return text.String()
}

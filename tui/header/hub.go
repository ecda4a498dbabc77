package header

// The Hub in the header, the checklist and the banner: whose token, which webhook points
// here, and how much of the day's allowance has come.

import (
	"fmt"
	"time"

	"hfhook/internal/dev"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// hubLink is the webhook that points here, if it is not well, and what else is wrong on the
// Hub. That nobody is logged in there is not wrong.
func hubLink(f screen.Frame) Link {
	t, st := f.Theme, f.State.Hub
	k := Link{Name: "Hub", Mark: t.Mark.Ok, look: t.Ok, nothing: true}
	if st == nil {
		return k
	}
	warn := Link{Name: "Hub", Mark: t.Mark.Warn, look: t.Warn, unwell: true}
	switch trouble := st.Trouble(); {
	case trouble == lease.NoLogin, trouble == lease.Offline:
		return k
	case trouble != "":
		return Link{Name: "Hub", Mark: t.Mark.Failed, look: t.Failed, text: "Hub: " + trouble, unwell: true}
	case st.Paused:
		warn.text = "webhook paused"
		return warn
	}
	switch here := st.Here(); {
	case here == nil, here.State == hub.Enabled:
		return k
	case here.State == hub.Suspended:
		return Link{Name: "Hub", Mark: t.Mark.Failed, look: t.Failed, text: "webhook suspended", unwell: true}
	default:
		warn.text = "webhook " + visible.Line(string(here.State))
		return warn
	}
}

// meter is what came here of what the Hub sends in a day, of the webhook that points here
// or, where the Hub was not asked, of the one that sent most; empty where none did. near reports
// whether the day's limit is near.
func meter(f screen.Frame) (text string, look style.Style, near bool) {
	var n int
	switch {
	case f.State.Hub != nil && f.State.Hub.Here() != nil:
		for i := range f.State.Hub.Hooks { // of the one that is nearest to its limit
			if h := &f.State.Hub.Hooks[i]; h.Here {
				n = max(n, describe.SeenToday(f, h.ID))
			}
		}
	case len(f.State.Triggers) > 0 && (f.State.Hub == nil || f.State.Hub.Trouble() != ""):
		n = f.State.Triggers[0].N // of the webhook that sent most
	case f.State.Hub != nil && !f.State.Hub.Read.IsZero() && f.State.HookURL != "":
		// None points here yet, and none has used up anything.
	default:
		return "", style.Style{}, false
	}
	look = f.Theme.Dim
	switch {
	case n >= dev.DayLimit:
		look = f.Theme.Failed
	case n >= dev.NearLimit:
		look = f.Theme.Warn
	}
	return fmt.Sprintf("%d/%d", n, dev.DayLimit), look, n >= dev.NearLimit
}

// hookCheck is the checklist's line about the webhook.
func hookCheck(f screen.Frame, short bool) check {
	t, st := f.Theme, f.State.Hub
	c := check{t.Mark.Idle, t.Dim, "create one at huggingface.co/settings/webhooks (" + f.Label(keymap.ActCopy) + " copies the URL)"}
	if short {
		c.text = "huggingface.co/settings/webhooks"
	}
	if st == nil || st.Trouble() == lease.NoLogin || st.Trouble() == lease.Offline {
		return c
	}
	here := st.Here()
	switch {
	case st.Problem != nil:
		c = check{t.Mark.Failed, t.Failed, visible.Line(st.Problem.Error())}
	case st.Read.IsZero():
		c = check{t.Mark.Busy, t.Warn, "reading yours on the Hub"}
	case here == nil:
		c.text = "no webhook on your Hub account points here"
		if short {
			c.text = "none on the Hub points here"
		}
		if h := earlierHook(st); h != nil {
			c.text = describe.ShortID(h.ID) + " from an earlier run points elsewhere"
		}
	case here.State == hub.Enabled:
		c = check{t.Mark.Ok, t.Ok, describe.ShortID(here.ID) + " points here, for " + visible.Line(describe.WatchedWords(&here.Webhook))}
	default:
		c = check{t.Mark.Failed, t.Failed, describe.ShortID(here.ID) + " points here, and is " + describe.StateWord(here.State)}
		if st.Paused {
			c.mark, c.look, c.text = t.Mark.Warn, t.Warn, describe.ShortID(here.ID)+" is disabled until the tunnel is back"
		}
	}
	return c
}

// hookHere is the webhook that points here; nil: none does, or the Hub was not asked.
func hookHere(st *lease.State) *lease.Hook {
	if st == nil {
		return nil
	}
	return st.Here()
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
func hookNext(f screen.Frame) string {
	st := f.State.Hub
	if st == nil || st.User == "" {
		return ""
	}
	switch here := st.Here(); {
	case here != nil && here.State == hub.Enabled, here != nil && st.Paused:
		return ""
	case here != nil:
		return "Check the webhook " + describe.ShortID(here.ID) + ", and enable it"
	case earlierHook(st) != nil:
		return "Point webhook " + describe.ShortID(earlierHook(st).ID) + " here, or create one"
	}
	return "Create the webhook on the Hub for me"
}

// hubFact says in the banner what becomes of the webhook while the tunnel is down.
func hubFact(f screen.Frame) (fact, bool) {
	st := f.State.Hub
	switch {
	case st == nil:
		return fact{}, false
	case st.Paused:
		return fact{"Hub", "The webhook is disabled until then, so that the Hub does not suspend it.", "The webhook is disabled until then."}, true
	case !st.PauseAt.IsZero():
		at := "At " + f.At(st.PauseAt).Format(time.TimeOnly) + " the webhook is disabled"
		return fact{"Hub", at + ", before the Hub suspends it.", at + "."}, true
	}
	return fact{}, false
}

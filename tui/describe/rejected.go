package describe

// A rejected request: what was wrong, why, and what to do.

import (
	"fmt"
	"net"
	"slices"
	"time"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// faultLines are the faults of a request, one a line, on at most most lines. One fault
// alone is in the request's Detail.
func faultLines(r *event.Rejected, f screen.Frame, w, most int) []string {
	t := f.Theme
	n := len(r.Faults)
	if n < 2 {
		return nil
	}
	shown := n
	if n > most {
		shown = max(most-1, 0)
	}
	lines := make([]string, 0, shown+1)
	for _, fault := range r.Faults[:shown] {
		lines = append(lines, " "+t.Warn.Paint(t.Cut(visible.Line(fault.String()), w-2)))
	}
	if shown < n {
		rest := fmt.Sprintf("and %d more: %s lists all", n-shown, f.Label(keymap.ActOpen))
		lines = append(lines, " "+t.Warn.Paint(t.Cut(rest, w-2)))
	}
	return lines
}

// Fixes are the webhooks that a rejected request may be from, and that may get the secret:
// the one that its body names, else those that point here. There are none where it does not
// look like the Hub's: a stranger is not to have webhooks changed.
func Fixes(r *event.Rejected, f screen.Frame) []*lease.Hook {
	st := f.State.Hub
	aboutSecret := r.Reason == event.WrongSecret || r.Reason == event.NoSecret
	if !aboutSecret || !r.LooksLikeHub || st == nil || !f.State.Secret.Verified || f.State.HookURL == "" {
		return nil
	}
	if h := st.Hook(r.Webhook); h != nil {
		return slices.DeleteFunc([]*lease.Hook{h}, func(h *lease.Hook) bool { return h.Others })
	}
	var here []*lease.Hook
	for i := range st.Hooks {
		if h := &st.Hooks[i]; h.Here && !h.Others {
			here = append(here, h)
		}
	}
	return here
}

// lasting says how a secret that was typed is kept, and who has the one before.
func lasting(st dev.Secret) string {
	keep := st.Source + " has the previous one: change it there to keep this one."
	if st.Made {
		keep = "hfhook secret new --secret-stdin keeps it."
	}
	return "Your secret was changed here, for this run. " + keep + " Handlers still get the previous one."
}

// A refusal is a reason in words.
type refusal struct{ words, why, fix string }

func refusalOf(r event.Reason) refusal {
	switch r {
	case event.NoSecret:
		return refusal{"no secret header", "No X-Webhook-Secret: it is not the Hub, or the webhook there has no secret.",
			"Set the secret at huggingface.co/settings/webhooks; y copies it."}
	case event.WrongSecret:
		return refusal{"wrong secret", "Wrong X-Webhook-Secret.",
			"Set your secret at huggingface.co/settings/webhooks; y copies it."}
	case event.UnknownPath:
		return refusal{"other path", "Unknown path. Public addresses are often scanned.",
			"If it was the Hub, correct the webhook's URL; y copies the right one."}
	case event.WrongMethod:
		return refusal{"wrong method", "Webhooks use POST; this was another method.", ""}
	case event.TooLarge:
		return refusal{"too large", "The body is over the limit.", "Start with a larger --max-body if it was the Hub."}
	case event.BadBody:
		return refusal{"body incomplete", "The body is incomplete.", "The sender or the tunnel lost the connection; the Hub retries."}
	case event.BadPayload:
		return refusal{"not a payload", "Right secret, but the body is not a Hub payload.", ""}
	case event.RateLimited:
		return refusal{"too many requests", "More requests than the rate limit allows.", ""}
	case event.FromBrowser:
		return refusal{"from a web page", "A web page in a browser sent it. The Hub is not a browser, so hfhook refuses such requests.",
			"To send a test yourself, use hfhook trigger, or curl."}
	case event.WrongHost:
		return refusal{"other host", "Its host name is neither this machine nor your public URL. Without a secret, a web page could send such a request.",
			"If it was your own tunnel, give hfhook its URL with --url, or leave out --no-verify."}
	case event.NotStored:
		return refusal{"not stored", "It could not be saved, so the Hub was told to retry.", "Free some space; the Hub retries."}
	case event.HandlerFailed:
		return refusal{"handler failed", "A handler panicked or returned an error.", ""}
	}
	return refusal{words: visible.Line(string(r))}
}

func ReasonWords(r event.Reason) string { return refusalOf(r).words }

// RejectedView draws it on w by h cells: with less air where it would not fit, and in
// few words where it still does not. before is what has to be pressed before the keys that
// are named.
func RejectedView(r *event.Rejected, f screen.Frame, w, h int, before string) []string {
	lines := RejectedLines(r, f, w, before, max(h-shortRejected, 1))
	for i := len(lines) - 1; i > 0 && len(lines) > h; i-- {
		if lines[i] == "" {
			lines = slices.Delete(lines, i, i+1)
		}
	}
	if len(lines) > h {
		lines = rejectedShort(r, f, w)
	}
	return lines
}

// rejectedShort is what is most worth knowing.
func rejectedShort(r *event.Rejected, f screen.Frame, w int) []string {
	t := f.Theme
	why := refusalOf(r.Reason)
	var lines []string
	say := func(look style.Style, text string) {
		for _, line := range t.Wrap(visible.Line(text), w-2, 2) {
			lines = append(lines, " "+look.Paint(line))
		}
	}
	if ev := r.Evidence; ev != nil {
		for _, p := range []struct {
			word  string
			print event.Print
		}{{"sent", ev.Sent}, {"wanted", ev.Wanted}} {
			lines = append(lines, t.Cut(fmt.Sprintf(" %s%s  print %s", t.Fit(p.word, 8), style.Plural(int64(p.print.Length), "char"), visible.Line(p.print.Text)), w))
		}
		if ev.Hint != "" {
			lines = append(lines, " "+t.Warn.Paint(t.Cut("hint    "+visible.Line(ev.Hint), w-2)))
			say(t.Bold, "Likely: "+ev.Cause)
		}
	} else {
		say(style.Style{}, fmt.Sprintf("%d %s: %s", r.Status, why.words, why.why))
		if faults := faultLines(r, f, w, 2); faults != nil {
			lines = append(lines, faults...)
		} else if r.Detail != "" {
			say(t.Warn, r.Detail)
		}
	}
	if looks := hubLooks(r, f); looks != "" {
		say(style.Style{}, looks)
	}
	if r.Reason == event.WrongSecret && f.State.Secret.Typed {
		for _, line := range t.Wrap(visible.Line(lasting(f.State.Secret)), w-2, 4) {
			lines = append(lines, " "+line)
		}
	}
	say(t.Dim, "Body not kept. Never forwarded, never replayed.")
	return lines
}

// shortRejected is how many lines of a rejected request are not its faults, with no air
// between them.
const shortRejected = 8

// RejectedLines are all that is known of it, with so many lines of faults at most.
func RejectedLines(r *event.Rejected, f screen.Frame, w int, before string, faults int) []string {
	t := f.Theme
	why := refusalOf(r.Reason)
	lines := []string{
		" " + t.Failed.Paint("Rejected") + "  " + f.At(r.At).Format(time.TimeOnly) + "  " + fmt.Sprintf("%d %s", r.Status, why.words),
		"",
	}
	text := func(look style.Style, s string) {
		for _, line := range t.Wrap(s, w-2, 4) {
			if line != "" {
				lines = append(lines, " "+look.Paint(line))
			}
		}
	}
	ev := r.Evidence
	switch {
	case ev != nil:
		text(style.Style{}, visible.Line(ev.Where)+" was sent but differs:")
		lines = append(lines, "",
			"  "+t.Dim.Paint(t.Fit("", 8)+t.Fit("length", 8)+"fingerprint (this run)"),
			"  "+t.Fit("sent", 8)+t.Fit(style.Count(int64(ev.Sent.Length)), 8)+visible.Line(ev.Sent.Text),
			"  "+t.Fit("wanted", 8)+t.Fit(style.Count(int64(ev.Wanted.Length)), 8)+visible.Line(ev.Wanted.Text))
		if ev.Hint != "" {
			for i, line := range t.Wrap(visible.Line(ev.Hint), w-11, 2) {
				word := "hint"
				if i > 0 {
					word = ""
				}
				lines = append(lines, "  "+t.Warn.Paint(t.Fit(word, 8)+line))
			}
		}
	default:
		text(style.Style{}, why.why)
		if list := faultLines(r, f, w, faults); list != nil {
			lines = append(lines, list...)
		} else {
			text(t.Warn, visible.Line(r.Detail))
		}
	}
	lines = append(lines, "")
	if ev != nil && ev.Cause != "" {
		text(t.Bold, "Likely cause: "+visible.Line(ev.Cause))
		lines = append(lines, "")
	}
	if looks := hubLooks(r, f); looks != "" {
		text(style.Style{}, looks)
		lines = append(lines, "")
	}
	evidence := func(name, value string) {
		if value != "" {
			lines = append(lines, " "+t.Dim.Paint(t.Fit(name, 8))+" "+t.Cut(visible.Line(value), w-10))
		}
	}
	evidence("request", r.Method+" "+r.Path)
	peer := r.Peer
	if r.Tunnel {
		peer += " through the tunnel"
	}
	evidence("from", peer)
	evidence("agent", r.UserAgent)
	lines = append(lines, "")
	if r.Bytes >= 0 {
		text(t.Dim, fmt.Sprintf("Body: %s, not kept.", style.Plural(r.Bytes, "byte")))
	} else {
		text(t.Dim, "Body: not kept.")
	}
	text(t.Dim, "Never forwarded, never replayed.")
	fix := why.fix
	switch hooks := Fixes(r, f); {
	case r.Reason == event.WrongSecret && f.State.Secret.Typed:
		fix = visible.Line(lasting(f.State.Secret))
	case ev != nil && ev.Fix != "":
		fix = f.Label(keymap.ActMySecret) + " uses the secret that was sent, or one that you type."
	case len(hooks) == 1:
		fix = before + f.Label(keymap.ActMySecret) + " sets your secret on the webhook " + ShortID(hooks[0].ID) + "; you see the change first."
	case len(hooks) > 1:
		fix = before + f.Label(keymap.ActMySecret) + " sets your secret on the webhook that you choose; you see the change first."
	}
	if fix != "" {
		lines = append(lines, "")
		text(style.Style{}, fix)
	}
	return lines
}

// hubLooks says whether a request that came without the right secret may have been the
// Hub's after all; empty if there is nothing to say.
func hubLooks(r *event.Rejected, f screen.Frame) string {
	switch {
	case r.LooksLikeHub && r.Webhook == "":
		return "Could be the Hub: it has the Hub's User-Agent; the body was not read. This can be faked."
	case r.LooksLikeHub && SeenToday(f, r.Webhook) > 0:
		return "Probably the Hub: the body looks like its payload, and webhook " + visible.Line(ShortID(r.Webhook)) + " has sent events here today."
	case r.LooksLikeHub && KnownHook(f, r.Webhook):
		return "Probably the Hub: the body looks like its payload, and webhook " + visible.Line(ShortID(r.Webhook)) + " is yours."
	case r.LooksLikeHub:
		return "Could be the Hub: the body looks like its payload, from webhook " + visible.Line(ShortID(r.Webhook)) + ", which is unknown here. This can be faked."
	case r.Reason == event.WrongSecret || r.Reason == event.NoSecret:
		return "Probably not the Hub: the body isn't a Hub payload."
	}
	return ""
}

// KnownHook reports whether a webhook is one of the account's.
func KnownHook(f screen.Frame, id string) bool {
	st := f.State.Hub
	return st != nil && st.Hook(id) != nil
}

func PeerHost(r *event.Rejected) string {
	host, _, err := net.SplitHostPort(r.Peer)
	if err != nil {
		host = r.Peer
	}
	return visible.Line(host)
}

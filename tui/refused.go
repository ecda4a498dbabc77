package tui

// The detail of a rejected request: reason, evidence, and what to do about it.

import (
	"fmt"
	"slices"
	"time"

	"hfhook/event"
	"hfhook/internal/visible"
)

// A refusal is a reason in words.
type refusal struct{ words, why, fix string }

func refusalOf(r event.Reason) refusal {
	switch r {
	case event.NoSecret:
		return refusal{"no secret header", "The sender set no X-Webhook-Secret: it is not the Hub, or the webhook there has no secret.",
			"Set the secret at huggingface.co/settings/webhooks; y copies it."}
	case event.WrongSecret:
		return refusal{"wrong secret", "X-Webhook-Secret was sent but differs from yours.",
			"Set your secret at huggingface.co/settings/webhooks; y copies it."}
	case event.UnknownPath:
		return refusal{"other path", "Nothing is served there. Strangers scan public addresses.",
			"If it was the Hub, correct the webhook's URL; y copies the right one."}
	case event.WrongMethod:
		return refusal{"wrong method", "Webhooks are posted; something else was asked for.", ""}
	case event.TooLarge:
		return refusal{"too large", "The body is over the limit.", "Start with a larger --max-body if it was the Hub."}
	case event.BadBody:
		return refusal{"body broke off", "The body could not be read to its end.", "The sender or the tunnel lost the connection; the Hub sends again."}
	case event.BadPayload:
		return refusal{"not a payload", "The secret was right, but the body is no payload of the Hub.", ""}
	case event.RateLimited:
		return refusal{"too many requests", "Requests came faster than the limit.", ""}
	case event.FromBrowser:
		return refusal{"from a web page", "A page in a browser sent it. The Hub is no browser, so hfhook takes nothing from one.",
			"To send a test yourself, use hfhook trigger, or curl."}
	case event.WrongHost:
		return refusal{"other host", "It is addressed to a host name that is neither this machine nor your public URL. Without a secret, a web page could post that way.",
			"If it was your own tunnel, give hfhook its URL with --url, or leave out --no-verify."}
	case event.NotStored:
		return refusal{"not stored", "The disk did not take it, so it was not acknowledged.", "Free some space; the Hub sends again."}
	case event.HandlerFailed:
		return refusal{"handler failed", "A handler panicked or returned an error.", ""}
	}
	return refusal{words: visible.Line(string(r))}
}

func reasonWords(r event.Reason) string { return refusalOf(r).words }

// rejectedView draws it on w by h cells: with less air where it would not fit, and in
// few words where it still does not. before is what has to be pressed before the keys that
// are named.
func rejectedView(r *event.Rejected, f frame, w, h int, before string) []string {
	lines := rejectedLines(r, f, w, before, max(h-shortRejected, 1))
	for i := len(lines) - 1; i > 0 && len(lines) > h; i-- {
		if lines[i] == "" {
			lines = slices.Delete(lines, i, i+1)
		}
	}
	if len(lines) > h {
		lines = rejectedBrief(r, f, w)
	}
	return lines
}

// rejectedBrief is what is most worth knowing.
func rejectedBrief(r *event.Rejected, f frame, w int) []string {
	t := f.theme
	why := refusalOf(r.Reason)
	var lines []string
	say := func(look style, text string) {
		for _, line := range t.wrap(visible.Line(text), w-2, 2) {
			lines = append(lines, " "+look.paint(line))
		}
	}
	if ev := r.Evidence; ev != nil {
		for _, p := range []struct {
			word  string
			print event.Print
		}{{"sent", ev.Sent}, {"wanted", ev.Wanted}} {
			lines = append(lines, t.cut(fmt.Sprintf(" %s%s  print %s", t.fit(p.word, 8), plural(int64(p.print.Length), "char"), visible.Line(p.print.Text)), w))
		}
		if ev.Hint != "" {
			lines = append(lines, " "+t.warn.paint(t.cut("hint    "+visible.Line(ev.Hint), w-2)))
			say(t.bold, "Likely: "+ev.Cause)
		}
	} else {
		say(style{}, fmt.Sprintf("%d %s: %s", r.Status, why.words, why.why))
		if faults := faultLines(r, f, w, 2); faults != nil {
			lines = append(lines, faults...)
		} else if r.Detail != "" {
			say(t.warn, r.Detail)
		}
	}
	if looks := hubLooks(r, f); looks != "" {
		say(style{}, looks)
	}
	if r.Reason == event.WrongSecret && f.state.Secret.Typed {
		for _, line := range t.wrap(visible.Line(lasting(f.state.Secret)), w-2, 4) {
			lines = append(lines, " "+line)
		}
	}
	say(t.dim, "Body not kept. Never forwarded, never replayed.")
	return lines
}

// shortRejected is how many lines of a rejected request are not its faults, with no air
// between them.
const shortRejected = 8

// rejectedLines are all that is known of it, with so many lines of faults at most.
func rejectedLines(r *event.Rejected, f frame, w int, before string, faults int) []string {
	t := f.theme
	why := refusalOf(r.Reason)
	lines := []string{
		" " + t.failed.paint("Rejected") + "  " + f.at(r.At).Format(time.TimeOnly) + "  " + fmt.Sprintf("%d %s", r.Status, why.words),
		"",
	}
	text := func(look style, s string) {
		for _, line := range t.wrap(s, w-2, 4) {
			if line != "" {
				lines = append(lines, " "+look.paint(line))
			}
		}
	}
	ev := r.Evidence
	switch {
	case ev != nil:
		text(style{}, visible.Line(ev.Where)+" was sent but differs:")
		lines = append(lines, "",
			"  "+t.dim.paint(t.fit("", 8)+t.fit("length", 8)+"print (this run)"),
			"  "+t.fit("sent", 8)+t.fit(count(int64(ev.Sent.Length)), 8)+visible.Line(ev.Sent.Text),
			"  "+t.fit("wanted", 8)+t.fit(count(int64(ev.Wanted.Length)), 8)+visible.Line(ev.Wanted.Text))
		if ev.Hint != "" {
			for i, line := range t.wrap(visible.Line(ev.Hint), w-11, 2) {
				word := "hint"
				if i > 0 {
					word = ""
				}
				lines = append(lines, "  "+t.warn.paint(t.fit(word, 8)+line))
			}
		}
	default:
		text(style{}, why.why)
		if list := faultLines(r, f, w, faults); list != nil {
			lines = append(lines, list...)
		} else {
			text(t.warn, visible.Line(r.Detail))
		}
	}
	lines = append(lines, "")
	if ev != nil && ev.Cause != "" {
		text(t.bold, "Likely cause: "+visible.Line(ev.Cause))
		lines = append(lines, "")
	}
	if looks := hubLooks(r, f); looks != "" {
		text(style{}, looks)
		lines = append(lines, "")
	}
	evidence := func(name, value string) {
		if value != "" {
			lines = append(lines, " "+t.dim.paint(t.fit(name, 8))+" "+t.cut(visible.Line(value), w-10))
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
		text(t.dim, fmt.Sprintf("Body: %s, not kept.", plural(r.Bytes, "byte")))
	} else {
		text(t.dim, "Body: not kept.")
	}
	text(t.dim, "Never forwarded, never replayed.")
	fix := why.fix
	switch hooks := fixes(r, f); {
	case r.Reason == event.WrongSecret && f.state.Secret.Typed:
		fix = visible.Line(lasting(f.state.Secret))
	case ev != nil && ev.Mend != "":
		fix = f.label(actMySecret) + " takes the one that was sent, or another one that you type."
	case len(hooks) == 1:
		fix = before + f.label(actPushSecret) + " sets your secret on the webhook " + shortID(hooks[0].ID) + "; you see the change first."
	case len(hooks) > 1:
		fix = before + f.label(actPushSecret) + " sets your secret on the webhook that you choose; you see the change first."
	}
	if fix != "" {
		lines = append(lines, "")
		text(style{}, fix)
	}
	return lines
}

// hubLooks says whether a request that came without the right secret may have been the
// Hub's after all; empty where there is nothing to say.
func hubLooks(r *event.Rejected, f frame) string {
	switch {
	case r.LooksLikeHub && r.Webhook == "":
		return "Could be the Hub: the request calls itself so; its body was not read. This can be faked."
	case r.LooksLikeHub && seenToday(f, r.Webhook) > 0:
		return "Looks like the Hub: the body has its shape, and webhook " + visible.Line(shortID(r.Webhook)) + " has sent events here today."
	case r.LooksLikeHub && knownHook(f, r.Webhook):
		return "Looks like the Hub: the body has its shape, and webhook " + visible.Line(shortID(r.Webhook)) + " is yours."
	case r.LooksLikeHub:
		return "May be the Hub: the body has its shape, from webhook " + visible.Line(shortID(r.Webhook)) + ", which is not known here. Anybody can write that."
	case r.Reason == event.WrongSecret || r.Reason == event.NoSecret:
		return "Does not look like the Hub: the body is none of its."
	}
	return ""
}

// knownHook tells whether a webhook is one of the account's.
func knownHook(f frame, id string) bool {
	st := f.state.Hub
	return st != nil && st.Hook(id) != nil
}

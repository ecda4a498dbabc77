package tui

// The detail of a rejected request: reason, evidence, and what to do about it.

import (
	"fmt"
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
	case event.NotStored:
		return refusal{"not stored", "The disk did not take it, so it was not acknowledged.", "Free some space; the Hub sends again."}
	case event.HandlerFailed:
		return refusal{"handler failed", "A handler panicked or returned an error.", ""}
	}
	return refusal{words: visible.Line(string(r))}
}

func reasonWords(r event.Reason) string { return refusalOf(r).words }

func rejectedView(r *event.Rejected, f frame, w int) []string {
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
	text(style{}, why.why)
	text(t.warn, visible.Line(r.Detail))
	lines = append(lines, "")
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
	if why.fix != "" {
		lines = append(lines, "")
		text(style{}, why.fix)
	}
	return lines
}

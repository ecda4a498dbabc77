package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"net/url"
	"strings"

	"hfhook/event"
)

// A mistake is a common way to mangle a secret when it is copied: on the Hub, or on this
// side.
type mistake struct {
	name string // as Evidence.Fix has it
	undo func(secret string) string

	hint, cause       string // if the secret that was sent is mangled
	ownHint, ownCause string // if the wanted one is
}

var mistakes = []mistake{
	{"real line break", func(s string) string { return strings.Trim(s, "\r\n") },
		"equal without the line break at its end", "the line break at the end of a file or line was copied, too.",
		"", ""}, // a secret of this side has none
	{"quotes", func(s string) string { return strings.TrimSpace(strings.Trim(s, "\"'`")) },
		"equal without spaces and quotes around it", "it was pasted with spaces or quotes around it.",
		"equal without the quotes around yours", "your own copy has quotes around it, for example from an .env file that is read literally."},
	{"line break", func(s string) string { return strings.TrimSuffix(strings.TrimSuffix(s, `\n`), `\r`) },
		`equal without the written \n at its end`, "a literal \\n was copied, for example from an environment variable.",
		`equal without the written \n at the end of yours`, "your own copy ends with a literal \\n."},
	{"URL", func(s string) string { v, _ := url.QueryUnescape(s); return v },
		"equal once it is decoded as in a URL", "it was copied from a URL, where some characters are written as %XX.",
		"equal once yours is decoded as in a URL", "your own copy was copied from a URL, where some characters are written as %XX."},
	{"assignment", func(s string) string { _, v, _ := strings.Cut(s, "="); return strings.Trim(v, "\"'") },
		"equal after its =", "the whole line NAME=value was pasted, not the value.",
		"equal to the part after the = of yours", "your own copy is a whole line NAME=value, not the value."},
	{"doubled", half,
		"it is yours twice", "it was pasted twice, or a proxy joined two headers.",
		"yours is the one that was sent, twice", "your own copy was pasted twice."},
}

// half is the first half of a text that is the same text twice, or empty.
func half(s string) string {
	for _, between := range []string{"", ",", ", ", " ", ";", "\n"} {
		n := (len(s) - len(between)) / 2
		if n > 0 && s == s[:n]+between+s[:n] {
			return s[:n]
		}
	}
	return ""
}

// minCut is the shortest piece of a secret that is recognised as one, in characters.
const minCut = 4

// cut says how a secret was cut off, if one of the two is a piece of the other. Its duration
// does not depend on the wanted secret.
func cut(sent string, wanted Secret) (hint, cause string) {
	whole, n := wanted.Reveal(), len(sent)
	is := func(piece, of string) bool { return Secret{value: &of}.Matches(piece) }
	switch {
	case n >= minCut && n < len(whole) && is(sent, whole[:n]):
		return fmt.Sprintf("the first %d of your %d characters", n, len(whole)), "it was cut off: by a length limit, an incomplete selection, or a # or $ in an .env file."
	case n >= minCut && n < len(whole) && is(sent, whole[len(whole)-n:]):
		return fmt.Sprintf("the last %d of your %d characters", n, len(whole)), "its beginning is missing: the selection was incomplete."
	case len(whole) >= minCut && n > len(whole) && is(sent[:len(whole)], whole):
		return fmt.Sprintf("yours is its first %d of %d characters", len(whole), n), "your own copy is cut off, for example at a # or $ in an .env file; or too much was pasted on the Hub."
	case len(whole) >= minCut && n > len(whole) && is(sent[n-len(whole):], whole):
		return fmt.Sprintf("yours is its last %d of %d characters", len(whole), n), "the beginning of your own copy is missing, or too much was pasted on the Hub."
	}
	return "", ""
}

// fixed returns the secret that was sent, if a request has shown how the present one differs
// from it: the present one without the mistake that Evidence.Fix names, or a known one. It
// fails if the result is not a secret.
func (s *Server) fixed(mistake string) (Secret, error) {
	for _, known := range s.inside.Known {
		if known.Name == mistake {
			return ParseSecret(known.Secret.Reveal())
		}
	}
	return undo(s.secrets()[0], mistake)
}

// undo removes a mistake from a secret.
func undo(wanted Secret, mistake string) (Secret, error) {
	for _, m := range mistakes {
		if m.name == mistake && m.ownHint != "" {
			return ParseSecret(m.undo(wanted.Reveal()))
		}
	}
	return Secret{}, fmt.Errorf("fix the secret: unknown mistake %q", mistake)
}

// evidence says how a wrong secret differs from the right one, without revealing either: their
// lengths, prints that mean nothing outside of this process, since its key is random, and
// mistakes that would explain the difference.
func (s *Server) evidence(sent, where string) *event.Evidence {
	secrets := s.secrets()
	wanted := secrets[0]
	ev := &event.Evidence{
		Where: where, Sent: s.print(sent),
		Wanted: s.print(wanted.Reveal()),
	}
	if sent == "" {
		ev.Hint, ev.Cause = "it is empty", "the webhook's secret on the Hub is empty, or a proxy removes it."
		return ev
	}
	for _, m := range mistakes {
		if undone := m.undo(sent); undone != "" && undone != sent && match(secrets, undone) > 0 {
			ev.Hint, ev.Cause = m.hint, m.cause
			return ev
		}
	}
	for _, known := range s.inside.Known {
		if known.Secret.Matches(sent) {
			ev.Hint, ev.Cause, ev.Fix = known.Hint, known.Cause, known.Name
			return ev
		}
	}
	for _, m := range mistakes {
		undone, err := undo(wanted, m.name)
		if err == nil && undone.Reveal() != wanted.Reveal() && undone.Matches(sent) {
			ev.Hint, ev.Cause, ev.Fix = m.ownHint, m.ownCause, m.name
			return ev
		}
	}
	if match(folded(secrets), strings.ToLower(sent)) > 0 {
		ev.Hint, ev.Cause = "equal except for upper and lower case", "it was typed by hand, or changed by a tool."
		return ev
	}
	for _, secret := range secrets {
		if ev.Hint, ev.Cause = cut(sent, secret); ev.Hint != "" {
			break
		}
	}
	return ev
}

// folded are secrets in lower case.
func folded(secrets []Secret) []Secret {
	all := make([]Secret, len(secrets))
	for i, s := range secrets {
		text := strings.ToLower(s.Reveal())
		all[i] = Secret{value: &text}
	}
	return all
}

// describe returns the evidence in one line.
func describe(ev *event.Evidence) string {
	text := fmt.Sprintf("%s: sent %d characters (print %s), wanted %d (print %s)", ev.Where, ev.Sent.Length, ev.Sent.Text, ev.Wanted.Length, ev.Wanted.Text)
	if ev.Hint != "" {
		text += ": " + ev.Hint
	}
	return text
}

// print identifies a secret without revealing it, by its length and a short fingerprint with
// the server's own key.
func (s *Server) print(text string) event.Print {
	mac := hmac.New(sha256.New, s.printKey[:])
	mac.Write([]byte(text))
	sum := mac.Sum(nil)
	return event.Print{Length: len(text), Text: fmt.Sprintf("%x %x", sum[:2], sum[2:4])}
}

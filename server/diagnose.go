package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"net/url"
	"strings"

	"hfhook/event"
)

// A slip is a way in which a secret goes wrong: the one that the Hub has, or the one
// that is wanted here.
type slip struct {
	name string // as Evidence.Mend has it
	mend func(secret string) string

	hint, cause string // of the one that was sent
	mine, why   string // of the one that is wanted
}

var slips = []slip{
	{"quotes", func(s string) string { return strings.TrimSpace(strings.Trim(s, "\"'`")) },
		"equal without spaces and quotes around it", "it was pasted with spaces or quotes around it.",
		"equal without the quotes around yours", "your own copy has quotes around it, as in a file of variables that is read as it is."},
	{"line break", func(s string) string { return strings.TrimSuffix(strings.TrimSuffix(s, `\n`), `\r`) },
		`equal without the written \n at its end`, "a line break was written out, as by a file or an environment variable with \\n in it.",
		`equal without the written \n at the end of yours`, "a line break is written out at the end of your own copy."},
	{"URL", func(s string) string { v, _ := url.QueryUnescape(s); return v },
		"equal once it is decoded as in a URL", "it was taken from a URL, where some characters are written as %XX.",
		"equal once yours is decoded as in a URL", "your own copy was taken from a URL, where some characters are written as %XX."},
	{"assignment", func(s string) string { _, v, _ := strings.Cut(s, "="); return strings.Trim(v, "\"'") },
		"equal behind its =", "the whole line NAME=value was pasted, not the value.",
		"equal to what is behind the = of yours", "your own copy is a whole line NAME=value, not the value."},
}

// MendSecret is the secret that was sent where a request has shown how the wanted one
// differs from it: wanted, less the slip that Evidence.Mend names. It fails where that
// is no secret any more.
func MendSecret(wanted Secret, mend string) (Secret, error) {
	for _, slip := range slips {
		if slip.name == mend {
			return ParseSecret(slip.mend(wanted.Reveal()))
		}
	}
	return Secret{}, fmt.Errorf("mend the secret: %q is no way to do it", mend)
}

// evidence says how a wrong secret differs from the right one, without giving any of
// either away: lengths, prints that mean nothing outside of this process, since their
// key is made anew for each, and slips that would explain it.
func (s *Server) evidence(sent, where string) *event.Evidence {
	wanted := s.secrets()[0]
	ev := &event.Evidence{
		Where: where, Sent: event.Print{Length: len(sent), Text: s.print(sent)},
		Wanted: s.Print(wanted),
	}
	if sent == "" {
		ev.Hint, ev.Cause = "it is empty", "the webhook on the Hub has a secret of no characters, or a proxy removes it."
		return ev
	}
	for _, slip := range slips {
		if mended := slip.mend(sent); mended != "" && mended != sent && matchAny(s.secrets(), mended) {
			ev.Hint, ev.Cause = slip.hint, slip.cause
			return ev
		}
	}
	for _, slip := range slips {
		mended, err := MendSecret(wanted, slip.name)
		if err == nil && mended.Reveal() != wanted.Reveal() && mended.matches(sent) {
			ev.Hint, ev.Cause, ev.Mend = slip.mine, slip.why, slip.name
			return ev
		}
	}
	if matchAny(folded(s.secrets()), strings.ToLower(sent)) {
		ev.Hint, ev.Cause = "equal but for big and small letters", "it was typed by hand, or changed by a tool."
	}
	return ev
}

// folded are secrets in small letters.
func folded(secrets []Secret) []Secret {
	all := make([]Secret, len(secrets))
	for i, s := range secrets {
		text := strings.ToLower(s.Reveal())
		all[i] = Secret{value: &text}
	}
	return all
}

// describe is the evidence in one line.
func describe(ev *event.Evidence) string {
	text := fmt.Sprintf("%s: sent %d characters (print %s), wanted %d (print %s)", ev.Where, ev.Sent.Length, ev.Sent.Text, ev.Wanted.Length, ev.Wanted.Text)
	if ev.Hint != "" {
		text += ": " + ev.Hint
	}
	return text
}

// Print tells a secret from others without giving it away, as [event.Evidence] does: the
// key of its fingerprint is made anew for each Server.
func (s *Server) Print(secret Secret) event.Print {
	return event.Print{Length: secret.Len(), Text: s.print(secret.Reveal())}
}

// print is a short keyed fingerprint.
func (s *Server) print(text string) string {
	mac := hmac.New(sha256.New, s.printKey[:])
	mac.Write([]byte(text))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%x %x", sum[:2], sum[2:4])
}

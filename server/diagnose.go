package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"hfhook/event"
	"hfhook/payload"
)

// slips are ways in which a secret goes wrong on its way to the Hub, and back.
var slips = []struct {
	mend        func(sent string) string
	hint, cause string
}{
	{func(s string) string { return strings.TrimSpace(strings.Trim(s, "\"'`")) }, "equal without spaces and quotes around it",
		"it was pasted with spaces or quotes around it."},
	{func(s string) string { return strings.TrimSuffix(strings.TrimSuffix(s, `\n`), `\r`) }, `equal without the written \n at its end`,
		"a line break was written out, as by a file or an environment variable with \\n in it."},
	{func(s string) string { v, _ := url.QueryUnescape(s); return v }, "equal once it is decoded as in a URL",
		"it was taken from a URL, where some characters are written as %XX."},
	{func(s string) string { _, v, _ := strings.Cut(s, "="); return strings.Trim(v, "\"'") }, "equal behind its =",
		"the whole line NAME=value was pasted, not the value."},
}

// evidence says how a wrong secret differs from the right one, without giving any of
// either away: lengths, prints that mean nothing outside of this process, since their
// key is made anew for each, and slips that would explain it.
func (s *Server) evidence(sent, where string) *event.Evidence {
	wanted := s.secrets()[0]
	ev := &event.Evidence{
		Where: where, Sent: event.Print{Length: len(sent), Text: s.print(sent)},
		Wanted: event.Print{Length: wanted.Len(), Text: s.print(wanted.Reveal())},
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

// print is a short keyed fingerprint.
func (s *Server) print(text string) string {
	mac := hmac.New(sha256.New, s.printKey[:])
	mac.Write([]byte(text))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%x %x", sum[:2], sum[2:4])
}

// maxLook is how much of a body is looked at that came without the right secret. The
// Hub's own are far smaller, and a request whose body is that small is read to its end
// by net/http in any case.
const maxLook = 64 << 10

// looksLikeHub tells whether a body that came without the right secret has the shape of
// the Hub's, and which webhook it says that it is from.
func looksLikeHub(r *http.Request) (webhook string, ok bool) {
	if r.ContentLength <= 0 || r.ContentLength > maxLook || r.Header.Get("Expect") != "" {
		return "", false
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxLook))
	if err != nil {
		return "", false
	}
	p, _, err := payload.Parse(body)
	if err != nil {
		return "", false
	}
	return p.Webhook.ID, true
}

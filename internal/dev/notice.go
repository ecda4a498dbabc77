package dev

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/server"
)

// A Notice is something that the user should know without asking.
type Notice struct {
	At     time.Time
	About  string // "configuration", "secret", "store", "target", "url" or "hub"
	Target string // its name, for a notice about a target
	URL    string // the public URL, for a notice about it
	Text   string // one sentence
	Fix    string // what to do; empty: nothing
	OK     bool   // nothing is wrong
}

// String returns the text, with what to do.
func (n Notice) String() string {
	if n.Fix == "" {
		return n.Text
	}
	return n.Text + ": " + n.Fix
}

// keptNotices is how many notices the State has.
const keptNotices = 20

// Notify adds a notice.
func (s *Session) Notify(n Notice) {
	n.At = time.Now()
	s.log.Info(n.String(), "about", n.About)
	s.noticing.Lock()
	s.notices = append(slices.Clone(s.notices[max(len(s.notices)-keptNotices+1, 0):]), n)
	s.noticing.Unlock()
	s.journal.add(Entry{Notice: &n})
	s.change()
}

// noticed returns the newest notices, the oldest of them first.
func (s *Session) noticed() []Notice {
	s.noticing.Lock()
	defer s.noticing.Unlock()
	return s.notices
}

// noticeShort warns of a secret that can be guessed.
func (s *Session) noticeShort(secret server.Secret) {
	if text := secret.Weakness(); text != "" {
		s.Notify(Notice{About: "secret", Text: text, Fix: "set a longer one here and on the Hub; hfhook secret new creates one"})
	}
}

// noticeHeld warns of an event that has the secret in its body.
func (s *Session) noticeHeld(e *event.Event) {
	if e.HoldsSecret {
		s.Notify(Notice{About: "secret", Text: fmt.Sprintf("the body of event %s contains the webhook secret: anyone who sees the event can use it", e.ID), Fix: "set a new secret"})
	}
}

// noticeWithheld says which targets get no secret, once for each target.
func (s *Session) noticeWithheld(targets []delivery.TargetState) {
	if len(s.opts.Secrets) == 0 {
		return
	}
	for _, t := range targets {
		s.noticing.Lock()
		known := s.withheldFrom[t.Name] == t.URL
		s.withheldFrom[t.Name] = t.URL
		s.noticing.Unlock()
		if t.Trusted || known {
			continue
		}
		u, err := url.Parse(t.URL)
		if err != nil {
			continue
		}
		host := u.Hostname()
		s.Notify(Notice{
			About: "target", Target: t.Name, Text: "no secret for " + strings.TrimPrefix(t.URL, "http://"),
			Fix: "--send-secret-to " + host + " (by default only this machine gets it)",
		})
	}
}

// noticeSlash warns of targets whose address ends in a slash, which is a path: people paste
// such addresses by mistake.
func (s *Session) noticeSlash(targets []delivery.Target) {
	for _, t := range targets {
		if t.Command == nil && t.URL.Path == "/" {
			s.Notify(Notice{
				About: "target", Target: t.Name, Text: t.Where() + " ends in a slash, so each event goes to the path /",
				Fix: "leave the slash out to keep the path of the event, such as " + s.opts.Path, OK: true,
			})
		}
	}
}

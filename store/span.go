package store

// When events could be received, and the gaps between: what the Hub sent in a gap did
// not arrive.

import (
	"cmp"
	"slices"
	"time"

	"hfhook/event"
)

// A Span is a time in which a session could receive events: its server listened, the
// tunnel that it wanted was up, and the disk took what it wrote.
type Span struct {
	ID       int64     // 0 until it was recorded
	Run      time.Time // start of the session
	From, To time.Time // To moves on while it lasts
	Why      Why       // what ended the time before From in which nothing was received
}

// Why says what ended a gap, and so what it was.
type Why string

// The reasons.
const (
	Started Why = "started" // a session began: none had been running
	Tunnel  Why = "tunnel"  // the tunnel came up again
	Paused  Why = "paused"  // the machine slept, or the process was stopped
	Stored  Why = "store"   // the disk took events again
)

// LeastGap is how long nothing has to be received before it is called a gap: a session
// that ran on tells every few seconds that it did.
const LeastGap = 15 * time.Second

// A Gap is a time between spans. One that is shorter than LeastGap marks that a session
// followed on another one.
type Gap struct {
	From, To time.Time
	Why      Why
}

// Short tells whether the gap is only the mark of a new session.
func (g Gap) Short() bool { return g.To.Sub(g.From) <= LeastGap }

// Gaps returns the gaps between spans, oldest first. A time that is in one of several
// sessions' spans is none.
func Gaps(spans []Span) []Gap {
	sorted := slices.Clone(spans)
	slices.SortStableFunc(sorted, func(a, b Span) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID)) })
	var gaps []Gap
	var end time.Time
	for i, s := range sorted {
		g := Gap{From: end, To: s.From, Why: s.Why}
		if i > 0 && !g.To.Before(g.From) && (!g.Short() || g.Why == Started) {
			gaps = append(gaps, g)
		}
		if s.To.After(end) {
			end = s.To
		}
	}
	return gaps
}

// Missed returns the gap in which an event was sent first, by the time in its
// Webhook-Id: it came afterwards, when the Hub sent it again. false where it was sent in
// none, as far as the id tells.
func Missed(e *event.Event, gaps []Gap) (Gap, bool) {
	at, ok := e.SentAt()
	if !ok || e.Origin != event.FromHub && e.Origin != event.FromImport {
		return Gap{}, false
	}
	for _, g := range gaps {
		if !g.Short() && !at.Before(g.From.Truncate(time.Second)) && at.Before(g.To) && !e.Received.Before(g.To) {
			return g, true
		}
	}
	return Gap{}, false
}

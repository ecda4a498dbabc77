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
	From, To time.Time // To moves on every few seconds while it lasts
	Why      Why       // what ended the time before From in which nothing was received

	// Closed reports that the span ended at To. If it is not set, the span lasts, or the
	// session ended without a word at some moment after To.
	Closed bool

	Via string // where the events came in: the public URL, or ViaLocal; empty: not known
}

// ViaLocal is the Span.Via of a session without a tunnel.
const ViaLocal = "local"

// Why says what ended a gap, and so what it was.
type Why string

// The reasons.
const (
	Started Why = "started" // a session began: none had been running
	Tunnel  Why = "tunnel"  // the tunnel came up again
	Paused  Why = "paused"  // the machine slept, or the process was stopped
	Stored  Why = "store"   // the disk took events again
)

// LeastGap is the length of a gap that is worth more than a dim line. It is also how long a
// session may say nothing: one that ran on tells every few seconds that it did.
const LeastGap = 15 * time.Second

// A Gap is a time in which nothing was received.
type Gap struct {
	From, To time.Time
	Why      Why

	// Exact reports that the gap began at From. Otherwise it began at some moment between
	// From and To: its session ended without a word.
	Exact bool

	// Covered reports that this is not a gap, only the start of a session: another one received
	// what came to the same address, and went on to after From, which is To.
	Covered bool
}

// Short reports whether the gap is worth a dim line only.
func (g Gap) Short() bool { return g.To.Sub(g.From) <= LeastGap }

// Gaps returns the gaps between spans, oldest first. What comes to one public URL is
// received by nobody but the session that has it, so spans of other URLs do not make up for
// a gap; those of a session without a tunnel have gaps only where no session received
// anything.
func Gaps(spans []Span) []Gap {
	sorted := slices.Clone(spans)
	slices.SortStableFunc(sorted, func(a, b Span) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID)) })
	ends := make(ends)
	var gaps []Gap
	for _, s := range sorted {
		if end, same, ok := ends.before(&s); ok {
			switch g := (Gap{From: end.at, To: s.From, Why: s.Why, Exact: end.closed}); {
			case g.From.Before(g.To):
				gaps = append(gaps, g)
			case same && s.Why == Started:
				gaps = append(gaps, Gap{From: s.From, To: s.From, Why: s.Why, Exact: true, Covered: true})
			}
		}
		ends.note(&s)
	}
	return gaps
}

// An end is the latest end of some spans.
type end struct {
	at     time.Time
	closed bool
}

// ends are those of the spans so far: by public URL and by session, those of all public
// URLs, and those of all. The keys tell them apart by what they begin with.
type ends map[string]end

const (
	endsAll    = "all"
	endsPublic = "public"
)

// keys are what a span counts for.
func (s *Span) keys() []string {
	keys := []string{endsAll, "run " + s.Run.String()}
	if s.Via != ViaLocal {
		keys = append(keys, endsPublic, "via "+s.Via)
	}
	return keys
}

func (e ends) note(s *Span) {
	for _, key := range s.keys() {
		switch was, ok := e[key]; {
		case !ok || s.To.After(was.at):
			e[key] = end{s.To, s.Closed}
		case s.To.Equal(was.at):
			e[key] = end{s.To, s.Closed || was.closed}
		}
	}
}

// before returns when that what comes to a span was last received before it, as far as is
// known; same says that this was at the very address.
func (e ends) before(s *Span) (last end, same, ok bool) {
	if s.Via == "" || s.Via == ViaLocal {
		last, ok = e[endsAll]
		return last, true, ok
	}
	for _, key := range []string{"via " + s.Via, "via ", "run " + s.Run.String()} { // "via ": it is not known of older spans
		if end, found := e[key]; found && (!ok || end.at.After(last.at)) {
			last, same, ok = end, true, true
		}
	}
	if !ok {
		last, ok = e[endsPublic]
	}
	return last, same, ok
}

// Missed returns the gap in which an event was sent first, by the time in its
// Webhook-Id: it came afterwards, when the Hub sent it again. false where it was sent in
// none, as far as the id tells.
func Missed(e *event.Event, gaps []Gap) (Gap, bool) {
	at, ok := e.SentAt()
	if !ok || e.Duplicate != "" || e.Origin != event.FromHub && e.Origin != event.FromImport {
		return Gap{}, false
	}
	// An id may tell no more than the second in which it was made.
	until := at.Truncate(time.Second).Add(time.Second)
	for _, g := range gaps {
		if g.Covered || !until.After(g.From) || !at.Before(g.To) || e.Received.Before(g.To) {
			continue
		}
		if until.After(g.To) && e.Received.Sub(at) < onItsWay {
			continue // it may have been sent just after the gap, for the first time
		}
		return g, true
	}
	return Gap{}, false
}

// onItsWay is how long a delivery of the Hub takes at most, with the difference of two
// clocks.
const onItsWay = 5 * time.Second

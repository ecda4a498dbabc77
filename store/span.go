package store

// When events could be received, and the gaps between: events that the Hub sent in a gap did
// not arrive.

import (
	"cmp"
	"slices"
	"time"

	"hfhook/event"
)

// A Span is a time in which a session could receive events: its server listened, its tunnel was
// up, and the disk could be written.
type Span struct {
	ID       int64     // 0 until it is recorded
	Run      time.Time // start of the session
	From, To time.Time // To moves on every few seconds while the span lasts
	Why      Why       // what ended the gap before From

	// Closed reports that the span ended at To. Otherwise it still lasts, or the session
	// crashed at some moment after To.
	Closed bool

	Via string // the address of the events: the public URL, or ViaLocal; empty: not known
}

// ViaLocal is the Span.Via of a session without a tunnel.
const ViaLocal = "local"

// Why says what ended a gap, and so what caused it.
type Why string

// The reasons.
const (
	Started Why = "started" // a session began: none was running before
	Tunnel  Why = "tunnel"  // the tunnel came up again
	Paused  Why = "paused"  // the machine slept, or the process was stopped
	Stored  Why = "store"   // the disk took events again
)

// LeastGap is the length from which a gap is shown as more than a dim line. It is also how long
// a running session may record nothing: it does so every few seconds.
const LeastGap = 15 * time.Second

// A Gap is a time in which nothing was received.
type Gap struct {
	From, To time.Time
	Why      Why

	// Exact reports that the gap began at From. Otherwise it began at some moment between From
	// and To: its session crashed.
	Exact bool

	// Covered reports that this is only the start of a session and not a gap: another session
	// received the events of the same address until after From, which equals To.
	Covered bool
}

// Short reports whether the gap is shown as a dim line only.
func (g Gap) Short() bool { return g.To.Sub(g.From) <= LeastGap }

// Gaps returns the gaps between spans, oldest first. Only the session that has a public URL
// receives its events, so spans of other URLs do not fill a gap; sessions without a tunnel have
// gaps only when no session received anything.
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

// ends are the ends of the spans so far: by public URL, by session, for all public URLs, and
// for all. The keys have different prefixes.
type ends map[string]end

const (
	endsAll    = "all"
	endsPublic = "public"
)

// keys returns the keys that a span counts for.
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

// before returns when events for a span were last received before it, as far as is known; same
// reports that this was at the same address.
func (e ends) before(s *Span) (last end, same, ok bool) {
	if s.Via == "" || s.Via == ViaLocal {
		last, ok = e[endsAll]
		return last, true, ok
	}
	for _, key := range []string{"via " + s.Via, "via ", "run " + s.Run.String()} { // "via ": older spans do not have it
		if end, found := e[key]; found && (!ok || end.at.After(last.at)) {
			last, same, ok = end, true, true
		}
	}
	if !ok {
		last, ok = e[endsPublic]
	}
	return last, same, ok
}

// Missed returns the gap in which the Hub sent an event first, by the time in its Webhook-Id:
// it arrived later, when the Hub sent it again. It returns false if there is no such gap, as
// far as the id shows.
func Missed(e *event.Event, gaps []Gap) (Gap, bool) {
	at, ok := e.SentAt()
	if !ok || e.Duplicate != "" || e.Origin != event.FromHub && e.Origin != event.FromImport {
		return Gap{}, false
	}
	// An id may have a resolution of one second only.
	until := at.Truncate(time.Second).Add(time.Second)
	for _, g := range gaps {
		if g.Covered || !until.After(g.From) || !at.Before(g.To) || e.Received.Before(g.To) {
			continue
		}
		if until.After(g.To) && e.Received.Sub(at) < onItsWay {
			continue // it may have been sent for the first time just after the gap
		}
		return g, true
	}
	return Gap{}, false
}

// onItsWay is how long a delivery of the Hub takes at most, including the difference between
// two clocks.
const onItsWay = 5 * time.Second

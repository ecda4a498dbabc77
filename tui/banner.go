package tui

// The banner: what is broken, why, what mends it, and what happens next. It never
// takes the list's place.

import (
	"fmt"
	"strings"
	"time"

	"hfhook/internal/visible"
	"hfhook/tunnel"
)

// A fact is one line of the banner: a word and a text, and the same where there is little
// room; empty: the text.
type fact struct{ word, text, brief string }

// troubled tells whether the tunnel has something to say that needs the banner.
// While it connects again the banner stays, so that the list does not jump.
func troubled(st tunnel.State) bool {
	return lost(st) || st.Problem != nil && (st.Phase == tunnel.Connecting || st.Phase == tunnel.Checking)
}

// tunnelFacts are the lines of the banner, the most important first.
func tunnelFacts(f frame) (message string, facts []fact) {
	st := f.state.Tunnel
	message = "the connection was lost"
	if p := st.Problem; p != nil {
		message = p.Error()
		if p.Cause != "" {
			facts = append(facts, fact{word: "Why", text: visible.Line(p.Cause)})
		}
		if p.Fix != "" {
			facts = append(facts, fact{word: "Fix", text: visible.Line(p.Fix)})
		}
	}
	if st.Provider != "" && !strings.HasPrefix(message, st.Provider+" ") {
		message = st.Provider + ": " + message
	}
	switch st.Phase {
	case tunnel.Waiting:
		n, wait := st.Attempt+1, clock(st.Retry.Sub(f.now))
		facts = append(facts, fact{"Now",
			fmt.Sprintf("Attempt %d at %s, in %s (waits 2 4 8 16 s, then 30 s, no limit).", n, f.at(st.Retry).Format(time.TimeOnly), wait),
			fmt.Sprintf("Attempt %d in %s.", n, wait)})
	case tunnel.Down:
		key := f.label(actRetryTunnel)
		now := fact{"Now", "Nothing more is tried by itself: mend it, then press " + key + ".", "Mend it, then press " + key + "."}
		if enter := f.label(actAuthtoken); st.Problem.WantsAuthtoken() {
			now = fact{"Now", "Press " + enter + " and paste the authtoken; for good, or for this run only.", "Press " + enter + " and paste it."}
		}
		facts = append(facts, now)
	default:
		facts = append(facts, fact{word: "Now", text: fmt.Sprintf("Attempt %d is under way.", max(st.Attempt, 1))})
	}
	if fact, ok := hubFact(f); ok {
		facts = append(facts, fact)
	}
	if f.state.HookURL != "" && lost(st) {
		since, key := f.at(st.Since).Format(time.TimeOnly), f.label(actHubLog)
		facts = append(facts, fact{"Lost?",
			"Events the Hub sent since " + since + " did not arrive. Its Activity tab can replay them (" + key + ").",
			"Missed since " + since + ": " + key + " Hub log"})
	}
	return visible.Line(message), facts
}

// banner draws what is in trouble, in the form that the arrangement has room for:
// a box, a few lines, or none. trouble are the keys that do something about it.
func banner(f frame, kind arrangement, trouble []binding) []string {
	var lines []string
	if f.state.Store.Err != "" {
		lines = append(lines, storeLines(f, f.h < 18)...)
	}
	if !troubled(f.state.Tunnel) {
		return lines
	}
	if kind == wide {
		return append(lines, tunnelBox(f, trouble)...)
	}
	return append(lines, tunnelLines(f, f.h < 18)...)
}

// storeLines say why nothing can be recorded, and what that means.
func storeLines(f frame, few bool) []string {
	t, room := f.theme, 2
	if few {
		room = 1
	}
	var lines []string
	for i, part := range t.wrap(t.mark.failed+" Store: "+visible.Line(f.state.Store.Err), f.w-3, room) {
		lines = append(lines, spaces(1+2*min(i, 1))+t.failed.paint(part))
	}
	if few {
		return lines
	}
	rest := "What comes in is refused until then; the Hub can send it again (" + f.label(actHubLog) + "). Reading, filtering and replaying work."
	for _, part := range t.wrap(rest, f.w-4, 3) {
		lines = append(lines, "   "+part)
	}
	return lines
}

// lastAttempt says in the status line what became of the last attempt.
func lastAttempt(f frame) (left, right string) {
	st := f.state.Tunnel
	switch {
	case !lost(st):
		left = fmt.Sprintf("attempt %d is under way", max(st.Attempt, 1))
	case st.Attempt > 0:
		left = fmt.Sprintf("attempt %d failed", st.Attempt)
	default:
		left = "the tunnel failed"
	}
	if st.Problem != nil && st.Problem.Code != "" && lost(st) {
		left += ": " + visible.Line(st.Problem.Code)
	}
	return left, "log: " + f.label(actLog)
}

func tunnelLines(f frame, few bool) []string {
	t := f.theme
	message, facts := tunnelFacts(f)
	room := 2
	if few {
		room = 1
	}
	var lines []string
	for i, part := range t.wrap(t.mark.failed+" "+message, f.w-3, room) {
		lines = append(lines, spaces(1+2*min(i, 1))+t.failed.paint(part))
	}
	last := ""
	flush := func() {
		if last != "" {
			lines = append(lines, "   "+t.cut(last, f.w-4))
		}
		last = ""
	}
	for _, fact := range facts {
		if few && fact.word != "Now" {
			continue
		}
		switch joined := last + " " + fact.brief; {
		case fact.brief == "":
			flush()
			for _, part := range t.wrap(strings.ReplaceAll(fact.text, "https://", ""), f.w-4, room) {
				lines = append(lines, "   "+part)
			}
		case last != "" && width(joined) <= f.w-4:
			last = joined
		default:
			flush()
			last = fact.brief
		}
	}
	flush()
	return lines
}

// bannerWords are what the keys of the trouble do, with more room than in the footer.
var bannerWords = map[action]string{
	actRetryTunnel: "retry now", actAuthtoken: "enter authtoken", actOwnURL: "use my own URL", actDropTunnel: "go on without a tunnel",
}

func tunnelBox(f frame, trouble []binding) []string {
	t := f.theme
	message, facts := tunnelFacts(f)
	inner := f.w - 4
	corner, edge := t.mark.corners, t.failed.paint(t.mark.bar)
	head := corner[0] + t.mark.rule + " Tunnel down "
	lines := []string{t.failed.paint(head + strings.Repeat(t.mark.rule, max(f.w-width(head)-1, 0)) + corner[1])}
	add := func(text string) { lines = append(lines, edge+" "+t.fit(text, inner)+" "+edge) }
	for _, part := range t.wrap(message, inner, 2) {
		add(t.bold.paint(part))
	}
	add("")
	for _, fact := range facts {
		word := t.fit(fact.word, 8)
		for _, part := range t.wrap(fact.text, inner-8, 2) {
			add(t.dim.paint(word) + part)
			word = spaces(8)
		}
	}
	add("")
	var words []string
	for _, b := range trouble {
		if help, ok := bannerWords[b.action]; ok {
			words = append(words, t.key.paint(f.label(b.action))+" "+help)
		}
	}
	add(strings.Join(append(words, t.key.paint(f.label(actHubLog))+" Hub", t.key.paint(f.label(actCopy))+" copy"), "   "))
	return append(lines, t.failed.paint(corner[2]+strings.Repeat(t.mark.rule, max(f.w-2, 0))+corner[3]))
}

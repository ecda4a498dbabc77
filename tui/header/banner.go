package header

// The banner: what is broken, why, how to fix it, and what happens next. It never
// takes the list's place.

import (
	"fmt"
	"strings"
	"time"

	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
	"hfhook/tunnel"
)

// A fact is one line of the banner: a word and a text, and the same where there is little
// room; empty: the text.
type fact struct{ word, text, short string }

// Troubled reports whether the tunnel has something to say that needs the banner.
// While it connects again the banner stays, so that the list does not jump.
func Troubled(st tunnel.State) bool {
	switch {
	case st.NotSetUp():
		return false
	case st.Phase == tunnel.Waiting, st.Phase == tunnel.Down:
		return true
	}
	return st.Problem != nil && (st.Phase == tunnel.Connecting || st.Phase == tunnel.Checking)
}

// tunnelFacts are the lines of the banner, the most important first.
func tunnelFacts(f screen.Frame) (message string, facts []fact) {
	st := f.State.Tunnel
	message = "the connection was lost"
	if !Lost(st) {
		message = "there is no connection"
	}
	if p := st.Problem; p != nil {
		message = p.Error()
		if p.Cause != "" && !p.Known() {
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
		n, wait := st.Attempt+1, duration.Seconds(st.Retry.Sub(f.Now))
		facts = append(facts, fact{"Now",
			fmt.Sprintf("Attempt %d at %s, in %s (each wait is longer, up to 30 s; no limit).", n, f.At(st.Retry).Format(time.TimeOnly), wait),
			fmt.Sprintf("Attempt %d in %s.", n, wait)})
	case tunnel.Down:
		key := f.Label(keymap.ActTunnel)
		now := fact{"Now", "Not retrying. Fix it, then press " + key + ".", "Fix it, then press " + key + "."}
		if st.Problem.WantsAuthtoken() {
			now = fact{"Now", "Press " + key + " to paste the authtoken, or to use another tunnel.", "Press " + key + " to paste it."}
		}
		facts = append(facts, now)
	default:
		facts = append(facts, fact{word: "Now", text: fmt.Sprintf("Attempt %d is in progress.", max(st.Attempt, 1))})
	}
	if fact, ok := hubFact(f); ok {
		facts = append(facts, fact)
	}
	if f.State.HookURL != "" && Lost(st) {
		since, key := f.At(st.Since).Format(time.TimeOnly), f.Label(keymap.ActHubLog)
		facts = append(facts, fact{"Lost?",
			"Events the Hub sent since " + since + " did not arrive. Its Activity tab can replay them (" + key + ").",
			"Missed since " + since + ": " + key + " Hub log"})
	}
	return visible.Line(message), facts
}

// Banner draws what is in trouble, in the form that the arrangement has room for:
// a box, a few lines, or none.
func Banner(f screen.Frame, kind screen.Arrangement) []string {
	var lines []string
	if f.State.Store.Err != "" {
		lines = append(lines, storeLines(f, f.H < 18)...)
	}
	if !Troubled(f.State.Tunnel) {
		return lines
	}
	if kind == screen.Wide {
		return append(lines, tunnelBox(f)...)
	}
	return append(lines, tunnelLines(f, f.H < 18)...)
}

// storeLines say why nothing can be recorded, and what that means.
func storeLines(f screen.Frame, few bool) []string {
	t, room := f.Theme, 2
	if few {
		room = 1
	}
	var lines []string
	for i, part := range t.Wrap(t.Mark.Failed+" Store: "+visible.Line(f.State.Store.Err), f.W-3, room) {
		lines = append(lines, style.Spaces(1+2*min(i, 1))+t.Failed.Paint(part))
	}
	if few {
		return lines
	}
	rest := "Incoming events are refused until then; the Hub can resend them (" + f.Label(keymap.ActHubLog) + "). Reading, filtering and replaying work."
	for _, part := range t.Wrap(rest, f.W-4, 3) {
		lines = append(lines, "   "+part)
	}
	return lines
}

// LastAttempt says in the status line what became of the last attempt.
func LastAttempt(f screen.Frame) (left, right string) {
	st := f.State.Tunnel
	switch {
	case st.Phase != tunnel.Waiting && st.Phase != tunnel.Down:
		left = fmt.Sprintf("attempt %d in progress", max(st.Attempt, 1))
	case st.Attempt > 0:
		left = fmt.Sprintf("attempt %d failed", st.Attempt)
	default:
		left = "the tunnel failed"
	}
	if st.Problem != nil && st.Problem.Code != "" && (st.Phase == tunnel.Waiting || st.Phase == tunnel.Down) {
		left += ": " + visible.Line(st.Problem.Code)
	}
	return left, "log: " + f.Label(keymap.ActLog)
}

func tunnelLines(f screen.Frame, few bool) []string {
	t := f.Theme
	message, facts := tunnelFacts(f)
	room := 2
	if few {
		room = 1
	}
	var lines []string
	for i, part := range t.Wrap(t.Mark.Failed+" "+message, f.W-3, room) {
		lines = append(lines, style.Spaces(1+2*min(i, 1))+t.Failed.Paint(part))
	}
	last := ""
	flush := func() {
		if last != "" {
			lines = append(lines, "   "+t.Cut(last, f.W-4))
		}
		last = ""
	}
	for _, fact := range facts {
		if few && fact.word != "Now" {
			continue
		}
		switch joined := last + " " + fact.short; {
		case fact.short == "":
			flush()
			for _, part := range t.Wrap(strings.ReplaceAll(fact.text, "https://", ""), f.W-4, room) {
				lines = append(lines, "   "+part)
			}
		case last != "" && style.Width(joined) <= f.W-4:
			last = joined
		default:
			flush()
			last = fact.short
		}
	}
	flush()
	return lines
}

func tunnelBox(f screen.Frame) []string {
	t := f.Theme
	message, facts := tunnelFacts(f)
	inner := f.W - 4
	corner, edge := t.Mark.Corners, t.Failed.Paint(t.Mark.Bar)
	word := " No tunnel "
	if Lost(f.State.Tunnel) {
		word = " Tunnel lost "
	}
	head := corner[0] + t.Mark.Rule + word
	lines := []string{t.Failed.Paint(head + strings.Repeat(t.Mark.Rule, max(f.W-style.Width(head)-1, 0)) + corner[1])}
	add := func(text string) { lines = append(lines, edge+" "+t.Fit(text, inner)+" "+edge) }
	for _, part := range t.Wrap(message, inner, 2) {
		add(t.Bold.Paint(part))
	}
	add("")
	for _, fact := range facts {
		word := t.Fit(fact.word, 8)
		for _, part := range t.Wrap(fact.text, inner-8, 2) {
			add(t.Dim.Paint(word) + part)
			word = style.Spaces(8)
		}
	}
	add("")
	words := []string{t.Key.Paint(f.Label(keymap.ActTunnel)) + " try again, or another way to a public URL"}
	add(strings.Join(append(words, t.Key.Paint(f.Label(keymap.ActHubLog))+" Hub", t.Key.Paint(f.Label(keymap.ActCopy))+" copy"), "   "))
	return append(lines, t.Failed.Paint(corner[2]+strings.Repeat(t.Mark.Rule, max(f.W-2, 0))+corner[3]))
}

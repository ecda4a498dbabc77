package output

// What the lines say of the tunnel: each change once, and each trouble once.

import (
	"hfhook/tunnel"
)

// A TunnelChanges knows what was said of the tunnel. The zero value: nothing was.
type TunnelChanges struct {
	said     bool
	word     string // of the state
	url      string
	trouble  string
	troubles map[string]bool // since the tunnel was up
	Up       bool            // it was, once
	Last     *tunnel.Problem // the newest
}

// News takes in a state, whose word is printed, and reports whether there is something to
// say of it: a state that reads as the one before is the same, and a trouble that goes on
// while it is tried again and again is said once.
func (w *TunnelChanges) News(st *tunnel.State, word string) bool {
	trouble := ""
	if st.Problem != nil {
		trouble, w.Last = st.Problem.Error(), st.Problem
	}
	same := w.said && word == w.word && st.URL == w.url && trouble == w.trouble
	known := trouble != "" && w.troubles[trouble] && st.Phase != tunnel.Down
	w.said, w.word, w.url, w.trouble = true, word, st.URL, trouble
	switch {
	case st.Phase == tunnel.Up:
		w.Up, w.troubles = true, nil
	case trouble != "" && st.Phase != tunnel.Connecting:
		if w.troubles == nil {
			w.troubles = map[string]bool{}
		}
		w.troubles[trouble] = true
	}
	return !same && !known
}

// PhaseWord puts a phase into the four words of --json.
func PhaseWord(phase tunnel.Phase) string {
	switch phase {
	case tunnel.Checking:
		return "connecting"
	case tunnel.Off:
		return "down"
	}
	return string(phase)
}

// TunnelWord is the word of a state for people. "Lost" is said only of a tunnel that was up.
func TunnelWord(st *tunnel.State) string {
	switch {
	case st.NotSetUp():
		return "not set up"
	case !st.Lost.IsZero() && (st.Phase == tunnel.Waiting || st.Phase == tunnel.Down):
		return "lost"
	}
	return string(st.Phase)
}

// TunnelFix is what to do about a tunnel that is not up; empty: nothing.
func TunnelFix(st *tunnel.State) string {
	switch {
	case st.Problem == nil:
		return ""
	case st.NotSetUp():
		return st.Problem.Fix + ". Without an account: hfhook dev --tunnel ssh. Everything but receiving from the Hub works without a tunnel."
	}
	return st.Problem.Fix
}

// NewStateLine is the line of a state for programs.
func NewStateLine(st *tunnel.State, hookPath string) stateLine {
	line := stateLine{Schema: 1, Type: "state", Part: "tunnel", State: PhaseWord(st.Phase)}
	if st.URL != "" {
		line.URL = st.URL + hookPath
	}
	if !st.Retry.IsZero() {
		line.RetryAt = Stamp(st.Retry)
	}
	if p := st.Problem; p != nil {
		line.Code, line.Error, line.Cause, line.Fix = p.Code, p.Message, p.Cause, TunnelFix(st)
		line.NotSetUp, line.Lost = st.NotSetUp(), !st.Lost.IsZero()
		if p.Known() {
			line.Error, line.Cause = p.Cause, ""
		}
	}
	return line
}

package cli

// What the lines say of the tunnel: each change once, and each trouble once.

import (
	"time"

	"hfhook/tunnel"
)

// A tunnelTeller knows what was said of the tunnel. The zero value: nothing was.
type tunnelTeller struct {
	said     bool
	word     string // of the state
	url      string
	trouble  string
	troubles map[string]bool // since the tunnel was up
	up       bool            // it was, once
	last     *tunnel.Problem // the newest
}

// tell takes in a state, whose word is printed, and reports whether there is something to
// say of it: a state that reads as the one before is the same, and a trouble that goes on
// while it is tried again and again is said once.
func (w *tunnelTeller) tell(st *tunnel.State, word string) bool {
	trouble := ""
	if st.Problem != nil {
		trouble, w.last = st.Problem.Error(), st.Problem
	}
	same := w.said && word == w.word && st.URL == w.url && trouble == w.trouble
	known := trouble != "" && w.troubles[trouble] && st.Phase != tunnel.Down
	w.said, w.word, w.url, w.trouble = true, word, st.URL, trouble
	switch {
	case st.Phase == tunnel.Up:
		w.up, w.troubles = true, nil
	case trouble != "" && st.Phase != tunnel.Connecting:
		if w.troubles == nil {
			w.troubles = map[string]bool{}
		}
		w.troubles[trouble] = true
	}
	return !same && !known
}

// tunnel is the line of a state for people.
func (f *plain) tunnel(st *tunnel.State) error {
	text := "tunnel     " + string(st.Phase)
	if st.URL != "" {
		text += "  " + st.URL + f.hookPath()
	}
	if st.Phase == tunnel.Waiting {
		text += "  next attempt at " + st.Retry.Local().Format(time.TimeOnly) + ", and so on"
	}
	if p := st.Problem; p != nil {
		text += "  " + p.Error()
		if p.Fix != "" {
			text += "  Fix: " + p.Fix
		}
	}
	return f.line("%s", text)
}

// phaseWord puts a phase into the four words of --json.
func phaseWord(phase tunnel.Phase) string {
	switch phase {
	case tunnel.Checking:
		return "connecting"
	case tunnel.Off:
		return "down"
	}
	return string(phase)
}

// newStateLine is the line of a state for programs.
func newStateLine(st *tunnel.State, hookPath string) stateLine {
	line := stateLine{Schema: 1, Type: "state", Part: "tunnel", State: phaseWord(st.Phase)}
	if st.URL != "" {
		line.URL = st.URL + hookPath
	}
	if !st.Retry.IsZero() {
		line.RetryAt = stamp(st.Retry)
	}
	if p := st.Problem; p != nil {
		line.Code, line.Error, line.Cause, line.Fix = p.Code, p.Message, p.Cause, p.Fix
		if p.Known() {
			line.Error, line.Cause = p.Cause, ""
		}
	}
	return line
}

package describe

// The state of targets in a few words.

import (
	"fmt"
	"strings"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// TargetName is the name that the user gave a target, or its address in short.
func TargetName(name, url string) string {
	if name != "" && !strings.ContainsAny(name, ":/. ") && strings.Trim(name, "0123456789") != "" {
		return visible.Line(name)
	}
	return visible.Line(style.HostPart(url, true))
}

// Health is what is known of a target, in a mark and a word.
func Health(t *style.Theme, h dev.Health) (mark, word string, look style.Style) {
	switch h {
	case dev.Healthy:
		return t.Mark.Ok, "up", t.Ok
	case dev.Failing:
		return t.Mark.Failed, "failing", t.Failed
	case dev.Away:
		return t.Mark.Warn, "away", t.Warn
	}
	return t.Mark.Idle, "not tried yet", t.Dim
}

// HealthText says in words how a target is, since when, and how often; empty: it was not
// tried yet.
func HealthText(target *dev.Target, f screen.Frame) string {
	if target.Since.IsZero() {
		return ""
	}
	last := target.Attempt() + " at " + f.Moment(target.Last)
	if target.Event != "" {
		last += " (" + target.Event.Short() + ")"
	}
	health := f.State.Health(target)
	if health != target.Health {
		return "nothing listens there now; the last attempt: " + last
	}
	switch health {
	case dev.Healthy:
		return fmt.Sprintf("up since %s: %d of %s answered 2xx, last: %s", f.Moment(target.Since), target.Right, style.Plural(int64(target.Tried), "attempt"), last)
	case dev.Failing:
		times := "once"
		if target.InARow > 1 {
			times = fmt.Sprintf("%d times in a row", target.InARow)
		}
		return fmt.Sprintf("failing since %s: %s, last: %s", f.Moment(target.Since), times, last)
	case dev.Away:
		return fmt.Sprintf("not listening since %s; last tried at %s", f.Moment(target.Since), f.Moment(target.Last))
	}
	return ""
}

// Quiet reports whether this run has seen nothing yet.
func Quiet(f screen.Frame) bool {
	st := f.State
	return st.Received == 0 && st.Refused == 0 && !st.Store.Newest.After(st.Started)
}

// Held is how many events wait for targets.
func Held(st *dev.State) int64 {
	n := 0
	for i := range st.Targets {
		n += st.Targets[i].Waiting
	}
	return int64(n)
}

// IsHolding reports whether a target keeps what waits for it, since it is down, is paused or has
// asked for time: nothing is sent by itself in a moment.
func IsHolding(st *dev.State, name string) bool {
	if st == nil {
		return false
	}
	for i := range st.Targets {
		if t := &st.Targets[i]; t.Name == name {
			return t.Paused || !t.Until.IsZero() || st.Health(t) == dev.Away
		}
	}
	return false
}

// Paused reports whether all targets are.
func Paused(st *dev.State) bool {
	for i := range st.Targets {
		if !st.Targets[i].Paused {
			return false
		}
	}
	return len(st.Targets) > 0
}

// Destination says where an event goes that is sent now, and how that target is, for example
// "→ http://localhost:8000 ✓ up".
func Destination(f screen.Frame) string {
	t, targets := f.Theme, f.State.Targets
	switch len(targets) {
	case 0:
		return "no handler: only recorded"
	case 1:
		mark, word, look := Health(t, f.State.Health(&targets[0]))
		return t.Mark.Arrow + " " + visible.Line(targets[0].URL) + " " + look.Paint(mark+" "+word)
	}
	return t.Mark.Arrow + " " + style.Plural(int64(len(targets)), "target")
}

// Addressees names the targets in a sentence, for example ":8000" or "2 targets"; empty: there
// is none.
func Addressees(st *dev.State) string {
	switch n := len(st.Targets); n {
	case 0:
		return ""
	case 1:
		return visible.Line(style.HostPart(st.Targets[0].URL, true))
	default:
		return style.Plural(int64(n), "target")
	}
}

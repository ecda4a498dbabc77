// Package header draws what stands above every screen: the public URL and how the parts on
// the way from the Hub to the handler are, the box about a tunnel in trouble, and what there
// is to set up before the first event.
package header

// The header is one line and a rule: the URL first, then the tunnel and the handler, and of
// the other parts those that are not well. Red is for what needs somebody now.

import (
	"cmp"
	"fmt"
	"strings"

	"hfhook/internal/attempt"
	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
	"hfhook/tunnel"
)

// A Link is the state of one part on the way of an event.
type Link struct {
	Name string // of the part, for example "Tunnel"
	Mark string

	look    style.Style
	text    string // what is said of it
	short   string // the same with less room; empty: as text
	unwell  bool   // it is not as it should be: always in the header
	nothing bool   // well, and not worth a word in the header
}

func (k Link) paint(t *style.Theme, short bool) string {
	text := k.text
	if short && k.short != "" {
		text = k.short
	}
	return k.look.Paint(k.Mark + " " + t.Mark.Say(text))
}

// A version is how much of the header is said: each one less than the one before.
type version int

const (
	whole version = iota
	noProject
	noCopy
	noScheme
	shortWords
	noQuota
	noPath
	onlyUnwell
)

// Draw draws the lines of the header.
func Draw(f screen.Frame, l screen.Layout) []string {
	var left, right string
	for v := whole; v <= onlyUnwell; v++ {
		left, right = address(f, l, v), states(f, v)
		if style.Width(left)+2+style.Width(right) < f.W {
			break
		}
	}
	t := f.Theme
	room := f.W - style.Width(right) - 3
	switch {
	case right == "":
		left = t.Cut(left, f.W-1)
	case room < 10:
		left = ""
	default:
		left = t.Cut(left, room)
	}
	line := left + style.Spaces(f.W-1-style.Width(left)-style.Width(right)) + right
	return []string{t.Fit(line, f.W), t.Line(f.W, "")}
}

// Rule is the rule of a screen that has no header, with the states in it.
func Rule(f screen.Frame) string {
	t := f.Theme
	var right string
	for v := shortWords; v <= onlyUnwell; v++ {
		if right = states(f, v); style.Width(right)+8 < f.W {
			break
		}
	}
	if right == "" || style.Width(right)+8 >= f.W {
		return t.Line(f.W, "")
	}
	n := f.W - style.Width(right) - 4
	return t.Dim.Paint(strings.Repeat(t.Mark.Rule, n)) + " " + right + " " + t.Dim.Paint(strings.Repeat(t.Mark.Rule, 2))
}

// address is where events come in.
func address(f screen.Frame, l screen.Layout, v version) string {
	t, st := f.Theme, f.State
	url := st.HookURL
	if url == "" {
		url = st.LocalURL
	}
	if v >= noScheme {
		url = style.Address(url, false)
	}
	if v >= noPath {
		url = style.HostPart(url, false)
	}
	url = visible.Line(url)
	switch {
	case st.HookURL == "" && v >= noPath: // the states are worth more than an address that everybody knows
		return " " + t.Bold.Paint("hfhook")
	case st.HookURL == "":
		return " " + t.Bold.Paint("hfhook") + "  " + t.Dim.Paint(url)
	case st.Tunnel.Phase != tunnel.Up:
		return " " + t.Dim.Paint(url) // it does not point here now
	case l.Copies && v < noCopy:
		return " " + t.Link.Paint(url) + "  " + t.Key.Paint(f.Label(keymap.ActCopy)) + t.Dim.Paint(" copy")
	}
	return " " + t.Link.Paint(url)
}

// states are the parts of the way, the project and what came today.
func states(f screen.Frame, v version) string {
	t := f.Theme
	var parts []string
	for _, k := range []Link{storeLink(f), secretLink(f), hubLink(f), tunnelLink(f), handlerLink(f)} {
		if k.unwell || !k.nothing && v < onlyUnwell {
			parts = append(parts, k.paint(t, v >= shortWords))
		}
	}
	if f.State.Project != "" && v < noProject {
		parts = append(parts, t.Dim.Paint(visible.Line(f.State.Project)))
	}
	if text, look, near := meter(f); text != "" && (near || v < noQuota) {
		parts = append(parts, look.Paint(text+" today"))
	}
	gap := "   "
	if v >= shortWords {
		gap = "  "
	}
	return strings.Join(parts, gap)
}

// Links are the parts of the way from the tunnel to the handler.
func Links(f screen.Frame) []Link {
	return []Link{tunnelLink(f), secretLink(f), storeLink(f), handlerLink(f)}
}

// Lost reports whether the tunnel was up, and is not.
func Lost(st tunnel.State) bool { return !st.Lost.IsZero() }

func tunnelLink(f screen.Frame) Link {
	t, st := f.Theme, f.State.Tunnel
	k := Link{Name: "Tunnel", Mark: t.Mark.Busy, look: t.Warn}
	switch {
	case st.Phase == tunnel.Up:
		k.Mark, k.look, k.text, k.short = t.Mark.Ok, t.Ok, "tunnel", "tunnel"
		if st.Latency > 0 {
			k.text += " " + duration.Text(st.Latency)
		}
	case Lost(st):
		k.Mark, k.look, k.unwell = t.Mark.Failed, t.Failed, true
		k.text = "tunnel lost " + duration.Seconds(f.Now.Sub(st.Lost))
	case st.NotSetUp(), st.Phase == tunnel.Off, st.Phase == "":
		k.Mark, k.look, k.text = t.Mark.Idle, t.Dim, "no tunnel"
	case st.Phase == tunnel.Down:
		k.Mark, k.look, k.text, k.unwell = t.Mark.Failed, t.Failed, "no tunnel", true
	case st.Problem != nil:
		k.Mark, k.text, k.unwell = t.Mark.Warn, "no tunnel yet", true
	default:
		k.text, k.unwell = "tunnel "+string(st.Phase), true
	}
	return k
}

// secretLink counts what was refused for its secret and may be the Hub's. Strangers who
// try a public URL need nobody's attention.
func secretLink(f screen.Frame) Link {
	t, st := f.Theme, f.State.Secret
	switch {
	case !st.Verified:
		return Link{Name: "Secret", Mark: t.Mark.Warn, look: t.Warn, text: "secret not checked", unwell: true}
	case st.Bad > 0:
		return Link{Name: "Secret", Mark: t.Mark.Failed, look: t.Failed, text: style.Plural(int64(st.Bad), "wrong secret"), unwell: true}
	}
	return Link{Name: "Secret", Mark: t.Mark.Ok, look: t.Ok, nothing: true}
}

func storeLink(f screen.Frame) Link {
	t, st := f.Theme, f.State.Store
	if st.Err != "" {
		return Link{Name: "Store", Mark: t.Mark.Failed, look: t.Failed, text: "store: " + st.Short, unwell: true}
	}
	return Link{Name: "Store", Mark: t.Mark.Ok, look: t.Ok, nothing: true}
}

// handlerLink is the state of the target that is worst off.
func handlerLink(f screen.Frame) Link {
	t := f.Theme
	k := Link{Name: "Handler", Mark: t.Mark.Ok, look: t.Ok}
	targets := f.State.Targets
	if len(targets) == 0 {
		k.Mark, k.look, k.text = t.Mark.Idle, t.Dim, "no handler"
		return k
	}
	worst, troubled := targets[0], 0
	health := f.State.Health(&worst)
	for _, target := range targets {
		now := f.State.Health(&target)
		if severity(now) > severity(health) {
			worst, health = target, now
		}
		if severity(now) >= severity(dev.Away) {
			troubled++
		}
	}
	k.text = describe.TargetName(worst.Name, worst.URL)
	switch health {
	case dev.Away:
		k.Mark, k.look, k.unwell = t.Mark.Warn, t.Warn, true
		k.short, k.text = k.text+" away", k.text+" away"
		if worst.Waiting > 0 {
			k.text += fmt.Sprintf(", %s held", style.Count(int64(worst.Waiting)))
		}
	case dev.Failing:
		k.Mark, k.look, k.unwell = t.Mark.Failed, t.Failed, true
		k.text += " " + cmp.Or(worst.Result, attempt.NoAnswer)
		if worst.InARow > 1 {
			k.text += fmt.Sprintf(" ×%d", worst.InARow)
		}
	case dev.Healthy:
	default:
		k.Mark, k.look = t.Mark.Idle, t.Dim
	}
	switch {
	case len(targets) > 1 && troubled > 0:
		word := "failing"
		if health == dev.Away {
			word = "away"
		}
		k.short = fmt.Sprintf("%d of %d handlers", troubled, len(targets))
		k.text = k.short + " " + word
	case len(targets) > 1:
		k.text = style.Plural(int64(len(targets)), "handler")
	}
	if describe.Paused(f.State) {
		k.Mark, k.look, k.text, k.short, k.unwell = t.Mark.Warn, t.Warn, "paused", "", true
		if n := describe.Held(f.State); n > 0 {
			k.text += fmt.Sprintf(", %s held", style.Count(n))
		}
	}
	return k
}

func severity(h dev.Health) int {
	switch h {
	case dev.Failing:
		return 3
	case dev.Away:
		return 2
	case dev.Unknown:
		return 1
	}
	return 0
}

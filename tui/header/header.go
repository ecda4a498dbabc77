// Package header draws what stands above every screen: the way from the Hub to the handler,
// the box about a tunnel in trouble, and the checklist before the first event.
package header

// The header: five links from the Hub to the handler, each with a mark and a word,
// and the address.

import (
	"fmt"
	"strings"
	"time"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
	"hfhook/tui/style"
	"hfhook/tunnel"
)

// A Link is the state of one part of the way of an event.
type Link struct {
	Mark        string
	look        style.Style
	Word, short string
	detail      string // what there is to say in few words
	brief       string // the same where there is hardly room
}

// Draw draws the lines of the header: the links, the address, a rule.
func Draw(f screen.Frame, l screen.Layout) []string {
	t := f.Theme
	links := []Link{hubLink(f), TunnelLink(f), SecretLink(f), StoreLink(f), HandlerLink(f)}
	first := wideLinks(f, links)
	if l.Kind != screen.Wide {
		first = narrowLinks(f, links)
	}
	lines := []string{first}
	if l.Header > 2 {
		lines = append(lines, addressLine(f, l))
	}
	return append(lines, t.Line(f.W, ""))
}

func wideLinks(f screen.Frame, links []Link) string {
	t := f.Theme
	sep := t.Dim.Paint(" " + t.Mark.Rule + " ")
	chain := func(brief bool) string {
		var parts []string
		for i, k := range links {
			text := k.Mark + " " + k.Word
			if k.detail != "" && !(brief && i == len(links)-1 && k.Mark == t.Mark.Ok) {
				text += " " + k.detail
			}
			parts = append(parts, k.look.Paint(text))
		}
		return " " + t.Bold.Paint("hfhook") + "  " + strings.Join(parts, sep)
	}
	text, look := meter(f)
	if text == "" {
		return t.Lead(chain(false), t.Dim.Paint(style.Count(f.State.Received)+" received "), f.W)
	}
	// What is well needs the fewest words.
	left, full := chain(false), text+" in 24h"
	if style.Width(left)+2+style.Width(full) >= f.W {
		left = chain(true)
	}
	if style.Width(left)+2+style.Width(full) < f.W {
		text = full
	}
	return t.Lead(left, look.Paint(text+" "), f.W)
}

func narrowLinks(f screen.Frame, links []Link) string {
	t := f.Theme
	parts := make([]string, len(links))
	for i, k := range links {
		parts[i] = k.look.Paint(k.short + k.Mark + k.brief)
	}
	chain := strings.Join(parts, " ") + " "
	if text, look := meter(f); text != "" && style.Width(chain)+style.Width(text)+12 < f.W {
		chain += "  " + look.Paint(text) + " "
	}
	name := " " + t.Bold.Paint("hfhook")
	if style.Width(name)+1+style.Width(chain) > f.W {
		return t.Fit(" "+chain, f.W)
	}
	return t.Spread(name, chain, f.W)
}

func TunnelLink(f screen.Frame) Link {
	t, st := f.Theme, f.State.Tunnel
	k := Link{Mark: t.Mark.Busy, look: t.Warn, Word: "Tunnel", short: "Tun"}
	switch st.Phase {
	case tunnel.Up:
		k.Mark, k.look = t.Mark.Ok, t.Ok
		k.detail = "up"
		if st.Latency > 0 {
			k.detail = roundTrip(st.Latency)
		}
	case tunnel.Connecting, tunnel.Checking:
		k.detail = string(st.Phase)
	case tunnel.Waiting, tunnel.Down:
		k.Mark, k.look = t.Mark.Failed, t.Failed
		k.Word, k.short = "TUNNEL DOWN", "TUN"
		k.detail = style.Clock(f.Now.Sub(downSince(f)))
	default:
		k.Mark, k.look, k.detail = t.Mark.Off, t.Dim, "off"
	}
	return k
}

// roundTrip is the time of a request, to the millisecond.
func roundTrip(d time.Duration) string {
	if d < time.Millisecond {
		return "1ms"
	}
	return fmt.Sprintf("%dms", d.Round(time.Millisecond).Milliseconds())
}

// downSince is when the tunnel was lost in this run; of one that never was up, when the run
// began.
func downSince(f screen.Frame) time.Time {
	if lost := f.State.Tunnel.Lost; !lost.IsZero() {
		return lost
	}
	return f.State.Started
}

func SecretLink(f screen.Frame) Link {
	t, st := f.Theme, f.State.Secret
	k := Link{Mark: t.Mark.Ok, look: t.Ok, Word: "Secret", short: "Key"}
	switch {
	case !st.Verified:
		k.Mark, k.look, k.detail, k.brief = t.Mark.Warn, t.Warn, "not verified", "off"
	case st.Bad > 0:
		k.Mark, k.look, k.Word, k.short = t.Mark.Failed, t.Failed, "SECRET", "KEY"
		k.detail, k.brief = style.Count(int64(st.Bad))+" bad", tiny(int64(st.Bad))
	}
	return k
}

func StoreLink(f screen.Frame) Link {
	t, st := f.Theme, f.State.Store
	if st.Err != "" {
		return Link{Mark: t.Mark.Failed, look: t.Failed, Word: "STORE", short: "STORE", detail: st.Brief}
	}
	k := Link{Mark: t.Mark.Ok, look: t.Ok, Word: "Store", short: "Store", detail: style.Count(st.Events)}
	if describe.Quiet(f) { // those of earlier runs are not what one waits for
		k.detail = "0 new"
	}
	return k
}

func HandlerLink(f screen.Frame) Link {
	t := f.Theme
	k := Link{Mark: t.Mark.Ok, look: t.Ok, Word: "Handler", short: "App"}
	targets := f.State.Targets
	if len(targets) == 0 {
		k.Mark, k.look, k.detail = t.Mark.Off, t.Dim, "none"
		return k
	}
	worst, troubled := targets[0], 0
	health := f.State.Health(&worst)
	for _, target := range targets {
		now := f.State.Health(&target)
		if severity(now) > severity(health) {
			worst, health = target, now
		}
		if severity(now) >= severity(dev.Failing) {
			troubled++
		}
	}
	switch health {
	case dev.Away:
		k.Mark, k.look, k.detail = t.Mark.Warn, t.Warn, targetName(worst)+" away"
		if worst.Waiting > 0 {
			k.detail += fmt.Sprintf(", %s held", style.Count(int64(worst.Waiting)))
		}
	case dev.Failing:
		k.Mark, k.look, k.detail = t.Mark.Failed, t.Failed, fmt.Sprintf("%s ×%d", worst.Result, worst.InARow)
		if worst.Status == 0 {
			k.detail = fmt.Sprintf("no answer ×%d", worst.InARow)
		}
	case dev.Healthy:
		k.detail = targetName(worst)
	default:
		k.Mark, k.look, k.detail = t.Mark.Idle, t.Dim, targetName(worst)
	}
	k.detail = t.Mark.Say(k.detail)
	switch {
	case len(targets) > 1 && troubled > 0:
		k.detail = fmt.Sprintf("%d of %d failing", troubled, len(targets))
		k.brief = tiny(int64(troubled))
	case len(targets) > 1:
		k.detail = style.Plural(int64(len(targets)), "target")
	}
	if describe.Paused(f.State) {
		k.Mark, k.look, k.detail, k.brief = t.Mark.Warn, t.Warn, "paused", "off"
		if n := describe.Held(f.State); n > 0 {
			k.detail += fmt.Sprintf(", %s held", style.Count(n))
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

func targetName(target dev.Target) string {
	return visible.Line(style.HostPart(target.URL, true))
}

// tiny is a count of one or two cells.
func tiny(n int64) string {
	if n > 9 {
		return "9+"
	}
	return fmt.Sprint(n)
}

// addressLine says where events come in.
func addressLine(f screen.Frame, l screen.Layout) string {
	t, st := f.Theme, f.State
	var left string
	url := st.HookURL
	if l.Kind != screen.Wide {
		url = style.Address(url, false)
	}
	switch {
	case url != "" && Lost(st.Tunnel):
		left = t.Dim.Paint(" (was) ") + visible.Line(url)
	case url != "":
		left = " " + t.Link.Paint(visible.Line(url))
	case st.Tunnel.Phase == tunnel.Off || st.Tunnel.Phase == "":
		left = t.Dim.Paint(" local only  ") + visible.Line(st.LocalURL)
	default:
		left = t.Dim.Paint(" no public URL yet  ") + visible.Line(st.LocalURL)
	}
	right := t.Dim.Paint("project " + visible.Line(st.Project) + " ")
	switch {
	case l.Kind == screen.Wide && st.Project != "":
	case Lost(st.Tunnel):
		right = "down " + style.Clock(f.Now.Sub(downSince(f))) + " "
	case describe.Quiet(f):
		right = "0 new "
	default:
		right = style.Plural(st.Store.Events, "event") + " "
	}
	return t.Spread(left, right, f.W)
}

// Lost reports whether the tunnel is not there although it is wanted.
func Lost(st tunnel.State) bool {
	return st.Phase == tunnel.Waiting || st.Phase == tunnel.Down
}

package tui

// The header: five links from the Hub to the handler, each with a mark and a word,
// and the address.

import (
	"fmt"
	"strings"
	"time"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tunnel"
)

// A link is the state of one part of the way of an event.
type link struct {
	mark        string
	look        style
	word, short string
	detail      string // what there is to say in few words
	brief       string // the same where there is hardly room
}

// header draws the lines of the header: the links, the address, a rule.
func header(f frame, l layout) []string {
	t := f.theme
	links := []link{hubLink(f), tunnelLink(f), secretLink(f), storeLink(f), handlerLink(f)}
	first := wideLinks(f, links)
	if l.kind != wide {
		first = narrowLinks(f, links)
	}
	lines := []string{first}
	if l.header > 2 {
		lines = append(lines, addressLine(f, l))
	}
	return append(lines, t.line(f.w, ""))
}

func wideLinks(f frame, links []link) string {
	t := f.theme
	sep := t.dim.paint(" " + t.mark.rule + " ")
	chain := func(brief bool) string {
		var parts []string
		for i, k := range links {
			text := k.mark + " " + k.word
			if k.detail != "" && !(brief && i == len(links)-1 && k.mark == t.mark.ok) {
				text += " " + k.detail
			}
			parts = append(parts, k.look.paint(text))
		}
		return " " + t.bold.paint("hfhook") + "  " + strings.Join(parts, sep)
	}
	text, look := meter(f)
	if text == "" {
		return t.lead(chain(false), t.dim.paint(count(f.state.Received)+" received "), f.w)
	}
	// What is well needs the fewest words.
	left, full := chain(false), text+" in 24h"
	if width(left)+2+width(full) >= f.w {
		left = chain(true)
	}
	if width(left)+2+width(full) < f.w {
		text = full
	}
	return t.lead(left, look.paint(text+" "), f.w)
}

func narrowLinks(f frame, links []link) string {
	t := f.theme
	parts := make([]string, len(links))
	for i, k := range links {
		parts[i] = k.look.paint(k.short + k.mark + k.brief)
	}
	chain := strings.Join(parts, " ") + " "
	if text, look := meter(f); text != "" && width(chain)+width(text)+12 < f.w {
		chain += "  " + look.paint(text) + " "
	}
	name := " " + t.bold.paint("hfhook")
	if width(name)+1+width(chain) > f.w {
		return t.fit(" "+chain, f.w)
	}
	return t.spread(name, chain, f.w)
}

func tunnelLink(f frame) link {
	t, st := f.theme, f.state.Tunnel
	k := link{mark: t.mark.busy, look: t.warn, word: "Tunnel", short: "Tun"}
	switch st.Phase {
	case tunnel.Up:
		k.mark, k.look = t.mark.ok, t.ok
		k.detail = "up"
		if st.Latency > 0 {
			k.detail = roundTrip(st.Latency)
		}
	case tunnel.Connecting, tunnel.Checking:
		k.detail = string(st.Phase)
	case tunnel.Waiting, tunnel.Down:
		k.mark, k.look = t.mark.failed, t.failed
		k.word, k.short = "TUNNEL DOWN", "TUN"
		k.detail = clock(f.now.Sub(downSince(f)))
	default:
		k.mark, k.look, k.detail = t.mark.off, t.dim, "off"
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

// downSince is when the tunnel was lost; of one that never was up, when it was first
// missing, whatever it has tried since.
func downSince(f frame) time.Time {
	since := f.state.Tunnel.Since
	if offline := f.state.Offline; !offline.IsZero() && offline.Before(since) {
		since = offline
	}
	return since
}

func secretLink(f frame) link {
	t, st := f.theme, f.state.Secret
	k := link{mark: t.mark.ok, look: t.ok, word: "Secret", short: "Key"}
	switch {
	case !st.Verified:
		k.mark, k.look, k.detail, k.brief = t.mark.warn, t.warn, "not verified", "off"
	case st.Bad > 0:
		k.mark, k.look, k.word, k.short = t.mark.failed, t.failed, "SECRET", "KEY"
		k.detail, k.brief = count(int64(st.Bad))+" bad", tiny(int64(st.Bad))
	}
	return k
}

func storeLink(f frame) link {
	t, st := f.theme, f.state.Store
	if st.Err != "" {
		return link{mark: t.mark.failed, look: t.failed, word: "STORE", short: "STORE", detail: "can not write"}
	}
	k := link{mark: t.mark.ok, look: t.ok, word: "Store", short: "Store", detail: count(st.Events)}
	if quiet(f) { // those of earlier runs are not what one waits for
		k.detail = "0 new"
	}
	return k
}

func handlerLink(f frame) link {
	t := f.theme
	k := link{mark: t.mark.ok, look: t.ok, word: "Handler", short: "App"}
	targets := f.state.Targets
	if len(targets) == 0 {
		k.mark, k.look, k.detail = t.mark.off, t.dim, "none"
		return k
	}
	worst, troubled := targets[0], 0
	health := f.state.Health(&worst)
	for _, target := range targets {
		now := f.state.Health(&target)
		if severity(now) > severity(health) {
			worst, health = target, now
		}
		if severity(now) >= severity(dev.Failing) {
			troubled++
		}
	}
	switch health {
	case dev.Away:
		k.mark, k.look, k.detail = t.mark.warn, t.warn, targetName(worst)+" away"
		if worst.Waiting > 0 {
			k.detail += fmt.Sprintf(", %s held", count(int64(worst.Waiting)))
		}
	case dev.Failing:
		k.mark, k.look, k.detail = t.mark.failed, t.failed, fmt.Sprintf("%s ×%d", worst.Result, worst.InARow)
		if worst.Status == 0 {
			k.detail = fmt.Sprintf("no answer ×%d", worst.InARow)
		}
	case dev.Healthy:
		k.detail = targetName(worst)
	default:
		k.mark, k.look, k.detail = t.mark.idle, t.dim, targetName(worst)
	}
	k.detail = t.mark.say(k.detail)
	switch {
	case len(targets) > 1 && troubled > 0:
		k.detail = fmt.Sprintf("%d of %d in trouble", troubled, len(targets))
		k.brief = tiny(int64(troubled))
	case len(targets) > 1:
		k.detail = plural(int64(len(targets)), "target")
	}
	if paused(f.state) {
		k.mark, k.look, k.detail, k.brief = t.mark.warn, t.warn, "paused", "off"
		if n := held(f.state); n > 0 {
			k.detail += fmt.Sprintf(", %s held", count(n))
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
	return visible.Line(hostPart(target.URL, true))
}

// tiny is a count of one or two cells.
func tiny(n int64) string {
	if n > 9 {
		return "9+"
	}
	return fmt.Sprint(n)
}

// addressLine says where events come in.
func addressLine(f frame, l layout) string {
	t, st := f.theme, f.state
	var left string
	url := st.HookURL
	if l.kind != wide {
		url = address(url, false)
	}
	switch {
	case url != "" && lost(st.Tunnel):
		left = t.dim.paint(" (was) ") + visible.Line(url)
	case url != "":
		left = " " + t.link.paint(visible.Line(url))
	case st.Tunnel.Phase == tunnel.Off || st.Tunnel.Phase == "":
		left = t.dim.paint(" local only  ") + visible.Line(st.LocalURL)
	default:
		left = t.dim.paint(" no public URL yet  ") + visible.Line(st.LocalURL)
	}
	right := t.dim.paint("project " + visible.Line(st.Project) + " ")
	switch {
	case l.kind == wide && st.Project != "":
	case lost(st.Tunnel):
		right = "down " + clock(f.now.Sub(downSince(f))) + " "
	case quiet(f):
		right = "0 new "
	default:
		right = plural(st.Store.Events, "event") + " "
	}
	return t.spread(left, right, f.w)
}

// lost tells whether the tunnel is not there although it is wanted.
func lost(st tunnel.State) bool {
	return st.Phase == tunnel.Waiting || st.Phase == tunnel.Down
}

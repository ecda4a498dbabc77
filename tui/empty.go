package tui

// What is there before the first event: a live checklist, and what to do next.

import (
	"fmt"
	"slices"
	"strings"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tunnel"
)

// A check is one line of the list.
type check struct {
	mark string
	look style
	name string
	text string
}

func checks(f frame, short bool) []check {
	t, st := f.theme, f.state
	path := pathOf(st.LocalURL)
	server := check{t.mark.ok, t.ok, "Server", fmt.Sprintf("listening on %s, path %s, POST only", hostOf(st.LocalURL), path)}
	if short {
		server.text = address(st.LocalURL, false)
	}
	list := []check{server, tunnelCheck(f, short), secretCheck(f, short)}
	if len(st.Targets) == 0 {
		list = append(list, check{t.mark.off, t.dim, "Handler", "none: events are kept; " + f.label(actTargets) + " adds one"})
	}
	for _, target := range st.Targets[:min(len(st.Targets), 3)] {
		list = append(list, handlerCheck(f, &target, short))
	}
	return append(list, hookCheck(f, short))
}

func tunnelCheck(f frame, short bool) check {
	t, st := f.theme, f.state
	c := check{t.mark.busy, t.warn, "Tunnel", string(st.Tunnel.Phase)}
	switch st.Tunnel.Phase {
	case tunnel.Up:
		c.mark, c.look, c.text = t.mark.ok, t.ok, st.HookURL
		if short {
			c.text = address(st.HookURL, false)
		}
	case tunnel.Connecting:
		c.text = "connecting to " + st.Tunnel.Provider
	case tunnel.Checking:
		c.text = "checking that a request comes round through the public URL"
	case tunnel.Waiting:
		c.mark, c.look = t.mark.failed, t.failed
		c.text = "lost; next attempt in " + clock(st.Tunnel.Retry.Sub(f.now))
	case tunnel.Down:
		c.mark, c.look = t.mark.failed, t.failed
		c.text = "down"
		if st.Tunnel.Problem != nil {
			c.text = "down: " + st.Tunnel.Problem.Error()
		}
	default:
		c.mark, c.look, c.text = t.mark.off, t.dim, "off: only this machine reaches the webhook"
	}
	return c
}

func secretCheck(f frame, short bool) check {
	t, st := f.theme, f.state.Secret
	if !st.Verified {
		return check{t.mark.warn, t.warn, "Secret", "not verified: everybody who knows the URL may post"}
	}
	text := fmt.Sprintf("from %s (%d chars, ASCII)", st.Source, st.Length)
	if st.Made {
		text = fmt.Sprintf("made by hfhook (%d chars), kept in %s", st.Length, st.Source)
	}
	source := st.Source
	if st.Typed {
		source = "typed in here"
		text = fmt.Sprintf("typed in here, for this run (%d chars)", st.Length)
	}
	if short {
		text = fmt.Sprintf("%s, %d chars", source, st.Length)
	}
	if st.Previous {
		text += "; the previous one is accepted too"
	}
	return check{t.mark.ok, t.ok, "Secret", text}
}

func handlerCheck(f frame, target *dev.Target, short bool) check {
	t, where := f.theme, target.URL
	if short {
		where = targetName(*target)
	}
	switch f.state.Health(target) {
	case dev.Healthy:
		return check{t.mark.ok, t.ok, "Handler", where + " takes connections"}
	case dev.Failing:
		said := "answered " + target.Result
		if target.Status == 0 {
			said = "gave no answer"
		}
		return check{t.mark.failed, t.failed, "Handler", where + " " + said}
	case dev.Away:
		if short {
			return check{t.mark.warn, t.warn, "Handler", where + " refused; events are kept"}
		}
		return check{t.mark.warn, t.warn, "Handler", where + " refused the connection; events are kept meanwhile"}
	}
	return check{t.mark.idle, t.dim, "Handler", where + " (not tried yet)"}
}

// checklist draws the whole of it on w by h cells.
func checklist(f frame, w, h int) []string {
	t := f.theme
	roomy := w >= 90 && h >= 18
	title := readiness(f, w)
	lines := []string{"", title, ""}
	if h < 12 {
		lines = lines[1:2]
	}
	margin := " "
	if roomy {
		margin = "   "
		lines[1] = "  " + title
	}
	for i, c := range checks(f, !roomy) {
		number := ""
		if roomy {
			number = t.dim.paint(fmt.Sprintf("%d ", i+1))
		}
		lines = append(lines, margin+number+c.look.paint(c.mark)+" "+t.fit(c.name, 8)+" "+t.cut(visible.Line(c.text), w-len(margin)-13))
	}
	if !roomy {
		return append(append(lines, ""), nextInShort(f, w)...)
	}
	next := "Next:  "
	lines = append(lines, "")
	byHand := ", and set the webhook up at huggingface.co/settings/webhooks"
	if st := f.state.Hub; st != nil && st.Here() != nil {
		byHand = ""
	}
	if text := hookNext(f); text != "" {
		lines = append(lines, margin+next+t.key.paint(f.label(actHooks))+"  "+text)
		next = spaces(len(next))
	}
	lines = append(lines,
		margin+next+t.key.paint(f.label(actCopy))+"  copy URL and secret"+byHand,
		margin+"       "+t.key.paint(f.label(actNew))+"  send a synthetic event now: no webhook, no tunnel and no Hub account needed",
		"",
		margin+"What reaches you once it is set up:",
		margin+t.dim.paint("  push, tag, PR and branch changes on the repos you watch     repo.content"),
		margin+t.dim.paint("  create, delete, rename, settings                            repo, repo.config"),
		margin+t.dim.paint("  discussions, pull requests and comments                     discussion, discussion.comment"),
		"",
		margin+"Sent something and see nothing?   "+t.key.paint(f.label(actDoctor))+"  runs the doctor (about 3 s)",
		"",
	)
	gone := margin + "This screen goes away with the first event."
	if n := f.state.Store.Events; n > 0 {
		gone += " The " + plural(n, "event") + " of earlier runs: press " + t.key.paint(f.label(actEarlier)) + "."
	}
	return append(lines, gone)
}

// readiness is the title on w cells: that events can come, or from where alone.
func readiness(f frame, w int) string {
	t := f.theme
	title := t.bold.paint(" Ready to receive.")
	switch st := f.state.Tunnel; {
	case lost(st):
		title = t.warn.paint(" The Hub does not reach this machine.")
	case st.Phase == tunnel.Connecting, st.Phase == tunnel.Checking:
		title = t.bold.paint(" Ready on this machine") + t.mark.busy
	}
	if yet := " Nothing has arrived yet."; width(title)+width(yet) <= w {
		title += yet
	}
	return title
}

// nextInShort says what to do next in as few lines as there may be.
func nextInShort(f frame, w int) []string {
	t := f.theme
	offer := func(a action, words string) string { return t.key.paint(f.label(a)) + " " + words }
	var offers []string
	if hookNext(f) != "" {
		words := "create it"
		if f.state.Hub.Here() != nil || earlierHook(f.state.Hub) != nil {
			words = "webhooks"
		}
		offers = append(offers, offer(actHooks, words))
	}
	offers = append(offers, offer(actCopy, "copy URL+secret"), offer(actNew, "synthetic event"))
	lines := []string{"", "Nothing after a push?  " + offer(actDoctor, "runs the doctor.")}
	for i, o := range offers {
		switch {
		case i == 0:
			lines[0] = o
		case width(lines[0])+3+width(o) < w:
			lines[0] += "   " + o
		}
	}
	if n := f.state.Store.Events; n > 0 {
		lines = append(lines, count(n)+" older events:  "+t.key.paint(f.label(actEarlier)))
	}
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return slices.Insert(lines, 1, "")
}

func hostOf(raw string) string {
	return hostPart(raw, false)
}

func pathOf(raw string) string {
	_, path, _ := strings.Cut(address(raw, false), "/")
	return "/" + path
}

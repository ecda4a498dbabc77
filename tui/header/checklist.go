package header

// What is there before the first event: a live checklist, and what to do next.

import (
	"fmt"
	"slices"
	"strings"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
	"hfhook/tunnel"
)

// A check is one line of the list.
type check struct {
	mark string
	look style.Style
	name string
	text string
}

func checks(f screen.Frame, short bool) []check {
	t, st := f.Theme, f.State
	path := pathOf(st.LocalURL)
	server := check{t.Mark.Ok, t.Ok, "Server", fmt.Sprintf("listening on %s, path %s, POST only", HostOf(st.LocalURL), path)}
	if short {
		server.text = style.Address(st.LocalURL, false)
	}
	list := []check{server, tunnelCheck(f, short), secretCheck(f, short)}
	if len(st.Targets) == 0 {
		list = append(list, check{t.Mark.Off, t.Dim, "Handler", "none: events are saved; " + f.Label(keymap.ActTargets) + " adds one"})
	}
	for _, target := range st.Targets[:min(len(st.Targets), 3)] {
		list = append(list, handlerCheck(f, &target, short))
	}
	return append(list, hookCheck(f, short))
}

func tunnelCheck(f screen.Frame, short bool) check {
	t, st := f.Theme, f.State
	c := check{t.Mark.Busy, t.Warn, "Tunnel", string(st.Tunnel.Phase)}
	switch st.Tunnel.Phase {
	case tunnel.Up:
		c.mark, c.look, c.text = t.Mark.Ok, t.Ok, st.HookURL
		if short {
			c.text = style.Address(st.HookURL, false)
		}
	case tunnel.Connecting:
		c.text = "connecting to " + st.Tunnel.Provider
	case tunnel.Checking:
		c.text = "checking that a test request arrives through the public URL"
	case tunnel.Waiting:
		c.mark, c.look = t.Mark.Failed, t.Failed
		c.text = "lost; next attempt in " + style.Clock(st.Tunnel.Retry.Sub(f.Now))
	case tunnel.Down:
		c.mark, c.look = t.Mark.Failed, t.Failed
		c.text = "down"
		if st.Tunnel.Problem != nil {
			c.text = "down: " + st.Tunnel.Problem.Error()
		}
	default:
		c.mark, c.look, c.text = t.Mark.Off, t.Dim, "off (local only)"
	}
	return c
}

func secretCheck(f screen.Frame, short bool) check {
	t, st := f.Theme, f.State.Secret
	if !st.Verified {
		return check{t.Mark.Warn, t.Warn, "Secret", "no secret: anyone who knows the URL can post"}
	}
	text := fmt.Sprintf("from %s (%s, ASCII)", st.Source, style.Plural(int64(st.Length), "char"))
	if st.Made {
		text = fmt.Sprintf("made by hfhook (%s), kept in %s", style.Plural(int64(st.Length), "char"), st.Source)
	}
	source := st.Source
	if st.Typed {
		source = "entered here"
		text = fmt.Sprintf("typed in here, for this run (%s)", style.Plural(int64(st.Length), "char"))
	}
	if short {
		text = fmt.Sprintf("%s, %s", source, style.Plural(int64(st.Length), "char"))
	}
	if st.Previous {
		text += "; the previous one is accepted too"
	}
	return check{t.Mark.Ok, t.Ok, "Secret", text}
}

func handlerCheck(f screen.Frame, target *dev.Target, short bool) check {
	t, where := f.Theme, target.URL
	if short {
		where = targetName(*target)
	}
	switch f.State.Health(target) {
	case dev.Healthy:
		if path := describe.ProposedPath(f.State, target); path != "" {
			return check{t.Mark.Warn, t.Warn, "Handler", where + " has POST " + visible.Line(path) + ": " + f.Label(keymap.ActSendTo) + " sends events there"}
		}
		return check{t.Mark.Ok, t.Ok, "Handler", where + " takes connections"}
	case dev.Failing:
		said := "answered " + target.Result
		if target.Status == 0 {
			said = "gave no answer"
		}
		return check{t.Mark.Failed, t.Failed, "Handler", where + " " + said}
	case dev.Away:
		if short {
			return check{t.Mark.Warn, t.Warn, "Handler", where + " refused; events are queued"}
		}
		return check{t.Mark.Warn, t.Warn, "Handler", where + " connection refused; events are queued"}
	}
	return check{t.Mark.Idle, t.Dim, "Handler", where + " (not tried yet)"}
}

// Checklist draws the whole of it on w by h cells.
func Checklist(f screen.Frame, w, h int) []string {
	t := f.Theme
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
			number = t.Dim.Paint(fmt.Sprintf("%d ", i+1))
		}
		lines = append(lines, margin+number+c.look.Paint(c.mark)+" "+t.Fit(c.name, 8)+" "+t.Cut(visible.Line(c.text), w-len(margin)-13))
	}
	if !roomy {
		return append(append(lines, ""), nextInShort(f, w)...)
	}
	next := "Next:  "
	lines = append(lines, "")
	byHand := ", and create a webhook at huggingface.co/settings/webhooks"
	if st := f.State.Hub; st != nil && st.Here() != nil {
		byHand = ""
	}
	if text := hookNext(f); text != "" {
		lines = append(lines, margin+next+t.Key.Paint(f.Label(keymap.ActHooks))+"  "+text)
		next = style.Spaces(len(next))
	}
	lines = append(lines,
		margin+next+t.Key.Paint(f.Label(keymap.ActCopy))+"  copy URL and secret"+byHand,
		margin+"       "+t.Key.Paint(f.Label(keymap.ActNew))+"  send a synthetic event now: no webhook, no tunnel and no Hub account needed",
		"",
		margin+"You'll receive:",
		margin+t.Dim.Paint("  push, tag, PR and branch changes on the repos you watch     repo.content"),
		margin+t.Dim.Paint("  create, delete, rename, settings                            repo, repo.config"),
		margin+t.Dim.Paint("  discussions, pull requests and comments                     discussion, discussion.comment"),
		"",
		margin+"Sent something and see nothing?   "+t.Key.Paint(f.Label(keymap.ActDoctor))+"  runs the doctor (about 3 s)",
		"",
	)
	gone := margin + "This screen goes away with the first event."
	if n := f.State.Store.Events; n > 0 {
		gone += " The " + style.Plural(n, "event") + " of earlier runs: press " + t.Key.Paint(f.Label(keymap.ActEarlier)) + "."
	}
	return append(lines, gone)
}

// readiness is the title on w cells: that events can come, or from where alone.
func readiness(f screen.Frame, w int) string {
	t := f.Theme
	title := t.Bold.Paint(" Ready to receive.")
	switch st := f.State.Tunnel; {
	case st.Phase == tunnel.Waiting, st.Phase == tunnel.Down:
		title = t.Warn.Paint(" The Hub can't reach this machine yet.")
	case st.Phase == tunnel.Connecting, st.Phase == tunnel.Checking:
		title = t.Bold.Paint(" Ready on this machine") + t.Mark.Busy
	}
	if yet := " Nothing has arrived yet."; style.Width(title)+style.Width(yet) <= w {
		title += yet
	}
	return title
}

// nextInShort says what to do next in as few lines as there may be.
func nextInShort(f screen.Frame, w int) []string {
	t := f.Theme
	offer := func(a keymap.Action, words string) string { return t.Key.Paint(f.Label(a)) + " " + words }
	var offers []string
	if hookNext(f) != "" {
		words := "create it"
		if f.State.Hub.Here() != nil || earlierHook(f.State.Hub) != nil {
			words = "webhooks"
		}
		offers = append(offers, offer(keymap.ActHooks, words))
	}
	offers = append(offers, offer(keymap.ActCopy, "copy URL+secret"), offer(keymap.ActNew, "synthetic event"))
	lines := []string{"", "Nothing after a push?  " + offer(keymap.ActDoctor, "runs the doctor.")}
	for i, o := range offers {
		switch {
		case i == 0:
			lines[0] = o
		case style.Width(lines[0])+3+style.Width(o) < w:
			lines[0] += "   " + o
		}
	}
	if n := f.State.Store.Events; n > 0 {
		lines = append(lines, style.Count(n)+" older events:  "+t.Key.Paint(f.Label(keymap.ActEarlier)))
	}
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return slices.Insert(lines, 1, "")
}

func HostOf(raw string) string {
	return style.HostPart(raw, false)
}

func pathOf(raw string) string {
	_, path, _ := strings.Cut(style.Address(raw, false), "/")
	return "/" + path
}

package tui

// What is there before the first event: a live checklist, and what to do next.

import (
	"fmt"
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
		list = append(list, check{t.mark.off, t.dim, "Handler", "none: events are kept, and nothing is sent on"})
	}
	for _, target := range st.Targets[:min(len(st.Targets), 3)] {
		list = append(list, handlerCheck(t, target, short))
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

func handlerCheck(t *theme, target dev.Target, short bool) check {
	where := target.URL
	if short {
		where = targetName(target)
	}
	switch target.Health {
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
	lines := []string{"", t.bold.paint(" Ready to receive.") + " Nothing has arrived yet.", ""}
	if h < 12 {
		lines = []string{t.bold.paint(" Ready to receive.") + " Nothing has arrived yet."}
	}
	margin := " "
	if roomy {
		margin = "   "
		lines[1] = "  " + lines[1]
	}
	for i, c := range checks(f, !roomy) {
		number := ""
		if roomy {
			number = t.dim.paint(fmt.Sprintf("%d ", i+1))
		}
		lines = append(lines, margin+number+c.look.paint(c.mark)+" "+t.fit(c.name, 8)+" "+t.cut(visible.Line(c.text), w-len(margin)-13))
	}
	if !roomy {
		return append(lines, "",
			margin+t.key.paint(t.label(actCopy))+" copy URL and secret   "+t.key.paint(t.label(actNew))+" synthetic event   "+t.key.paint(t.label(actDoctor))+" doctor",
			earlier(f, margin))
	}
	next := "Next:  "
	lines = append(lines, "")
	byHand := ", and set the webhook up at huggingface.co/settings/webhooks"
	switch st := f.state.Hub; {
	case st != nil && st.Here() != nil:
		byHand = ""
	case st != nil && st.User != "":
		lines = append(lines, margin+next+t.key.paint(t.label(actHooks))+"  create the webhook for me (asks what to watch; uses your hf login as "+visible.Line(st.User)+")")
		next = spaces(len(next))
	}
	lines = append(lines,
		margin+next+t.key.paint(t.label(actCopy))+"  copy URL and secret"+byHand,
		margin+"       "+t.key.paint(t.label(actNew))+"  send a synthetic event now: no webhook, no tunnel and no Hub account needed",
		"",
		margin+"What reaches you once it is set up:",
		margin+t.dim.paint("  push, tag, PR and branch changes on the repos you watch     repo.content"),
		margin+t.dim.paint("  create, delete, rename, settings                            repo, repo.config"),
		margin+t.dim.paint("  discussions, pull requests and comments                     discussion, discussion.comment"),
		"",
		margin+"Sent something and see nothing?   "+t.key.paint(t.label(actDoctor))+"  runs the doctor",
		"",
		margin+"This screen goes away with the first event.",
	)
	return append(lines, earlier(f, margin))
}

func earlier(f frame, margin string) string {
	if f.state.Store.Events == 0 {
		return ""
	}
	return margin + plural(f.state.Store.Events, "event") + " of earlier runs: " + f.theme.key.paint(f.theme.label(actEarlier))
}

func hostOf(raw string) string {
	return hostPart(raw, false)
}

func pathOf(raw string) string {
	_, path, _ := strings.Cut(address(raw, false), "/")
	return "/" + path
}

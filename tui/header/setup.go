package header

// What there is before the first event: a calm list of the steps that are left, each with a
// key, and a line for each of those that are done.

import (
	"fmt"
	"os"
	"strings"

	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
	"hfhook/tunnel"
)

// A StepAction is what a step does.
type StepAction int

// The actions of the steps.
const (
	SendSample  StepAction = iota // makes a synthetic event
	UseSSH                        // a public URL over SSH
	UseNgrok                      // asks for ngrok's authtoken
	UseProgram                    // runs cloudflared
	UseOwnURL                     // asks for a URL of the user's own
	UseNone                       // goes on without a tunnel
	TunnelMenu                    // opens the menu of the tunnel
	UsePort                       // sends events to the port that listens
	UsePath                       // sends events to the path that the handler has
	OpenTargets                   // opens the targets
	OpenHooks                     // opens the webhooks on the Hub
	CopyURL                       // opens the menu that copies URL and secret
)

// A Step is one line of the list. The first step of a part has the part's heading.
type Step struct {
	StepAction StepAction
	Key        string // that does it, too; empty: none
	Text       string
	Note       string // what it takes, or what comes of it; grey
	Less       string // the same where there is little room; empty: the Note
	part       string
}

// Options are what the list knows besides the State.
type Options struct {
	Change    bool        // the tunnel can be changed
	SSH       string      // host that gives a public URL over SSH
	Program   bool        // cloudflared is installed
	Listening dev.Service // a port that may be the handler's; zero: none was found
}

// Keys of the steps that no action of the table has: those of the tunnel's menu.
const (
	KeySSH       = "s"
	KeyAuthtoken = "a"
	KeyProgram   = "c"
	KeyOwnURL    = "o"
	KeyNoTunnel  = "0"
)

// Steps are those that are left, in the order in which most people want them.
func Steps(f screen.Frame, o Options) []Step {
	steps := []Step{{SendSample, f.Label(keymap.ActNew), "Send a sample event", "no account, no tunnel", "", "Try it now"}}
	steps = append(steps, urlSteps(f, o)...)
	steps = append(steps, handlerSteps(f, o)...)
	return append(steps, laterSteps(f)...)
}

// urlSteps are those on the way to events of the Hub.
func urlSteps(f screen.Frame, o Options) []Step {
	const part = "Get real events\nfrom the Hub"
	st := f.State.Tunnel
	switch {
	case Usable(f.State):
		return hookSteps(f, part)
	case !o.Change:
		return nil
	case !st.NotSetUp():
		note := "for events from the Hub"
		if st.Phase != tunnel.Off && st.Phase != "" {
			note = st.Provider + ": " + phaseWords(f)
			return []Step{{TunnelMenu, f.Label(keymap.ActTunnel), "Change the tunnel", note, "", part}}
		}
		return []Step{{TunnelMenu, f.Label(keymap.ActTunnel), "Get a public URL", note, "", part}}
	}
	steps := []Step{
		{UseSSH, KeySSH, "Get a public URL over SSH (" + o.SSH + ")", "no account, new URL each run", "no account", part},
		{UseNgrok, KeyAuthtoken, "Use ngrok: paste an authtoken", "free account, URL stays the same", "free account, same URL", part},
	}
	if o.Program {
		steps = append(steps, Step{UseProgram, KeyProgram, "Use cloudflared", "no account, new URL each run", "no account", part})
	}
	return append(steps,
		Step{UseOwnURL, KeyOwnURL, "I already have a public URL", "", "", part},
		Step{UseNone, KeyNoTunnel, "Work on this machine only", "no tunnel", "", part})
}

// hookSteps are those once there is a public URL: the webhook.
func hookSteps(f screen.Frame, part string) []Step {
	here := hookHere(f.State.Hub)
	if here != nil && hookNext(f) == "" {
		return nil
	}
	var steps []Step
	if next := hookNext(f); next != "" {
		steps = append(steps, Step{OpenHooks, f.Label(keymap.ActHooks), next, hookNote(f), "", part})
	}
	if here == nil {
		steps = append(steps, Step{CopyURL, f.Label(keymap.ActCopy), "Copy URL and secret", "for a new webhook at huggingface.co/settings/webhooks", "huggingface.co/settings/webhooks", part})
	}
	return steps
}

func handlerSteps(f screen.Frame, o Options) []Step {
	const part = "Your handler"
	for i := range f.State.Targets {
		t := &f.State.Targets[i]
		if path := describe.ProposedPath(f.State, t); path != "" {
			return []Step{{UsePath, f.Label(keymap.ActSendTo), "Send events to POST " + visible.Line(path), "the path that your handler has", "your handler's path", part}}
		}
	}
	if len(f.State.Targets) > 0 {
		return nil
	}
	if p := o.Listening; p.Port != "" {
		return []Step{{UsePort, f.Label(keymap.ActTargets), "Send events to a local port", "127.0.0.1:" + p.Port + " is listening: use it? ↵", ":" + p.Port + " listens: use it? ↵", part}}
	}
	return []Step{{OpenTargets, f.Label(keymap.ActTargets), "Send events to a local port", "events are saved meanwhile", "events are saved", part}}
}

// laterSteps are those that need another one first.
func laterSteps(f screen.Frame) []Step {
	if f.State.Hub == nil || Usable(f.State) {
		return nil
	}
	return []Step{{OpenHooks, f.Label(keymap.ActHooks), "Create the webhook on the Hub for me", hookNote(f), "", "Later"}}
}

// hookNote is what the webhooks' screen needs before it can do something.
func hookNote(f screen.Frame) string {
	switch st := f.State.Hub; {
	case st.Trouble() == lease.NoLogin:
		return "needs hf auth login"
	case st.User == "":
		return ""
	case !Usable(f.State):
		return "needs a public URL"
	default:
		return "with your hf login as " + visible.Line(st.User)
	}
}

// Usable reports whether the Hub can send to the public URL: it is up, and not an address of
// this machine or its network.
func Usable(st *dev.State) bool {
	return st.Tunnel.Phase == tunnel.Up && st.HookURL != "" && tunnel.Public(st.HookURL)
}

// phaseWords are how far a tunnel is that is wanted.
func phaseWords(f screen.Frame) string {
	switch st := f.State.Tunnel; st.Phase {
	case tunnel.Up:
		return "only this network reaches the URL"
	case tunnel.Connecting:
		return "connecting"
	case tunnel.Checking:
		return "checking that a request arrives"
	case tunnel.Waiting:
		return "next attempt in " + duration.Seconds(st.Retry.Sub(f.Now))
	default:
		return "not up"
	}
}

// Setup draws the list on w by h cells, with the cursor at a step.
func Setup(f screen.Frame, o Options, at, w, h int) []string {
	t := f.Theme
	steps := Steps(f, o)
	at = min(max(at, 0), len(steps)-1)
	wide, margin := w >= 96, 1
	if wide {
		margin = 3
	}
	parts := map[string]int{}
	texts, keys := 0, 1
	for _, s := range steps {
		parts[s.part]++
		keys = max(keys, style.Width(s.Key))
		texts = max(texts, style.Width(s.Text))
	}
	section := 0
	if wide {
		section = 20
	}
	texts = min(texts, w-margin-section-keys-5)

	var rows []string
	cursor := 0
	last, line := "", 0
	for i, s := range steps {
		if s.part != last && last != "" && h >= len(steps)+len(parts)+6 {
			rows = append(rows, "")
		}
		if s.part != last {
			last, line = s.part, 0
		}
		head := ""
		if lines := strings.Split(s.part, "\n"); wide && line < len(lines) {
			head = lines[line]
		}
		if wide && line == 0 && parts[s.part] == 1 {
			head = strings.ReplaceAll(s.part, "\n", " ")
			if style.Width(head) >= section {
				head, _, _ = strings.Cut(s.part, "\n")
			}
		}
		line++
		if i == at {
			cursor = len(rows)
		}
		rows = append(rows, stepLine(f, s, i == at, style.Spaces(margin)+t.Fit(head, section), keys, texts, w))
	}

	title := title(f, w)
	done := doneLines(f, w-margin, margin)
	lines := []string{}
	roomy := h >= len(rows)+len(done)+5
	if roomy {
		lines = append(lines, "", style.Spaces(margin)+title, "")
	} else if h > len(rows) {
		lines = append(lines, style.Spaces(margin)+title)
	}
	room := h - len(lines)
	top := min(max(cursor-room+1, 0), max(len(rows)-room, 0))
	lines = append(lines, rows[top:min(top+room, len(rows))]...)
	if roomy {
		lines = append(lines, "")
	}
	return append(lines, done[:max(min(len(done), h-len(lines)), 0)]...)
}

// stepLine draws a step: a pointer, the key, what it does, and what it takes.
func stepLine(f screen.Frame, s Step, selected bool, head string, keys, texts, w int) string {
	t := f.Theme
	pointer := " "
	if selected {
		pointer = t.Mark.Cursor
	}
	key := t.Fit(s.Key, keys) + " "
	text, note := t.Mark.Say(s.Text), t.Mark.Say(s.Note)
	left := t.Fit(text, texts)
	room := w - style.Width(head) - style.Width(key) - style.Width(left) - 6
	if style.Width(note) > room && s.Less != "" {
		note = t.Mark.Say(s.Less)
	}
	if style.Width(note) > room && room < 20 { // a few letters of it say nothing
		note = ""
	}
	if selected {
		row := pointer + " " + key + " " + left
		if note != "" {
			row += "  " + t.Cut(note, room)
		}
		return t.Dim.Paint(head) + t.Selected.Paint(row+" ")
	}
	line := t.Dim.Paint(head) + pointer + " " + t.Key.Paint(key) + " " + left
	if note != "" {
		line += "  " + t.Dim.Paint(t.Cut(note, room))
	}
	return line
}

// title says where hfhook listens, or that the Hub can send now.
func title(f screen.Frame, w int) string {
	t, st := f.Theme, f.State
	local := visible.Line(st.LocalURL)
	if Usable(st) {
		text := "Ready to receive."
		if url := visible.Line(st.HookURL); len(text)+len(url)+10 < w {
			return t.Bold.Paint("Ready to receive") + " at " + t.Link.Paint(url)
		}
		return t.Bold.Paint(text)
	}
	greeting := "Welcome. "
	if st.Store.Events > 0 || w < 60 {
		greeting = ""
	}
	if w < 60 {
		return t.Bold.Paint("hfhook") + " on " + style.Address(local, false)
	}
	text := greeting + "hfhook is listening on "
	if style.Width(text+local) > w {
		local = style.Address(local, false)
	}
	return t.Bold.Paint(text) + local
}

// doneLines are what needs nobody any more, as many on a line as have room.
func doneLines(f screen.Frame, w, margin int) []string {
	t, st := f.Theme, f.State
	done := func(text string) string { return t.Ok.Paint(t.Mark.Ok) + " " + text }
	var all []string
	if hookHere(st.Hub) != nil && hookNext(f) == "" {
		c := hookCheck(f, false)
		all = append(all, c.look.Paint(c.mark)+" "+c.text)
	}
	for i := range st.Targets[:min(len(st.Targets), 3)] {
		c := handlerCheck(f, &st.Targets[i], w < 70)
		all = append(all, c.look.Paint(c.mark)+" "+visible.Line(c.text))
	}
	secret := secretCheck(f)
	all = append(all, secret.look.Paint(secret.mark)+" "+visible.Line(secret.text))
	if n := st.Store.Events; n > 0 {
		all = append(all, done(style.Plural(n, "earlier event")+": "+t.Key.Paint(f.Label(keymap.ActEarlier))))
	} else if st.Store.Err == "" && st.Store.Location != "" {
		all = append(all, done("events are saved ("+visible.Line(fromHome(st.Store.Location))+")"))
	}
	var lines []string
	line := ""
	for _, text := range all {
		text = t.Cut(text, w-1)
		switch joined := line + "   " + text; {
		case line == "":
			line = text
		case style.Width(joined) < w:
			line = joined
		default:
			lines, line = append(lines, style.Spaces(margin)+line), text
		}
	}
	return append(lines, style.Spaces(margin)+line)
}

// fromHome is a path with ~ for the user's home directory.
func fromHome(path string) string {
	home, err := os.UserHomeDir()
	if rest, below := strings.CutPrefix(path, home+string(os.PathSeparator)); err == nil && home != "" && below {
		return "~" + string(os.PathSeparator) + rest
	}
	return path
}

// Left says in a few words what is still to be set up, for the line below the list once there
// are events; empty: nothing.
func Left(f screen.Frame, o Options) string {
	t := f.Theme
	var left []string
	if len(f.State.Targets) == 0 {
		text := "send events to your handler"
		if p := o.Listening; p.Port != "" {
			text = fmt.Sprintf("send events to your handler (127.0.0.1:%s is listening)", p.Port)
		}
		left = append(left, t.Key.Paint(f.Label(keymap.ActTargets))+" "+text)
	}
	if f.State.Tunnel.NotSetUp() && o.Change {
		left = append(left, t.Key.Paint(f.Label(keymap.ActTunnel))+" get a public URL")
	}
	if len(left) == 0 {
		return ""
	}
	return t.Dim.Paint("Next: ") + strings.Join(left, "   ")
}

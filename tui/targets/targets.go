// Package targets shows where events are sent, and adds, changes and pauses targets.
package targets

// The targets: how each of them is, what it holds, and what can be done with it.

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hfhook/tui/screen"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/attempt"
	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

type Screen struct {
	ask      *asks
	selected string // name of the target under the cursor, also of one that is left over
	at       int    // its place, when it was last there
	ports    []dev.Service
}

func New(r *screen.Runner, s Session) *Screen {
	a := &asks{r, s}
	return &Screen{ask: a}
}

// portsMsg says what listens on this machine besides the targets.
type portsMsg struct {
	of    *Screen
	ports []dev.Service
}

func (p *Screen) Name() string { return "targets" }

// names are those of the session's targets and, behind them, of the ones that are left over.
func names(f screen.Frame) []string {
	var all []string
	for i := range f.State.Targets {
		all = append(all, f.State.Targets[i].Name)
	}
	for i := range f.State.Store.LeftOver {
		all = append(all, f.State.Store.LeftOver[i].Target)
	}
	return all
}

// index is the place of the name under the cursor, or of the one that took its place; -1 if
// there is none.
func (p *Screen) index(f screen.Frame) int {
	all := names(f)
	if i := slices.Index(all, p.selected); i >= 0 {
		return i
	}
	return min(p.at, len(all)-1)
}

// current is the target under the cursor, nil if it is one that is left over.
func (p *Screen) current(f screen.Frame) *dev.Target {
	if i := p.index(f); i >= 0 && i < len(f.State.Targets) {
		return &f.State.Targets[i]
	}
	return nil
}

func (p *Screen) Keys(f screen.Frame) []keymap.Binding {
	actions := []keymap.Action{keymap.ActAddTarget}
	t := p.current(f)
	if p.leftOver(f) != nil {
		actions = append(actions, keymap.ActClearLeft)
	}
	if t != nil {
		actions = append(actions, keymap.ActEditTarget, keymap.ActPause)
		if t.Waiting > 0 {
			actions = append(actions, keymap.ActDeliverHeld, keymap.ActDropHeld)
		}
		actions = append(actions, keymap.ActRemoveTarget)
	}
	if len(names(f)) > 1 {
		actions = append(actions, keymap.Motions()...)
	}
	bindings := keymap.Keys(append(actions, keymap.ActBack, keymap.ActHelp, keymap.ActQuit)...)
	for i, b := range bindings {
		if b.Action == keymap.ActPause {
			bindings[i] = b.As("pause")
			if t.Paused {
				bindings[i] = b.As("resume")
			}
			bindings[i].Quiet = false
		}
	}
	return bindings
}

func (p *Screen) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	t := p.current(f)
	if n, moves := a.Lines(len(names(f))); moves {
		all := names(f)
		p.at = min(max(p.index(f)+n, 0), len(all)-1)
		p.selected = all[p.at]
		return screen.Step{}, nil
	}
	switch a {
	case keymap.ActClearLeft:
		return p.askToClear(f)
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	case keymap.ActAddTarget:
		return screen.Step{Push: newTargetForm(p.ask, nil)}, nil
	case keymap.ActEditTarget:
		return screen.Step{Push: newTargetForm(p.ask, t)}, nil
	case keymap.ActPause:
		return screen.Step{}, Pause(p.ask.Runner, p.ask.session, t.Name, !t.Paused)
	case keymap.ActDeliverHeld:
		return screen.Step{}, p.ask.deliverHeld(*t)
	case keymap.ActDropHeld:
		name, n := t.Name, int64(t.Waiting)
		return screen.Step{Push: &screen.Menu{
			HelpName: "drop", Title: "Drop " + style.Plural(n, "event") + " that " + visible.Line(name) + " did not get?", Verb: "choose",
			Choices: []screen.Choice{
				{Key: "n", Text: "keep them", Note: "they are sent when the target is back"},
				{Key: "d", Text: "drop them", Note: "they stay in the list, marked as dropped, and can be replayed"},
			},
			Take: func(i int) tea.Cmd {
				if i == 0 {
					return nil
				}
				return p.ask.dropHeld(name, false)
			},
		}}, nil
	case keymap.ActRemoveTarget:
		if t.Waiting == 0 {
			return screen.Step{}, p.ask.removeTarget(t.Name)
		}
		name := t.Name
		return screen.Step{Push: &screen.Menu{
			HelpName: "remove", Title: style.Plural(int64(t.Waiting), "event") + " did not reach " + visible.Line(name) + " yet", Verb: "choose",
			Choices: []screen.Choice{
				{Key: "n", Text: "keep the target"},
				{Key: "r", Text: "remove it, keep them", Note: "they are sent when there is a target of this name again"},
				{Key: "d", Text: "remove it, drop them", Note: "they stay in the list, marked as dropped, and can be replayed"},
			},
			Take: func(i int) tea.Cmd {
				switch i {
				case 1:
					return p.ask.removeTarget(name)
				case 2:
					return p.ask.dropHeld(name, true)
				}
				return nil
			},
		}}, nil
	}
	return screen.Step{}, nil
}

func (p *Screen) Update(msg tea.Msg, f screen.Frame) tea.Cmd {
	if found, ok := msg.(portsMsg); ok && found.of == p {
		p.ports = found.ports
	}
	if i := p.index(f); i >= 0 {
		p.at, p.selected = i, names(f)[i]
	}
	return nil
}

// Moves: what a target has asked for is counted down, and its last attempt is a while ago.
func (p *Screen) Moves(f screen.Frame) time.Duration {
	if len(f.State.Targets) == 0 {
		return 0
	}
	return time.Second
}

func (p *Screen) Idle(f screen.Frame) (left, right string) {
	return "changes last until hfhook exits; save them in .hfhook.toml", "$ " + visible.Line(p.PrintedBy(f))
}

func (p *Screen) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	right := ""
	if n := describe.Held(f.State); n > 0 {
		right = style.Plural(n, "event") + " held "
	}
	lines = append(lines, t.Lead(" "+t.Bold.Paint("Targets"), t.Warn.Paint(right), f.W), t.Line(f.W, ""))
	if len(f.State.Targets) == 0 {
		lines = append(lines, " No target: events are saved but not forwarded.  "+t.Key.Paint(f.Label(keymap.ActAddTarget))+" adds one.")
		if len(f.State.Store.LeftOver) == 0 {
			return append(t.Fill(append(lines, p.listening(f)...), f.W, f.H-1), t.Line(f.W, ""))
		}
	}
	width, all := 0, names(f)
	for _, name := range all {
		width = max(width, style.Width(visible.Line(name)))
	}
	width = min(width, max(f.W/4, 18)) // as wide as an address of this machine with its port
	about := p.about(f)
	below := min(len(about), (f.H-len(lines))/2)
	if below < 3 { // there would be a title with nothing below it
		about, below = nil, 0
	}
	room := max(f.H-len(lines)-1-below, 1)
	at := p.index(f)
	top := min(max(at-room+1, 0), max(len(all)-room, 0))
	for i := top; i < min(top+room, len(all)); i++ {
		text, look, where := "", t.Dim, ""
		if i < len(f.State.Targets) {
			target := &f.State.Targets[i]
			text, look = targetState(target, f)
			if target.Name != style.Address(target.URL, false) { // else the name says it
				where = visible.Line(style.Address(target.URL, f.W < 80))
			}
		} else {
			text = leftOverState(&f.State.Store.LeftOver[i-len(f.State.Targets)], t)
		}
		line := t.Fit(visible.Line(all[i]), width) + "  "
		state := t.Fit(text, max(min(f.W/3, 32), 12))
		if where == "" {
			state = text
		}
		if i == at {
			lines = append(lines, t.Selected.Paint(t.Fit(t.Mark.Cursor+line+state+"  "+where, f.W)))
			continue
		}
		lines = append(lines, t.Fit(" "+t.Name.Paint(line)+look.Paint(state)+"  "+where, f.W))
	}
	lines = append(t.Fill(lines, f.W, min(len(lines)+1, f.H)), about...)
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

// targetState is how a target is, in a few words.
func targetState(target *dev.Target, f screen.Frame) (string, style.Style) {
	t := f.Theme
	text, look := t.Mark.Idle+" not tried yet", t.Dim
	switch f.State.Health(target) {
	case dev.Healthy:
		text, look = t.Mark.Ok+" up", t.Ok
		if target.Result != "" {
			text += ", " + target.Attempt()
		}
	case dev.Failing:
		text, look = t.Mark.Failed+" "+cmp.Or(target.Result, attempt.NoAnswer), t.Failed
		if target.InARow > 1 {
			text += t.Mark.Say(fmt.Sprintf(" ×%d", target.InARow))
		}
	case dev.Away:
		text, look = t.Mark.Warn+" down", t.Warn
	}
	if !target.Last.IsZero() && f.W >= 100 {
		text += ", " + duration.Ago(f.Now.Sub(target.Last))
	}
	switch {
	case target.Paused:
		text, look = t.Mark.Off+" paused", t.Warn
	case !target.Until.IsZero():
		text, look = t.Mark.Busy+" asked for "+duration.Seconds(target.Until.Sub(f.Now)), t.Warn
	}
	if target.Waiting > 0 {
		text += fmt.Sprintf(", %s held", style.Count(int64(target.Waiting)))
	}
	return text, look
}

// about says all that is known of the target under the cursor.
func (p *Screen) about(f screen.Frame) []string {
	t, target := f.Theme, p.current(f)
	if l := p.leftOver(f); l != nil {
		return p.aboutLeftOver(l, f)
	}
	if target == nil {
		return nil
	}
	lines := []string{t.Line(f.W, visible.Line(target.Name))}
	add := func(name, text string) {
		for i, part := range t.Wrap(visible.Line(text), max(f.W-12, 8), 3) {
			if part == "" {
				continue
			}
			if i > 0 {
				name = ""
			}
			lines = append(lines, " "+t.Name.Paint(t.Fit(name, 9))+" "+part)
		}
	}
	add("to", target.URL)
	wants := "all events"
	if target.When != "" {
		wants = target.When
	}
	add("gets", wants)
	add("health", describe.HealthText(target, f))
	if target.Health != dev.Healthy && target.Err != "" {
		add("trouble", target.Err)
	}
	if target.Hint != "" {
		hint := target.Hint
		if text := target.Routes.Text(); text != "" {
			hint = text + ". " + f.Label(keymap.ActEditTarget) + " changes the path"
		}
		add("hint", hint)
	}
	if target.Waiting > 0 {
		add("held", style.Plural(int64(target.Waiting), "event")+", in order; kept when hfhook exits")
	}
	order := "sequential"
	if target.Concurrency > 1 {
		order = fmt.Sprintf("%d at once", target.Concurrency)
	}
	secret := "with the secret"
	if !target.Trusted {
		secret = "without the secret"
	}
	how := fmt.Sprintf("%s, %s at most, %s", order, target.Timeout, secret)
	if target.Extra != "" {
		how += "; " + target.Extra
	}
	add("how", how)
	return append(lines, p.listening(f)...)
}

// listening says at which other ports something listens.
func (p *Screen) listening(f screen.Frame) []string {
	if len(p.ports) == 0 {
		return nil
	}
	t := f.Theme
	var line strings.Builder
	line.WriteString(t.Dim.Paint(" Also listening, a digit adds it:"))
	for i, s := range p.ports[:min(len(p.ports), mostOffered)] {
		line.WriteString("  " + t.Key.Paint(strconv.Itoa(i+1)) + " " + visible.Line(s.String()))
	}
	return []string{"", t.Cut(line.String(), f.W)}
}

// mostOffered is how many ports that listen have a digit.
const mostOffered = 9

// Type adds a port that listens, by its digit.
func (p *Screen) Type(key tea.KeyPressMsg, f screen.Frame) (screen.Step, tea.Cmd) {
	n, err := strconv.Atoi(key.String())
	if err != nil || n < 1 || n > min(len(p.ports), mostOffered) {
		return screen.Step{}, nil
	}
	to := p.ports[n-1].Port
	p.ports = slices.Delete(slices.Clone(p.ports), n-1, n)
	return screen.Step{}, Add(p.ask.Runner, p.ask.session, to)
}

func LookAround(r *screen.Runner, s Session, of *Screen) tea.Cmd {
	a := &asks{r, s}

	return a.Cmd(func() tea.Msg { return portsMsg{of, a.session.LookAround()} })
}

// Add gives the session a target, by what the user would have typed.
func Add(r *screen.Runner, s Session, to string) tea.Cmd {
	a := &asks{r, s}
	return a.Cmd(func() tea.Msg {
		if err := s.PutTarget(dev.TargetForm{To: to}); err != nil {
			return screen.ResultMsg{Text: screen.Plain(err), Stays: true}
		}
		return screen.ResultMsg{Text: "added " + to + ": new events go there, too", Ok: true, Command: a.targetsCommand()}
	})
}

// Pause holds what comes for a target, or lets it go on; for all where name is empty.
func Pause(r *screen.Runner, s Session, name string, paused bool) tea.Cmd {
	a := &asks{r, s}

	return a.Cmd(func() tea.Msg {
		a.session.PauseTargets(name, paused)
		who, words := cmp.Or(name, "all targets"), ""
		if name != "" {
			words = " " + screen.ShellWord(name)
		}
		if paused {
			return screen.ResultMsg{Text: "paused " + who + ": events are received and queued", Ok: true, Command: "hfhook pause" + words}
		}
		return screen.ResultMsg{Text: "resuming " + who + ": waiting events are sent", Ok: true, Command: "hfhook resume" + words}
	})
}

func (a *asks) deliverHeld(t dev.Target) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		a.session.DeliverHeld(t.Name)
		return screen.ResultMsg{Text: "sending " + style.Plural(int64(t.Waiting), "event") + " to " + t.Name, Ok: true, Command: heldCommand(t.Name) + " --deliver", Until: deliveredHeld(t)}
	})
}

// dropHeld gives up what a target holds, and takes it away where remove is set.
func (a *asks) dropHeld(name string, remove bool) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		if remove {
			a.session.RemoveTarget(name)
		}
		n, err := a.session.DropHeld(a.Ctx, name)
		if err != nil {
			return screen.ResultMsg{Text: screen.Plain(err)}
		}
		return screen.ResultMsg{Text: "dropped " + style.Plural(int64(n), "event") + " for " + name, Ok: true, Command: heldCommand(name) + " --drop"}
	})
}

func (a *asks) removeTarget(name string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		a.session.RemoveTarget(name)
		return screen.ResultMsg{Text: "removed " + name + " for this run", Ok: true, Command: a.targetsCommand()}
	})
}

func heldCommand(name string) string { return "hfhook held " + screen.ShellWord(name) }

// targetsCommand starts with the targets that there are.
func (a *asks) targetsCommand() string {
	words := []string{"hfhook", "dev"}
	for _, word := range a.session.TargetWords() {
		if run, ok := strings.CutPrefix(word, "exec "); ok {
			words = append(words, "--exec")
			word = run
		}
		words = append(words, screen.ShellWord(word))
	}
	return strings.Join(words, " ")
}

// HeldWithin is how long a target that takes no connection is given to take one.
const HeldWithin = 2 * time.Second

// deliveredHeld tells what became of the events that a target has held.
func deliveredHeld(was dev.Target) func(*dev.State, time.Time) screen.Outcome {
	var since time.Time
	return func(st *dev.State, now time.Time) screen.Outcome {
		if since.IsZero() {
			since = now
		}
		for i := range st.Targets {
			t := &st.Targets[i]
			switch {
			case t.Name != was.Name:
				continue
			case t.Waiting == 0 && t.Sending == 0 && (t.Health == dev.Healthy || t.Health == dev.Failing):
				return screen.Outcome{Over: true, Text: fmt.Sprintf("no more events are waiting for %s: last answer %s", t.Name, t.Attempt()), Ok: t.Health == dev.Healthy}
			case t.Waiting > 0 && !t.Until.IsZero() && (t.Until != was.Until || now.Sub(since) >= HeldWithin):
				return screen.Outcome{Over: true, Text: fmt.Sprintf("%s answered %s and asked to wait: %s still waiting", t.Name, t.Result, style.Plural(int64(t.Waiting), "event")), Ok: false}
			case t.Waiting > 0 && t.Health == dev.Away && now.Sub(since) >= HeldWithin:
				return screen.Outcome{Over: true, Text: fmt.Sprintf("%s is not listening: %s still waiting", t.Name, style.Plural(int64(t.Waiting), "event")), Ok: false}
			}
			return screen.Outcome{}
		}
		return screen.Outcome{Over: true}
	}
}

func (p *Screen) Subject(word string, f screen.Frame) string {
	if i := p.index(f); i >= 0 && word == "TARGET" {
		return screen.ShellWord(names(f)[i])
	}
	return ""
}

func (p *Screen) PrintedBy(f screen.Frame) string {
	if l := p.leftOver(f); l != nil {
		return heldCommand(l.Target) + " --drop"
	}
	if t := p.current(f); t != nil && t.Waiting > 0 {
		return heldCommand(t.Name)
	}
	return "hfhook held"
}

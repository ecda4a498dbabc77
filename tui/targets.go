package tui

// The targets: how each of them is, what it holds, and what can be done with it.

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
)

type targetList struct {
	ask      *asks
	selected string // name of the target under the cursor
	at       int    // its place, when it was last there
	ports    []dev.Service
}

func newTargets(a *asks) *targetList { return &targetList{ask: a} }

// portsMsg says what listens on this machine besides the targets.
type portsMsg struct {
	of    *targetList
	ports []dev.Service
}

func (p *targetList) Name() string { return "targets" }

// index is the place of the target under the cursor, or of the one that took its place;
// -1 where there is none.
func (p *targetList) index(f frame) int {
	for i := range f.state.Targets {
		if f.state.Targets[i].Name == p.selected {
			return i
		}
	}
	return min(p.at, len(f.state.Targets)-1)
}

func (p *targetList) current(f frame) *dev.Target {
	if i := p.index(f); i >= 0 {
		return &f.state.Targets[i]
	}
	return nil
}

func (p *targetList) Keys(f frame) []binding {
	actions := []action{actAddTarget}
	t := p.current(f)
	if t != nil {
		actions = append(actions, actEditTarget, actPause)
		if t.Waiting > 0 {
			actions = append(actions, actDeliverHeld, actDropHeld)
		}
		actions = append(actions, actRemoveTarget)
	}
	if len(f.state.Targets) > 1 {
		actions = append(actions, actUp, actDown)
	}
	bindings := keys(append(actions, actBack, actHelp, actQuit)...)
	for i, b := range bindings {
		if b.action == actPause {
			bindings[i] = b.as("pause")
			if t.Paused {
				bindings[i] = b.as("go on")
			}
			bindings[i].quiet = false
		}
	}
	return bindings
}

func (p *targetList) Do(a action, f frame) (step, tea.Cmd) {
	t := p.current(f)
	switch a {
	case actUp, actDown:
		p.at = min(max(p.index(f)+map[action]int{actUp: -1, actDown: 1}[a], 0), len(f.state.Targets)-1)
		p.selected = f.state.Targets[p.at].Name
	case actBack:
		return step{pop: true}, nil
	case actAddTarget:
		return step{push: newTargetForm(p.ask, nil)}, nil
	case actEditTarget:
		return step{push: newTargetForm(p.ask, t)}, nil
	case actPause:
		return step{}, p.ask.pause(t.Name, !t.Paused)
	case actDeliverHeld:
		return step{}, p.ask.deliverHeld(*t)
	case actDropHeld:
		name, n := t.Name, int64(t.Waiting)
		return step{push: &menu{
			name: "drop", title: "Drop " + plural(n, "event") + " that " + visible.Line(name) + " did not get?", verb: "choose",
			choices: []choice{
				{key: "n", text: "keep them", note: "they are sent when it is back"},
				{key: "d", text: "drop them", note: "they stay in the list, marked as dropped, and can be replayed"},
			},
			take: func(i int) tea.Cmd {
				if i == 0 {
					return nil
				}
				return p.ask.dropHeld(name, false)
			},
		}}, nil
	case actRemoveTarget:
		if t.Waiting == 0 {
			return step{}, p.ask.removeTarget(t.Name)
		}
		name := t.Name
		return step{push: &menu{
			name: "remove", title: plural(int64(t.Waiting), "event") + " did not reach " + visible.Line(name) + " yet", verb: "choose",
			choices: []choice{
				{key: "n", text: "leave the target"},
				{key: "r", text: "remove it, keep them", note: "they are sent when there is a target of this name again"},
				{key: "d", text: "remove it, drop them", note: "they stay in the list, marked as dropped, and can be replayed"},
			},
			take: func(i int) tea.Cmd {
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
	return step{}, nil
}

func (p *targetList) Update(msg tea.Msg, f frame) tea.Cmd {
	if found, ok := msg.(portsMsg); ok && found.of == p {
		p.ports = found.ports
	}
	if i := p.index(f); i >= 0 {
		p.at, p.selected = i, f.state.Targets[i].Name
	}
	return nil
}

// Moves: what a target has asked for is counted down.
func (p *targetList) Moves(f frame) time.Duration {
	for i := range f.state.Targets {
		if !f.state.Targets[i].Until.IsZero() {
			return time.Second
		}
	}
	return 0
}

func (p *targetList) Idle(f frame) (left, right string) {
	return "what is changed here counts until hfhook ends; .hfhook.toml keeps it", "$ " + visible.Line(p.printedBy(f))
}

func (p *targetList) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	right := ""
	if n := held(f.state); n > 0 {
		right = plural(n, "event") + " held "
	}
	lines = append(lines, t.lead(" "+t.bold.paint("Targets"), t.warn.paint(right), f.w), t.line(f.w, ""))
	all := f.state.Targets
	if len(all) == 0 {
		lines = append(lines, " No target: events are kept, and nothing is sent on.  "+t.key.paint(f.label(actAddTarget))+" adds one.")
		return append(t.fill(append(lines, p.listening(f)...), f.w, f.h-1), t.line(f.w, ""))
	}
	names := 0
	for i := range all {
		names = max(names, width(visible.Line(all[i].Name)))
	}
	names = min(names, max(f.w/4, 18)) // as wide as an address of this machine with its port
	about := p.about(f)
	room := max(f.h-len(lines)-1-min(len(about), max((f.h-len(lines))/2, 0)), 1)
	at := p.index(f)
	top := min(max(at-room+1, 0), max(len(all)-room, 0))
	for i := top; i < min(top+room, len(all)); i++ {
		target := &all[i]
		text, look := targetState(target, f)
		where := visible.Line(address(target.URL, f.w < 80))
		if target.Name == address(target.URL, false) {
			where = "" // the name says it
		}
		line := t.fit(visible.Line(target.Name), names) + "  "
		state := t.fit(text, max(min(f.w/3, 26), 12))
		if i == at {
			lines = append(lines, t.selected.paint(t.fit(t.mark.cursor+line+state+"  "+where, f.w)))
			continue
		}
		lines = append(lines, t.fit(" "+t.name.paint(line)+look.paint(state)+"  "+where, f.w))
	}
	lines = append(t.fill(lines, f.w, min(len(lines)+1, f.h)), about...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

// targetState is how a target is, in a few words.
func targetState(target *dev.Target, f frame) (string, style) {
	t := f.theme
	text, look := t.mark.idle+" not tried yet", t.dim
	switch f.state.Health(target) {
	case dev.Healthy:
		text, look = t.mark.ok+" up", t.ok
		if target.Result != "" {
			text += fmt.Sprintf(", %s in %s", target.Result, took(target.Took))
		}
	case dev.Failing:
		text, look = t.mark.failed+" "+target.Result, t.failed
		if target.Result == "" {
			text = t.mark.failed + " no answer"
		}
		if target.InARow > 1 {
			text += t.mark.say(fmt.Sprintf(" ×%d", target.InARow))
		}
	case dev.Away:
		text, look = t.mark.warn+" down", t.warn
	}
	switch {
	case target.Paused:
		text, look = t.mark.off+" paused", t.warn
	case !target.Until.IsZero():
		text, look = t.mark.busy+" asked for "+clock(target.Until.Sub(f.now)), t.warn
	}
	if target.Waiting > 0 {
		text += fmt.Sprintf(", %s held", count(int64(target.Waiting)))
	}
	return text, look
}

// about says all that is known of the target under the cursor.
func (p *targetList) about(f frame) []string {
	t, target := f.theme, p.current(f)
	if target == nil {
		return nil
	}
	lines := []string{t.line(f.w, visible.Line(target.Name))}
	add := func(name, text string) {
		for i, part := range t.wrap(visible.Line(text), max(f.w-12, 8), 3) {
			if part == "" {
				continue
			}
			if i > 0 {
				name = ""
			}
			lines = append(lines, " "+t.name.paint(t.fit(name, 9))+" "+part)
		}
	}
	add("to", target.URL)
	wants := "all events"
	if target.When != "" {
		wants = target.When
	}
	add("gets", wants)
	if target.Health != dev.Healthy && target.Err != "" {
		add("trouble", target.Err)
	}
	if target.Hint != "" {
		add("hint", target.Hint)
	}
	if target.Waiting > 0 {
		add("held", plural(int64(target.Waiting), "event")+", in the order in which they came; kept when hfhook ends")
	}
	order := "one after another"
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
func (p *targetList) listening(f frame) []string {
	if len(p.ports) == 0 {
		return nil
	}
	var names []string
	for _, s := range p.ports {
		names = append(names, visible.Line(s.String()))
	}
	return []string{"", f.theme.cut(f.theme.dim.paint(" Something listens here, too: "+strings.Join(names, ", ")), f.w)}
}

// held is how many events wait for targets.
func held(st *dev.State) int64 {
	n := 0
	for i := range st.Targets {
		n += st.Targets[i].Waiting
	}
	return int64(n)
}

// paused tells whether all targets are.
func paused(st *dev.State) bool {
	for i := range st.Targets {
		if !st.Targets[i].Paused {
			return false
		}
	}
	return len(st.Targets) > 0
}

func (a *asks) lookAround(of *targetList) tea.Cmd {
	return a.cmd(func() tea.Msg { return portsMsg{of, a.session.LookAround()} })
}

// pause holds what comes for a target, or lets it go on; for all where name is empty.
func (a *asks) pause(name string, paused bool) tea.Cmd {
	return a.cmd(func() tea.Msg {
		a.session.PauseTargets(name, paused)
		who := cmp.Or(name, "all targets")
		if paused {
			return resultMsg{text: "paused " + who + ": events are received and held", ok: true}
		}
		return resultMsg{text: "going on with " + who + ": what was held is sent", ok: true}
	})
}

func (a *asks) deliverHeld(t dev.Target) tea.Cmd {
	return a.cmd(func() tea.Msg {
		a.session.DeliverHeld(t.Name)
		return resultMsg{text: "sending " + plural(int64(t.Waiting), "event") + " to " + t.Name, ok: true, command: heldCommand(t.Name) + " --deliver", until: deliveredHeld(t)}
	})
}

// dropHeld gives up what a target holds, and takes it away where remove is set.
func (a *asks) dropHeld(name string, remove bool) tea.Cmd {
	return a.cmd(func() tea.Msg {
		if remove {
			a.session.RemoveTarget(name)
		}
		n, err := a.session.DropHeld(a.ctx, name)
		if err != nil {
			return resultMsg{text: err.Error()}
		}
		return resultMsg{text: "dropped " + plural(int64(n), "event") + " for " + name, ok: true, command: heldCommand(name) + " --drop"}
	})
}

func (a *asks) removeTarget(name string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		a.session.RemoveTarget(name)
		return resultMsg{text: "removed " + name + " for this run", ok: true, command: a.targetsCommand()}
	})
}

func heldCommand(name string) string { return "hfhook held " + shellWord(name) }

// targetsCommand starts with the targets that there are.
func (a *asks) targetsCommand() string {
	words := []string{"hfhook", "dev"}
	for _, word := range a.session.TargetWords() {
		if run, ok := strings.CutPrefix(word, "exec "); ok {
			words = append(words, "--exec")
			word = run
		}
		words = append(words, shellWord(word))
	}
	return strings.Join(words, " ")
}

package events

// Before the first event the main screen is the list of what there is to set up: a cursor,
// the letters of its steps, and what listens on this machine.

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/tui/header"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
	"hfhook/tui/targets"
)

// setup is what the list knows and where its cursor is.
type setup struct {
	at      int
	looking bool        // what listens is being looked for
	port    dev.Service // that may be the handler's
	ssh     string      // host of the SSH server; empty before it was asked for
	program bool        // cloudflared is installed
	ngrok   bool        // an authtoken is set up
}

// waysMsg is what there is on this machine.
type waysMsg struct {
	ports []dev.Service
	ssh   string

	program, ngrok bool
}

// options are what the drawing of the list needs to know.
func (s *setup) options(e *Screen) header.Options {
	return header.Options{Change: e.Tunnels != nil, SSH: s.ssh, Program: s.program, Listening: s.port}
}

// lookForWays asks what listens on this machine and which tunnels it has, unless that is
// being asked.
func (e *Screen) lookForWays() tea.Cmd {
	if e.setup.looking {
		return nil
	}
	e.setup.looking = true
	ways := e.Tunnels
	return e.ask.Cmd(func() tea.Msg {
		found := waysMsg{ports: e.ask.session.LookAround()}
		if ways != nil {
			found.ssh, found.program, found.ngrok = sshHost(ways.Server()), ways.Has("cloudflared"), ways.Has("ngrok")
		}
		return found
	})
}

// sshHost is the host in the login at an SSH server.
func sshHost(login string) string {
	_, host, _ := strings.Cut(login, "@")
	return strings.TrimSuffix(host, ":22")
}

func (s *setup) take(m waysMsg) {
	*s = setup{at: s.at, ssh: m.ssh, program: m.program, ngrok: m.ngrok}
	if i := slices.IndexFunc(m.ports, handles); i >= 0 {
		s.port = m.ports[i]
	}
}

// handles reports whether a program may be somebody's handler: it listens where handlers
// often do, or is what they are often run by.
func handles(s dev.Service) bool {
	if slices.Contains([]string{"7860", "8000", "8080", "3000", "5000"}, s.Port) {
		return true
	}
	for _, name := range []string{"python", "uvicorn", "gunicorn", "hypercorn", "flask", "node", "deno", "bun", "ruby", "php"} {
		if strings.HasPrefix(s.Program, name) {
			return true
		}
	}
	return false
}

// setupKeys are those of the list. What its steps show is not in the footer.
func (e *Screen) setupKeys(f screen.Frame) []keymap.Binding {
	actions := []keymap.Action{keymap.ActUp, keymap.ActDown, keymap.ActOpen}
	if e.Doctor != nil {
		actions = append(actions, keymap.ActDoctor)
	}
	if f.State.Store.Events > 0 {
		actions = append(actions, keymap.ActEarlier, keymap.ActFilter, keymap.ActFailed)
		if f.State.Store.Failed > 0 {
			actions = append(actions, keymap.ActCauses)
		}
	}
	if e.offersRoute(f) {
		actions = append(actions, keymap.ActSendTo)
	}
	actions = append(actions, keymap.ActNew, keymap.ActCopy, keymap.ActTargets, keymap.ActHubLog, keymap.ActFirst, keymap.ActLast)
	if f.State.Hub != nil {
		actions = append(actions, keymap.ActHooks)
	}
	shown := map[keymap.Action]string{
		keymap.ActUp: "choose", keymap.ActOpen: "do it", keymap.ActDoctor: "check setup", keymap.ActFilter: "filter",
		keymap.ActEarlier: style.Plural(f.State.Store.Events, "earlier event"),
	}
	bindings := keymap.Keys(actions...)
	for i, b := range bindings {
		word, ok := shown[b.Action]
		if bindings[i].Quiet = !ok; ok {
			bindings[i].Word = word
		}
		if b.Action == keymap.ActUp {
			bindings[i].Foot = "↑↓"
		}
		if b.Action == keymap.ActOpen {
			bindings[i].Help, bindings[i].Command = "do this step", ""
		}
	}
	return bindings
}

// doSetup carries out the actions of the list; done is false for those that mean the same on
// the main screen.
func (e *Screen) doSetup(a keymap.Action, f screen.Frame, top screen.Screen) (next screen.Step, cmd tea.Cmd, done bool) {
	steps := header.Steps(f, e.setup.options(e))
	switch a {
	case keymap.ActUp:
		e.setup.at = (e.setup.at + len(steps) - 1) % len(steps) // from the first to the last
	case keymap.ActDown:
		e.setup.at = (e.setup.at + 1) % len(steps)
	case keymap.ActFirst:
		e.setup.at = 0
	case keymap.ActLast:
		e.setup.at = len(steps) - 1
	case keymap.ActOpen:
		next, cmd = e.take(steps[min(max(e.setup.at, 0), len(steps)-1)].StepAction, f, top)
	default:
		return next, nil, false
	}
	e.setup.at = min(max(e.setup.at, 0), len(steps)-1)
	return next, cmd, true
}

// take does a step.
func (e *Screen) take(d header.StepAction, f screen.Frame, top screen.Screen) (next screen.Step, cmd tea.Cmd) {
	act := func(a keymap.Action) (screen.Step, tea.Cmd) { return screen.Step{Act: &a}, nil }
	switch d {
	case header.SendSample:
		return act(keymap.ActNew)
	case header.UseSSH:
		return next, e.overSSH(top)
	case header.UseNgrok:
		return screen.Step{Push: e.askAuthtoken(top)}, nil
	case header.UseProgram:
		return next, e.ask.useTunnel(e.Tunnels, "cloudflared", "starting cloudflared")
	case header.UseOwnURL:
		return screen.Step{Push: e.askURL(top, f)}, nil
	case header.UseNone:
		return next, e.ask.dropTunnel()
	case header.UsePort:
		return next, targets.Add(e.ask.Runner, e.ask.session, e.setup.port.Port)
	case header.TunnelMenu:
		return act(keymap.ActTunnel)
	case header.UsePath:
		return act(keymap.ActSendTo)
	case header.OpenTargets:
		return act(keymap.ActTargets)
	case header.OpenHooks:
		return act(keymap.ActHooks)
	case header.CopyURL:
		return act(keymap.ActCopy)
	}
	return next, nil
}

// Type takes the letters of the steps that no key of the table has.
func (e *Screen) Type(key tea.KeyPressMsg, f screen.Frame) (screen.Step, tea.Cmd) {
	if !e.Checking(f) {
		return screen.Step{}, nil
	}
	for i, s := range header.Steps(f, e.setup.options(e)) {
		if s.Key == key.String() {
			e.setup.at = i
			return e.take(s.StepAction, f, e)
		}
	}
	return screen.Step{}, nil
}

// setupIdle is the status line below the list.
func (e *Screen) setupIdle(f screen.Frame) (left, right string) {
	if header.Troubled(f.State.Tunnel) {
		return header.LastAttempt(f)
	}
	if header.Usable(f.State) {
		return "waiting for the first event" + f.Theme.Mark.Busy, ""
	}
	return "", ""
}

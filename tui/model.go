package tui

// The one model: size, theme, the stack of screens, the status line, wake-ups. What
// is not global it hands to the screens.

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/tui/events"
	"hfhook/tui/header"
	"hfhook/tui/help"
	"hfhook/tui/keymap"
	"hfhook/tui/output"
	"hfhook/tui/replay"
	"hfhook/tui/screen"
	"hfhook/tui/settings"
	"hfhook/tui/style"
)

// lookEvery is the least time between two looks at the session: more would be
// faster than anybody reads.
const lookEvery = 33 * time.Millisecond

// watch waits for the next change, but rests first.
func (m *model) watch(rest time.Duration) tea.Cmd {
	a := m.ask
	return a.Cmd(func() tea.Msg {
		select {
		case <-time.After(rest):
		case <-a.Ctx.Done():
			return nil
		}
		if _, open := <-m.changed; !open {
			return nil
		}
		return screen.ChangedMsg{State: a.session.State()}
	})
}

type model struct {
	ask     *asks
	changed <-chan struct{} // gets a value after the session has changed
	clock   func() time.Time
	opts    Options

	w, h  int
	light bool // the terminal has said so
	few   bool // it has no more than 16 colours
	now   time.Time
	theme *style.Theme
	state *dev.State

	root   *events.Screen
	stack  []screen.Screen // the root first
	status screen.Status
	past   settings.Journal // what the status line has shown
	did    string           // command of the last action that has one
	didOn  screen.Screen    // that it was done on

	pursued   []followUp // actions whose outcome is not known yet
	ticking   bool       // a tick is under way
	leaving   bool       // q was pressed while a replay was under way
	suspended time.Time  // when ctrl+z was pressed
}

func newModel(a *asks, opts Options, clock func() time.Time) *model {
	root := events.New(a.Runner, a.session)
	root.List.NewestFirst = opts.NewestFirst
	root.Saved, root.Save = opts.Filters, opts.SaveFilter
	root.Address = &replay.Address{Last: opts.ReplayTo, Keep: opts.KeepReplayTo}
	root.Doctor, root.Authtoken, root.KeepSecret, root.Tunnels = opts.Doctor, opts.Authtoken, opts.KeepSecret, opts.Tunnels
	root.KeepHandlerSecret = opts.KeepHandlerSecret
	m := &model{
		ask: a, changed: a.session.Watch(a.Ctx), clock: clock, opts: opts, now: clock(),
		state: a.session.State(), root: root, stack: []screen.Screen{root},
	}
	m.restyle()
	m.notices(nil, m.state.Notices)
	for _, w := range opts.Keys.Warnings() {
		m.show("[keys]: "+w.Error(), false)
	}
	return m
}

// Init asks for the background's colour, which not every terminal tells, and for
// the first rows.
func (m *model) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, m.watch(0), m.broadcast(screen.ChangedMsg{State: m.state}), m.tick())
}

func (m *model) frame() screen.Frame {
	return screen.Frame{W: m.w, H: max(m.h-screen.FootLines, 0), Now: m.now, State: m.state, Theme: m.theme, Keymap: m.opts.Keys, Command: m.did, Head: header.Draw}
}

func (m *model) restyle() {
	m.theme = m.opts.Theme.Theme(!m.light, m.opts.ASCII, m.few)
	m.theme.Links = screen.Links(m.opts.Env)
}

func (m *model) top() screen.Screen { return m.stack[len(m.stack)-1] }

func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.now = m.clock()
	m.status.Expire(m.now)
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		cmd = m.acting(func() tea.Cmd { return m.key(msg) })
	case tea.MouseClickMsg:
		cmd = m.acting(func() tea.Cmd { return m.mouse(msg) })
	case tea.MouseWheelMsg:
		cmd = m.acting(func() tea.Cmd { return m.mouse(msg) })
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		cmd = m.broadcast(msg)
	case tea.BackgroundColorMsg:
		m.light = !msg.IsDark()
		m.restyle()
	case tea.ColorProfileMsg:
		m.few = msg.Profile == colorprofile.ANSI
		m.restyle()
	case tea.ResumeMsg:
		m.ask.Keyboard.Expect()
		cmd = tea.RequestBackgroundColor // another terminal may have it
		m.status.Set("back after "+duration.Seconds(m.now.Sub(m.suspended))+": nothing was received meanwhile", true, m.now)
	case screen.ChangedMsg:
		cmd = tea.Batch(m.watch(lookEvery), m.take(msg))
	case screen.ResultMsg:
		if msg.Late && m.status.Text != "" && !m.status.Ok {
			m.past.Add(m.now, keymap.Logged(msg.Text, msg.Command), msg.Ok)
			return m, tea.Batch(m.broadcast(msg), m.broadcast(msg.Ended))
		}
		m.status.Set(visible.Line(msg.Text), msg.Ok, m.now)
		m.past.Add(m.now, keymap.Logged(msg.Text, msg.Command), msg.Ok)
		if msg.Command != "" {
			m.did, m.didOn, m.status.Command = msg.Command, m.top(), msg.Command
		}
		m.status.Stays = m.status.Stays || msg.Stays
		if msg.Until != nil && len(m.pursued) < maxPursuits {
			m.pursued = append(m.pursued, followUp{msg.Until, m.now, msg.Command})
			m.pursue()
		}
		cmd = tea.Batch(m.broadcast(msg), m.broadcast(msg.Ended))
	case screen.PushMsg:
		if !msg.Origin.Left(m.top()) {
			m.stack = append(m.stack, msg.Screen)
		}
	case screen.OfferMsg:
		if m.top() == msg.Over {
			m.stack = append(m.stack, msg.Screen)
		}
	case screen.CloseMsg:
		if push, opens := msg.Then.(screen.PushMsg); opens {
			if push.Origin.Left(m.top()) {
				return m, nil
			}
			msg.Then = screen.PushMsg{Screen: push.Screen}
		}
		m.stack = slices.DeleteFunc(m.stack, func(s screen.Screen) bool { return s == msg.Screen })
		return m.Update(msg.Then)
	case screen.TickMsg:
		m.ticking = false
		m.pursue()
		cmd = m.root.Expire(m.now)
	default:
		cmd = m.broadcast(msg)
	}
	return m, tea.Batch(cmd, m.tick())
}

// acting carries out an action of the user's, and has what answers it know where that was.
func (m *model) acting(act func() tea.Cmd) tea.Cmd {
	from := &screen.Origin{}
	m.ask.Action = from
	defer func() { m.ask.Action, from.Screen = nil, m.top() }()
	return act()
}

// take takes in what has changed.
func (m *model) take(msg screen.ChangedMsg) tea.Cmd {
	m.news(m.state, msg.State)
	m.state = msg.State
	m.pursue()
	return m.broadcast(msg)
}

// broadcast gives news to every screen.
func (m *model) broadcast(msg tea.Msg) tea.Cmd {
	if msg == nil {
		return nil
	}
	cmds := make([]tea.Cmd, len(m.stack))
	for i, s := range m.stack {
		cmds[i] = s.Update(msg, m.frame())
	}
	return tea.Batch(cmds...)
}

// keys are those of the top screen, then those that work everywhere, by the user's map.
func (m *model) keys() []keymap.Binding {
	bindings := m.shipped()
	_, types := m.top().(screen.Typist)
	quits := slices.ContainsFunc(bindings, func(b keymap.Binding) bool { return b.Action == keymap.ActQuit })
	return m.opts.Keys.Apply(bindings, types && !quits) // where letters are typed, none quits
}

// shipped are the keys as the table has them.
func (m *model) shipped() []keymap.Binding {
	global := keymap.Keys(keymap.ActQuitNow, keymap.ActSuspend, keymap.ActRedraw)
	if !screen.Fits(m.w, m.h) {
		return append(keymap.Keys(keymap.ActQuit), global...)
	}
	bindings := append(m.top().Keys(m.frame()), global...)
	if slices.ContainsFunc(bindings, func(b keymap.Binding) bool { return b.Action == keymap.ActHelp }) {
		bindings = append(bindings, keymap.Keys(keymap.ActPalette)...)
		if _, there := m.top().(*settings.LogView); !there {
			bindings = append(bindings, keymap.Keys(keymap.ActLog)...)
		}
		if m.state.Handler != nil && !m.onHandler() {
			bindings = append(bindings, keymap.Keys(keymap.ActHandler)...)
		}
		if _, there := m.top().(*settings.Settings); !there {
			bindings = append(bindings, keymap.Keys(keymap.ActSettings)...)
		}
		bindings = append(bindings, m.globalKeys(bindings)...)
		if m.lastDone() != "" {
			bindings = append(bindings, m.lastCommand(bindings)...)
		}
	}
	return bindings
}

func (m *model) key(msg tea.KeyPressMsg) tea.Cmd {
	m.status.Key()
	a, bound := keymap.Pressed(m.keys(), msg.String())
	if !bound {
		m.leaving = false
		t, types := m.top().(screen.Typist)
		if m.top() == screen.Screen(m.root) {
			types = m.root.Checking(m.frame()) // the steps of the panel have letters
		}
		if types && screen.Fits(m.w, m.h) {
			return m.follow(t.Type(msg, m.frame()))
		}
		m.unbound(msg.String())
		return nil
	}
	return m.act(a)
}

// unbound says quietly that a key does nothing here. What everybody tries, to go back or to fold
// what has nothing to fold, needs no remark, and what was said before counts more.
func (m *model) unbound(name string) {
	tried := slices.Concat([]string{"esc"}, m.opts.Keys.Of(keymap.ActFold), m.opts.Keys.Of(keymap.ActUnfold))
	if slices.Contains(tried, name) || m.status.Text != "" {
		return
	}
	m.status.Hint(visible.Line(keymap.KeyLabel([]string{name}))+" does nothing here   "+m.opts.Keys.Label(keymap.ActHelp)+" lists the keys", m.now)
}

// act carries out an action: one of the program's own, or one of the top screen.
func (m *model) act(a keymap.Action) tea.Cmd {
	leaving := m.leaving
	m.leaving = false
	switch {
	case a == keymap.ActQuitNow:
		return tea.Quit
	case a == keymap.ActQuit:
		if m.root.Busy() && !leaving {
			m.leaving = true
			m.status.Set("a replay is in progress: press q again to quit anyway", false, m.now)
			return nil
		}
		return tea.Quit
	case a == keymap.ActSuspend:
		if !canSuspend {
			return nil
		}
		m.suspended = m.now
		return suspend()
	case a == keymap.ActRedraw:
		return tea.ClearScreen
	case a == keymap.ActHelp:
		h := help.New(m.top().Name(), m.keys(), m.opts.Keys, m.opts.Version)
		switch m.top().(type) {
		case *events.Screen, *events.Opened:
			h.Letters = m.root.Letters(m.frame())
		}
		m.stack = append(m.stack, h)
		return nil
	case a == keymap.ActPalette:
		if m.top() == screen.Screen(m.root) {
			m.root.Hold(m.frame())
		}
		m.stack = append(m.stack, help.NewPalette(m.top(), m.keys(), m.ask.Runner))
		return nil
	case a == keymap.ActCopyCommand && !slices.ContainsFunc(m.top().Keys(m.frame()), func(b keymap.Binding) bool { return b.Action == a }):
		return m.ask.Copy("the command", screen.PlainText(m.lastDone()))
	case a == keymap.ActLog:
		m.stack = append(m.stack, &settings.LogView{Results: &m.past, Log: m.opts.Log})
		return nil
	case a == keymap.ActHandler:
		m.stack = append(m.stack, output.New(m.ask.Runner, m.ask.session))
		return nil
	case a == keymap.ActSettings:
		m.stack = append(m.stack, &settings.Settings{Ask: m.ask.Runner, Rows: m.opts.Settings})
		return nil
	}
	if !slices.ContainsFunc(m.top().Keys(m.frame()), func(b keymap.Binding) bool { return b.Action == a }) {
		return m.goTo(a)
	}
	return m.follow(m.top().Do(a, m.frame()))
}

// follow changes the stack as an action says.
func (m *model) follow(s screen.Step, cmd tea.Cmd) tea.Cmd {
	if s.Pop && len(m.stack) > 1 {
		m.stack = m.stack[:len(m.stack)-1]
	}
	if s.Push != nil {
		m.stack = append(m.stack, s.Push)
	}
	// What was possible when it was offered may no longer be.
	if s.Act != nil && slices.ContainsFunc(m.keys(), func(b keymap.Binding) bool { return b.Action == *s.Act }) {
		return tea.Batch(cmd, m.act(*s.Act))
	}
	return cmd
}

// tick asks for the time while something on the screen changes by itself.
func (m *model) tick() tea.Cmd {
	if m.ticking || m.w == 0 {
		return nil
	}
	soonest := m.top().Moves(m.frame())
	tickIn := func(d time.Duration) {
		if d > 0 && (soonest == 0 || d < soonest) {
			soonest = d
		}
	}
	if !m.status.Stays && m.status.Text != "" {
		tickIn(max(m.status.Until.Sub(m.now), time.Millisecond))
	}
	tickIn(m.root.Due(m.now))
	if len(m.pursued) > 0 {
		tickIn(time.Second)
	}
	if header.Lost(m.state.Tunnel) || header.Troubled(m.state.Tunnel) || m.root.Checking(m.frame()) {
		tickIn(time.Second)
	}
	if soonest == 0 {
		return nil
	}
	m.ticking = true
	return m.ask.Tick(soonest)
}

func (m *model) View() tea.View {
	v := tea.NewView(strings.Join(m.lines(), "\n"))
	v.AltScreen = true
	if m.opts.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.WindowTitle = m.title()
	return v
}

func (m *model) title() string {
	title := "hfhook"
	if m.state.Project != "" {
		title += " " + visible.Line(m.state.Project)
	}
	return title
}

// lines is the whole terminal: m.h lines, none wider than m.w.
func (m *model) lines() []string {
	if !screen.Fits(m.w, m.h) {
		return m.theme.Fill([]string{"40x10 needed; still recording"}, m.w, m.h)
	}
	f := m.frame()
	left, right := m.top().Idle(f)
	bindings := m.keys()
	footer, _ := keymap.Footer(m.theme, bindings, m.w)
	said, whole := m.status, ""
	if slices.ContainsFunc(bindings, func(b keymap.Binding) bool { return b.Action == keymap.ActLog }) {
		whole = m.frame().Label(keymap.ActLog) + ": all of it"
	}
	if said.Text != "" && strings.HasPrefix(right, "$ ") {
		right = "" // else it would be taken for the command of what was done
	}
	switch m.top().(type) {
	case *screen.Prompt:
		if said.Ok || said.Text == "" {
			said = screen.Status{} // the line belongs to the question
		}
	}
	return append(m.theme.Fill(m.top().View(f), f.W, f.H), said.Line(m.theme, left, right, whole, m.w), footer)
}

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
	"hfhook/internal/visible"
)

type model struct {
	ask     *asks
	changed <-chan struct{} // gets a value after the session has changed
	clock   func() time.Time
	opts    Options

	w, h  int
	light bool // the terminal has said so
	few   bool // it has no more than 16 colours
	now   time.Time
	theme *theme
	state *dev.State

	root   *events
	stack  []screen // the root first
	status status
	past   journal // what the status line has shown
	did    string  // command of the last action that has one
	didOn  screen  // that it was done on

	pursued   []pursuit // actions whose outcome is not known yet
	ticking   bool      // a tick is under way
	leaving   bool      // q was pressed while a replay was under way
	suspended time.Time // when ctrl+z was pressed
}

func newModel(a *asks, opts Options, clock func() time.Time) *model {
	root := newEvents(a)
	root.saved, root.save = opts.Filters, opts.SaveFilter
	root.doctor, root.authtoken, root.keepSecret = opts.Doctor, opts.Authtoken, opts.KeepSecret
	m := &model{
		ask: a, changed: a.session.Watch(a.ctx), clock: clock, opts: opts, now: clock(),
		state: a.session.State(), root: root, stack: []screen{root},
	}
	m.restyle()
	m.notices(nil, m.state.Notices)
	return m
}

// Init asks for the background's colour, which not every terminal tells, and for
// the first rows.
func (m *model) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, m.watch(0), m.broadcast(changedMsg{m.state}), m.tick())
}

func (m *model) frame() frame {
	return frame{w: m.w, h: max(m.h-footLines, 0), now: m.now, state: m.state, theme: m.theme, keymap: m.opts.Keys, command: m.did, head: header}
}

func (m *model) restyle() {
	m.theme = m.opts.Theme.theme(!m.light, m.opts.ASCII, m.few)
	m.theme.links = links(m.opts.Env)
}

func (m *model) top() screen { return m.stack[len(m.stack)-1] }

func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.now = m.clock()
	m.status.expire(m.now)
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
		m.ask.keyboard.expect()
		cmd = tea.RequestBackgroundColor // another terminal may have it
		m.status.set("back after "+clock(m.now.Sub(m.suspended))+": nothing was received meanwhile", true, m.now)
	case changedMsg:
		cmd = tea.Batch(m.watch(lookEvery), m.take(msg))
	case resultMsg:
		if msg.late && m.status.text != "" && !m.status.ok {
			m.past.add(m.now, logged(msg.text, msg.command), msg.ok)
			return m, tea.Batch(m.broadcast(msg), m.broadcast(msg.ended))
		}
		m.status.set(visible.Line(msg.text), msg.ok, m.now)
		m.past.add(m.now, logged(msg.text, msg.command), msg.ok)
		if msg.command != "" {
			m.did, m.didOn, m.status.command = msg.command, m.top(), msg.command
		}
		m.status.stays = m.status.stays || msg.stays
		if msg.until != nil && len(m.pursued) < maxPursuits {
			m.pursued = append(m.pursued, pursuit{msg.until, m.now, msg.command})
			m.pursue()
		}
		cmd = tea.Batch(m.broadcast(msg), m.broadcast(msg.ended))
	case pushMsg:
		if !msg.origin.left(m.top()) {
			m.stack = append(m.stack, msg.screen)
		}
	case offerMsg:
		if m.top() == msg.over {
			m.stack = append(m.stack, msg.screen)
		}
	case closeMsg:
		if push, opens := msg.then.(pushMsg); opens {
			if push.origin.left(m.top()) {
				return m, nil
			}
			msg.then = pushMsg{screen: push.screen}
		}
		m.stack = slices.DeleteFunc(m.stack, func(s screen) bool { return s == msg.screen })
		return m.Update(msg.then)
	case tickMsg:
		m.ticking = false
		m.pursue()
		cmd = m.root.expire(m.now)
	default:
		cmd = m.broadcast(msg)
	}
	return m, tea.Batch(cmd, m.tick())
}

// acting carries out an action of the user's, and has what answers it know where that was.
func (m *model) acting(act func() tea.Cmd) tea.Cmd {
	from := &origin{}
	m.ask.action = from
	defer func() { m.ask.action, from.screen = nil, m.top() }()
	return act()
}

// take takes in what has changed.
func (m *model) take(msg changedMsg) tea.Cmd {
	m.news(m.state, msg.state)
	m.state = msg.state
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
func (m *model) keys() []binding {
	bindings := m.shipped()
	_, types := m.top().(typist)
	quits := slices.ContainsFunc(bindings, func(b binding) bool { return b.action == actQuit })
	return m.opts.Keys.apply(bindings, types && !quits) // where letters are typed, none quits
}

// shipped are the keys as the table has them.
func (m *model) shipped() []binding {
	global := keys(actQuitNow, actSuspend, actRedraw)
	if !fits(m.w, m.h) {
		return append(keys(actQuit), global...)
	}
	bindings := append(m.top().Keys(m.frame()), global...)
	if slices.ContainsFunc(bindings, func(b binding) bool { return b.action == actHelp }) {
		bindings = append(bindings, keys(actPalette)...)
		if _, there := m.top().(*logView); !there {
			bindings = append(bindings, keys(actLog)...)
		}
		if m.state.Handler != nil && !m.onHandler() {
			bindings = append(bindings, keys(actHandler, actRestart)...)
		}
		if _, there := m.top().(*settings); !there {
			bindings = append(bindings, keys(actSettings)...)
		}
		if m.lastDone() != "" {
			bindings = append(bindings, m.lastCommand(bindings)...)
		}
	}
	return bindings
}

func (m *model) key(msg tea.KeyPressMsg) tea.Cmd {
	m.status.key()
	a, bound := pressed(m.keys(), msg.String())
	if !bound {
		m.leaving = false
		if t, ok := m.top().(typist); ok && fits(m.w, m.h) {
			return m.follow(t.Type(msg, m.frame()))
		}
		return nil
	}
	return m.act(a)
}

// act carries out an action: one of the program's own, or one of the top screen.
func (m *model) act(a action) tea.Cmd {
	leaving := m.leaving
	m.leaving = false
	switch {
	case a == actQuitNow:
		return tea.Quit
	case a == actQuit:
		if m.root.busy() && !leaving {
			m.leaving = true
			m.status.set("a replay is under way: q again to leave it", false, m.now)
			return nil
		}
		return tea.Quit
	case a == actSuspend:
		if !canSuspend {
			return nil
		}
		m.suspended = m.now
		return suspend()
	case a == actRedraw:
		return tea.ClearScreen
	case a == actHelp:
		h := newHelp(m.top().Name(), m.keys(), m.opts.Keys, m.opts.Version)
		switch m.top().(type) {
		case *events, *opened:
			h.letters = m.root.letters(m.frame())
		}
		m.stack = append(m.stack, h)
		return nil
	case a == actPalette:
		m.stack = append(m.stack, newPalette(m.top(), m.keys(), m.ask.runner))
		return nil
	case a == actCopyCommand && !slices.ContainsFunc(m.top().Keys(m.frame()), func(b binding) bool { return b.action == a }):
		return m.ask.copy("the command", plainText(m.lastDone()))
	case a == actLog:
		m.stack = append(m.stack, &logView{results: &m.past, log: m.opts.Log})
		return nil
	case a == actHandler:
		m.stack = append(m.stack, newHandlerView(m.ask))
		return nil
	case a == actRestart && !m.onHandler():
		return m.ask.restartHandler(m.state)
	case a == actSettings:
		m.stack = append(m.stack, &settings{ask: m.ask.runner, rows: m.opts.Settings})
		return nil
	}
	return m.follow(m.top().Do(a, m.frame()))
}

// follow changes the stack as an action says.
func (m *model) follow(s step, cmd tea.Cmd) tea.Cmd {
	if s.pop && len(m.stack) > 1 {
		m.stack = m.stack[:len(m.stack)-1]
	}
	if s.push != nil {
		m.stack = append(m.stack, s.push)
	}
	// What was possible when it was offered may no longer be.
	if s.act != nil && slices.ContainsFunc(m.keys(), func(b binding) bool { return b.action == *s.act }) {
		return tea.Batch(cmd, m.act(*s.act))
	}
	return cmd
}

// tick asks for the time while something on the screen changes by itself.
func (m *model) tick() tea.Cmd {
	if m.ticking || m.w == 0 {
		return nil
	}
	soonest := m.top().Moves(m.frame())
	wish := func(d time.Duration) {
		if d > 0 && (soonest == 0 || d < soonest) {
			soonest = d
		}
	}
	if !m.status.stays && m.status.text != "" {
		wish(max(m.status.until.Sub(m.now), time.Millisecond))
	}
	wish(m.root.due(m.now))
	if len(m.pursued) > 0 {
		wish(time.Second)
	}
	if lost(m.state.Tunnel) || m.root.checking(m.frame()) {
		wish(time.Second)
	}
	if soonest == 0 {
		return nil
	}
	m.ticking = true
	return m.ask.tick(soonest)
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
	if !fits(m.w, m.h) {
		return m.theme.fill([]string{"40x10 needed; capture goes on"}, m.w, m.h)
	}
	f := m.frame()
	left, right := m.top().Idle(f)
	bindings := m.keys()
	footer, _ := m.theme.footer(bindings, m.w)
	said, whole := m.status, ""
	if slices.ContainsFunc(bindings, func(b binding) bool { return b.action == actLog }) {
		whole = m.frame().label(actLog) + ": all of it"
	}
	if said.text != "" && strings.HasPrefix(right, "$ ") {
		right = "" // else it would be taken for the command of what was done
	}
	switch m.top().(type) {
	case *prompt:
		if said.ok || said.text == "" {
			said = status{} // the line belongs to the question
		}
	}
	return append(m.theme.fill(m.top().View(f), f.w, f.h), said.line(m.theme, left, right, whole, m.w), footer)
}

// resultCmd shows a sentence in the status line.
func resultCmd(text string, ok bool) tea.Cmd {
	return func() tea.Msg { return resultMsg{text: text, ok: ok} }
}

// Package sorted is the screen of the slowest and the largest events.
package sorted

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/tui/eventlist"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// most is how many events the screen has: the first ones in its order.
const most = 500

// A Session is what this screen asks of the running hfhook.
type Session interface {
	List(ctx context.Context, q store.Query) (store.Page, error)
}

// A Main is the list below the screen.
type Main interface {
	// GoTo selects an event in the list.
	GoTo(id event.ID, f screen.Frame) tea.Cmd
}

// A Screen is the list of events in an order of its own. It stands still: what comes later
// is counted, and sorted in when the user asks for it.
type Screen struct {
	ask     *screen.Runner
	session Session
	main    Main
	x       filter.Expr // nil: all
	text    string      // of the filter

	order  store.Order
	rows   []event.Row
	more   bool  // there are more than those
	events int64 // in the store when they were read
	err    error
	loaded bool
	load   int // number of the newest load
	cancel context.CancelFunc

	cursor int
}

// New begins to sort the events that match a filter, the slowest first.
func New(r *screen.Runner, s Session, main Main, x filter.Expr, text string, f screen.Frame) (*Screen, tea.Cmd) {
	p := &Screen{ask: r, session: s, main: main, x: x, text: text, order: store.ByDuration}
	return p, p.read(f)
}

// loadedMsg answers read.
type loadedMsg struct {
	of   *Screen
	load int
	page store.Page
	err  error
}

func (p *Screen) read(f screen.Frame) tea.Cmd {
	if p.cancel != nil {
		p.cancel()
	}
	ctx, cancel := context.WithCancel(p.ask.Ctx)
	p.load++
	p.cancel, p.loaded, p.events = cancel, false, f.State.Store.Events
	load, q := p.load, store.Query{Filter: p.x, Sort: p.order, Limit: most}
	return p.ask.Cmd(func() tea.Msg {
		defer cancel()
		page, err := p.session.List(ctx, q)
		return loadedMsg{p, load, page, err}
	})
}

func (p *Screen) Name() string { return "sorted events" }

func (p *Screen) Keys(screen.Frame) []keymap.Binding {
	actions := []keymap.Action{keymap.ActSort, keymap.ActReload, keymap.ActBack, keymap.ActHelp, keymap.ActQuit}
	if len(p.rows) > 0 {
		actions = append([]keymap.Action{keymap.ActOpen}, append(keymap.Motions(), actions...)...)
	}
	bindings := keymap.Keys(actions...)
	for i, b := range bindings {
		switch b.Action {
		case keymap.ActOpen:
			bindings[i] = b.As("show in the list")
		case keymap.ActSort:
			bindings[i] = b.As("by " + string(p.other()))
		}
	}
	return bindings
}

// other is the order that comes next.
func (p *Screen) other() store.Order {
	if p.order == store.ByDuration {
		return store.BySize
	}
	return store.ByDuration
}

func (p *Screen) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActBack:
		p.cancel()
		return screen.Step{Pop: true}, nil
	case keymap.ActReload:
		return screen.Step{}, p.read(f)
	case keymap.ActSort:
		p.order, p.cursor = p.other(), 0
		return screen.Step{}, p.read(f)
	case keymap.ActOpen:
		if p.cursor < len(p.rows) {
			p.cancel()
			return screen.Step{Pop: true}, p.main.GoTo(p.rows[p.cursor].ID, f)
		}
	}
	n, _ := a.Lines(p.room(f))
	p.cursor = max(min(p.cursor+n, len(p.rows)-1), 0)
	return screen.Step{}, nil
}

func (p *Screen) Update(msg tea.Msg, _ screen.Frame) tea.Cmd {
	if msg, ok := msg.(loadedMsg); ok && msg.of == p && msg.load == p.load {
		p.loaded, p.err = true, msg.err
		if msg.err == nil {
			p.rows, p.more = msg.page.Rows, msg.page.Older
			p.cursor = max(min(p.cursor, len(p.rows)-1), 0)
		}
	}
	return nil
}

func (p *Screen) Moves(screen.Frame) time.Duration { return 0 }

// Idle says what the list is, and that it stands still.
func (p *Screen) Idle(f screen.Frame) (left, right string) {
	switch {
	case p.err != nil:
		left = "sort: " + screen.Plain(p.err)
	case !p.loaded:
		left = "sorting" + f.Theme.Mark.Busy
	case f.State.Store.Events > p.events:
		left = style.Count(f.State.Store.Events-p.events) + " new: " + f.Label(keymap.ActReload) + " sorts again"
	case p.more:
		left = "the first " + style.Count(most)
	}
	return left, "$ " + p.PrintedBy(f)
}

// PrintedBy is the command that prints the same.
func (p *Screen) PrintedBy(screen.Frame) string {
	command := "hfhook ls --sort " + string(p.order)
	if p.text != "" {
		command += " -- " + screen.ShellWord(p.text)
	}
	return command
}

func (p *Screen) room(f screen.Frame) int {
	return max(f.H-screen.Arrange(f.W, f.H, screen.NoBanner).Header-3, 1)
}

func (p *Screen) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	title := " " + t.Bold.Paint("Slowest first")
	if p.order == store.BySize {
		title = " " + t.Bold.Paint("Largest first")
	}
	if p.text != "" {
		title += "  " + t.Key.Paint(f.Label(keymap.ActFilter)) + " " + visible.Line(p.text)
	}
	lines = append(lines, t.Cut(title, f.W), t.Line(f.W, ""))
	room := p.room(f)
	top := max(p.cursor-room+1, 0)
	const value = 10
	items := make([]eventlist.Item, 0, room)
	for i := top; i < min(top+room, len(p.rows)); i++ {
		items = append(items, eventlist.Item{Row: &p.rows[i], Key: eventlist.ItemKey{ID: p.rows[i].ID}})
	}
	look := eventlist.Look{Compact: f.W < 80, Focused: true}.Fit(items, f)
	for i := top; i < min(top+room, len(p.rows)); i++ {
		row := &p.rows[i]
		line := look.Row(items[i-top], f, f.W-value, i == p.cursor)
		lines = append(lines, t.Fit(line, f.W-value)+t.Right(p.value(row), value-1))
	}
	if p.loaded && len(p.rows) == 0 {
		lines = append(lines, " "+t.Dim.Paint("No events."))
	}
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

// value is what a row is sorted by.
func (p *Screen) value(row *event.Row) string {
	if p.order == store.BySize {
		return style.Count(row.Size) + " B"
	}
	if took, ok := store.Slowest(row); ok {
		return duration.Text(took)
	}
	return "-"
}

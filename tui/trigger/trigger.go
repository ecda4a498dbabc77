// Package trigger is the dialog that makes synthetic events.
package trigger

// The screen of synthetic events: which one, or which story of several, and what it is
// to be about.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/visible"
	"hfhook/payload/sample"
	"hfhook/store"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

const (
	maxTimes = 100 // how often one event can be sent at once
	maxPins  = 200 // events of the user's that are offered
)

// An entry is one line of the list: one of the three.
type entry struct {
	kind  *sample.Template
	story *sample.Scenario
	pin   *event.Row
	other bool // a kind that is not one of the usual ones
}

type Dialog struct {
	ask     *asks
	send    func(Order) tea.Cmd
	all     []entry
	entries []entry // those that match what is searched for
	search  textinput.Model
	cursor  int

	kind, story, pin screen.Form // what there is to say to each sort of entry
}

// pinsMsg answers pins.
type pinsMsg struct {
	rows []event.Row
	err  error
}

func New(r *screen.Runner, s Session, send func(Order) tea.Cmd) (*Dialog, tea.Cmd) {
	a := &asks{r, s}

	p := &Dialog{ask: a, send: send, search: screen.NewInput(40)}
	_ = p.search.Focus()
	p.arrange(nil)
	repo, number, times := screen.TextField("repo", "me/corpus", 100), screen.TextField("number", "any", 9), screen.TextField("times", "1", 3)
	set := screen.TextField("set", ".path=value", 500)
	speed := screen.ChoiceField("speed", "1x", "10x", "100x", "max")
	speed.Chosen = 1
	p.kind = screen.Form{At: -1, Fields: []screen.Field{repo, screen.ChoiceField("type"), number, screen.TextField("content", "some text", 300), times, set}}
	p.story = screen.Form{At: -1, Fields: []screen.Field{screen.TextField("repo", "its own", 100), number, speed}}
	p.pin = screen.Form{At: -1, Fields: []screen.Field{screen.TextField("times", "1", 3), screen.TextField("set", ".path=value", 500)}}
	p.find()
	return p, a.pins()
}

// usual are the kinds that most handlers are about, which come first.
var usual = []string{
	"repo.content/update", "discussion.comment/create", "discussion/create:pr", "discussion.comment/create:pr",
	"discussion/update:merged", "discussion/create", "repo/create",
}

// arrange lists the usual kinds, the scenarios, what is pinned, and the other kinds.
func (p *Dialog) arrange(pins []event.Row) {
	p.all = nil
	kinds, stories := sample.Templates(), sample.Scenarios()
	slices.SortStableFunc(kinds, func(a, b sample.Template) int { return place(a) - place(b) })
	for i := range kinds[:len(usual)] {
		p.all = append(p.all, entry{kind: &kinds[i]})
	}
	for i := range stories {
		p.all = append(p.all, entry{story: &stories[i]})
	}
	for i := range pins {
		p.all = append(p.all, entry{pin: &pins[i]})
	}
	for i := range kinds[len(usual):] {
		p.all = append(p.all, entry{kind: &kinds[len(usual)+i], other: true})
	}
}

// place is the place of a kind among the usual ones, or behind them.
func place(k sample.Template) int {
	if i := slices.Index(usual, k.Name); i >= 0 {
		return i
	}
	return len(usual)
}

// pins reads the events that have a name.
func (a *asks) pins() tea.Cmd {
	return a.Cmd(func() tea.Msg {
		x, err := filter.Parse("is:pinned", time.Now())
		if err != nil {
			return pinsMsg{err: err}
		}
		var msg pinsMsg
		for q := (store.Query{Filter: x, Limit: maxPins}); len(msg.rows) < maxPins; {
			page, err := a.session.List(a.Ctx, q)
			if err != nil {
				return pinsMsg{err: err}
			}
			msg.rows = append(msg.rows, page.Rows...)
			if q.Before = page.Next; page.Next == "" {
				break
			}
		}
		return msg
	})
}

// find lists the entries that have every word of what is searched for.
func (p *Dialog) find() {
	words := strings.Fields(strings.ToLower(p.search.Value()))
	p.entries = nil
next:
	for _, e := range p.all {
		text := strings.ToLower(e.text())
		for _, word := range words {
			if !strings.Contains(text, word) {
				continue next
			}
		}
		p.entries = append(p.entries, e)
	}
	p.settle()
}

// section is the heading above the entry; the first has none.
func (e entry) section() string {
	switch {
	case e.story != nil:
		return "scenarios"
	case e.pin != nil:
		return "saved events"
	case e.other:
		return "other events"
	}
	return ""
}

// text is what is searched in.
func (e entry) text() string {
	switch {
	case e.kind != nil:
		return e.kind.About + " " + e.kind.Name
	case e.story != nil:
		return "scenario " + e.story.Name + " " + e.story.About
	}
	return "pinned " + e.pin.Pin + " " + e.pin.Label + " " + e.pin.Subject
}

// current is the entry under the cursor; zero if nothing matches.
func (p *Dialog) current() entry {
	if len(p.entries) == 0 {
		return entry{}
	}
	return p.entries[p.cursor]
}

// form is that of the entry under the cursor.
func (p *Dialog) form() *screen.Form {
	switch e := p.current(); {
	case e.story != nil:
		return &p.story
	case e.pin != nil:
		return &p.pin
	}
	return &p.kind
}

// settle offers the types that the kind under the cursor has.
func (p *Dialog) settle() {
	p.cursor = max(min(p.cursor, len(p.entries)-1), 0)
	k := p.current().kind
	if k == nil {
		return
	}
	types := make([]string, len(k.RepoTypes))
	for i, t := range k.RepoTypes {
		types[i] = string(t)
	}
	field := &p.kind.Fields[1]
	was := field.Value()
	field.Choices, field.Chosen = types, max(slices.Index(types, was), 0)
}

func (p *Dialog) Name() string { return "new event" }

func (p *Dialog) Keys(screen.Frame) []keymap.Binding {
	send, tab, cancel := keymap.Keys(keymap.ActChoose)[0].As("send"), keymap.Keys(keymap.ActOtherPane)[0].As("fields"), keymap.Keys(keymap.ActBack)[0].As("cancel")
	if p.form().At >= 0 {
		return p.form().Keys("send", "to the list")
	}
	if p.search.Value() != "" {
		cancel = cancel.As("all of them")
	}
	if len(p.entries) == 0 {
		return []keymap.Binding{cancel}
	}
	actions := append([]keymap.Action{keymap.ActPrint, keymap.ActCopyCommand}, keymap.Motions()...)
	if p.search.Value() == "" {
		actions = slices.Insert(actions, 1, keymap.ActScenarios)
	}
	switch e := p.current(); {
	case e.kind != nil:
		actions = slices.Insert(actions, 0, keymap.ActEdit)
		actions = slices.Insert(actions, 2, keymap.ActFixture)
	case e.pin != nil:
		actions = slices.Insert(actions, 0, keymap.ActEdit)
	}
	bindings := append([]keymap.Binding{send, tab}, keymap.Typed(keymap.Keys(actions...))...)
	for i, b := range bindings {
		if b.Action == keymap.ActEdit {
			bindings[i] = b.As("edit first")
		}
	}
	return append(bindings, cancel)
}

func (p *Dialog) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	if p.form().Do(a) {
		return screen.Step{}, nil
	}
	n, _ := a.Lines(f.H - 7)
	p.cursor += n
	switch a {
	case keymap.ActScenarios:
		p.nextSection()
	case keymap.ActOtherPane:
		p.form().At = 0
	case keymap.ActBack:
		switch {
		case p.form().At >= 0:
			p.form().At = -1
		case p.search.Value() != "":
			p.search.Reset()
			p.find()
		default:
			return screen.Step{Pop: true}, nil
		}
	case keymap.ActCopyCommand:
		command := p.Command()
		return screen.Step{}, p.ask.Copy("the command", screen.PlainText(command))
	case keymap.ActFixture:
		o, err := p.order()
		if err != nil {
			return screen.Step{}, screen.ResultCmd(screen.Plain(err), false)
		}
		return screen.Step{Push: screen.NewFixturePrompt(p, func(name string) tea.Cmd { return p.ask.keepSample(o, name) })}, nil
	case keymap.ActChoose, keymap.ActPrint, keymap.ActEdit:
		o, err := p.order()
		o.to = describe.Addressees(f.State)
		switch {
		case err != nil:
			return screen.Step{}, screen.ResultCmd(screen.Plain(err), false)
		case a == keymap.ActPrint:
			return screen.Step{}, p.ask.print(o)
		case a == keymap.ActEdit:
			return screen.Step{}, p.ask.editFirst(p, o)
		}
		return screen.Step{Pop: true}, p.send(o)
	}
	p.settle()
	return screen.Step{}, nil
}

// nextSection goes to the first entry of the next sort, from the last to the first.
func (p *Dialog) nextSection() {
	was := p.current().section()
	for i := p.cursor; i < len(p.entries); i++ {
		if p.entries[i].section() != was {
			p.cursor = i
			return
		}
	}
	p.cursor = 0
}

func (p *Dialog) Type(key tea.KeyPressMsg, _ screen.Frame) (screen.Step, tea.Cmd) {
	p.write(key)
	return screen.Step{}, nil
}

func (p *Dialog) Update(msg tea.Msg, _ screen.Frame) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		p.write(msg)
	case screen.ResultMsg:
		if msg.Ok { // it may have been a fixture that was saved
			return p.ask.pins()
		}
	case pinsMsg:
		if msg.err != nil {
			return screen.ResultCmd(fmt.Sprintf("read your pinned events: %s", screen.Plain(msg.err)), false)
		}
		p.arrange(msg.rows)
		p.find()
	}
	return nil
}

// write gives a key or a paste to the field that is written or, in the list, to the search.
func (p *Dialog) write(msg tea.Msg) {
	if p.form().At >= 0 {
		p.form().Write(msg)
		return
	}
	was := p.search.Value()
	if screen.EditInput(&p.search, msg); p.search.Value() != was {
		p.cursor = 0
		p.find()
	}
}

func (p *Dialog) Moves(screen.Frame) time.Duration { return 0 }

func (p *Dialog) Idle(f screen.Frame) (left, right string) {
	right = describe.Destination(f)
	left = "As a command:  " + visible.Line(p.Command())
	if style.Width(left)+style.Width(right)+4 > f.W { // where it goes is said when it is sent, too
		left = "$ " + visible.Line(p.Command())
	}
	return f.Theme.Cut(left, max(f.W-style.Width(right)-4, f.W/2)), right
}

func (p *Dialog) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	search := "type to search " + t.Mark.Caret
	if p.search.Value() != "" {
		search = "search: " + screen.Caret(t, &p.search, 40)
	}
	title := " " + t.Bold.Paint("New synthetic event")
	if about := "  created locally; handled like a real event"; style.Width(title+about+search)+3 <= f.W {
		title += t.Dim.Paint(about)
	}
	lines = append(lines, t.Lead(title, search+" ", f.W), t.Line(f.W, ""))
	one := p.form()
	var fields []string
	switch h := f.H - len(lines) - 6; {
	case one.At < 0 && h > 0:
		fields = []string{t.Line(f.W, ""), t.Dim.Paint(t.Cut(" "+one.Summary(), f.W))}
	case h > 0:
		fields = append([]string{t.Line(f.W, "")}, one.View(t, f.W, min(len(one.Fields), h))...)
	case one.At >= 0:
		fields = one.View(t, f.W, 1)
	}
	room := max(f.H-len(lines)-len(fields)-1, 1)
	lines = append(append(lines, t.Fill(p.list(f, room), f.W, room)...), fields...)
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

// list draws the entries around the cursor on h lines.
func (p *Dialog) list(f screen.Frame, h int) []string {
	t := f.Theme
	if len(p.entries) == 0 {
		return []string{" No matches."}
	}
	abouts, names := 0, 0
	for _, e := range p.entries {
		if e.kind != nil {
			abouts, names = max(abouts, style.Width(e.kind.About)), max(names, style.Width(e.kind.Name))
		}
	}
	abouts = min(abouts, max(f.W-names-6, f.W/2))
	var lines []string
	at := 0
	section := ""
	for i, e := range p.entries {
		about, name, in := "", "", e.section()
		wide := abouts
		switch {
		case e.kind != nil:
			about, name = e.kind.About, e.kind.Name
		case e.story != nil:
			about = e.story.Name
			name = fmt.Sprintf("%s: %s", style.Plural(int64(e.story.Steps), "event"), e.story.About)
			wide = 16
		default:
			about = visible.Line(e.pin.Pin)
			name = "pinned from " + e.pin.ID.Short() + "  " + t.Mark.Say(visible.Line(e.pin.Label)) + "  " + t.Mark.Meaning(e.pin.Subject)
			wide = 16
		}
		if in != section {
			section = in
			lines = append(lines, t.Line(f.W, in))
		}
		about = t.Fit(about, wide)
		if i != p.cursor {
			lines = append(lines, "   "+about+"  "+t.Dim.Paint(t.Cut(name, f.W-wide-6)))
			continue
		}
		at = len(lines)
		look := t.Selected
		if p.form().At >= 0 {
			look = t.Marked
		}
		lines = append(lines, look.Paint(t.Fit(t.Mark.Cursor+"  "+about+"  "+name, f.W)))
	}
	from := min(max(at-h+2, 0), max(len(lines)-h, 0))
	return lines[min(from, at):]
}

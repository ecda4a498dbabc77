package tui

// The screen of synthetic events: which one, or which story of several, and what it is
// to be about.

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/visible"
	"hfhook/payload/sample"
	"hfhook/store"
)

const (
	maxTimes = 100 // how often one event can be sent at once
	maxPins  = 200 // events of the user's that are offered
)

// An entry is one line of the list: one of the three.
type entry struct {
	kind  *sample.Kind
	story *sample.Scenario
	pin   *event.Row
}

type trigger struct {
	ask     *asks
	send    func(order) tea.Cmd
	entries []entry
	cursor  int

	kind, story, pin form // what there is to say to each sort of entry
}

// pinsMsg answers pins.
type pinsMsg struct {
	rows []event.Row
	err  error
}

func newTrigger(a *asks, send func(order) tea.Cmd) (*trigger, tea.Cmd) {
	p := &trigger{ask: a, send: send}
	kinds, stories := sample.Kinds(), sample.Scenarios()
	for i := range kinds {
		p.entries = append(p.entries, entry{kind: &kinds[i]})
	}
	for i := range stories {
		p.entries = append(p.entries, entry{story: &stories[i]})
	}
	repo, number, times := textField("repo", "me/corpus", 100), textField("number", "any", 9), textField("times", "1", 3)
	set := textField("set", ".path=value", 500)
	p.kind = form{at: -1, fields: []field{repo, {name: "type"}, number, textField("content", "some text", 300), times, set}}
	p.story = form{at: -1, fields: []field{textField("repo", "its own", 100), number, {name: "speed", choose: []string{"1x", "10x", "100x", "max"}, chosen: 1}}}
	p.pin = form{at: -1, fields: []field{textField("times", "1", 3), textField("set", ".path=value", 500)}}
	p.settle()
	return p, a.pins()
}

// pins reads the events that have a name.
func (a *asks) pins() tea.Cmd {
	return a.cmd(func() tea.Msg {
		x, err := filter.Parse("is:pinned", time.Now())
		if err != nil {
			return pinsMsg{err: err}
		}
		var msg pinsMsg
		for q := (store.Query{Filter: x, Limit: maxPins}); len(msg.rows) < maxPins; {
			page, err := a.session.List(a.ctx, q)
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

// current is the entry under the cursor.
func (p *trigger) current() entry { return p.entries[p.cursor] }

// form is that of the entry under the cursor.
func (p *trigger) form() *form {
	switch e := p.current(); {
	case e.story != nil:
		return &p.story
	case e.pin != nil:
		return &p.pin
	}
	return &p.kind
}

// settle offers the types that the kind under the cursor has.
func (p *trigger) settle() {
	p.cursor = min(max(p.cursor, 0), len(p.entries)-1)
	k := p.current().kind
	if k == nil {
		return
	}
	types := make([]string, len(k.RepoTypes))
	for i, t := range k.RepoTypes {
		types[i] = string(t)
	}
	field := &p.kind.fields[1]
	was := ""
	if len(field.choose) > 0 {
		was = field.value()
	}
	field.choose, field.chosen = types, max(slices.Index(types, was), 0)
}

func (p *trigger) Name() string { return "new event" }

func (p *trigger) Keys(frame) []binding {
	send, tab, cancel := keys(actChoose)[0].as("send"), keys(actOtherPane)[0].as("fields"), keys(actBack)[0].as("cancel")
	if p.form().at >= 0 {
		cancel = cancel.as("to the list")
		return []binding{send, tab, cancel}
	}
	actions := []action{actPrint, actScenarios, actCopyCommand, actUp, actDown, actPageUp, actPageDown, actFirst, actLast}
	switch e := p.current(); {
	case e.kind != nil:
		actions = slices.Insert(actions, 0, actEdit)
		actions = slices.Insert(actions, 3, actFixture)
	case e.pin != nil:
		actions = slices.Insert(actions, 0, actEdit)
	}
	bindings := append([]binding{send, tab}, keys(actions...)...)
	for i, b := range bindings {
		if b.action == actEdit {
			bindings[i] = b.as("edit first")
		}
	}
	return append(append(bindings, cancel), keys(actHelp, actQuit)...)
}

func (p *trigger) Do(a action, f frame) (step, tea.Cmd) {
	page := max(f.h-8, 1)
	switch a {
	case actUp:
		p.cursor--
	case actDown:
		p.cursor++
	case actPageUp:
		p.cursor -= page
	case actPageDown:
		p.cursor += page
	case actFirst:
		p.cursor = 0
	case actLast:
		p.cursor = len(p.entries) - 1
	case actScenarios:
		p.nextSection()
	case actOtherPane:
		p.form().next()
	case actBack:
		if p.form().at < 0 {
			return step{pop: true}, nil
		}
		p.form().at = -1
	case actCopyCommand:
		command := p.command()
		return step{}, p.ask.copy("the command", plainText(command))
	case actFixture:
		o, err := p.order()
		if err != nil {
			return step{}, resultCmd(err.Error(), false)
		}
		return step{push: newFixturePrompt(p, func(name string) tea.Cmd { return p.ask.keepSample(o, name) })}, nil
	case actChoose, actPrint, actEdit:
		o, err := p.order()
		switch {
		case err != nil:
			return step{}, resultCmd(err.Error(), false)
		case a == actPrint:
			return step{}, p.ask.print(o)
		case a == actEdit:
			return step{}, p.ask.editFirst(p, o)
		}
		return step{pop: true}, p.send(o)
	}
	p.settle()
	return step{}, nil
}

// nextSection goes to the first entry of the next sort, from the last to the first.
func (p *trigger) nextSection() {
	sort := func(e entry) int { return map[bool]int{true: 1}[e.story != nil] + map[bool]int{true: 2}[e.pin != nil] }
	was := sort(p.current())
	for i := p.cursor; i < len(p.entries); i++ {
		if sort(p.entries[i]) != was {
			p.cursor = i
			return
		}
	}
	p.cursor = 0
}

func (p *trigger) Type(key tea.KeyPressMsg, _ frame) (step, tea.Cmd) {
	p.form().edit(key)
	return step{}, nil
}

func (p *trigger) Update(msg tea.Msg, _ frame) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		p.form().edit(msg)
	case resultMsg:
		if msg.ok { // it may have been a fixture that was saved
			return p.ask.pins()
		}
	case pinsMsg:
		if msg.err != nil {
			return resultCmd(fmt.Sprintf("read your pinned events: %v", msg.err), false)
		}
		p.entries = slices.DeleteFunc(p.entries, func(e entry) bool { return e.pin != nil })
		for i := range msg.rows {
			p.entries = append(p.entries, entry{pin: &msg.rows[i]})
		}
		p.settle()
	}
	return nil
}

func (p *trigger) Moves(frame) time.Duration { return 0 }

func (p *trigger) Idle(f frame) (left, right string) {
	return f.theme.cut("As a command:  "+visible.Line(p.command()), f.w-2), ""
}

func (p *trigger) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	lines = append(lines, t.lead(" "+t.bold.paint("New synthetic event"), t.dim.paint("no Hub call, no tunnel: made here, verified and stored like a real one")+" ", f.w), t.line(f.w, ""))
	one := p.form()
	fields := append([]string{t.line(f.w, "")}, one.lines(t, f.w)...)
	if f.h-len(lines)-len(fields) < 4 {
		fields = one.current(t, f.w) // there is room for one
	}
	room := max(f.h-len(lines)-len(fields)-1, 1)
	lines = append(append(lines, t.fill(p.list(f, room), f.w, room)...), fields...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

// list draws the entries around the cursor on h lines.
func (p *trigger) list(f frame, h int) []string {
	t := f.theme
	abouts, names := 0, 0
	for _, e := range p.entries {
		if e.kind != nil {
			abouts, names = max(abouts, width(e.kind.About)), max(names, width(e.kind.Name))
		}
	}
	abouts = min(abouts, max(f.w-names-6, f.w/2))
	var lines []string
	at := 0
	section := ""
	for i, e := range p.entries {
		about, name, in := "", "", ""
		wide := abouts
		switch {
		case e.kind != nil:
			about, name = e.kind.About, e.kind.Name
		case e.story != nil:
			about, in = e.story.Name, "scenario"
			name = fmt.Sprintf("%s: %s", plural(int64(e.story.Steps), "event"), e.story.About)
			wide = 16
		default:
			about, in = visible.Line(e.pin.Pin), "from yours"
			name = "pinned from " + e.pin.ID.Short() + "  " + t.mark.say(visible.Line(e.pin.Label)) + "  " + t.mark.tell(e.pin.Subject)
			wide = 16
		}
		if in != section {
			section = in
			lines = append(lines, t.line(f.w, in))
		}
		about = t.fit(about, wide)
		if i != p.cursor {
			lines = append(lines, "   "+about+"  "+t.dim.paint(t.cut(name, f.w-wide-6)))
			continue
		}
		at = len(lines)
		look := t.selected
		if p.form().at >= 0 {
			look = t.marked
		}
		lines = append(lines, look.paint(t.fit(t.mark.cursor+"  "+about+"  "+name, f.w)))
	}
	from := min(max(at-h+2, 0), max(len(lines)-h, 0))
	return lines[min(from, at):]
}

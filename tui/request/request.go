// Package request is the page that changes method, path and headers of what is sent.
package request

// A line for each part of the request. What is changed stands where it will be sent; what is
// left out is struck out by a mark, and can be put back.

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A Page shows the request of an event, or of several, and changes it.
type Page struct {
	title string
	shell string       // the command that sends it, to which the flags are added
	event *event.Event // nil: several, of which only what is changed is known
	edit  event.Edit
	take  func(event.Edit)
	at    int
}

// New shows the request with its changes so far. take gets them all after each further one.
// shell is the command that sends it without them.
func New(title, shell string, e *event.Event, edit event.Edit, take func(event.Edit)) *Page {
	return &Page{title: title, shell: shell, event: e, edit: edit, take: take}
}

// What a line stands for.
type part int

const (
	method part = iota
	path
	header  // of the event
	added   // that the event has not
	dropped // of several events
)

// A line is one part of the request.
type line struct {
	part        part
	name, value string
	was         string // of the event, if it is changed
	gone        bool   // it is left out
}

// lines are the parts as they will be sent.
func (p *Page) lines() []line {
	e := p.event
	if e == nil {
		e = &event.Event{}
	}
	was := func(now, was string) string {
		if now == "" || now == was {
			return ""
		}
		return was
	}
	target := e.Path
	if e.Query != "" {
		target += "?" + e.Query
	}
	usual := ""
	if p.event != nil {
		usual = cmp.Or(e.Method, "POST")
	}
	all := []line{
		{part: method, name: "Method", value: cmp.Or(p.edit.Method, usual), was: was(p.edit.Method, usual)},
		{part: path, name: "Path", value: cmp.Or(p.edit.Path, target), was: was(p.edit.Path, target)},
	}
	shown := map[string]bool{}
	for _, f := range e.Original() {
		if event.Reserved(f.Name) {
			continue // hfhook sets it for each request
		}
		l := line{part: header, name: f.Name, value: f.Value, gone: p.drops(f.Name)}
		if at := p.set(f.Name); at >= 0 {
			if shown[strings.ToLower(f.Name)] {
				continue // one stands in the place of all of its name
			}
			l.value, l.was = p.edit.Header[at].Value, f.Value
		}
		shown[strings.ToLower(f.Name)] = true
		all = append(all, l)
	}
	for _, f := range p.edit.Header {
		if !shown[strings.ToLower(f.Name)] {
			all = append(all, line{part: added, name: f.Name, value: f.Value})
		}
	}
	for _, name := range p.edit.Drop {
		if !shown[strings.ToLower(name)] {
			all = append(all, line{part: dropped, name: name, gone: true})
		}
	}
	return all
}

func (p *Page) set(name string) int {
	return slices.IndexFunc(p.edit.Header, func(f event.Field) bool { return strings.EqualFold(f.Name, name) })
}

func (p *Page) drops(name string) bool {
	return slices.ContainsFunc(p.edit.Drop, func(d string) bool { return strings.EqualFold(d, name) })
}

func (p *Page) current() line {
	all := p.lines()
	p.at = min(max(p.at, 0), len(all)-1)
	return all[p.at]
}

func (p *Page) Name() string { return "request" }

func (p *Page) Keys(screen.Frame) []keymap.Binding {
	bindings := keymap.Keys(keymap.ActChoose, keymap.ActAddField, keymap.ActUnset)
	bindings = append(append(bindings, keymap.Keys(keymap.Motions()...)...), keymap.Keys(keymap.ActBack, keymap.ActHelp, keymap.ActQuit)...)
	bindings[0], bindings[1] = bindings[0].As("change"), bindings[1].As("add header")
	switch l := p.current(); {
	case l.part == dropped || l.gone || l.was != "":
		bindings[2] = bindings[2].As("take back")
	case l.part == method || l.part == path:
		bindings = slices.Delete(bindings, 2, 3)
	default:
		bindings[2] = bindings[2].As("leave out")
	}
	return bindings
}

func (p *Page) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActChoose:
		if l := p.current(); l.part != dropped {
			return screen.Step{Push: p.ask(l)}, nil
		}
	case keymap.ActAddField:
		return screen.Step{Push: p.ask(line{part: added})}, nil
	case keymap.ActUnset:
		p.leaveOut(p.current())
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	}
	n, _ := a.Lines(f.H - 5)
	p.at = min(max(p.at+n, 0), len(p.lines())-1)
	return screen.Step{}, nil
}

// leaveOut leaves a header out or, of a line that is changed, takes the change back.
func (p *Page) leaveOut(l line) {
	edit := p.edit
	same := func(name string) bool { return strings.EqualFold(name, l.name) }
	edit.Header = slices.DeleteFunc(slices.Clone(edit.Header), func(f event.Field) bool { return same(f.Name) })
	switch {
	case l.part == method:
		edit = p.edit
		edit.Method = ""
	case l.part == path:
		edit = p.edit
		edit.Path = ""
	case l.gone:
		edit.Drop = slices.DeleteFunc(slices.Clone(edit.Drop), same)
	case l.was == "" && l.part == header:
		edit.Drop = append(slices.Clone(edit.Drop), l.name)
	}
	p.keep(edit)
}

func (p *Page) keep(edit event.Edit) {
	p.edit = edit
	p.take(edit)
}

// ask asks for another value of a line, or for a header that is new.
func (p *Page) ask(l line) screen.Screen {
	label, text := "header", ""
	switch l.part {
	case method, path:
		label, text = strings.ToLower(l.name), l.value
	default:
		if l.name != "" {
			text = l.name + ": " + l.value
		}
	}
	prompt := screen.NewPrompt(p, "part of the request", label, "keep", text, func(text string) tea.Cmd {
		if edit, err := p.changed(l, text); err == nil {
			p.keep(edit)
		}
		return nil
	})
	prompt.Check = func(text string) error {
		_, err := p.changed(l, text)
		return err
	}
	if l.part >= header {
		prompt.Note = func() string { return "Name: value" }
	}
	return prompt
}

// changed returns the changes with another text of a line.
func (p *Page) changed(l line, text string) (event.Edit, error) {
	edit, text := p.edit, strings.TrimSpace(text)
	switch l.part {
	case method:
		edit.Method = strings.ToUpper(text)
	case path:
		edit.Path = text
	default:
		name, value, found := strings.Cut(text, ":")
		if name, value = strings.TrimSpace(name), strings.TrimSpace(value); !found || name == "" {
			return edit, errors.New("want a name and a value, for example X-Mode: test")
		}
		same := func(other string) bool { return strings.EqualFold(other, name) || strings.EqualFold(other, l.name) }
		edit.Header = append(slices.DeleteFunc(slices.Clone(edit.Header), func(f event.Field) bool { return same(f.Name) }), event.Field{Name: name, Value: value})
		edit.Drop = slices.DeleteFunc(slices.Clone(edit.Drop), same)
		if l.part == header && !strings.EqualFold(name, l.name) { // it has another name
			edit.Drop = append(edit.Drop, l.name)
		}
	}
	if p.event != nil {
		edit = edit.Changing(p.event)
	}
	return edit, edit.Check()
}

func (p *Page) Update(tea.Msg, screen.Frame) tea.Cmd { return nil }

func (p *Page) Moves(screen.Frame) time.Duration { return 0 }

func (p *Page) Idle(f screen.Frame) (left, right string) {
	return "sent with the copy; the original is never changed", ""
}

func (p *Page) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	lines = append(lines, t.Lead(" "+t.Bold.Paint("Request of "+p.title), t.Dim.Paint(Summary(p.edit))+" ", f.W), t.Line(f.W, ""))
	all := p.lines()
	p.at = min(p.at, len(all)-1)
	names := 0
	for _, l := range all {
		names = max(names, style.Width(visible.Line(l.name)))
	}
	names = min(names, f.W/3)
	command := " $ " + strings.Join(append([]string{p.shell}, Flags(p.edit)...), " ")
	room := max(f.H-len(lines)-2, 1)
	top := min(max(p.at-room+1, 0), max(len(all)-room, 0))
	for i := top; i < min(top+room, len(all)); i++ {
		l := all[i]
		sign, look := " ", style.Style{}
		value := visible.Line(l.value)
		switch {
		case l.gone:
			sign, look, value = "-", t.Failed, "left out  "+value
		case l.part == added:
			sign, look = "+", t.Ok
		case l.was != "":
			sign, look, value = "~", t.Warn, value+"  (was "+visible.Line(l.was)+")"
		case value == "":
			value = "as received"
		}
		text := sign + " " + t.Fit(visible.Line(l.name), names) + "  " + value
		if i == p.at {
			lines = append(lines, t.Selected.Paint(t.Fit(t.Mark.Cursor+text, f.W)))
			continue
		}
		lines = append(lines, t.Cut(" "+look.Paint(text), f.W))
	}
	return append(t.Fill(lines, f.W, f.H-2), t.Cut(t.Dim.Paint(visible.Line(command)), f.W), t.Line(f.W, ""))
}

// Summary says in a few words what is changed; empty: nothing is.
func Summary(edit event.Edit) string {
	var words []string
	if first := strings.TrimSpace(edit.Method + " " + edit.Path); first != "" {
		words = append(words, first)
	}
	for _, f := range edit.Header {
		words = append(words, f.Name+": "+f.Value)
	}
	for _, name := range edit.Drop {
		words = append(words, "without "+name)
	}
	return visible.Line(strings.Join(words, ", "))
}

// Flags are the words of hfhook replay that change the same.
func Flags(edit event.Edit) []string {
	var words []string
	if edit.Method != "" {
		words = append(words, "--method "+screen.ShellWord(edit.Method))
	}
	if edit.Path != "" {
		words = append(words, "--path "+screen.ShellWord(edit.Path))
	}
	for _, f := range edit.Header {
		words = append(words, "-H "+screen.ShellWord(f.Name+": "+f.Value))
	}
	for _, name := range edit.Drop {
		words = append(words, "--drop-header "+screen.ShellWord(name))
	}
	return words
}

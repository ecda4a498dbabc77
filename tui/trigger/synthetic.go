package trigger

// What the screen of synthetic events asks for: bodies that are made, changed, sent,
// printed, edited or kept, and the command that does the same.

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/tui/pager"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// An Order is what is to be made, and how.
type Order struct {
	kind    string // of sample's kinds; empty for the others
	story   string // of sample's scenarios
	pin     event.ID
	Name    string // in a sentence
	opts    sample.Options
	sets    []placement
	times   int
	speed   float64 // of a scenario; infinite: no waiting
	to      string  // the targets, in a sentence; empty: there is none
	Command string
}

// A placement is a value at a path that takes the place of what is made.
type placement struct {
	path jsontree.Path
	text string
}

// order is what the form says.
func (p *Dialog) order() (o Order, err error) {
	e, one := p.current(), p.form()
	if len(p.entries) == 0 {
		return o, errors.New("no synthetic event matches what is searched for")
	}
	o = Order{times: 1, Command: p.Command()}
	if text := one.Value("number"); text != "" {
		if o.opts.Num, err = strconv.ParseInt(text, 10, 64); err != nil || o.opts.Num < 1 {
			return o, fmt.Errorf("invalid number %q: want the number of a discussion, for example 19", text)
		}
	}
	if text := one.Value("times"); text != "" {
		if o.times, err = strconv.Atoi(text); err != nil || o.times < 1 || o.times > maxTimes {
			return o, fmt.Errorf("invalid times %q: want a number from 1 to %d", text, maxTimes)
		}
	}
	if o.sets, err = readSets(one.Value("set")); err != nil {
		return o, err
	}
	o.opts.Repo = one.Value("repo")
	switch {
	case e.kind != nil:
		o.kind, o.Name = e.kind.Name, e.kind.Name
		o.opts.RepoType, o.opts.Content = payload.RepoType(one.Value("type")), one.Value("content")
	case e.story != nil:
		o.story, o.Name = e.story.Name, "the scenario "+e.story.Name
		if kind, name, ok := strings.Cut(o.opts.Repo, ":"); ok {
			o.opts.RepoType, o.opts.Repo = payload.RepoType(kind), name
		}
		o.speed = math.Inf(1)
		if text := one.Value("speed"); text != "max" {
			o.speed, _ = strconv.ParseFloat(strings.TrimSuffix(text, "x"), 64)
		}
	default:
		o.pin, o.Name = e.pin.ID, e.pin.Pin
	}
	return o, nil
}

// readSets reads values at paths, for example ".comment.content=hi there .repo.private=true": a
// value reaches to the next path with a = behind it.
func readSets(text string) (all []placement, err error) {
	for rest := strings.TrimSpace(text); rest != ""; {
		path, after, err := jsontree.CutPath(rest)
		if err != nil {
			return nil, fmt.Errorf("set: %w", err)
		}
		value, ok := strings.CutPrefix(after, "=")
		if !ok {
			return nil, fmt.Errorf("set: a = and a value follow %s, for example %s=hello", path, path)
		}
		rest = ""
		for i := range len(value) {
			if !strings.HasPrefix(value[i:], " .") {
				continue
			}
			if _, after, err := jsontree.CutPath(value[i+1:]); err == nil && strings.HasPrefix(after, "=") {
				value, rest = value[:i], value[i+1:]
				break
			}
		}
		all = append(all, placement{path, strings.TrimSpace(value)})
	}
	return all, nil
}

// override makes the changes in a body. A field that the Hub does not document is taken
// for a typing error.
func override(body []byte, sets []placement) ([]byte, error) {
	_, known := payload.Check(body)
	for _, s := range sets {
		after, err := jsonedit.Set(body, s.path, jsonedit.Value(s.text))
		if err != nil {
			return nil, fmt.Errorf("set: %w", err)
		}
		_, found := payload.Check(after)
		for _, w := range found {
			if w.Text == "unknown key" && !slices.Contains(known, w) {
				return nil, fmt.Errorf("the Hub never sends %s: ctrl+e edits the event with it anyway", w.Path)
			}
		}
		body = after
	}
	return body, nil
}

// Command sends the same.
func (p *Dialog) Command() string {
	e, one := p.current(), p.form()
	if len(p.entries) == 0 {
		return "hfhook trigger --list"
	}
	var flags strings.Builder
	add := func(name, value string) {
		if value != "" {
			flags.WriteString(" " + name + " " + screen.ShellWord(value))
		}
	}
	sets, _ := readSets(one.Value("set"))
	addSets := func() {
		for _, s := range sets {
			flags.WriteString(" --set " + screen.ShellWord(s.path.String()) + "=" + screen.ShellValue(s.text))
		}
	}
	command := "hfhook trigger "
	switch {
	case e.kind != nil:
		command += e.kind.Name
		repo, kind := one.Value("repo"), one.Value("type")
		if repo != "" || kind != string(e.kind.RepoTypes[0]) {
			if repo == "" {
				repo = "me/corpus"
			}
			add("--repo", kind+":"+repo)
		}
		add("--num", one.Value("number"))
		if text := one.Value("content"); text != "" && speaks(e.kind.Name) {
			flags.WriteString(" --set .comment.content=" + screen.ShellValue(screen.FlagValue(string(jsontree.Quote(text)))))
		}
		addSets()
	case e.story != nil:
		command += "scenario " + e.story.Name
		if repo := one.Value("repo"); strings.Contains(repo, ":") {
			add("--repo", repo)
		} else if repo != "" {
			add("--repo", "dataset:"+repo)
		}
		add("--num", one.Value("number"))
		add("--speed", one.Value("speed"))
	default:
		command += screen.ShellWord(e.pin.Pin)
		addSets()
	}
	command += flags.String()
	if times := one.Value("times"); times != "" && times != "1" {
		command = "for i in $(seq " + screen.ShellWord(times) + "); do " + command + "; done"
	}
	return command
}

// speaks reports whether events of a kind have a comment.
func speaks(kind string) bool {
	body, err := sample.New(kind, sample.Options{})
	if err != nil {
		return false
	}
	p, _, err := payload.Parse(body)
	return err == nil && p.Comment != nil && p.Comment.Content != nil
}

// steps makes the bodies.
func (a *asks) steps(ctx context.Context, o Order) ([]sample.Step, error) {
	var steps []sample.Step
	switch {
	case o.story != "":
		if o.opts.Repo != "" && o.opts.RepoType == "" {
			o.opts.RepoType = payload.TypeDataset
		}
		return sample.NewScenario(o.story, o.opts)
	case o.pin != "":
		e, err := a.session.Event(ctx, o.pin)
		if err != nil {
			return nil, err
		}
		for range o.times {
			steps = append(steps, sample.Step{Body: e.Body})
		}
	default:
		for range o.times {
			body, err := sample.New(o.kind, o.opts)
			if err != nil {
				return nil, err
			}
			steps = append(steps, sample.Step{Kind: o.kind, Body: body})
		}
	}
	for i := range steps {
		body, err := override(steps[i].Body, o.sets)
		if err != nil {
			return nil, err
		}
		steps[i].Body = body
	}
	return steps, nil
}

// A Playing is synthetic events that are on their way.
type Playing struct {
	Name string
	stop context.CancelCauseFunc

	mu    sync.Mutex
	n, of int
	ids   []event.ID // of those that are recorded
}

// errHalted ends an order that the user has stopped.
var errHalted = errors.New("stopped")

// Halt stops it after the event that is under way.
func (p *Playing) Halt() { p.stop(errHalted) }

// last is the newest event; empty: there is none.
func (p *Playing) last() event.ID {
	if len(p.ids) == 0 {
		return ""
	}
	return p.ids[len(p.ids)-1]
}

func (p *Playing) Progress(t *style.Theme) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := fmt.Sprintf("%s sending %s", t.Mark.Busy, visible.Line(p.Name))
	if p.of > 1 {
		text += fmt.Sprintf(", event %d of %d", min(p.n+1, p.of), p.of)
	}
	return text
}

// PlayedMsg says that what was ordered is sent, or was stopped.
type PlayedMsg struct {
	Run      *Playing
	Recorded screen.RecordedMsg // whose handlers have yet to answer
}

// StartOrder sends what was ordered, one after another.
func StartOrder(r *screen.Runner, s Session, o Order) (*Playing, tea.Cmd) {
	a := &asks{r, s}

	ctx, stop := context.WithCancelCause(a.Ctx)
	run := &Playing{Name: o.Name, stop: stop}
	return run, a.Cmd(func() tea.Msg {
		defer stop(nil)
		text, ok := a.playOrder(ctx, o, run)
		made := PlayedMsg{Run: run}
		if run.mu.Lock(); ok && len(run.ids) > 0 {
			made.Recorded = screen.RecordedMsg{Name: o.Name, Command: o.Command, Events: run.ids}
		}
		run.mu.Unlock()
		return screen.ResultMsg{Text: text, Ok: ok, Command: o.Command, Ended: made}
	})
}

func (a *asks) playOrder(ctx context.Context, o Order, run *Playing) (text string, ok bool) {
	if o.kind != "" && len(o.sets) == 0 {
		for i := range o.times {
			run.note(dev.Played{N: i, Of: o.times})
			e, err := a.session.TriggerAs(ctx, o.kind, o.opts)
			if err != nil {
				return fmt.Sprintf("synthetic %s, %d of %d: %s", o.Name, i+1, o.times, screen.Plain(err)), false
			}
			run.note(dev.Played{N: i + 1, Of: o.times, Event: e.ID})
		}
		return sentText(o, o.times, run.last()), true
	}
	steps, err := a.steps(ctx, o)
	if err == nil {
		run.note(dev.Played{Of: len(steps)})
		err = a.session.Play(ctx, steps, o.speed, run.note)
	}
	run.mu.Lock()
	n, last := run.n, run.last()
	run.mu.Unlock()
	switch {
	case errors.Is(err, errHalted):
		return fmt.Sprintf("stopped %s after %d of %s", o.Name, n, style.Plural(int64(len(steps)), "event")), true
	case err != nil:
		return fmt.Sprintf("synthetic %s: %s", o.Name, screen.Plain(err)), false
	case o.story != "":
		return fmt.Sprintf("sent %s: %s, the last %s", o.Name, style.Plural(int64(n), "event"), last.Short()), true
	}
	return sentText(o, n, last), true
}

func (p *Playing) note(played dev.Played) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n, p.of = played.N, played.Of
	if played.Event != "" {
		p.ids = append(p.ids, played.Event)
	}
}

// sentText names what was made, and where it is being sent.
func sentText(o Order, times int, last event.ID) string {
	text := fmt.Sprintf("sent %s as %s", o.Name, last.Short())
	if times > 1 {
		text = fmt.Sprintf("sent %s %d times, the last as %s", o.Name, times, last.Short())
	}
	if o.to != "" {
		text += " to " + o.to
	}
	return text
}

// print makes the bodies and shows them, without sending them.
func (a *asks) print(o Order) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		o.times = 1
		steps, err := a.steps(a.Ctx, o)
		if err != nil {
			return screen.ResultMsg{Text: fmt.Sprintf("make %s: %s", o.Name, screen.Plain(err))}
		}
		text := steps[0].Body
		if len(steps) > 1 { // a list of them
			var all []string
			for _, s := range steps {
				all = append(all, string(s.Body))
			}
			text = []byte("[" + strings.Join(all, ",\n") + "]")
		}
		about := style.Plural(int64(len(text)), "byte")
		if len(steps) > 1 {
			about = style.Plural(int64(len(steps)), "event")
		}
		return screen.PushMsg{Screen: pager.NewDocument(a.Runner, "sample", strings.Replace(o.Command, "hfhook trigger", "hfhook trigger --print", 1), func(f screen.Frame) []string {
			return []string{" " + visible.Line(o.Name) + "  " + f.Theme.Dim.Paint("as it would be sent, "+about)}
		}, nil, text)}
	})
}

// editFirst makes a body and edits it before it is sent: of a pinned event a copy.
func (a *asks) editFirst(p *Dialog, o Order) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		o.times = 1
		steps, err := a.steps(a.Ctx, o)
		if err != nil {
			return screen.ResultMsg{Text: fmt.Sprintf("make %s: %s", o.Name, screen.Plain(err))}
		}
		return MadeMsg{Of: p, Order: o, Body: steps[0].Body}
	})
}

// MadeMsg answers editFirst.
type MadeMsg struct {
	Of    *Dialog
	Order Order
	Body  []byte

	Origin *screen.Origin
}

func (msg MadeMsg) Signed(o *screen.Origin) tea.Msg {
	msg.Origin = o
	return msg
}

// keepSample makes a body and records it under a name.
func (a *asks) keepSample(o Order, name string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		o.times = 1
		steps, err := a.steps(a.Ctx, o)
		if err != nil {
			return screen.ResultMsg{Text: fmt.Sprintf("make %s: %s", o.Name, screen.Plain(err))}
		}
		return screen.SaveFixture(a.Runner, a.session, "", steps[0].Body, name)()
	})
}

package tui

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
)

// An order is what is to be made, and how.
type order struct {
	kind    string // of sample's kinds; empty for the others
	story   string // of sample's scenarios
	pin     event.ID
	name    string // in a sentence
	opts    sample.Options
	sets    []placement
	times   int
	speed   float64 // of a scenario; infinite: no waiting
	command string
}

// A placement is a value at a path that takes the place of what is made.
type placement struct {
	path jsontree.Path
	text string
}

// order is what the form says.
func (p *trigger) order() (o order, err error) {
	e, one := p.current(), p.form()
	o = order{times: 1, command: p.command()}
	if text := one.value("number"); text != "" {
		if o.opts.Num, err = strconv.ParseInt(text, 10, 64); err != nil || o.opts.Num < 1 {
			return o, fmt.Errorf("number %q is no number of a discussion: write it as in 19", text)
		}
	}
	if text := one.value("times"); text != "" {
		if o.times, err = strconv.Atoi(text); err != nil || o.times < 1 || o.times > maxTimes {
			return o, fmt.Errorf("times %q is no number from 1 to %d", text, maxTimes)
		}
	}
	if o.sets, err = readSets(one.value("set")); err != nil {
		return o, err
	}
	o.opts.Repo = one.value("repo")
	switch {
	case e.kind != nil:
		o.kind, o.name = e.kind.Name, e.kind.Name
		o.opts.RepoType, o.opts.Content = payload.RepoType(one.value("type")), one.value("content")
	case e.story != nil:
		o.story, o.name = e.story.Name, "the scenario "+e.story.Name
		if kind, name, ok := strings.Cut(o.opts.Repo, ":"); ok {
			o.opts.RepoType, o.opts.Repo = payload.RepoType(kind), name
		}
		o.speed = math.Inf(1)
		if text := one.value("speed"); text != "max" {
			o.speed, _ = strconv.ParseFloat(strings.TrimSuffix(text, "x"), 64)
		}
	default:
		o.pin, o.name = e.pin.ID, e.pin.Pin
	}
	return o, nil
}

// readSets reads values at paths, as in ".comment.content=hi there .repo.private=true": a
// value reaches to the next path with a = behind it.
func readSets(text string) (all []placement, err error) {
	for rest := strings.TrimSpace(text); rest != ""; {
		path, after, err := jsontree.CutPath(rest)
		if err != nil {
			return nil, fmt.Errorf("set: %w", err)
		}
		value, ok := strings.CutPrefix(after, "=")
		if !ok {
			return nil, fmt.Errorf("set: a = and a value follow %s, as in %s=hello", path, path)
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
// for a slip.
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
				return nil, fmt.Errorf("the Hub sends no %s: e edits the event with it all the same", w.Path)
			}
		}
		body = after
	}
	return body, nil
}

// command sends the same.
func (p *trigger) command() string {
	e, one := p.current(), p.form()
	var flags strings.Builder
	add := func(name, value string) {
		if value != "" {
			flags.WriteString(" " + name + " " + shellWord(value))
		}
	}
	sets, _ := readSets(one.value("set"))
	addSets := func() {
		for _, s := range sets {
			flags.WriteString(" --set " + shellWord(s.path.String()) + "=" + shellValue(s.text))
		}
	}
	command := "hfhook trigger "
	switch {
	case e.kind != nil:
		command += e.kind.Name
		repo, kind := one.value("repo"), one.value("type")
		if repo != "" || kind != string(e.kind.RepoTypes[0]) {
			if repo == "" {
				repo = "me/corpus"
			}
			add("--repo", kind+":"+repo)
		}
		add("--num", one.value("number"))
		if text := one.value("content"); text != "" && speaks(e.kind.Name) {
			flags.WriteString(" --set .comment.content=" + shellValue(flagValue(string(jsontree.Quote(text)))))
		}
		addSets()
	case e.story != nil:
		command += "scenario " + e.story.Name
		if repo := one.value("repo"); strings.Contains(repo, ":") {
			add("--repo", repo)
		} else if repo != "" {
			add("--repo", "dataset:"+repo)
		}
		add("--num", one.value("number"))
		add("--speed", one.value("speed"))
	default:
		command += shellWord(e.pin.Pin)
		addSets()
	}
	command += flags.String()
	if times := one.value("times"); times != "" && times != "1" {
		command = "for i in $(seq " + shellWord(times) + "); do " + command + "; done"
	}
	return command
}

// speaks tells whether events of a kind have a comment.
func speaks(kind string) bool {
	body, err := sample.New(kind, sample.Options{})
	if err != nil {
		return false
	}
	p, _, err := payload.Parse(body)
	return err == nil && p.Comment != nil && p.Comment.Content != nil
}

// shellWord quotes a word of a command where a shell would take it apart.
func shellWord(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@,+=") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// steps makes the bodies.
func (a *asks) steps(ctx context.Context, o order) ([]sample.Step, error) {
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

// A playing is synthetic events that are on their way.
type playing struct {
	name string
	stop context.CancelCauseFunc

	mu    sync.Mutex
	n, of int
	ids   []event.ID // of those that are recorded
}

// errHalted ends an order that the user has stopped.
var errHalted = errors.New("stopped")

// halt stops it after the event that is under way.
func (p *playing) halt() { p.stop(errHalted) }

// last is the newest event; empty: there is none.
func (p *playing) last() event.ID {
	if len(p.ids) == 0 {
		return ""
	}
	return p.ids[len(p.ids)-1]
}

func (p *playing) progress(t *theme) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := fmt.Sprintf("%s sending %s", t.mark.busy, visible.Line(p.name))
	if p.of > 1 {
		text += fmt.Sprintf(", event %d of %d", min(p.n+1, p.of), p.of)
	}
	return text
}

// playedMsg says that what was ordered is sent, or was stopped.
type playedMsg struct {
	run      *playing
	recorded recordedMsg // whose handlers have yet to answer
}

// startOrder sends what was ordered, one after another.
func startOrder(a *asks, o order) (*playing, tea.Cmd) {
	ctx, stop := context.WithCancelCause(a.ctx)
	run := &playing{name: o.name, stop: stop}
	return run, a.cmd(func() tea.Msg {
		defer stop(nil)
		text, ok := a.playOrder(ctx, o, run)
		made := playedMsg{run: run}
		if run.mu.Lock(); ok && len(run.ids) > 0 {
			made.recorded = recordedMsg{name: o.name, command: o.command, events: run.ids}
		}
		run.mu.Unlock()
		return resultMsg{text: text, ok: ok, command: o.command, ended: made}
	})
}

func (a *asks) playOrder(ctx context.Context, o order, run *playing) (text string, ok bool) {
	if o.kind != "" && len(o.sets) == 0 {
		for i := range o.times {
			run.note(dev.Played{N: i, Of: o.times})
			e, err := a.session.TriggerAs(ctx, o.kind, o.opts)
			if err != nil {
				return fmt.Sprintf("synthetic %s, %d of %d: %s", o.name, i+1, o.times, plain(err)), false
			}
			run.note(dev.Played{N: i + 1, Of: o.times, Event: e.ID})
		}
		return sentText(o.name, o.times, run.last()), true
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
		return fmt.Sprintf("stopped %s after %d of %s", o.name, n, plural(int64(len(steps)), "event")), true
	case err != nil:
		return fmt.Sprintf("synthetic %s: %s", o.name, plain(err)), false
	case o.story != "":
		return fmt.Sprintf("sent %s: %s, at last %s", o.name, plural(int64(n), "event"), last.Short()), true
	}
	return sentText(o.name, n, last), true
}

func (p *playing) note(played dev.Played) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n, p.of = played.N, played.Of
	if played.Event != "" {
		p.ids = append(p.ids, played.Event)
	}
}

func sentText(name string, times int, last event.ID) string {
	if times > 1 {
		return fmt.Sprintf("sent %s %d times, at last as %s", name, times, last.Short())
	}
	return fmt.Sprintf("sent %s as %s", name, last.Short())
}

// print makes the bodies and shows them, without sending them.
func (a *asks) print(o order) tea.Cmd {
	return a.cmd(func() tea.Msg {
		o.times = 1
		steps, err := a.steps(a.ctx, o)
		if err != nil {
			return resultMsg{text: fmt.Sprintf("make %s: %v", o.name, err)}
		}
		text := steps[0].Body
		if len(steps) > 1 { // a list of them
			var all []string
			for _, s := range steps {
				all = append(all, string(s.Body))
			}
			text = []byte("[" + strings.Join(all, ",\n") + "]")
		}
		about := plural(int64(len(text)), "byte")
		if len(steps) > 1 {
			about = plural(int64(len(steps)), "event")
		}
		return pushMsg{screen: newDocument(a.runner, "sample", strings.Replace(o.command, "hfhook trigger", "hfhook trigger --print", 1), func(f frame) []string {
			return []string{" " + f.theme.mark.back + " " + visible.Line(o.name) + "  " + f.theme.dim.paint("as it would be sent, "+about)}
		}, nil, text)}
	})
}

// editFirst makes a body and edits it before it is sent: of a pinned event a copy.
func (a *asks) editFirst(p *trigger, o order) tea.Cmd {
	return a.cmd(func() tea.Msg {
		o.times = 1
		steps, err := a.steps(a.ctx, o)
		if err != nil {
			return resultMsg{text: fmt.Sprintf("make %s: %v", o.name, err)}
		}
		return madeMsg{of: p, order: o, body: steps[0].Body}
	})
}

// madeMsg answers editFirst.
type madeMsg struct {
	of    *trigger
	order order
	body  []byte

	origin *origin
}

func (msg madeMsg) signed(o *origin) tea.Msg {
	msg.origin = o
	return msg
}

// openMade edits what was made, in the place of the screen that asked for it.
func (e *events) openMade(msg madeMsg) tea.Cmd {
	p, cmd := newEditOf(e.ask, msg.order.name, msg.order.command, msg.body)
	return tea.Sequence(func() tea.Msg { return closeMsg{screen: msg.of, then: pushMsg{screen: p, origin: msg.origin}} }, cmd)
}

// keepSample makes a body and records it under a name.
func (a *asks) keepSample(o order, name string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		o.times = 1
		steps, err := a.steps(a.ctx, o)
		if err != nil {
			return resultMsg{text: fmt.Sprintf("make %s: %v", o.name, err)}
		}
		return saveFixture(a.runner, a.session, "", steps[0].Body, name)()
	})
}

// Package replay is the dialog that replays events with options, and follows many replays.
package replay

// The replay dialog: which events go where, in which order and at what pace, and what
// the target is told of it.

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/dev"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/request"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// The fields of the dialog, in their order.
const (
	fieldWhat = iota
	fieldTo
	fieldOrder
	fieldPace
	fieldStop
	fieldSecret
	fieldAs
	fieldRequest
)

// The choices of Pace.
const (
	oneByOne = iota
	asRecorded
	atOnce
)

// The choices of As.
const (
	asItWas = iota
	asNew
	asExact
)

// The paces and the numbers of events at once that + and - go through.
var (
	speeds  = []float64{0.1, 0.5, 1, 2, 5, 10, 50, 100}
	batches = []int{2, 4, 8, 16, 32, 64}
)

// maxListed is how many of the events are shown, and how many a dry run has.
const maxListed = 200

// A Host is the screen that the dialog was opened on.
type Host interface {
	// replayingMany reports whether another run is under way.
	ReplayingMany() bool

	// StartReplays starts a run, and forgets which events were selected for it.
	StartReplays(b dev.Batch, command string, f screen.Frame) tea.Cmd
}

// A Scope is what can be replayed.
type Scope struct {
	Selected []event.ID        // by hand, oldest first
	Rest     *Remainder        // of the last run; nil: nothing
	Filter   string            // of the list; empty: none
	Cursor   event.ID          // the event under the cursor; empty: there is none
	To       *event.Delivery   // the attempt whose target is meant at first; nil: none
	Hidden   map[event.ID]bool // events that are being deleted
	Address  *Address          // that was typed last; nil: none is remembered
}

// An Address is one that a person has typed in this project.
type Address struct {
	Last string
	Keep func(string) error // for the next runs; nil: it is not
}

type Dialog struct {
	ask  *asks
	host Host
	of   Scope
	what []*whatChoice
	to   []dev.Target // of the session; one more choice is another address

	form   screen.Form
	speed  int        // in speeds
	many   int        // in batches
	stop   *bool      // nil: as the events say, see stops
	secret *bool      // nil: as the targets' hosts say
	edit   event.Edit // of method, path and headers
}

// New asks how to replay: the selected events, those that are left of the last
// run, those that match the filter, those that failed, or the one under the cursor.
func New(r *screen.Runner, s Session, host Host, of Scope, f screen.Frame) (*Dialog, tea.Cmd) {
	a := &asks{r, s}

	p := &Dialog{ask: a, host: host, of: of, to: f.State.Targets, speed: slices.Index(speeds, 1), many: slices.Index(batches, 4)}
	p.form.Fields = []screen.Field{
		fieldWhat: screen.ChoiceField("What"), fieldTo: screen.OpenField("To", 300), fieldOrder: screen.ChoiceField("Order", "oldest first", "newest first"),
		fieldPace: screen.ChoiceField("Pace"), fieldStop: screen.SwitchField("Stop", "on first failure"),
		fieldSecret: screen.SwitchField("Secret", "send X-Webhook-Secret"), fieldAs: screen.ChoiceField("As", "as received", "as new", "exact"),
		fieldRequest: screen.ScreenField("Request", f.Label(keymap.ActRequest)+" method, path, headers"),
	}
	p.form.Fields[fieldRequest].Hint = "as received"
	if of.Address != nil {
		p.form.Fields[fieldTo].Set(of.Address.Last)
	}
	add := func(name, filter string, ids []event.ID) {
		p.what = append(p.what, &whatChoice{name: name, filter: filter, ids: ids})
	}
	failures := func() { p.what[len(p.what)-1].failures = true }
	if ids := of.Selected; len(ids) > 0 {
		name := "the " + style.Count(int64(len(ids))) + " selected"
		if len(ids) == 1 {
			name = "the selected one"
		}
		add(name, "", ids)
	}
	if rest := of.Rest; rest != nil {
		add(rest.name(), "", rest.Ids)
		failures()
	}
	if of.Filter != "" {
		add("all that match "+of.Filter, of.Filter, nil)
		if asksForFailed(of.Filter) {
			failures()
		}
	}
	if f.State.Store.Failed > 0 {
		add("all failed", failedNow(f.State), nil)
		failures()
	}
	if id := of.Cursor; id != "" {
		add("this event", "", []event.ID{id})
		if len(p.what) > 1 && len(of.Selected) == 0 && of.Rest == nil && !asksForFailed(of.Filter) {
			p.form.Fields[fieldWhat].Chosen = len(p.what) - 1
		}
	}
	if len(p.what) == 1 {
		p.form.At = fieldTo
		if len(p.to) == 1 {
			p.form.At = fieldOrder
		}
	}
	if d := of.To; d != nil {
		p.aimAt(d)
	}
	p.settle(f)
	return p, p.read()
}

// aimAt chooses the target of an attempt, or its address if no target has it now.
func (p *Dialog) aimAt(d *event.Delivery) {
	first := 0
	if len(p.to) > 1 {
		first = 1 // behind "every target"
	}
	if i := slices.IndexFunc(p.to, func(t dev.Target) bool { return t.Name == d.Target }); i >= 0 {
		p.form.Fields[fieldTo].Chosen = first + i
		return
	}
	p.form.Fields[fieldTo].Chosen = first + len(p.to)
	p.form.Fields[fieldTo].Set(d.URL)
}

// asksForFailed reports whether a filter lets failed events alone through.
func asksForFailed(text string) bool {
	return slices.Contains(strings.Fields(text), filter.Failed.String())
}

// stops reports whether the run ends at the first answer that is not 2xx. Where failed events
// are replayed it goes on, unless that was chosen: the question is which are fixed.
func (p *Dialog) stops() bool {
	if p.stop != nil {
		return *p.stop
	}
	return !p.choice().ofFailures()
}

// failedNow is the filter for what has failed at a target of this run: what is left over at
// others is not meant. Without a target nothing is.
func failedNow(st *dev.State) string {
	if len(st.Targets) == 0 {
		return filter.Failed.String()
	}
	groups := make([]string, len(st.Targets))
	for i := range st.Targets {
		groups[i] = filter.Same{filter.Failed, filter.Target(st.Targets[i].Name)}.String()
	}
	return strings.Join(groups, " | ")
}

// choice is what is to be replayed.
func (p *Dialog) choice() *whatChoice { return p.what[p.form.Fields[fieldWhat].Chosen] }

// typed is the other address.
func (p *Dialog) typed() string { return strings.TrimSpace(p.form.Fields[fieldTo].Input.Value()) }

// target is the one that is chosen; nil: all of them, or another address.
func (p *Dialog) target() *dev.Target {
	i := p.form.Fields[fieldTo].Chosen
	if len(p.to) > 1 {
		i--
	}
	if i < 0 || i >= len(p.to) {
		return nil
	}
	return &p.to[i]
}

// isOtherAddress reports whether another address is chosen.
func (p *Dialog) isOtherAddress() bool {
	n := len(p.to)
	if n > 1 {
		n++
	}
	return p.form.Fields[fieldTo].Chosen == n
}

// trusted reports whether the secret is sent where nothing was chosen, and whether it
// stays on this machine.
func (p *Dialog) trusted() (sent, local bool) {
	if p.isOtherAddress() {
		_, local, err := dev.Address(p.typed())
		return err == nil && local, err == nil && local
	}
	sent, local = true, true
	for _, t := range p.to {
		if one := p.target(); one != nil && one.Name != t.Name {
			continue
		}
		_, here, err := dev.Address(t.URL)
		sent, local = sent && t.Trusted, local && (here || err != nil)
	}
	return sent, local
}

// sends reports whether the secret is sent.
func (p *Dialog) sends() bool {
	if p.secret != nil {
		return *p.secret
	}
	sent, _ := p.trusted()
	return sent
}

var (
	errReading   = errors.New("the events are still being read")
	errNoEvents  = errors.New("no events selected")
	errExact     = errors.New("exact sends what the Hub sent: undo the changes to the request, or choose another option")
	errNoAddress = errors.New("enter a port or URL, for example 9000 or http://localhost:9000/hook")
)

// batch is what the dialog says.
func (p *Dialog) batch() (dev.Batch, error) {
	c := p.choice()
	b := dev.Batch{Events: slices.Clone(c.ids), StopOnFail: p.stops(), Edit: p.edit, ReplayAs: dev.ReplayAs{New: p.form.Fields[fieldAs].Chosen == asNew, Exact: p.form.Fields[fieldAs].Chosen == asExact}}
	switch {
	case c.err != nil:
		return b, c.err
	case !c.known:
		return b, errReading
	case len(c.ids) == 0:
		return b, errNoEvents
	case b.ReplayAs.Exact && !b.Edit.Empty():
		return b, errExact
	}
	if p.isOtherAddress() {
		b.Other = p.typed()
		if b.Other == "" {
			return b, errNoAddress
		}
		if _, _, err := dev.Address(b.Other); err != nil {
			return b, err
		}
	} else if one := p.target(); one != nil {
		b.Target = one.Name
	}
	if p.form.Fields[fieldOrder].Chosen == 1 {
		slices.Reverse(b.Events)
	}
	switch p.form.Fields[fieldPace].Chosen {
	case asRecorded:
		b.Pace = speeds[p.speed]
	case atOnce:
		b.Concurrency = batches[p.many]
	}
	if p.secret != nil {
		b.ReplayAs.Secret = dev.SecretNever
		if *p.secret {
			b.ReplayAs.Secret = dev.SecretAlways
		}
	}
	return b, nil
}

// Command does the same from a shell.
func (p *Dialog) Command() string {
	words := []string{"hfhook replay"}
	c := p.choice()
	switch {
	case c.filter != "":
		words = append(words, "--filter "+screen.ShellWord(c.filter))
		if p.form.Fields[fieldOrder].Chosen == 1 {
			words = append(words, "--newest-first")
		}
	default:
		ids := slices.Clone(c.ids)
		if p.form.Fields[fieldOrder].Chosen == 1 {
			slices.Reverse(ids)
		}
		for _, id := range ids {
			words = append(words, string(id))
		}
	}
	var hosts []string
	to := func(address string) {
		words = append(words, "--to "+screen.ShellWord(address))
		if host, local, err := dev.Address(address); err == nil && !local && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	if p.isOtherAddress() {
		to(p.typed())
	}
	for _, t := range p.to {
		if one := p.target(); !p.isOtherAddress() && (one == nil || one.Name == t.Name) {
			to(describe.TargetText(t))
		}
	}
	switch p.form.Fields[fieldPace].Chosen {
	case asRecorded:
		words = append(words, fmt.Sprintf("--pace %gx", speeds[p.speed]))
	case atOnce:
		words = append(words, fmt.Sprintf("--concurrency %d", batches[p.many]))
	}
	if p.stops() {
		words = append(words, "--stop-on-fail")
	}
	sent, _ := p.trusted()
	switch {
	case p.sends() && p.secret != nil:
		for _, host := range hosts {
			words = append(words, "--send-secret-to "+screen.ShellWord(host))
		}
	case sent && !p.sends():
		words = append(words, "--no-verify")
	}
	switch p.form.Fields[fieldAs].Chosen {
	case asNew:
		words = append(words, "--as-new")
	case asExact:
		words = append(words, "--exact")
	}
	words = append(words, request.Flags(p.edit)...)
	return strings.Join(words, " ")
}

func (p *Dialog) Name() string { return "replay" }

func (p *Dialog) Keys(screen.Frame) []keymap.Binding {
	var more []keymap.Binding
	if p.form.At == fieldPace && p.form.Fields[fieldPace].Chosen != oneByOne {
		more = keymap.Keys(keymap.ActMore, keymap.ActLess)
	}
	return p.form.Keys("replay", "cancel", append(more, keymap.Keys(keymap.ActCopyCommand, keymap.ActDryRun, keymap.ActRequest)...)...)
}

func (p *Dialog) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	defer p.settle(f)
	if p.form.Do(a) {
		switch on := p.form.Fields[p.form.At].On; {
		case a == keymap.ActMark && p.form.At == fieldStop:
			p.stop = &on
		case a == keymap.ActMark && p.form.At == fieldSecret:
			p.secret = &on
			if sent, _ := p.trusted(); on == sent {
				p.secret = nil // as it would be anyway
			}
		}
		return screen.Step{}, p.read()
	}
	switch a {
	case keymap.ActMark:
		return screen.Step{}, p.openRequest()
	case keymap.ActRequest:
		return screen.Step{}, p.openRequest()
	case keymap.ActMore, keymap.ActLess:
		by := map[keymap.Action]int{keymap.ActMore: 1, keymap.ActLess: -1}[a]
		if p.form.Fields[fieldPace].Chosen == asRecorded {
			p.speed = min(max(p.speed+by, 0), len(speeds)-1)
		} else {
			p.many = min(max(p.many+by, 0), len(batches)-1)
		}
	case keymap.ActCopyCommand:
		command := p.Command()
		return screen.Step{}, p.ask.Copy("the command", screen.PlainText(command))
	case keymap.ActDryRun, keymap.ActChoose:
		b, err := p.batch()
		if err != nil {
			return screen.Step{}, screen.ResultCmd("not sent: "+screen.Plain(err), false)
		}
		if a == keymap.ActDryRun {
			return screen.Step{}, p.ask.dryRun(b, p.Command())
		}
		if p.host.ReplayingMany() {
			return screen.Step{}, screen.ResultCmd("not sent: another replay is in progress; "+f.Label(keymap.ActStop)+" in the list stops it", false)
		}
		command := p.Command()
		return screen.Step{Pop: true}, tea.Batch(p.remember(b.Other), p.host.StartReplays(b, command, f))
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	}
	return screen.Step{}, nil
}

// remember keeps an address for the next time.
func (p *Dialog) remember(typed string) tea.Cmd {
	to := p.of.Address
	if to == nil || typed == "" || typed == to.Last {
		return nil
	}
	to.Last = typed
	if to.Keep == nil {
		return nil
	}
	return p.ask.Cmd(func() tea.Msg {
		if err := to.Keep(typed); err != nil {
			return screen.ResultMsg{Text: "the address was not saved: " + screen.Plain(err)}
		}
		return nil
	})
}

// openRequest shows method, path and headers, and lets them be changed: of one event as they
// are, of several what all of them get.
func (p *Dialog) openRequest() tea.Cmd {
	c := p.choice()
	if !c.known || len(c.ids) == 0 {
		return screen.ResultCmd(errReading.Error(), false)
	}
	ids, was := c.ids, p.edit
	shell := strings.TrimSuffix(p.Command(), " "+strings.Join(request.Flags(was), " "))
	keep := func(edit event.Edit) { p.edit = edit }
	return p.ask.Cmd(func() tea.Msg {
		if len(ids) > 1 {
			return screen.PushMsg{Screen: request.New(style.Plural(int64(len(ids)), "event"), shell, nil, was, keep)}
		}
		e, err := p.ask.session.Event(p.ask.Ctx, ids[0])
		if err != nil {
			return screen.ResultMsg{Text: fmt.Sprintf("read the request of %s: %s", ids[0].Short(), screen.Plain(err))}
		}
		return screen.PushMsg{Screen: request.New(e.ID.Short(), shell, e, was, keep)}
	})
}

// Type writes the address.
func (p *Dialog) Type(key tea.KeyPressMsg, f screen.Frame) (screen.Step, tea.Cmd) {
	p.form.Write(key)
	p.settle(f)
	return screen.Step{}, nil
}

func (p *Dialog) Update(msg tea.Msg, f screen.Frame) tea.Cmd {
	switch msg := msg.(type) {
	case whatMsg:
		if slices.Contains(p.what, msg.of) {
			msg.of.known, msg.of.ids, msg.of.rows, msg.of.err = true, msg.ids, msg.rows, msg.err
		}
	case tea.PasteMsg:
		p.form.Write(msg)
	}
	p.settle(f)
	return nil
}

func (p *Dialog) Moves(screen.Frame) time.Duration { return 0 }

func (p *Dialog) Idle(f screen.Frame) (left, right string) {
	if f.W < 80 {
		return "uses no Hub trigger", ""
	}
	return "replays go straight to the handler: no Hub triggers or tunnel traffic used", ""
}

package tui

// The replay dialog: which events go where, in which order and at what pace, and what
// the target is told of it.

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
)

// The fields of the dialog, in their order.
type replayField int

const (
	fieldWhat replayField = iota
	fieldTo
	fieldOrder
	fieldPace
	fieldStop
	fieldSecret
	fieldAs
	replayFields
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

// A replayHost is the screen that the dialog was opened on.
type replayHost interface {
	// replayingMany reports whether another run is under way.
	replayingMany() bool

	// startReplays starts a run, and forgets which events were selected for it.
	startReplays(b dev.Batch, command string, f frame) tea.Cmd
}

// A replayScope is what can be replayed.
type replayScope struct {
	selected []event.ID        // by hand, oldest first
	rest     *remainder        // of the last run; nil: nothing
	filter   string            // of the list; empty: none
	cursor   event.ID          // the event under the cursor; empty: there is none
	hidden   map[event.ID]bool // events that are being deleted
}

type replay struct {
	ask  *asks
	host replayHost
	of   replayScope
	what []*whatChoice
	to   []dev.Target // of the session; one more choice is another address

	at     replayField
	chosen [replayFields]int // of the fields with choices
	other  textinput.Model
	speed  int // in speeds
	many   int // in batches
	stop   bool
	secret *bool // nil: as the targets' hosts say
}

// newReplay asks how to replay: the selected events, those that are left of the last
// run, those that match the filter, those that failed, or the one under the cursor.
func newReplay(a *asks, host replayHost, of replayScope, f frame) (*replay, tea.Cmd) {
	p := &replay{ask: a, host: host, of: of, to: f.state.Targets, stop: true, speed: slices.Index(speeds, 1), many: slices.Index(batches, 4), other: newInput(300)}
	_ = p.other.Focus()
	add := func(name, filter string, ids []event.ID) {
		p.what = append(p.what, &whatChoice{name: name, filter: filter, ids: ids})
	}
	if ids := of.selected; len(ids) > 0 {
		name := "the " + count(int64(len(ids))) + " selected"
		if len(ids) == 1 {
			name = "the selected one"
		}
		add(name, "", ids)
	}
	if rest := of.rest; rest != nil {
		add(rest.name(), "", rest.ids)
	}
	if of.filter != "" {
		add("all that match "+of.filter, of.filter, nil)
	}
	if n := f.state.Store.Failed; n > 0 {
		name := "all " + count(n) + " failed"
		if n == 1 {
			name = "the one that failed"
		}
		add(name, "is:failed", nil)
	}
	if id := of.cursor; id != "" {
		add("this one only", "", []event.ID{id})
		if len(p.what) > 1 && len(of.selected) == 0 && of.rest == nil {
			p.chosen[fieldWhat] = len(p.what) - 1
		}
	}
	if len(p.what) == 1 {
		p.at = fieldTo
		if len(p.to) == 1 {
			p.at = fieldOrder
		}
	}
	return p, p.read()
}

// choice is what is to be replayed.
func (p *replay) choice() *whatChoice { return p.what[p.chosen[fieldWhat]] }

// options are the choices of a field, in words; nil where it is a switch.
func (p *replay) options(field replayField, t *theme) []string {
	switch field {
	case fieldWhat:
		names := make([]string, len(p.what))
		for i, c := range p.what {
			names[i] = visible.Line(c.name)
		}
		return names
	case fieldTo:
		var names []string
		if len(p.to) > 1 {
			names = append(names, "every target")
		}
		for i := range p.to {
			names = append(names, visible.Line(targetText(p.to[i])))
		}
		return append(names, "other URL "+t.mark.tail)
	case fieldOrder:
		return []string{"oldest first", "newest first"}
	case fieldPace:
		return []string{"one after another", t.mark.say(fmt.Sprintf("as recorded ×%g", speeds[p.speed])), fmt.Sprintf("%d at a time", batches[p.many])}
	case fieldAs:
		return []string{"as received", "as new", "exact"}
	}
	return nil
}

func targetText(t dev.Target) string {
	if t.URL == "" {
		return t.Name
	}
	return t.URL
}

// target is the one that is chosen; nil: all of them, or another address.
func (p *replay) target() *dev.Target {
	i := p.chosen[fieldTo]
	if len(p.to) > 1 {
		i--
	}
	if i < 0 || i >= len(p.to) {
		return nil
	}
	return &p.to[i]
}

// elsewhere tells whether another address is chosen.
func (p *replay) elsewhere() bool {
	n := len(p.to)
	if n > 1 {
		n++
	}
	return p.chosen[fieldTo] == n
}

// typing tells whether letters belong to the address.
func (p *replay) typing() bool { return p.at == fieldTo && p.elsewhere() }

// trusted tells whether the secret is sent where nothing was chosen, and whether it
// stays on this machine.
func (p *replay) trusted() (sent, local bool) {
	if p.elsewhere() {
		_, local, err := dev.Address(p.other.Value())
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

// sends tells whether the secret is sent.
func (p *replay) sends() bool {
	if p.secret != nil {
		return *p.secret
	}
	sent, _ := p.trusted()
	return sent
}

var (
	errReading   = errors.New("the events are still being read")
	errNoEvents  = errors.New("no event is among these")
	errNoAddress = errors.New("write the address that they go to, as in 9000 or http://localhost:9000/hook")
)

// batch is what the dialog says.
func (p *replay) batch() (dev.Batch, error) {
	c := p.choice()
	b := dev.Batch{Events: slices.Clone(c.ids), StopOnFail: p.stop, ReplayAs: dev.ReplayAs{New: p.chosen[fieldAs] == asNew, Exact: p.chosen[fieldAs] == asExact}}
	switch {
	case c.err != nil:
		return b, c.err
	case !c.known:
		return b, errReading
	case len(c.ids) == 0:
		return b, errNoEvents
	}
	if p.elsewhere() {
		b.Other = strings.TrimSpace(p.other.Value())
		if b.Other == "" {
			return b, errNoAddress
		}
		if _, _, err := dev.Address(b.Other); err != nil {
			return b, err
		}
	} else if one := p.target(); one != nil {
		b.Target = one.Name
	}
	if p.chosen[fieldOrder] == 1 {
		slices.Reverse(b.Events)
	}
	switch p.chosen[fieldPace] {
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

// command does the same from a shell.
func (p *replay) command() string {
	words := []string{"hfhook replay"}
	c := p.choice()
	switch {
	case c.filter != "":
		words = append(words, "--filter "+shellWord(c.filter))
		if p.chosen[fieldOrder] == 1 {
			words = append(words, "--newest-first")
		}
	default:
		ids := slices.Clone(c.ids)
		if p.chosen[fieldOrder] == 1 {
			slices.Reverse(ids)
		}
		for _, id := range ids {
			words = append(words, string(id))
		}
	}
	var hosts []string
	to := func(address string) {
		words = append(words, "--to "+shellWord(address))
		if host, local, err := dev.Address(address); err == nil && !local && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	if p.elsewhere() {
		to(strings.TrimSpace(p.other.Value()))
	}
	for _, t := range p.to {
		if one := p.target(); !p.elsewhere() && (one == nil || one.Name == t.Name) {
			to(targetText(t))
		}
	}
	switch p.chosen[fieldPace] {
	case asRecorded:
		words = append(words, fmt.Sprintf("--pace %gx", speeds[p.speed]))
	case atOnce:
		words = append(words, fmt.Sprintf("--concurrency %d", batches[p.many]))
	}
	if p.stop {
		words = append(words, "--stop-on-fail")
	}
	sent, _ := p.trusted()
	switch {
	case p.sends() && p.secret != nil:
		for _, host := range hosts {
			words = append(words, "--send-secret-to "+shellWord(host))
		}
	case sent && !p.sends():
		words = append(words, "--no-verify")
	}
	switch p.chosen[fieldAs] {
	case asNew:
		words = append(words, "--as-new")
	case asExact:
		words = append(words, "--exact")
	}
	return strings.Join(words, " ")
}

func (p *replay) Name() string { return "replay" }

func (p *replay) Keys(f frame) []binding {
	down := keys(actDown)[0].as("field")
	down.quiet, down.label = false, "↑↓"
	send, cancel := keys(actChoose)[0].as("replay"), keys(actBack)[0].as("cancel")
	bindings := append([]binding{send, down}, keys(actUp)...)
	if p.typing() {
		bindings[1].keys, bindings[2].keys = []string{"down"}, []string{"up"}
	}
	if len(p.options(p.at, f.theme)) > 1 {
		left, right := keys(actFold)[0].as("choice"), keys(actUnfold)[0].as("choice")
		right.label, left.quiet = "←→", true
		bindings = append(bindings, right, left)
	}
	if p.typing() {
		return append(bindings, cancel)
	}
	switch p.at {
	case fieldStop, fieldSecret:
		bindings = append(bindings, keys(actMark)[0].as("toggle"))
	case fieldPace:
		if p.chosen[fieldPace] != oneByOne {
			bindings = append(bindings, keys(actMore, actLess)...)
		}
	}
	return slices.Concat(bindings, keys(actCopyCommand, actDryRun), []binding{cancel}, keys(actHelp, actQuit))
}

func (p *replay) Do(a action, f frame) (step, tea.Cmd) {
	switch a {
	case actUp:
		p.at = (p.at + replayFields - 1) % replayFields
	case actDown:
		p.at = (p.at + 1) % replayFields
	case actFold, actUnfold:
		n := len(p.options(p.at, f.theme))
		by := map[action]int{actFold: n - 1, actUnfold: 1}[a]
		p.chosen[p.at] = (p.chosen[p.at] + by) % n
		return step{}, p.read()
	case actMark:
		p.toggle()
	case actMore, actLess:
		by := map[action]int{actMore: 1, actLess: -1}[a]
		if p.chosen[fieldPace] == asRecorded {
			p.speed = min(max(p.speed+by, 0), len(speeds)-1)
		} else {
			p.many = min(max(p.many+by, 0), len(batches)-1)
		}
	case actCopyCommand:
		command := p.command()
		return step{}, p.ask.copy("the command", plainText(command))
	case actDryRun, actChoose:
		b, err := p.batch()
		if err != nil {
			return step{}, resultCmd("not sent: "+err.Error(), false)
		}
		if a == actDryRun {
			return step{}, p.ask.dryRun(b, p.command())
		}
		if p.host.replayingMany() {
			return step{}, resultCmd("not sent: another replay is under way, and "+f.label(actStop)+" in the list stops it", false)
		}
		command := p.command()
		return step{pop: true}, p.host.startReplays(b, command, f)
	case actBack:
		return step{pop: true}, nil
	}
	return step{}, nil
}

func (p *replay) toggle() {
	switch p.at {
	case fieldStop:
		p.stop = !p.stop
	case fieldSecret:
		other := !p.sends()
		p.secret = &other
		if sent, _ := p.trusted(); other == sent {
			p.secret = nil // as it would be anyway
		}
	}
}

// Type writes the address.
func (p *replay) Type(key tea.KeyPressMsg, _ frame) (step, tea.Cmd) {
	if p.typing() {
		p.other, _ = p.other.Update(key)
	}
	return step{}, nil
}

func (p *replay) Update(msg tea.Msg, _ frame) tea.Cmd {
	switch msg := msg.(type) {
	case whatMsg:
		if slices.Contains(p.what, msg.of) {
			msg.of.known, msg.of.ids, msg.of.rows, msg.of.err = true, msg.ids, msg.rows, msg.err
		}
	case tea.PasteMsg:
		if p.typing() {
			p.other, _ = p.other.Update(msg)
		}
	}
	return nil
}

func (p *replay) Moves(frame) time.Duration { return 0 }

func (p *replay) Idle(f frame) (left, right string) {
	if f.w < 80 {
		return "costs no Hub trigger", ""
	}
	return "replays go from here to the handler: they cost no Hub trigger and no tunnel traffic", ""
}

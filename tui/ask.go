package tui

// Everything that takes time or leaves the process: one Cmd for each question to
// the session, and the message that brings the answer.
//
//	Session.Watch ──▶ changedMsg ──▶ every screen ──▶ asks.list … ──▶ pageMsg ──▶ View
//	key ──▶ action ──▶ asks.replay … ──▶ resultMsg ──▶ status line

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/store"
)

// lookEvery is the least time between two looks at the session: more would be
// faster than anybody reads.
const lookEvery = 33 * time.Millisecond

// changedMsg says that the session has changed.
type changedMsg struct{ state *dev.State }

// pageMsg answers list.
type pageMsg struct {
	load   load
	page   store.Page
	newest event.ID // of all events, before a filter was first asked for
	err    error
}

// detailMsg answers detail.
type detailMsg struct {
	id         event.ID
	event      *event.Event // nil where only the deliveries were asked for
	tree       *tree
	bytes      string        // what there is to say about the body's bytes
	answer     *event.Answer // what the sender was told, where it was asked for and is known
	missed     bool          // it was sent first while nothing could be received
	deliveries []event.Delivery
	err        error
}

// foundMsg answers find.
type foundMsg struct {
	id   event.ID
	text string
	tab  tab
	hits []hit
}

// unfoldedMsg answers unfold.
type unfoldedMsg struct {
	tree *tree
	node *node
	kids []*node
}

// resultMsg is the sentence that ends an action.
type resultMsg struct {
	text  string
	ok    bool
	until func(st *dev.State, now time.Time) outcome // looks what came of it; nil: that is all
	late  bool                                       // it tells what came of an action that has had its sentence
	stays bool                                       // until a key, also where it is a success: there is something to read
	ended tea.Msg                                    // what the screens have to know besides; nil: nothing

	command string // that does the same; empty: there is none
}

// replayedMsg says that the replay of an event has ended.
type replayedMsg struct{ id event.ID }

// recordedMsg says that events were made and recorded, whose handlers have yet to answer.
type recordedMsg struct {
	name    string // of what was made, in a sentence
	command string // that makes it
	events  []event.ID
}

type tickMsg struct{}

// A runner makes the Cmds. Bubble Tea leaves a running Cmd behind when it ends, so
// they are counted here and waited for.
type runner struct {
	ctx  context.Context
	clip clipboard
	env  environment

	version string // of hfhook

	keyboard *keyboard // nil: a test gives the keys
	action   *origin   // of the action that is being carried out; nil: none is. Only for the update loop

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// asks makes the Cmds that ask the session.
type asks struct {
	*runner
	session Session
}

func newAsks(ctx context.Context, s Session, clip clipboard, env environment) *asks {
	return &asks{&runner{ctx: ctx, clip: clip, env: env}, s}
}

// wait returns after the last Cmd; none starts after that. The context has to be
// ended before.
func (a *runner) wait() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.running.Wait()
}

func (a *runner) cmd(f func() tea.Msg) tea.Cmd {
	from := a.action
	return func() tea.Msg {
		if !a.begin() {
			return nil
		}
		defer a.running.Done()
		return from.sign(f())
	}
}

func (a *runner) begin() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.running.Add(1)
	}
	return !a.closed
}

// watch waits for the next change, but rests first.
func (m *model) watch(rest time.Duration) tea.Cmd {
	a := m.ask
	return a.cmd(func() tea.Msg {
		select {
		case <-time.After(rest):
		case <-a.ctx.Done():
			return nil
		}
		if _, open := <-m.changed; !open {
			return nil
		}
		return changedMsg{a.session.State()}
	})
}

func (a *runner) tick(d time.Duration) tea.Cmd {
	return a.cmd(func() tea.Msg {
		select {
		case <-time.After(d):
			return tickMsg{}
		case <-a.ctx.Done():
			return nil
		}
	})
}

// read asks for a page. What an earlier window was asked for is given up: a filter that is
// typed would else be searched for once with each letter.
func (e *events) read(ld load) tea.Cmd {
	a := e.ask
	if ld.reset || e.listing == nil {
		if e.giveUp != nil {
			e.giveUp()
		}
		e.listing, e.giveUp = context.WithCancel(a.ctx)
	}
	ctx := e.listing
	return a.cmd(func() tea.Msg {
		msg := pageMsg{load: ld}
		if ld.reset && ld.query.Filter != nil {
			// What comes later is looked for behind it.
			newest, err := a.session.List(ctx, store.Query{Limit: 1})
			if err != nil || len(newest.Rows) == 0 {
				msg.err = err
				return msg
			}
			msg.newest = newest.Rows[0].ID
		}
		msg.page, msg.err = a.session.List(ctx, ld.query)
		return msg
	})
}

// detail reads an event and its deliveries, and takes the body apart; with again
// it reads the deliveries alone and, where told is set, what the sender was told.
func (a *asks) detail(id event.ID, again, told bool) tea.Cmd {
	return a.cmd(func() tea.Msg {
		msg := detailMsg{id: id}
		if !again {
			if msg.event, msg.err = a.session.Event(a.ctx, id); msg.err != nil {
				return msg
			}
			_, msg.missed = store.Missed(msg.event, a.session.State().Gaps)
			msg.tree, msg.bytes = newTree(msg.event.Body), aboutBytes(msg.event)
			giveBack(len(msg.event.Body))
		}
		if again && told {
			if e, err := a.session.Event(a.ctx, id); err == nil && !e.Answer.At.IsZero() {
				msg.answer = &e.Answer
			}
		}
		msg.deliveries, msg.err = a.session.Deliveries(a.ctx, id)
		return msg
	})
}

// unfoldLarge takes a large value apart beside the screen; unfoldedMsg has the result.
func unfoldLarge(a *runner, t *tree, n *node) tea.Cmd {
	return a.cmd(func() tea.Msg { return unfoldedMsg{t, n, n.members()} })
}

// find looks for a text in the payload or, in the tab raw, in the bytes of an event.
func (a *asks) find(e *event.Event, in tab, text string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		hits := findNodes
		if in == tabRaw {
			hits = findBytes
		}
		return foundMsg{id: e.ID, text: text, tab: in, hits: hits(e.Body, text)}
	})
}

// replay sends an event to every target again, or to the one that is named.
func (a *asks) replay(id event.ID, to string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		var sent []event.Delivery
		var err error
		if to == "" {
			sent, err = a.session.Replay(a.ctx, id)
		} else {
			sent = make([]event.Delivery, 1)
			sent[0], err = a.session.ReplayTo(a.ctx, id, to)
		}
		text, ok := replayed(id, sent, err)
		if err == nil {
			text += a.atFirst(id, sent)
		}
		return resultMsg{text: text, ok: ok, ended: replayedMsg{id}, command: replayCommand(id, sent...)}
	})
}

// atFirst says how an answer differs from the first one of the same target, to this event
// or to its original: the end of the sentence about one replay. It is empty where there is
// nothing to compare.
func (a *asks) atFirst(of event.ID, sent []event.Delivery) string {
	if len(sent) != 1 || sent[0].Status == 0 {
		return ""
	}
	now := &sent[0]
	all, err := a.session.Deliveries(a.ctx, of)
	if err != nil {
		return ""
	}
	i := slices.IndexFunc(all, func(d event.Delivery) bool { return d.Target == now.Target && d.State == event.Done })
	if i < 0 || all[i].Event == now.Event && all[i].N == now.N {
		return ""
	}
	switch first := &all[i]; {
	case first.Result() != now.Result():
		return ", at first " + outcomeOf(first)
	case bytes.Equal(first.ResponseBody, now.ResponseBody):
		return fmt.Sprintf(", as at first (%s)", delta(now.Took-first.Took))
	default:
		return fmt.Sprintf(", at first another body (%s)", delta(now.Took-first.Took))
	}
}

// replayCommand sends an event to the targets of these deliveries from a shell.
func replayCommand(id event.ID, sent ...event.Delivery) string {
	var command strings.Builder
	command.WriteString("hfhook replay " + string(id))
	for _, d := range sent {
		if d.URL != "" {
			command.WriteString(" --to " + shellWord(d.URL))
		}
	}
	return command.String()
}

// replayed is the sentence about a replay, as in "200 in 38ms from :8000 (replay 2
// of 01JD4X7M9C)".
func replayed(id event.ID, sent []event.Delivery, err error) (text string, ok bool) {
	if unrecorded := errors.Is(err, dev.ErrUnrecorded); unrecorded && len(sent) > 0 {
		text, _ = replayed(id, sent, nil)
		return text + "; not recorded: " + plain(err), false
	} else if err != nil {
		return fmt.Sprintf("replay of %s: %s", id.Short(), plain(err)), false
	}
	if len(sent) == 0 {
		return fmt.Sprintf("%s was not replayed: there is no handler to send it to", id.Short()), false
	}
	text, ok = answersOf(sent)
	return fmt.Sprintf("%s (replay %d of %s)", text, sent[len(sent)-1].N, id.Short()), ok
}

// answersOf are the answers to attempts, as in "200 in 38ms from :8000"; ok: all from 200
// to 299.
func answersOf(sent []event.Delivery) (text string, ok bool) {
	ok = true
	parts := make([]string, len(sent))
	for i, d := range sent {
		from := hostPart(d.URL, true)
		if d.Status != 0 && d.Err == "" {
			parts[i] = fmt.Sprintf("%s in %s from %s", d.Result(), took(d.Took), from)
			if to := d.Advice(); to != "" {
				parts[i] += ": " + to
			}
		} else {
			parts[i] = fmt.Sprintf("no answer from %s: %s", from, d.Err)
		}
		ok = ok && d.OK()
	}
	return strings.Join(parts, ", "), ok
}

// plain is an error in the words of the user, where it is of the store and can be mended.
func plain(err error) string {
	if fault := (*store.Fault)(nil); errors.As(err, &fault) {
		return fault.Plain()
	}
	return err.Error()
}

func (a *asks) retryTunnel() tea.Cmd {
	return a.cmd(func() tea.Msg {
		was := a.session.State().Tunnel
		a.session.RetryTunnel()
		return resultMsg{text: "trying the tunnel again", ok: true, command: tunnelCommand(was.Provider), until: tunnelTried(was, "")}
	})
}

func (a *asks) dropTunnel() tea.Cmd {
	return a.cmd(func() tea.Msg {
		a.session.DropTunnel()
		return resultMsg{text: "going on without a tunnel until it is retried", ok: true, command: "hfhook dev --tunnel none"}
	})
}

// tunnelCommand starts with this tunnel.
func tunnelCommand(provider string) string {
	switch provider {
	case "ngrok", "ssh", "cloudflared":
		return "hfhook dev --tunnel " + provider
	}
	return "hfhook dev"
}

var errNothing = errors.New("there is nothing to copy")

// copy puts a text on the clipboard. what names it in the sentence that follows;
// the text itself is in no message.
func (a *runner) copy(what string, text func(context.Context) (string, error)) tea.Cmd {
	return a.copyBy(what, "", text)
}

// copyBy is copy of what a command prints, too.
func (a *runner) copyBy(what, command string, text func(context.Context) (string, error)) tea.Cmd {
	return a.cmd(func() tea.Msg {
		s, err := text(a.ctx)
		if err == nil && s == "" {
			err = errNothing
		}
		var how string
		var write tea.Cmd
		if err == nil {
			how, write, err = a.clip.put(a.ctx, s)
		}
		if err != nil {
			return resultMsg{text: fmt.Sprintf("copy %s: %v", what, err)}
		}
		result := func() tea.Msg {
			return resultMsg{text: fmt.Sprintf("copied %s %s", what, how), ok: true, command: command}
		}
		if write == nil {
			return result()
		}
		return tea.Sequence(write, result)()
	})
}

// Package detail shows one event: payload, headers, deliveries, raw bytes, and the
// difference from another event.
package detail

// The detail of one item: its tabs, what is read for them, and where the user is in
// each. The pane beside the list and the whole screen are the same detail.

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/tui/eventlist"
	"hfhook/tui/jsonview"
	"hfhook/tui/screen"
)

type Tab int

const (
	TabPayload Tab = iota
	TabHeaders
	TabDeliveries
	TabRaw
	TabDiff
)

type Pane struct {
	ask  *asks
	Item eventlist.Item // copies of what the list holds
	Tab  Tab

	Event      *event.Event // nil until it was read
	Tree       *jsonview.Tree
	bytes      string            // what there is to say about the body's bytes
	warned     map[string]string // what is unusual about a field, by its path
	missed     bool              // it was sent first while nothing could be received
	Deliveries []event.Delivery
	Err        error

	replay    int          // number of the attempt that is selected in the list; 0: the event
	Attempt   int          // selected in the tab deliveries
	Paired    map[int]bool // numbers of the attempts that are marked, to be compared
	Answer    answer       // of it
	header    int          // under the cursor of the tab headers
	headerTop int          // line of that tab which is its first in sight
	raw       jsonview.RawView
	Compare   comparison
	Search    search

	Filtered string             // the word of the list's filter, which is marked in the raw bytes too
	Matchers []jsonview.Matcher // what that filter matches in the payload

	TreeTop int // lines above the tree, when it was last drawn

	folds map[string]bool // what the user folded and unfolded, by path

	asked event.ID // the question that is under way
	again bool     // the deliveries have changed since they were read
}

func New(r *screen.Runner, s Session) Pane {
	a := &asks{r, s}
	return Pane{ask: a, folds: map[string]bool{}}
}

// Show takes the item under the cursor of the list, which may be the same as
// before with a newer row.
func (d *Pane) Show(it eventlist.Item) {
	if it.Row != nil {
		row := *it.Row
		it.Row = &row
	}
	key := it.Key
	if key.Replay > 0 {
		it.Key.Replay = 0
		it.Replay = nil
	}
	if it.Key != d.Item.Key {
		*d = Pane{ask: d.ask, Tab: d.Tab, folds: d.folds, asked: d.asked, Filtered: d.Filtered, Matchers: d.Matchers, raw: jsonview.RawView{Hex: d.raw.Hex}, Compare: comparison{equal: d.Compare.equal}}
	} else if d.Item.Row != nil && d.changed(it.Row) {
		d.again = true
	}
	d.Item = it
	if key.Replay != d.replay {
		d.replay = key.Replay
		d.choose()
	}
}

// choose goes to the attempt that is selected in the list, or to the last one.
func (d *Pane) choose() {
	d.Attempt = len(d.Deliveries) - 1
	if i := slices.IndexFunc(d.Deliveries, func(a event.Delivery) bool { return a.N == d.replay }); i >= 0 {
		d.Attempt = i
	}
	d.Answer = newAnswer(d.Answer, d.Deliveries, d.Attempt)
}

// changed reports whether the row says that the deliveries are others by now.
func (d *Pane) changed(row *event.Row) bool {
	was := d.Item.Row
	return row.Deliveries != was.Deliveries || row.Last.N != was.Last.N || row.Last.State != was.Last.State
}

// answerWithin is for how long after an event it may still come to be known what its
// sender was told.
const answerWithin = 15 * time.Second

// Wake notes that the store has changed: attempts that were under way may have
// ended, also those that are not the last.
func (d *Pane) Wake() {
	// What the Hub was told is recorded a moment after the event.
	if e := d.Event; e != nil && e.Answer.At.IsZero() && time.Since(e.Received) < answerWithin {
		d.again = true
	}
	for i := range d.Deliveries {
		if s := d.Deliveries[i].State; s == event.Waiting || s == event.Sending {
			d.again = true
		}
	}
}

// Next asks for what is missing, one question of a kind at a time: holding down a
// key does not read every event on its way.
func (d *Pane) Next() tea.Cmd {
	a := d.ask
	var cmds []tea.Cmd
	id := d.Item.Key.ID
	if d.Event != nil && d.Search.Text != d.Search.known && !d.Search.asked {
		d.Search.asked = true
		cmds = append(cmds, a.find(d.Event, d.Deliveries, d.Search))
	}
	if d.Event != nil && (d.Tab == TabDiff || d.Tab == TabDeliveries && d.besideOriginal()) && d.Compare.missing() {
		d.Compare.asked, d.Compare.stale = true, false
		cmds = append(cmds, a.compare(d.Event, d.Deliveries, d.Compare.wanted))
	}
	if pair := d.Answer.missing(); pair != nil && d.Tab == TabDeliveries {
		pair.asked = true
		cmds = append(cmds, a.comparePair(pair))
	}
	if d.Event != nil && d.Tab == TabDiff && d.Compare.lacksText() {
		d.Compare.reading = true
		cmds = append(cmds, a.compareText(d.Event, d.Compare.Known.B))
	}
	if id != "" && d.asked == "" && (d.Err == nil || d.again) && (d.Event == nil || d.again) {
		d.asked = id
		again := d.again && d.Event != nil
		d.again = false
		cmds = append(cmds, a.detail(id, again, d.Event != nil && d.Event.Answer.At.IsZero()))
	}
	return tea.Batch(cmds...)
}

// besideOriginal reports whether the attempts of an edited copy are compared with those of
// its original. Large bodies are compared in the tab for that alone.
func (d *Pane) besideOriginal() bool {
	return d.Event.Parent != "" && d.Compare.wanted == "" && len(d.Event.Body) <= jsonview.UnfoldAside
}

func (d *Pane) Take(msg DetailMsg, h int) {
	d.asked = ""
	if msg.ID != d.Item.Key.ID {
		return
	}
	if msg.err != nil {
		if d.Event == nil { // what was read once stays
			d.Err = msg.err
		}
		return
	}
	d.Err = nil
	if msg.answer != nil && d.Event != nil {
		copied := *d.Event // others may read the one that was shown so far
		copied.Answer = *msg.answer
		d.Event = &copied
	}
	if msg.event != nil {
		d.Event, d.Tree, d.bytes, d.missed = msg.event, msg.tree, msg.bytes, msg.missed
		if msg.event.Payload != nil {
			d.Tree.NewsFirst()
		}
		d.Tree.UnfoldToFit(h, d.folds)
		if msg.event.Payload != nil {
			d.Tree.ToNews()
		}
		d.warned = map[string]string{}
		for _, w := range msg.event.Warnings {
			path := w.Path
			if p, err := jsontree.ParsePath("." + strings.TrimPrefix(path, ".")); err == nil {
				path = p.String() // as the tree writes it
			}
			d.warned[visible.Line(path)] = visible.Line(w.Text)
		}
		d.Tree.Seek(d.Matchers)
	}
	more := len(msg.Deliveries) != len(d.Deliveries)
	d.Compare.stale = d.Compare.stale || more || !slices.EqualFunc(msg.Deliveries, d.Deliveries, func(a, b event.Delivery) bool { return a.State == b.State })
	d.Deliveries = msg.Deliveries
	if more {
		d.choose()
	} else {
		d.Answer = newAnswer(d.Answer, d.Deliveries, d.Attempt)
	}
}

// TakeFound takes what was found, and goes to the first of it.
func (d *Pane) TakeFound(msg FoundMsg, w int) {
	d.Search.asked = false
	if msg.id != d.Item.Key.ID || msg.tab != d.Search.tab || msg.text != d.Search.Text {
		return
	}
	d.Search.known, d.Search.hits, d.Search.at = msg.text, msg.hits, 0
	d.goTo(0, w)
}

// goTo shows a hit of the search, counted round.
func (d *Pane) goTo(i, w int) {
	n := len(d.Search.hits)
	if n == 0 {
		return
	}
	d.Search.at = (i + n) % n
	h := d.Search.hits[d.Search.at]
	switch d.Search.tab {
	case TabPayload:
		d.Tree.Reveal(h.Way)
	case TabDeliveries:
		d.Attempt = min(h.Way[0], len(d.Deliveries)-1)
		d.Answer = newAnswer(d.Answer, d.Deliveries, d.Attempt)
	case TabHeaders:
		d.header = h.Way[0]
	default:
		d.raw.Offset = d.raw.Begin(d.Event.Body, d.raw.Line(d.Event.Body, h.Offset, w), w)
	}
}

// Move moves the cursor of the tab, which is w cells wide.
func (d *Pane) Move(n, w int) {
	if d.Event == nil {
		return
	}
	switch d.Tab {
	case TabPayload:
		d.Tree.Move(n)
	case TabDeliveries:
		d.Attempt = min(max(d.Attempt+n, 0), max(len(d.Deliveries)-1, 0))
		d.Answer = newAnswer(d.Answer, d.Deliveries, d.Attempt)
	case TabHeaders:
		d.header = min(max(d.header+n, 0), len(d.Event.Header)+9) // as many as there may be
	case TabRaw:
		d.raw.Move(d.Event.Body, n, w-2)
	case TabDiff:
		d.Compare.move(n)
	}
}

// Sought is what is looked for in the tab that is shown.
func (d *Pane) Sought() string {
	if d.Search.on(d.Tab) {
		return d.Search.Text
	}
	return ""
}

// Payload is that of the event, nil until it was read.
func (d *Pane) Payload() *payload.Payload {
	if d.Event == nil {
		return nil
	}
	return d.Event.Payload
}

// Delivery is the attempt under the cursor, or nil.
func (d *Pane) Delivery() *event.Delivery {
	if d.Attempt < 0 || d.Attempt >= len(d.Deliveries) {
		return nil
	}
	return &d.Deliveries[d.Attempt]
}

// searched is what is marked in the tab: what is looked for, or was filtered by.
func (d *Pane) searched() string {
	if text := d.Sought(); text != "" {
		return text
	}
	return d.Filtered
}

// Path is where the cursor of the payload is.
func (d *Pane) Path() string {
	if d.Tab != TabPayload || d.Tree == nil || d.Tree.Current() == nil {
		return ""
	}
	return d.Tree.Current().Path()
}

// ShownBy are the flags of hfhook show for the tabs.
var ShownBy = [...]string{TabPayload: "", TabHeaders: " --headers", TabDeliveries: " --deliveries", TabRaw: " --raw", TabDiff: ""}

// Node is the one under the cursor of the payload, or nil.
func (d *Pane) Node() *jsonview.Node {
	if d.Tab != TabPayload || d.Tree == nil {
		return nil
	}
	return d.Tree.Current()
}

package tui

// The detail of one item: its tabs, what is read for them, and where the user is in
// each. The pane beside the list and the whole screen are the same detail.

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/payload"
)

type tab int

const (
	tabPayload tab = iota
	tabHeaders
	tabDeliveries
	tabRaw
	tabDiff
)

type detail struct {
	ask  *asks
	item item // copies of what the list holds
	tab  tab

	event      *event.Event // nil until it was read
	tree       *tree
	bytes      string            // what there is to say about the body's bytes
	warned     map[string]string // what is unusual about a field, by its path
	missed     bool              // it was sent first while nothing could be received
	deliveries []event.Delivery
	err        error

	replay    int          // number of the attempt that is selected in the list; 0: the event
	attempt   int          // selected in the tab deliveries
	paired    map[int]bool // numbers of the attempts that are marked, to be compared
	answer    answer       // of it
	header    int          // under the cursor of the tab headers
	headerTop int          // line of that tab which is its first in sight
	raw       rawView
	compare   comparison
	search    search

	filtered string    // the word of the list's filter, which is marked in the raw bytes too
	matchers []matcher // what that filter matches in the payload

	treeTop int // lines above the tree, when it was last drawn

	folds map[string]bool // what the user folded and unfolded, by path

	asked event.ID // the question that is under way
	again bool     // the deliveries have changed since they were read
}

func newDetail(a *asks) detail { return detail{ask: a, folds: map[string]bool{}} }

// show takes the item under the cursor of the list, which may be the same as
// before with a newer row.
func (d *detail) show(it item) {
	if it.row != nil {
		row := *it.row
		it.row = &row
	}
	key := it.key
	if key.replay > 0 {
		it.key.replay = 0
		it.replay = nil
	}
	if it.key != d.item.key {
		*d = detail{ask: d.ask, tab: d.tab, folds: d.folds, asked: d.asked, filtered: d.filtered, matchers: d.matchers, raw: rawView{hex: d.raw.hex}, compare: comparison{equal: d.compare.equal}}
	} else if d.item.row != nil && d.changed(it.row) {
		d.again = true
	}
	d.item = it
	if key.replay != d.replay {
		d.replay = key.replay
		d.choose()
	}
}

// choose goes to the attempt that is selected in the list, or to the last one.
func (d *detail) choose() {
	d.attempt = len(d.deliveries) - 1
	if i := slices.IndexFunc(d.deliveries, func(a event.Delivery) bool { return a.N == d.replay }); i >= 0 {
		d.attempt = i
	}
	d.answer = newAnswer(d.answer, d.deliveries, d.attempt)
}

// changed tells whether the row says that the deliveries are others by now.
func (d *detail) changed(row *event.Row) bool {
	was := d.item.row
	return row.Deliveries != was.Deliveries || row.Last.N != was.Last.N || row.Last.State != was.Last.State
}

// answerWithin is for how long after an event it may still come to be known what its
// sender was told.
const answerWithin = 15 * time.Second

// wake notes that the store has changed: attempts that were under way may have
// ended, also those that are not the last.
func (d *detail) wake() {
	// What the Hub was told is recorded a moment after the event.
	if e := d.event; e != nil && e.Answer.At.IsZero() && time.Since(e.Received) < answerWithin {
		d.again = true
	}
	for i := range d.deliveries {
		if s := d.deliveries[i].State; s == event.Waiting || s == event.Sending {
			d.again = true
		}
	}
}

// next asks for what is missing, one question of a kind at a time: holding down a
// key does not read every event on its way.
func (d *detail) next() tea.Cmd {
	a := d.ask
	var cmds []tea.Cmd
	id := d.item.key.id
	if d.event != nil && d.search.text != d.search.known && !d.search.asked {
		d.search.asked = true
		cmds = append(cmds, a.find(d.event, d.search.tab, d.search.text))
	}
	if d.event != nil && (d.tab == tabDiff || d.tab == tabDeliveries && d.besideOriginal()) && d.compare.missing() {
		d.compare.asked, d.compare.stale = true, false
		cmds = append(cmds, a.compare(d.event, d.deliveries, d.compare.wanted))
	}
	if pair := d.answer.missing(); pair != nil && d.tab == tabDeliveries {
		pair.asked = true
		cmds = append(cmds, a.comparePair(pair))
	}
	if d.event != nil && d.tab == tabDiff && d.compare.lacksText() {
		d.compare.reading = true
		cmds = append(cmds, a.compareText(d.event, d.compare.known.b))
	}
	if id != "" && d.asked == "" && (d.err == nil || d.again) && (d.event == nil || d.again) {
		d.asked = id
		again := d.again && d.event != nil
		d.again = false
		cmds = append(cmds, a.detail(id, again, d.event != nil && d.event.Answer.At.IsZero()))
	}
	return tea.Batch(cmds...)
}

// besideOriginal tells whether the attempts of an edited copy are compared with those of
// its original. Large bodies are compared in the tab for that alone.
func (d *detail) besideOriginal() bool {
	return d.event.Parent != "" && d.compare.wanted == "" && len(d.event.Body) <= unfoldAside
}

func (d *detail) take(msg detailMsg, h int) {
	d.asked = ""
	if msg.id != d.item.key.id {
		return
	}
	if msg.err != nil {
		if d.event == nil { // what was read once stays
			d.err = msg.err
		}
		return
	}
	d.err = nil
	if msg.answer != nil && d.event != nil {
		told := *d.event // others may read the one that was shown so far
		told.Answer = *msg.answer
		d.event = &told
	}
	if msg.event != nil {
		d.event, d.tree, d.bytes, d.missed = msg.event, msg.tree, msg.bytes, msg.missed
		d.tree.unfoldToFit(h, d.folds)
		d.warned = map[string]string{}
		for _, w := range msg.event.Warnings {
			d.warned[w.Path] = visible.Line(w.Text)
		}
		d.tree.seek(d.matchers)
	}
	more := len(msg.deliveries) != len(d.deliveries)
	d.compare.stale = d.compare.stale || more || !slices.EqualFunc(msg.deliveries, d.deliveries, func(a, b event.Delivery) bool { return a.State == b.State })
	d.deliveries = msg.deliveries
	if more {
		d.choose()
	} else {
		d.answer = newAnswer(d.answer, d.deliveries, d.attempt)
	}
}

// takeFound takes what was found, and goes to the first of it.
func (d *detail) takeFound(msg foundMsg, w int) {
	d.search.asked = false
	if msg.id != d.item.key.id || msg.tab != d.search.tab || msg.text != d.search.text {
		return
	}
	d.search.known, d.search.hits, d.search.at = msg.text, msg.hits, 0
	d.goTo(0, w)
}

// goTo shows a hit of the search, counted round.
func (d *detail) goTo(i, w int) {
	n := len(d.search.hits)
	if n == 0 {
		return
	}
	d.search.at = (i + n) % n
	h := d.search.hits[d.search.at]
	if d.search.tab == tabPayload {
		d.tree.reveal(h.way)
	} else {
		d.raw.offset = d.raw.begin(d.event.Body, d.raw.line(d.event.Body, h.offset, w), w)
	}
}

// move moves the cursor of the tab, which is w cells wide.
func (d *detail) move(n, w int) {
	if d.event == nil {
		return
	}
	switch d.tab {
	case tabPayload:
		d.tree.move(n)
	case tabDeliveries:
		d.attempt = min(max(d.attempt+n, 0), max(len(d.deliveries)-1, 0))
		d.answer = newAnswer(d.answer, d.deliveries, d.attempt)
	case tabHeaders:
		d.header = min(max(d.header+n, 0), len(d.event.Header)+9) // as many as there may be
	case tabRaw:
		d.raw.move(d.event.Body, n, w-2)
	case tabDiff:
		d.compare.move(n)
	}
}

// sought is what is looked for in the tab that is shown.
func (d *detail) sought() string {
	if d.search.on(d.tab) {
		return d.search.text
	}
	return ""
}

// payload is that of the event, nil until it was read.
func (d *detail) payload() *payload.Payload {
	if d.event == nil {
		return nil
	}
	return d.event.Payload
}

// delivery is the attempt under the cursor, or nil.
func (d *detail) delivery() *event.Delivery {
	if d.attempt < 0 || d.attempt >= len(d.deliveries) {
		return nil
	}
	return &d.deliveries[d.attempt]
}

// marked is what is marked in the tab: what is looked for, or was filtered by.
func (d *detail) marked() string {
	if text := d.sought(); text != "" {
		return text
	}
	return d.filtered
}

// path is where the cursor of the payload is.
func (d *detail) path() string {
	if d.tab != tabPayload || d.tree == nil || d.tree.current() == nil {
		return ""
	}
	return d.tree.current().path()
}

// shownBy are the flags of hfhook show for the tabs.
var shownBy = [...]string{tabPayload: "", tabHeaders: " --headers", tabDeliveries: " --deliveries", tabRaw: " --raw", tabDiff: ""}

// node is the one under the cursor of the payload, or nil.
func (d *detail) node() *node {
	if d.tab != tabPayload || d.tree == nil {
		return nil
	}
	return d.tree.current()
}

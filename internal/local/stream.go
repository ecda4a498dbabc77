package local

// The stream of what happens: lines of JSON as hfhook dev --json prints them.

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/store"
	"hfhook/tunnel"
)

const (
	maxBehind   = 1000             // lines that a reader may be behind
	cutWithin   = 10 * time.Second // for a reader that is cut to take the rest
	streamPage  = 200              // events that are read at once
	maxStreams  = 64               // at the same time
	streamRetry = time.Second      // until events that could not be read are read again
)

// Parts of the stream.
const (
	PartEvents     = "events"
	PartDeliveries = "deliveries"
	PartRejected   = "rejected"
	PartState      = "state"
)

var allParts = []string{PartEvents, PartDeliveries, PartRejected, PartState}

// lostLine is the last line of a stream that is cut since its reader did not read.
type lostLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"` // "lost"
	Lost   int    `json:"lost"` // lines
}

// stream writes what happens from now on, until the client or the session ends it.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	f, err := s.newFeed(r)
	if err != nil {
		s.write(w, nil, err)
		return
	}
	ctx, end := context.WithCancel(r.Context())
	defer end()
	changed, follower := s.Session.Watch(ctx), s.Session.Follow(ctx)
	if err := f.begin(ctx); err != nil {
		s.write(w, nil, err)
		return
	}
	control := http.NewResponseController(w)
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.WriteHeader(http.StatusOK)
	if control.Flush() != nil {
		return
	}
	lines := newBacklog(func() { _ = control.SetWriteDeadline(time.Now().Add(cutWithin)) })
	var collecting sync.WaitGroup
	defer collecting.Wait()
	collecting.Go(func() {
		defer lines.end()
		f.run(ctx, changed, follower, lines)
	})
	defer end()
	for {
		batch, more := lines.take(ctx)
		if len(batch) > 0 {
			if _, err := w.Write(batch); err != nil || control.Flush() != nil {
				return
			}
		}
		if !more {
			return
		}
	}
}

// A feed makes the lines of one stream.
type feed struct {
	session Session
	parts   []string
	filter  filter.Expr // of events, and of the events of deliveries; nil: all
	match   filter.Predicate
	last    event.ID // the newest event that was looked at
	tunnel  output.TunnelChanges
}

func (s *Server) newFeed(r *http.Request) (*feed, error) {
	f := &feed{session: s.Session, parts: allParts}
	ask := r.URL.Query()
	if text := ask.Get("only"); text != "" {
		f.parts = strings.Split(text, ",")
		for _, part := range f.parts {
			if !slices.Contains(allParts, part) {
				return nil, invalid("only %q: want one of %s, or several with commas", part, strings.Join(allParts, ", "))
			}
		}
	}
	var err error
	if f.filter, err = filter.Parse(ask.Get("filter"), time.Now()); err != nil {
		return nil, invalid("filter: %w", err)
	}
	if f.filter != nil {
		f.match = filter.Compile(f.filter)
	}
	return f, nil
}

func (f *feed) wants(part string) bool { return slices.Contains(f.parts, part) }

// begin skips the events that are there.
func (f *feed) begin(ctx context.Context) error {
	newest, err := f.session.List(ctx, store.Query{Limit: 1})
	if err == nil && len(newest.Rows) > 0 {
		f.last = newest.Rows[0].ID
	}
	return err
}

// run adds what happens to the backlog until ctx or the session ends.
func (f *feed) run(ctx context.Context, changed <-chan struct{}, follower *dev.Follower, lines *backlog) {
	for {
		ended := false
		select {
		case <-f.session.Done(): // what happened before is told
			ended = true
		default:
		}
		// Taken first and added last, so that an event comes before its deliveries.
		entries, lost := follower.Take()
		unread := f.events(ctx, lines)
		for i := range entries {
			f.entry(ctx, &entries[i], lines)
		}
		lines.lose(lost)
		if ended {
			return
		}
		var again <-chan time.Time
		if unread != nil {
			again = time.After(streamRetry)
		}
		select {
		case _, open := <-changed:
			if !open {
				return
			}
		case <-again:
		case <-f.session.Done():
		}
	}
}

// events adds the events that are new.
func (f *feed) events(ctx context.Context, lines *backlog) error {
	if !f.wants(PartEvents) {
		return nil
	}
	for more := true; more; {
		st := f.session.State()
		if st.Store.Gone() {
			return store.ErrGone // to read it would wait for it
		}
		page, err := f.session.List(ctx, store.Query{Filter: f.filter, After: f.last, Limit: streamPage})
		if err != nil {
			return err
		}
		for _, row := range slices.Backward(page.Rows) {
			f.last = row.ID
			if lines.isCut() {
				lines.lose(1)
				continue
			}
			e, err := f.session.Event(ctx, row.ID)
			if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrDamaged) {
				continue // it will not get better
			}
			if err != nil {
				return err
			}
			lines.add(output.NewEventLine(e, st.Gaps))
		}
		if page.Next != "" {
			f.last = max(f.last, page.Next)
		}
		more = page.Newer
	}
	return nil
}

// entry adds the line of something that has happened.
func (f *feed) entry(ctx context.Context, e *dev.Entry, lines *backlog) {
	switch {
	case e.Delivery != nil:
		if f.wants(PartDeliveries) && f.matches(ctx, e.Delivery.Event) {
			line := output.NewDeliveryLine(e.Delivery)
			line.Send = e.Send
			lines.add(streamedDelivery{line, e.Delivery.Target})
		}
	case e.Rejected != nil:
		if f.wants(PartRejected) {
			lines.add(output.NewRejectedLine(e.Rejected))
		}
	case f.wants(PartState):
		if line := f.stateLine(e); line != nil {
			lines.add(line)
		}
	}
}

// streamedDelivery is a delivery's line with the name of its target.
type streamedDelivery struct {
	output.DeliveryLine
	Name string `json:"name"`
}

// matches reports whether the event of a delivery is one that the stream is about.
func (f *feed) matches(ctx context.Context, id event.ID) bool {
	if f.filter == nil {
		return true
	}
	e, err := f.session.Event(ctx, id)
	if err != nil {
		return false
	}
	made, err := f.session.Deliveries(ctx, id)
	if err != nil {
		return false
	}
	row := e.Row()
	row.Outcomes = event.Outcomes(made)
	row.Pin, row.Note = e.Pin, e.Note
	_, row.Missed = store.Missed(e, f.session.State().Gaps)
	ok, _ := f.match(&row, filter.RestOf(e)) // which never fails
	return ok
}

// stateLine is the line of a change of the session; nil: there is none.
func (f *feed) stateLine(e *dev.Entry) any {
	switch {
	case e.Hub != nil:
		return output.NewHubLine(e.Hub)
	case e.Notice != nil:
		return output.NewNoticeLine(e.Notice)
	case e.Store != nil:
		return output.NewStoreLine(e.Store)
	case e.Target != nil:
		return output.NewTargetLine(e.Target)
	case e.Handler != nil:
		return output.NewHandlerLine(e.Handler)
	case e.HandlerRestart != nil:
		return output.NewRestartLine(e.HandlerRestart)
	case e.Tunnel != nil && e.Tunnel.Phase != tunnel.Off && f.tunnel.News(e.Tunnel, output.PhaseWord(e.Tunnel.Phase)):
		return output.NewStateLine(e.Tunnel, f.session.Path())
	}
	return nil
}

// A backlog holds lines until the reader of a stream takes them. Nobody ever waits for the
// reader: behind too many lines the others are counted only.
type backlog struct {
	onCut func() // called once, when the reader is cut
	wake  chan struct{}

	mu    sync.Mutex
	text  bytes.Buffer
	lines int
	cut   bool
	lost  int
	over  bool // nothing is added any more
}

func newBacklog(onCut func()) *backlog { return &backlog{onCut: onCut, wake: make(chan struct{}, 1)} }

// add adds a line.
func (b *backlog) add(line any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.poke()
	if b.cut || b.lines == maxBehind {
		b.loseLocked(1)
		return
	}
	b.lines++
	_ = output.WriteLine(&b.text, line) // a buffer takes all, and each line is JSON
}

// lose counts lines that are not added.
func (b *backlog) lose(n int) {
	if n == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.poke()
	b.loseLocked(n)
}

func (b *backlog) loseLocked(n int) {
	if !b.cut {
		b.cut = true
		b.onCut()
	}
	b.lost += n
}

func (b *backlog) isCut() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.cut
}

// end says that nothing more comes.
func (b *backlog) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = true
	b.poke()
}

func (b *backlog) poke() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// take waits for lines, and returns them. There are no more after them if the reader is cut, which
// the last line says, or if the stream has ended.
func (b *backlog) take(ctx context.Context) (text []byte, more bool) {
	for {
		b.mu.Lock()
		text, more = bytes.Clone(b.text.Bytes()), !b.over && !b.cut
		b.text.Reset()
		b.lines = 0
		if b.cut {
			var last bytes.Buffer
			_ = output.WriteLine(&last, lostLine{Schema: 1, Type: "lost", Lost: b.lost})
			text = append(text, last.Bytes()...)
		}
		b.mu.Unlock()
		if len(text) > 0 || !more {
			return text, more
		}
		select {
		case <-b.wake:
		case <-ctx.Done():
			return nil, false
		}
	}
}

package delivery

import (
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
	"time"

	"hfhook/event"
)

// A watch follows one attempt through net/http: how long each of its parts takes,
// and which headers were really written. Its hooks are called by several
// goroutines, some of them after the attempt has ended.
type watch struct {
	mu      sync.Mutex
	phase   phase
	since   time.Time
	spent   [phases]time.Duration
	header  http.Header
	reached bool // there was a connection
}

type phase int

const (
	connecting phase = iota
	recording        // that the attempt is under way: no time of the target's
	writing
	awaiting // the first byte of the answer
	reading
	phases
)

// enter ends the present phase, and does nothing where a later one has begun.
func (w *watch) enter(p phase) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p > w.phase {
		w.advance(p)
	}
}

func (w *watch) advance(p phase) {
	now := time.Now()
	w.spent[w.phase] += now.Sub(w.since)
	w.phase, w.since = p, now
}

// trace returns the hooks. connected is called once there is a connection, before
// anything is written to it.
func (w *watch) trace(connected func()) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			// For the second time where a kept connection turned out to be closed.
			w.mu.Lock()
			defer w.mu.Unlock()
			w.advance(connecting)
			w.header = make(http.Header)
		},
		GotConn: func(info httptrace.GotConnInfo) {
			markReused(info)
			w.enter(recording)
			w.mu.Lock()
			first := !w.reached
			w.reached = true
			if info.Reused {
				w.spent[connecting] = 0
			}
			w.mu.Unlock()
			if first {
				connected()
			}
			w.enter(writing)
		},
		WroteHeaderField: func(name string, values []string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.header[name] = append(w.header[name], slices.Clone(values)...)
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { w.enter(awaiting) },
		GotFirstResponseByte: func() { w.enter(reading) },
	}
}

// connected tells whether anything may have been sent.
func (w *watch) connected() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reached
}

// stop ends the last phase and writes down what was seen.
func (w *watch) stop(d *event.Delivery) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance(w.phase)
	d.Phases = event.Phases{
		Connect:   w.spent[connecting],
		Write:     w.spent[writing],
		FirstByte: w.spent[awaiting],
		Body:      w.spent[reading],
	}
	d.Took = d.Phases.Connect + d.Phases.Write + d.Phases.FirstByte + d.Phases.Body
	d.RequestHeader = fields(w.header)
}

package delivery

import (
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"time"

	"hfhook/event"
)

// A watch follows one attempt through net/http: how long each of its parts takes, and which
// headers were actually written. Its hooks are called by several goroutines, some of them after
// the attempt has ended.
type watch struct {
	mu        sync.Mutex
	phase     phase
	since     time.Time
	spent     [phases]time.Duration
	header    http.Header
	small     bool  // header names are in lower case
	connected bool  // there was a connection
	open      bool  // there is one, as of the last check
	conn      *kept // that connection
}

type phase int

const (
	connecting phase = iota
	writing
	awaiting // the first byte of the answer
	reading
	phases
)

// enter ends the present phase. It does nothing if a later one has begun.
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

// trace returns the hooks. connected is called once, when there is a connection and
// before anything is written to it.
func (w *watch) trace(connected func()) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			// This happens twice if a kept connection turned out to be closed.
			w.mu.Lock()
			defer w.mu.Unlock()
			w.advance(connecting)
			w.open, w.conn = false, nil
			w.header, w.small = make(http.Header), false
		},
		GotConn: func(info httptrace.GotConnInfo) {
			w.enter(writing)
			w.mu.Lock()
			w.open, w.conn = true, keptConn(info)
			first := !w.connected
			w.connected = true
			if info.Reused {
				w.spent[connecting] = 0
			}
			w.mu.Unlock()
			if first {
				connected()
			}
		},
		WroteHeaderField: func(name string, values []string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if strings.HasPrefix(name, ":") { // HTTP/2, which uses lower case and other names for some
				w.small = true
				if name != ":authority" {
					return
				}
				name = "Host"
			}
			if w.small {
				name = textproto.CanonicalMIMEHeaderKey(name)
			}
			w.header[name] = append(w.header[name], slices.Clone(values)...)
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { w.enter(awaiting) },
		GotFirstResponseByte: func() { w.enter(reading) },
	}
}

// sent reports whether anything of the request may have been sent.
func (w *watch) sent() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open && !w.conn.isUnused()
}

// stale reports whether a kept connection was closed before anything was sent on it.
func (w *watch) stale() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.conn.isUnused() && !w.conn.fresh.Load()
}

// stop ends the last phase and records what was seen.
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

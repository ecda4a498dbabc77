package main

// What was acknowledged, and whether it is still there.

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"hfhook/event"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// A ledger has the events that were acknowledged, with the sums of their bodies.
type ledger struct {
	mu    sync.Mutex
	sums  map[event.ID][sha256.Size]byte
	order []event.ID
}

func newLedger() *ledger { return &ledger{sums: map[event.ID][sha256.Size]byte{}} }

func (l *ledger) add(id event.ID, body []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sums[id] = sha256.Sum256(body)
	l.order = append(l.order, id)
}

func (l *ledger) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.sums)
}

// any is an event that was acknowledged; empty: there is none.
func (l *ledger) any(m *machine) event.ID {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.order) == 0 {
		return ""
	}
	return l.order[m.random.n(len(l.order))]
}

// forget takes an event out: somebody was told to delete it.
func (l *ledger) forget(id event.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.sums, id)
	if i := slices.Index(l.order, id); i >= 0 {
		l.order[i] = l.order[len(l.order)-1]
		l.order = l.order[:len(l.order)-1]
	}
}

// lost looks for all events in a store, byte for byte, and returns how many are not there.
func (l *ledger) lost(m *machine, path string) (lost int, err error) {
	events, err := sqlite.Open(m.ctx, path, sqlite.Options{})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, events.Close()) }()
	if err := events.Check(m.ctx); err != nil {
		m.fault("the store is damaged: %v", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, sum := range l.sums {
		e, err := events.Event(m.ctx, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			m.fault("%s was acknowledged, and is lost", id)
			lost++
		case err != nil:
			return lost, err
		case sha256.Sum256(e.Body) != sum:
			m.fault("%s came back with other bytes", id)
			lost++
		}
	}
	return lost, nil
}

// A handler counts what it is sent, by the event.
type handler struct {
	server *http.Server
	url    string

	mu  sync.Mutex
	got map[event.ID]int
}

// newHandler starts a handler at an address, or at a free one if that is empty. It takes its
// time, and fails now and then, as handlers do.
func (m *machine) newHandler(address string) (*handler, error) {
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	h := &handler{url: "http://" + ln.Addr().String(), got: map[event.ID]int{}}
	h.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		if r.Header.Get("X-Webhook-Secret") != secret {
			m.fault("a handler got an event without the secret")
		}
		h.mu.Lock()
		h.got[event.ID(r.Header.Get("X-Hfhook-Event-Id"))]++
		h.mu.Unlock()
		switch m.random.n(20) {
		case 0:
			w.WriteHeader(http.StatusInternalServerError)
		case 1:
			<-time.After(m.random.within(20 * time.Millisecond))
		}
	})}
	go func() { _ = h.server.Serve(ln) }()
	return h, nil
}

// missing counts the events of a ledger that the handler never got, and those that it got more
// than once.
func (h *handler) missing(l *ledger) (missing []event.ID, again int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	for id := range l.sums {
		switch n := h.got[id]; {
		case n == 0:
			missing = append(missing, id)
		case n > 1:
			again++
		}
	}
	return missing, again
}

// A load is what several clients post, until the session is gone.
type load struct {
	wg       sync.WaitGroup
	answered atomic.Int64
	enough   chan struct{} // closed after so many answers
}

// pour starts clients that post events of up to extra bytes to a session until it does not
// answer any more, or ctx has ended. refused is asked about each answer that is not 200, and
// says whether the client goes on.
func (m *machine) pour(ctx context.Context, s *session, l *ledger, clients, after, extra int, refused func(answer) bool) *load {
	p := &load{enough: make(chan struct{})}
	client, closeIdle := newClient(clients)
	var once sync.Once
	for range clients {
		p.wg.Go(func() {
			for ctx.Err() == nil {
				body, err := m.body(m.random.n(extra + 1))
				if err != nil {
					m.fault("%v", err)
					return
				}
				a, err := post(ctx, client, s.url, body, "")
				switch {
				case err != nil:
					return // killed, or the end
				case a.status != http.StatusOK || a.id == "":
					if !refused(a) {
						return
					}
				default:
					l.add(a.id, body)
					if p.answered.Add(1) > int64(after) {
						once.Do(func() { close(p.enough) })
					}
				}
			}
		})
	}
	go func() {
		p.wg.Wait()
		closeIdle()
	}()
	return p
}

// never is for sessions that have no reason to refuse an event.
func (m *machine) never(a answer) bool {
	m.fault("a right event was answered %d %.200s", a.status, a.text)
	return false
}

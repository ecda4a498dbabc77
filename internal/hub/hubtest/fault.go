package hubtest

// How the Hub fails, when a test wants it to.

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
)

// A Fault is what a caller gets in place of the right answer.
type Fault struct {
	Status int // of the answer
	Header http.Header
	Body   string
	Done   bool // the call is carried out all the same

	// Slow keeps the answer back until the caller gives up; Cut ends the connection
	// in the middle of it. With either, nothing of the above is sent but, with Cut,
	// a part of Body.
	Slow, Cut bool
	// Gone removes all webhooks, as somebody else might do, and then lets the right
	// answer come.
	Gone bool
}

// Refusal is a fault that looks like an answer of the Hub's.
func Refusal(status int, message string) Fault {
	w := httptest.NewRecorder()
	refuse(w, status, message)
	return Fault{Status: status, Header: w.Header(), Body: w.Body.String()}
}

// Limited is 429 with a header, Retry-After or RateLimit.
func Limited(header, value string) Fault {
	f := Refusal(http.StatusTooManyRequests, "We had to rate limit you")
	f.Header.Set(header, value)
	return f
}

// HTML is a page where JSON should be, as proxies and login pages give.
func HTML(status int) Fault {
	return Fault{Status: status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: "<!doctype html><title>Sign in</title>"}
}

type plannedFault struct {
	Fault
	method string
	times  int
	hub    *Hub
}

// Fail gives the fault to the next calls of a method, or of all where it is empty.
// Faults that were planned earlier come first.
func (h *Hub) Fail(times int, method string, f Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = append(h.faults, plannedFault{Fault: f, method: method, times: times, hub: h})
}

// fault counts the call and takes the fault that is planned for it.
func (h *Hub) fault(r *http.Request) (plannedFault, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls++
	for i := range h.faults {
		if f := &h.faults[i]; f.times > 0 && (f.method == "" || f.method == r.Method) {
			f.times--
			return *f, true
		}
	}
	return plannedFault{}, false
}

// give answers with the fault. It returns true where the right answer is to follow.
func (f *plannedFault) give(w http.ResponseWriter, r *http.Request, right http.Handler) bool {
	if f.Gone {
		f.hub.mu.Lock()
		f.hub.hooks = nil
		f.hub.mu.Unlock()
		return true
	}
	if f.Done {
		right.ServeHTTP(httptest.NewRecorder(), r)
	}
	switch {
	case f.Slow:
		// The server notices that the caller is gone once the body is read.
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	case f.Cut:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, f.Body)
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
		panic(http.ErrAbortHandler)
	default:
		maps.Copy(w.Header(), f.Header)
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body)
	}
	return false
}

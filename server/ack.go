package server

import (
	"errors"
	"net/http"
	"strconv"

	"hfhook/event"
)

// An Ack is what the sender of an event is told. The zero value is 200 with the event's
// id.
type Ack struct {
	Status      int // 0: 200
	ContentType string
	Body        []byte // nil: the event's id

	// Sent is called once the answer was written, or could not be. Nil: nobody asks.
	Sent func(event.Arrival)
}

// answer answers a request.
func (a Ack) answer(w http.ResponseWriter, r *http.Request, e *event.Event) {
	// Who has the whole answer may close the connection at once, so that is asked before.
	open := r.Context().Err() == nil
	a.write(w, e)
	if a.Sent == nil {
		return
	}
	// What becomes of it beyond the connection, for example behind a tunnel, nobody can tell.
	switch err := http.NewResponseController(w).Flush(); {
	case errors.Is(err, http.ErrNotSupported):
		a.Sent("")
	case err != nil || !open:
		a.Sent(event.Lost)
	default:
		a.Sent(event.Written)
	}
}

func (a Ack) write(w http.ResponseWriter, e *event.Event) {
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	bodiless := status == http.StatusNoContent || status == http.StatusNotModified
	if a.Body == nil && !bodiless {
		writeJSON(w, status, storedAnswer{ID: e.ID, Status: "stored"})
		return
	}
	if a.ContentType != "" && !bodiless {
		w.Header().Set("Content-Type", a.ContentType)
	}
	if !bodiless {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if !bodiless {
		_, _ = w.Write(a.Body) // the caller finds out about an error
	}
}

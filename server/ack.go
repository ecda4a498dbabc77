package server

import (
	"net/http"

	"hfhook/event"
)

// An Ack is what the sender of an event is told. The zero value is 200 with the event's
// id.
type Ack struct {
	Status      int // 0: 200
	ContentType string
	Body        []byte // nil: the event's id
}

// write answers a request.
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
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if !bodiless {
		_, _ = w.Write(a.Body) // who no longer listens needs no answer
	}
}

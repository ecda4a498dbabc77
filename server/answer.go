package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"hfhook/event"
	"hfhook/payload"
)

// The bodies of the answers. They equal those of Python's WebhooksServer and of FastAPI if
// these have one, so that their clients need no changes.
type (
	errorAnswer struct {
		Error string `json:"error"`
	}
	detailAnswer struct {
		Detail string `json:"detail"`
	}
	faultsAnswer struct {
		Detail []payload.Fault `json:"detail"`
	}
)

// A refusal is an answer that is not 2xx, with the details for the list of rejected requests.
type refusal struct {
	status   int
	reason   event.Reason
	detail   string
	evidence *event.Evidence
	webhook  string // the webhook that the body claims to be from
	hubLike  bool   // the body has the shape of the Hub's
	faults   []payload.Fault
	body     any
	allow    string // Allow header
	retry    int    // Retry-After, in seconds
	bodyRead bool   // the request was read to its end
	hearOut  bool   // the rest of the request is read after the answer
}

// reject answers and reports a rejected request. size is that of the body, or -1.
func (s *Server) reject(w http.ResponseWriter, r *http.Request, no refusal, size int64) {
	h := w.Header()
	if no.allow != "" {
		h.Set("Allow", no.allow)
	}
	if no.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(no.retry))
	}
	switch {
	case no.hearOut:
		closeAfter(w, r)
	case !no.bodyRead:
		skipBody(w, r)
	}
	writeJSON(w, no.status, no.body)
	s.refuse(r, no, size)
	if no.hearOut {
		s.hearOut(w, r)
	}
}

// refuse reports a rejected request.
func (s *Server) refuse(r *http.Request, no refusal, size int64) {
	s.refused.Add(1)
	if s.opts.Recorder == nil {
		return
	}
	secrets := s.redactor()
	s.opts.Recorder.Reject(event.Rejected{
		At:        s.now(),
		Status:    no.status,
		Reason:    no.reason,
		Method:    secrets.Value(r.Method),
		Path:      secrets.Path(r.URL.Path),
		Peer:      r.RemoteAddr,
		UserAgent: secrets.Value(r.UserAgent()),
		Bytes:     size,
		Detail:    secrets.Text(no.detail),
		Tunnel:    fromInternet(r.Context()),
		Faults:    no.faults,

		Evidence: no.evidence, LooksLikeHub: no.hubLike, Webhook: no.webhook,
	})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := encode(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"detail":"Internal Server Error"}`)
	}
	writeBody(w, status, body, true)
}

// encode is json.Marshal without escaping < and >, like Python.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode the answer: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Header values of every answer, shared. They are never modified: Set replaces the slice, and
// Add has no spare capacity to write to.
var (
	noSniff  = []string{"nosniff"}
	jsonType = []string{"application/json"}
)

// writeBody writes an answer with a body, or without one if the status allows none. A
// Content-Type that is already set stays; net/http detects one for a body that is not JSON.
func writeBody(w http.ResponseWriter, status int, body []byte, isJSON bool) {
	h := w.Header()
	h["X-Content-Type-Options"] = noSniff
	if status == http.StatusNoContent || status == http.StatusNotModified {
		w.WriteHeader(status)
		return
	}
	if isJSON && h["Content-Type"] == nil {
		h["Content-Type"] = jsonType
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/payload"
)

// Header names that the server reads. The Hub documents both in
// https://huggingface.co/docs/hub/webhooks.
const (
	secretHeader   = "X-Webhook-Secret"
	deliveryHeader = "Webhook-Id"
)

// serveHook handles one webhook request: secret, rate, method, sender, body, payload, record,
// answer, in this order, so that a stranger learns nothing about the later checks, and nobody
// with the secret is rejected because of strangers.
func (s *Server) serveHook(w http.ResponseWriter, r *http.Request, path string) {
	verdict := s.verify(r)
	if verdict.matched > 0 {
		markVerified(r.Context())
	} else if !mayAsk(r.Context()) {
		s.reject(w, r, tooMany(), r.ContentLength)
		return
	}
	if r.Method != http.MethodPost {
		no := refusal{status: http.StatusMethodNotAllowed, reason: event.WrongMethod, allow: http.MethodPost, body: detailAnswer{"Method Not Allowed"}}
		if verdict.matched > 0 {
			no.detail = "the secret was right: use POST (a redirect turns POST into GET)"
		}
		s.reject(w, r, no, r.ContentLength)
		return
	}
	if no, foreign := s.foreign(r); foreign {
		s.reject(w, r, no, r.ContentLength)
		return
	}
	if verdict.no.status != 0 {
		s.rejectStranger(w, r, verdict.no)
		return
	}
	body, release, no, ok := s.read(w, r)
	if !ok {
		s.reject(w, r, no, r.ContentLength)
		return
	}
	var p *payload.Payload
	var warnings []payload.Warning
	if s.takesRaw(path) {
		p, warnings = payload.ParseLenient(body)
	} else {
		var err error
		if p, warnings, err = payload.Parse(body); err != nil {
			release()
			s.reject(w, r, unusable(err), int64(len(body)))
			return
		}
	}
	e := s.event(r, body, verdict.matched)
	e.Payload, e.Warnings = p, e.AllWarnings(warnings)

	if s.opts.Recorder != nil {
		// The event is recorded even if the sender no longer waits.
		if err := s.opts.Recorder.Record(context.WithoutCancel(r.Context()), e); err != nil {
			release()
			s.logger(r.Context()).Error("event not recorded", "path", e.Path, which(e), "bytes", len(body), "error", err)
			s.reject(w, r, refusal{status: http.StatusServiceUnavailable, reason: event.NotStored, detail: err.Error(), retry: 5, bodyRead: true,
				body: errorAnswer{"The event could not be stored."}}, int64(len(body)))
			return
		}
	}
	release() // before the handler, which may take long
	s.stored.Add(1)
	s.last.Store(s.now().UnixNano())
	if h := s.handler(path, e); h != nil {
		s.answer(w, r, h, e)
		return
	}
	writeJSON(w, http.StatusOK, capture.Stored{ID: e.ID, Status: "stored"})
}

// A verdict is the result of checking the secret of a request.
type verdict struct {
	matched int     // which of the accepted secrets it is, counted from 1; 0: none, or none is required
	no      refusal // without a status: the request may continue
}

// verify checks the secret: the header's, or that of the query if there is no header. The Hub
// sends either, depending on the webhook.
func (s *Server) verify(r *http.Request) verdict {
	if len(s.secrets()) == 0 {
		return verdict{}
	}
	sent, where := "", secretHeader
	values := r.Header.Values(secretHeader)
	var query url.Values
	if r.URL.RawQuery != "" {
		query = r.URL.Query()
	}
	switch {
	case len(values) > 0:
		sent = values[0]
	case query.Has("secret"):
		sent, where = query.Get("secret"), "?secret="
	default:
		return verdict{no: refusal{status: http.StatusUnauthorized, reason: event.NoSecret, detail: "neither X-Webhook-Secret nor ?secret= was sent",
			body: errorAnswer{"x-webhook-secret header not set."}}}
	}
	if n := match(s.secrets(), sent); n > 0 {
		return verdict{matched: n}
	}
	ev := s.evidence(sent, where)
	switch {
	case ev.Hint != "":
	case len(values) > 0 && match(s.secrets(), query.Get("secret")) > 0:
		ev.Hint, ev.Cause = "the right secret is in ?secret=, which is ignored if the header is set", "the webhook has one secret in its URL and another in its secret field: remove one of them."
	case len(values) > 1 && match(s.secrets(), values[1]) > 0:
		ev.Hint, ev.Cause = "the right secret is in a second X-Webhook-Secret, but the first one is used", "a proxy adds its own secret."
	}
	return verdict{no: refusal{status: http.StatusForbidden, reason: event.WrongSecret, detail: describe(ev), evidence: ev,
		body: errorAnswer{"Invalid webhook secret."}}}
}

// read reads the body within its limit. The caller calls release once the body is
// no longer held.
func (s *Server) read(w http.ResponseWriter, r *http.Request) (body []byte, release func(), no refusal, ok bool) {
	limit := s.opts.MaxBody
	if r.ContentLength > limit {
		return nil, nil, tooLarge(limit), false
	}
	size := r.ContentLength
	if size < 0 {
		size = limit
	}
	if no, ok := s.awaitRoom(w, r, size); !ok {
		return nil, nil, no, false
	}
	release = func() { s.bodies.Release(size) }

	var err error
	if r.ContentLength >= 0 {
		body = make([]byte, r.ContentLength)
		_, err = io.ReadFull(r.Body, body)
	} else {
		body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	}
	if err != nil {
		release()
		if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
			return nil, nil, tooLarge(limit), false
		}
		return nil, nil, refusal{status: http.StatusBadRequest, reason: event.BadBody, detail: "the body ended early: " + err.Error(),
			body: errorAnswer{"The request body could not be read."}}, false
	}
	return body, release, refusal{}, true
}

// tooLarge returns the refusal of a body over a limit in bytes.
func tooLarge(limit int64) refusal {
	return refusal{status: http.StatusRequestEntityTooLarge, reason: event.TooLarge,
		detail: fmt.Sprintf("the limit is %d bytes", limit),
		body:   errorAnswer{fmt.Sprintf("Request body over %d bytes.", limit)}}
}

// unusable returns the refusal of a body that is not a payload.
func unusable(err error) refusal {
	no := refusal{status: http.StatusUnprocessableEntity, reason: event.BadPayload, bodyRead: true}
	invalid := (*payload.InvalidError)(nil)
	if !errors.As(err, &invalid) {
		invalid = &payload.InvalidError{Faults: []payload.Fault{{Type: "value_error", Loc: []any{"body"}, Msg: err.Error()}}}
	}
	no.detail, no.faults = invalid.Error(), invalid.Faults
	no.body = faultsAnswer{invalid.Faults}
	return no
}

// event returns the record of a request, without the secrets.
func (s *Server) event(r *http.Request, body []byte, matched int) *event.Event {
	secrets := s.redactor()
	return &event.Event{Capture: event.Capture{
		Received:    s.now(),
		Method:      r.Method,
		Path:        secrets.Path(hookPath(r.URL.EscapedPath())),
		Query:       secrets.Query(event.WithoutSecret(r.URL.RawQuery)),
		Proto:       r.Proto,
		Peer:        r.RemoteAddr,
		Tunnel:      fromInternet(r.Context()),
		Header:      fields(r.Header, r.Host, secrets),
		Body:        body,
		SHA256:      sha256.Sum256(body),
		Origin:      event.FromHub,
		DeliveryID:  deliveryID(r.Header, secrets),
		Matched:     matched,
		HoldsSecret: secrets.In(body),
	}}
}

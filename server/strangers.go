package server

// Requests without the right secret, and requests that cannot be accepted: each is answered as
// soon as its head is known, whatever its sender does with the body.

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/payload"
)

// How much of a body without the right secret is read, to distinguish the Hub with a wrong
// secret from a stranger. The Hub's own bodies are far smaller, and arrive with the head.
const (
	maxLook  = 64 << 10 // bytes
	lookTime = time.Second
	maxLooks = 16 // at a time
)

// rejectStranger rejects a request without the right secret.
func (s *Server) rejectStranger(w http.ResponseWriter, r *http.Request, no refusal) {
	no.webhook, no.hubLike, no.bodyRead = s.look(w, r)
	no.hubLike = no.hubLike || hubHead(r)
	s.reject(w, r, no, r.ContentLength)
}

// look reports whether the body of a request has the shape of the Hub's, which webhook it
// claims to be from, and whether it was read to its end. It gives up if a body is slow or
// large, and while many others are being read.
func (s *Server) look(w http.ResponseWriter, r *http.Request) (webhook string, hubLike, read bool) {
	if r.ContentLength <= 0 || r.ContentLength > maxLook || r.Header.Get("Expect") != "" {
		return "", false, r.ContentLength == 0
	}
	select {
	case s.looks <- struct{}{}:
		defer func() { <-s.looks }()
	default:
		return "", false, false
	}
	readWithin(w, r, lookTime)
	body, err := io.ReadAll(io.LimitReader(r.Body, maxLook+1)) // one more, to see the end
	if err != nil {
		return "", false, false
	}
	p, _, err := payload.Parse(body)
	if err != nil {
		return "", false, true
	}
	return p.Webhook.ID, true, true
}

// hubHead reports whether the head of a request looks like the Hub's. The Hub does not document
// its User-Agent; those of its libraries begin with its name.
func hubHead(r *http.Request) bool {
	return r.Header.Get(deliveryHeader) != "" || strings.Contains(strings.ToLower(r.UserAgent()), "huggingface")
}

// foreign rejects requests of web pages: a page must not post here from the user's own machine.
// Browsers send headers by which they are recognised; if no secret is required, a page whose
// own name was bound to this machine's address is recognised by that name, too.
func (s *Server) foreign(r *http.Request) (refusal, bool) {
	for _, name := range []string{"Origin", "Sec-Fetch-Site"} {
		if _, sent := r.Header[name]; sent {
			return refusal{status: http.StatusForbidden, reason: event.FromBrowser, detail: "it has the header " + name + ", which browsers send but the Hub does not",
				body: errorAnswer{"Requests from web pages are refused."}}, true
		}
	}
	if len(s.secrets()) == 0 && !s.ownHost(r) {
		return refusal{status: http.StatusForbidden, reason: event.WrongHost, detail: "it is for the host " + hostname(r) + ", which is neither this machine nor the public URL",
			body: errorAnswer{"This host is not served here."}}, true
	}
	return refusal{}, false
}

// tooMany returns the refusal of a request without the right secret that exceeds the rate
// limit.
func tooMany() refusal {
	return refusal{status: http.StatusTooManyRequests, reason: event.RateLimited, retry: 1, body: errorAnswer{"Too many requests."}}
}

// skipBody makes a request be answered at once although its body was not read to its end, and
// its connection be closed after that. It must be called before anything is written.
func skipBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 0 {
		return
	}
	closeAfter(w, r) // otherwise net/http reads the body before it answers
	if connOf(r.Context()) != nil {
		readWithin(w, r, 0) // clientConn.Close reads on
	} else {
		readWithin(w, r, lingerTime)
	}
}

// closeAfter closes the connection after the answer. It must be called before the answer is
// begun.
func closeAfter(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor == 1 {
		w.Header().Set("Connection", "close")
	}
}

// readWithin limits the time for reading the rest of a request.
func readWithin(w http.ResponseWriter, r *http.Request, d time.Duration) {
	// A writer that does not support this is not of net/http, and ends requests in its own way.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(d))
}

// awaitRoom waits until there is memory for a body of a size. If that takes too long it returns
// the refusal: the request of a sender with the right secret is then read to its end, so that
// it gets the answer even if it writes everything before it reads.
func (s *Server) awaitRoom(w http.ResponseWriter, r *http.Request, size int64) (refusal, bool) {
	if s.bodies.TryAcquire(size) {
		return refusal{}, true
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.room)
	defer cancel()
	err := s.bodies.Acquire(ctx, size)
	readWithin(w, r, readTimeout) // from now: the sender did not cause the delay
	if err == nil {
		return refusal{}, true
	}
	return refusal{status: http.StatusServiceUnavailable, reason: event.NotStored, detail: "too many large bodies at once", retry: 5, hearOut: true,
		body: errorAnswer{"Too many large requests at once."}}, false
}

// hearOut reads and discards the rest of a request that was answered.
func (s *Server) hearOut(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Expect") != "" { // its sender waits for the answer only
		return
	}
	_ = http.NewResponseController(w).Flush()
	_, _ = io.CopyN(io.Discard, r.Body, s.opts.MaxBody)
}

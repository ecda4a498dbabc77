package server

// Requests without the right secret, and requests that cannot be taken: each is answered as
// soon as its head tells, whatever its sender does with the body.

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/payload"
)

// How much of a body is looked at that came without the right secret, to tell the Hub with
// a wrong secret from a stranger. The Hub's own bodies are far smaller, and come with the
// head.
const (
	maxLook  = 64 << 10 // bytes
	lookTime = time.Second
	maxLooks = 16 // at a time
)

// rejectStranger refuses a request without the right secret.
func (s *Server) rejectStranger(w http.ResponseWriter, r *http.Request, no refusal) {
	no.webhook, no.hubLike, no.bodyRead = s.look(w, r)
	no.hubLike = no.hubLike || hubHead(r)
	s.reject(w, r, no, r.ContentLength)
}

// look reports whether the body of a request has the shape of the Hub's, which webhook it
// says that it is from, and whether it was read to its end. It gives up on a body that is
// slow or large, and while many others are looked at.
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

// hubHead reports whether the head of a request is like those of the Hub. The Hub does not
// document how its agent is called; its libraries are all called after it.
func hubHead(r *http.Request) bool {
	return r.Header.Get(deliveryHeader) != "" || strings.Contains(strings.ToLower(r.UserAgent()), "huggingface")
}

// foreign refuses what a page in a browser sends: nobody's page may post here, with the
// user's own machine as the sender. A browser says of itself that it is one; where no secret
// is asked for, a page whose own name was bound to this machine's address is told by that
// name, too.
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

// tooMany is the refusal of a request without the right secret that comes too fast.
func tooMany() refusal {
	return refusal{status: http.StatusTooManyRequests, reason: event.RateLimited, retry: 1, body: errorAnswer{"Too many requests."}}
}

// skipBody has a request answered at once although its body was not read to its end, and
// its connection closed after that. It is called before anything is written.
func skipBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 0 {
		return
	}
	closeAfter(w, r) // else net/http reads the body before it answers
	if connOf(r.Context()) != nil {
		readWithin(w, r, 0) // clientConn.Close reads on
	} else {
		readWithin(w, r, lingerTime)
	}
}

// closeAfter has the connection closed after the answer, which is not begun yet.
func closeAfter(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor == 1 {
		w.Header().Set("Connection", "close")
	}
}

// readWithin limits the time for reading the rest of a request.
func readWithin(w http.ResponseWriter, r *http.Request, d time.Duration) {
	// One that cannot do so is not of net/http, and has its own way to end a request.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(d))
}

// awaitRoom waits until there is memory for a body of a size. Where that takes too long it
// returns the refusal: a sender with the right secret is then heard to its end, so that it
// gets the answer even if it does not read before it has written everything.
func (s *Server) awaitRoom(w http.ResponseWriter, r *http.Request, size int64) (refusal, bool) {
	if s.bodies.TryAcquire(size) {
		return refusal{}, true
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.room)
	defer cancel()
	err := s.bodies.Acquire(ctx, size)
	readWithin(w, r, readTimeout) // from now: the time so far was not the sender's
	if err == nil {
		return refusal{}, true
	}
	return refusal{status: http.StatusServiceUnavailable, reason: event.NotStored, detail: "too many large bodies at once", retry: 5, hearOut: true,
		body: errorAnswer{"Too many large requests at once."}}, false
}

// hearOut reads the rest of a request that was answered, and keeps nothing of it.
func (s *Server) hearOut(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Expect") != "" { // then the answer is all that its sender waits for
		return
	}
	_ = http.NewResponseController(w).Flush()
	_, _ = io.CopyN(io.Discard, r.Body, s.opts.MaxBody)
}

package delivery

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"runtime/debug"
	"time"

	"hfhook/event"
	"hfhook/internal/neterr"
	"hfhook/internal/redact"
)

// A sender makes attempts. It is shared by all queues and replays.
type sender struct {
	local     *localDialer
	transport *http.Transport
	insecure  *http.Transport // takes any certificate
	versions  versions

	transport2, insecure2 *http.Transport // the same for targets that speak only HTTP/2

	secret    func(target string) (string, bool)
	secretFor []string // hosts besides loopback ones that get the secret
	begins    func(event.Delivery) (ended func())
	log       *slog.Logger
	grace     time.Duration // how long a command may take to end after it was asked to
}

// A result says how an attempt ended.
type result int

const (
	ended     result = iota // at least a part was sent, or it never can be: the attempt is over
	refused                 // the target accepts no connection; nothing was sent
	unsent                  // interrupted before anything was sent
	cutOff                  // interrupted after that, before the answer was complete
	logFailed               // the log failed: the delivery stays as recorded
)

// state is the state of an attempt that is not tried again.
func (f result) state() event.DeliveryState {
	if f == unsent || f == cutOff {
		return event.Interrupted
	}
	return event.Done
}

// errTimeout is the cause of a context that ended because of an attempt's time limit, rather
// than by request.
var errTimeout = errors.New("the time limit of the attempt")

// attempt sends an event once and records the result in d. It sets all fields but Event, N,
// Kind, Target and State. connected is called when there is a connection, before anything is
// sent. A panic is recovered, logged, and ends the attempt.
func (s *sender) attempt(ctx context.Context, e *event.Event, t Target, d *event.Delivery, connected func()) (f result) {
	d.Started, d.URL = time.Now(), t.For(e)
	defer s.begins(*d)()
	var secret redact.Redactor
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("panic in a delivery", "event", d.Event, "target", t.Name, "panic", secret.Text(fmt.Sprint(p)), "stack", string(debug.Stack()))
			d.Err, f = "internal error: the log has the details", ended
		}
	}()

	value, known := s.secret(t.Name)
	if known {
		secret = redact.New(value)
	}
	t = t.withSecrets(value)
	if t.Command != nil {
		return s.execute(ctx, e, t, d, value, known, secret, connected)
	}
	header := outgoing(e, t, d.Kind, d.Attempt)
	t.ReplayAs.apply(header, d)
	request := e
	if known && s.mayKnow(t) {
		header.Set(secretHeader, value)
		request = withSecret(e, value)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, t.timeout(), errTimeout)
	defer cancel()
	w := &watch{since: d.Started}
	var exact []event.Field
	if t.ReplayAs.Exact {
		exact = exactHeader(e, t, header.Get(secretHeader))
	}
	err := s.exchange(httptrace.WithClientTrace(ctx, w.trace(connected)), w, request, t, d, header, exact, secret)
	w.stop(d)
	if exact != nil && len(d.RequestHeader) > 0 {
		d.RequestHeader = exact
	}
	masked(d.RequestHeader, t)
	for i, field := range d.RequestHeader {
		if field.Name == secretHeader {
			d.RequestHeader[i].Value = redact.Mark
		} else {
			d.RequestHeader[i].Value = secret.Value(field.Value)
		}
	}
	if err == nil {
		return ended
	}
	d.Err = clip(secret.Text(s.explain(ctx, err, t, w.sent())))
	switch {
	case neterr.Refused(err):
		return refused
	case !w.sent() && interrupted(ctx):
		return unsent
	case interrupted(ctx):
		return cutOff
	}
	return ended
}

// exchange sends the request and reads the answer. If exact is not nil, the request has exactly
// those headers.
func (s *sender) exchange(ctx context.Context, w *watch, e *event.Event, t Target, d *event.Delivery, header http.Header, exact []event.Field, secret redact.Redactor) error {
	// An http.Client would follow redirects, and send the secret along.
	transport := s.transport
	if t.Insecure && t.Loopback() {
		transport = s.insecure
	}
	if exact != nil {
		if err := noProxy(transport, request(ctx, e, t, header)); err != nil {
			return err
		}
		transport = s.local.exactTransport(t, exact)
		defer transport.CloseIdleConnections()
	}
	if exact == nil && s.versions.of(t) == http2 {
		resp, err := s.http2For(t).RoundTrip(request(ctx, e, t, header))
		if err == nil {
			defer resp.Body.Close()
			return readAnswer(d, resp, secret)
		}
		if !s.refusesHTTP2(ctx, t, err) {
			return err
		}
		s.versions.set(t, unknownVersion)
	}
	resp, err := transport.RoundTrip(request(ctx, e, t, header))
	for err != nil && ctx.Err() == nil && w.stale() {
		resp, err = transport.RoundTrip(request(ctx, e, t, header))
	}
	if exact == nil && ctx.Err() == nil && s.refusesHTTP1(ctx, t, resp, err) {
		if resp != nil {
			_ = resp.Body.Close()
		}
		s.versions.set(t, http2)
		resp, err = s.http2For(t).RoundTrip(request(ctx, e, t, header))
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return readAnswer(d, resp, secret)
}

// http2For returns the transport for a target that speaks only HTTP/2.
func (s *sender) http2For(t Target) *http.Transport {
	if t.Insecure && t.Loopback() {
		return s.insecure2
	}
	return s.transport2
}

func request(ctx context.Context, e *event.Event, t Target, header http.Header) *http.Request {
	r := &http.Request{
		Method:        cmp.Or(e.Method, http.MethodPost),
		URL:           t.resolve(e),
		Header:        header,
		Body:          http.NoBody,
		ContentLength: int64(len(e.Body)),
	}
	if len(e.Body) > 0 {
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(e.Body)), nil }
		r.Body, _ = r.GetBody()
	}
	if t.Bare {
		dialAsLocalhost(r)
	}
	return r.WithContext(ctx)
}

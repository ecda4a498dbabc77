package server

// Verifies and reads events without a Server: for other web frameworks, cloud functions and
// queues.

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/redact"
	"hfhook/payload"
)

// The errors of ReadEvent and ParseEvent about the secret.
var (
	// ErrUnconfigured means that no secret to check was given, or a zero one: a bug of the
	// program, and not a reason to accept the request. Answer 500.
	ErrUnconfigured = errors.New("no webhook secret is configured, so nothing can be verified")

	// ErrNoSecret means that the request has no secret. Answer 401.
	ErrNoSecret = errors.New("the request has no webhook secret")

	// ErrWrongSecret means that the request has a wrong secret. Answer 403.
	ErrWrongSecret = errors.New("the request has a wrong webhook secret")
)

// ReadEvent verifies a request of the Hub and reads its event, for programs that have a
// web framework of their own instead of a [Server]:
//
//	e, err := server.ReadEvent(r, secret)
//	switch {
//	case errors.Is(err, server.ErrNoSecret), errors.Is(err, server.ErrWrongSecret):
//		http.Error(w, err.Error(), http.StatusForbidden)
//
// The secret may be in the header X-Webhook-Secret or in the query, as ?secret=; it must be one
// of secrets, and is checked before the body is read. The error is [ErrUnconfigured],
// [ErrNoSecret] or [ErrWrongSecret], an [*http.MaxBytesError] for a body over [DefaultMaxBody],
// a [*payload.InvalidError] for a body that no receiver could use, or that of reading the body.
//
// The body can afterwards be read again from r.Body. The event has no ID, since it is not
// recorded, and does not contain the secret.
func ReadEvent(r *http.Request, secrets ...Secret) (*event.Event, error) {
	sent, found := sentSecret(r.Header, r.URL.Query())
	matched, err := check(sent, found, secrets)
	if err != nil {
		return nil, err
	}
	if r.ContentLength > DefaultMaxBody {
		return nil, fmt.Errorf("read the body: %w", &http.MaxBytesError{Limit: DefaultMaxBody})
	}
	var body []byte
	if r.Body != nil {
		whole := r.Body
		body, err = io.ReadAll(http.MaxBytesReader(nil, whole, DefaultMaxBody))
		if err != nil {
			return nil, fmt.Errorf("read the body: %w", err)
		}
		r.Body = struct {
			io.Reader
			io.Closer
		}{bytes.NewReader(body), whole}
	}
	e := &event.Event{Capture: event.Capture{
		Method: r.Method, Proto: r.Proto, Peer: r.RemoteAddr,
		Path:  hookPath(r.URL.EscapedPath()),
		Query: event.WithoutSecret(r.URL.RawQuery),
	}}
	if err := fill(e, r.Header, r.Host, body, matched, secrets); err != nil {
		return nil, err
	}
	return e, nil
}

// ParseEvent is like [ReadEvent] for the header and the body of a request that something else
// has received, such as a cloud function or a queue. Header names may have any letter case. The
// event has no method and no path. It keeps the body: the caller must not change it.
func ParseEvent(header http.Header, body []byte, secrets ...Secret) (*event.Event, error) {
	canonical := make(http.Header, len(header))
	for name, values := range header {
		name = http.CanonicalHeaderKey(name)
		canonical[name] = append(canonical[name], values...)
	}
	sent, found := sentSecret(canonical, nil)
	matched, err := check(sent, found, secrets)
	if err != nil {
		return nil, err
	}
	if len(body) > DefaultMaxBody {
		return nil, fmt.Errorf("read the body: %w", &http.MaxBytesError{Limit: DefaultMaxBody})
	}
	e := &event.Event{}
	if err := fill(e, canonical, "", body, matched, secrets); err != nil {
		return nil, err
	}
	return e, nil
}

// sentSecret returns the secret of a request: the header's or, without one, that of the query.
func sentSecret(header http.Header, query url.Values) (sent string, found bool) {
	if values := header[secretHeader]; len(values) > 0 {
		return values[0], true
	}
	return query.Get("secret"), query.Has("secret")
}

// check returns which of the secrets was sent, counted from 1.
func check(sent string, found bool, secrets []Secret) (int, error) {
	switch {
	case len(secrets) == 0 || slices.ContainsFunc(secrets, Secret.IsZero):
		return 0, ErrUnconfigured
	case !found:
		return 0, ErrNoSecret
	}
	matched := match(secrets, sent)
	if matched == 0 {
		return 0, ErrWrongSecret
	}
	return matched, nil
}

// fill reads the payload and the other fields of an event.
func fill(e *event.Event, header http.Header, host string, body []byte, matched int, secrets []Secret) error {
	p, warnings, err := payload.Parse(body)
	if err != nil {
		return fmt.Errorf("read the payload: %w", err)
	}
	out := redactorOf(secrets)
	e.Received, e.Origin, e.Matched = time.Now(), event.FromHub, matched
	e.Path, e.Query = out.Path(e.Path), out.Query(e.Query)
	e.Header, e.Body, e.SHA256 = fields(header, host, out), body, sha256.Sum256(body)
	e.DeliveryID = deliveryID(header, out)
	e.HoldsSecret = out.In(body)
	e.Payload, e.Warnings = p, e.AllWarnings(warnings)
	return nil
}

// deliveryID returns the Webhook-Id of a request, unless it contains the secret: then it is the
// same on every delivery, and identifies none.
func deliveryID(header http.Header, out redact.Redactor) string {
	id := header.Get(deliveryHeader)
	if out.Value(id) != id {
		return ""
	}
	return id
}

// fields returns the header lines, sorted by name, including Host. The secret's own line is
// left out; in other lines the secret is replaced by a mark.
func fields(header http.Header, host string, out redact.Redactor) []event.Field {
	fields := make([]event.Field, 0, len(header)+1)
	if host != "" {
		fields = append(fields, event.Field{Name: "Host", Value: out.Value(host)})
	}
	for name, values := range header {
		if name == secretHeader {
			continue
		}
		for _, v := range values {
			fields = append(fields, event.Field{Name: name, Value: out.Value(v)})
		}
	}
	slices.SortStableFunc(fields, func(a, b event.Field) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

func redactorOf(secrets []Secret) redact.Redactor {
	var texts []string
	for _, secret := range secrets {
		texts = append(texts, secret.Reveal())
	}
	return redact.New(texts...)
}

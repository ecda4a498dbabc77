package delivery

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"hfhook/internal/neterr"
)

// maxErr is the maximum length of an error's text in bytes. It may contain what a target sent.
const maxErr = 500

// interrupted reports whether an attempt's context was ended by request.
func interrupted(ctx context.Context) bool {
	return ctx.Err() != nil && !errors.Is(context.Cause(ctx), errTimeout)
}

// explain says why an attempt has no complete answer.
func (s *sender) explain(ctx context.Context, err error, t Target, sent bool) string {
	place := strings.Join(s.local.addresses(t), " or ")
	var short *errShort
	inBody := errors.As(err, &short)
	if ctx.Err() != nil && !neterr.Refused(err) {
		switch {
		case interrupted(ctx):
			return "hfhook stopped before the answer was complete"
		case inBody:
			return fmt.Sprintf("the answer was not complete after %v: received %v", t.timeout(), short)
		case sent:
			return fmt.Sprintf("no answer within %v", t.timeout())
		default:
			return fmt.Sprintf("no connection to %s within %v", place, t.timeout())
		}
	}
	var dns *net.DNSError
	var dialled *net.OpError
	var certificate *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	var refusedBy *errProxy
	if proxy := s.proxyOf(t); proxy != nil {
		what := ""
		switch {
		case errors.As(err, &refusedBy):
			what = "answered " + refusedBy.status
		case errors.As(err, &dialled) && dialled.Op == "proxyconnect":
			what = "is not listening"
		}
		if what != "" {
			return fmt.Sprintf("%s is reached through %s, which %s; NO_PROXY=%s bypasses it", t.URL.Hostname(), proxyName(proxy, t), what, t.URL.Hostname())
		}
	}
	switch {
	case neterr.Refused(err):
		return "connection refused: nothing is listening on " + place
	case errors.As(err, &dns) && dns.IsNotFound:
		return "cannot resolve host " + dns.Name
	case errors.As(err, &certificate):
		text := fmt.Sprintf("the certificate of %s is not trusted: %v", t.Address(), certificate.Err)
		if t.Loopback() {
			text += "; insecure or --insecure-target skips this check for local targets"
		}
		return text
	case errors.As(err, &noTLS):
		return t.Address() + " does not speak TLS: use http://"
	case inBody && neterr.Reset(err):
		return fmt.Sprintf("the connection was reset during the answer: %v", short)
	case inBody && errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Sprintf("the answer ended early: %v", short)
	case inBody:
		return fmt.Sprintf("the answer cannot be read after %v: %v", short, short.err)
	case neterr.Reset(err):
		return "the connection was reset before the answer"
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before the answer"
	}
	return neterr.Words(err)
}

// clip shortens a text without cutting a character in two.
func clip(s string) string {
	if len(s) <= maxErr {
		return s
	}
	return strings.ToValidUTF8(s[:maxErr], "") + "…"
}

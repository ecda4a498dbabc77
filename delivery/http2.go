package delivery

// Handlers that speak only HTTP/2. All others get HTTP/1.1, as the Hub uses it, too.

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"hfhook/internal/neterr"
)

// A version is the HTTP version that a target speaks, as far as it is known.
type version int

const (
	unknownVersion version = iota
	http1                  // it has answered in HTTP/1
	http2                  // it speaks only HTTP/2
)

// versions are the known versions of targets, by scheme and host. They are safe for concurrent
// use.
type versions struct {
	mu    sync.Mutex
	known map[string]version
}

func versionKey(t Target) string { return t.URL.Scheme + "://" + t.URL.Host }

func (v *versions) of(t Target) version {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.known[versionKey(t)]
}

func (v *versions) set(t Target, is version) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil {
		v.known = map[string]version{}
	}
	v.known[versionKey(t)] = is
}

// http2Transport is a transport that speaks HTTP/2 and nothing else.
func (l *localDialer) http2Transport(insecure bool) *http.Transport {
	transport := newTransport(l, nil)
	protocols := new(http.Protocols)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	transport.Protocols = protocols
	transport.DialContext = l.dialAddress // the transport detects closed connections itself
	transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: insecure}
	return transport
}

// refusesHTTP1 reports whether an answer, or its absence, shows that the target speaks only
// HTTP/2. It has then not taken the request, which may be sent again.
func (s *sender) refusesHTTP1(ctx context.Context, t Target, resp *http.Response, err error) bool {
	if resp != nil {
		if !wantsALPN(resp) {
			s.versions.set(t, http1)
			return false
		}
		return true
	}
	switch {
	case s.proxyOf(t) != nil: // the proxy may have answered
		return false
	case strings.Contains(err.Error(), `malformed HTTP response "\x00\x00`): // the frame that HTTP/2 begins with
		return true
	case strings.Contains(err.Error(), "tls: no application protocol"):
		return true
	case t.URL.Scheme == "http" && closedUnanswered(err) && s.versions.of(t) == unknownVersion:
		// Some servers close the connection without an answer. So does a handler that has
		// crashed.
		return s.local.speaks(ctx, t, http2) && !s.local.speaks(ctx, t, http1)
	}
	return false
}

// refusesHTTP2 reports whether an HTTP/2 request failed because the target does not speak it,
// for example after the handler was changed. It has then not taken the request.
func (s *sender) refusesHTTP2(ctx context.Context, t Target, err error) bool {
	if strings.Contains(err.Error(), "looked like an HTTP/1.1 header") || strings.Contains(err.Error(), "tls: no application protocol") {
		return true
	}
	// A server that closes before it has read everything discards its answer, so the error is
	// ambiguous. net/http has several for it.
	return t.URL.Scheme == "http" && s.local.speaks(ctx, t, http1) && !s.local.speaks(ctx, t, http2)
}

// closedUnanswered reports whether the other side closed the connection without an answer.
func closedUnanswered(err error) bool {
	return neterr.Reset(err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// wantsALPN reports whether an answer is the one that Node gives to clients that do not speak
// HTTP/2. It restores the body.
func wantsALPN(resp *http.Response) bool {
	if resp.StatusCode != http.StatusForbidden || resp.ProtoMajor != 1 || resp.ProtoMinor != 0 {
		return false
	}
	const known = " ALPN Protocol, expected `h2`"
	begin := make([]byte, len("Unknown")+len(known))
	n, _ := io.ReadFull(resp.Body, begin)
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(begin[:n]), resp.Body), resp.Body}
	return strings.Contains(string(begin[:n]), known)
}

// http2Preface begins an HTTP/2 connection: RFC 9113, section 3.4.
const http2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"

// speaks asks a target whether it speaks a version, without a request to its handler.
func (l *localDialer) speaks(ctx context.Context, t Target, v version) bool {
	if v == http2 {
		return l.answers(ctx, t, http2Preface, []byte{0, 0})
	}
	return l.answers(ctx, t, "OPTIONS * HTTP/1.1\r\nHost: "+t.URL.Host+"\r\nConnection: close\r\n\r\n", []byte("HTTP/1"))
}

// answers reports whether a target answers a greeting with something that begins like this.
func (l *localDialer) answers(ctx context.Context, t Target, greeting string, begin []byte) bool {
	ctx, cancel := context.WithTimeout(ctx, hintWithin)
	defer cancel()
	address := t.Address()
	if t.Bare {
		address = net.JoinHostPort("localhost", t.URL.Port())
	}
	conn, err := l.dialAddress(ctx, "tcp", address)
	if err != nil {
		return false
	}
	defer conn.Close()
	end, _ := ctx.Deadline()
	_ = conn.SetDeadline(end)
	if _, err := io.WriteString(conn, greeting); err != nil {
		return false
	}
	got := make([]byte, len(begin))
	_, err = io.ReadFull(conn, got)
	return err == nil && bytes.Equal(got, begin)
}

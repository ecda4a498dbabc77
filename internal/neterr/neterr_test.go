package neterr

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestWords(t *testing.T) {
	dial := func(err error) error {
		return &url.Error{Op: "Post", URL: "https://example.com/x", Err: &net.OpError{Op: "dial", Net: "tcp", Err: err}}
	}
	for want, errs := range map[string][]error{
		"connection refused": {dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), errors.New("failed to dial: dial tcp 1.2.3.4:443: connect: connection refused")},
		"the connection was closed": {
			dial(os.NewSyscallError("read", syscall.ECONNRESET)), io.EOF, fmt.Errorf("read: %w", net.ErrClosed),
			errors.New("failed to send authentication request: read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer"), errors.New("failed to send authentication request: EOF"),
			errors.New("remote gone away"),
		},
		"no answer in time":                       {dial(context.DeadlineExceeded), errors.New("read tcp 1.2.3.4:5: i/o timeout")},
		"cannot resolve host nowhere.invalid":     {dial(&net.DNSError{Name: "nowhere.invalid", IsNotFound: true})},
		"the DNS server does not answer":          {dial(&net.DNSError{Name: "a", IsTimeout: true})},
		"the network is unreachable":              {dial(os.NewSyscallError("connect", syscall.ENETUNREACH))},
		"the port is in use":                      {&net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}},
		"this machine does not have that address": {&net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)}},
		"the other side does not speak TLS":       {dial(tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"})},
		"something else":                          {fmt.Errorf("around: %w", errors.New("something else"))},
	} {
		for _, err := range errs {
			if got := Words(err); got != want {
				t.Errorf("%v: %q, want %q", err, got, want)
			}
		}
	}
}

// TestCertificate asks a server whose certificate nobody trusts.
func TestCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	_, err := (&http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: x509.NewCertPool()}}}).Get(server.URL)
	if got := Words(err); got != "the certificate is signed by an untrusted authority" {
		t.Errorf("%v: %q", err, got)
	}
	_, err = server.Client().Get(strings.Replace(server.URL, "127.0.0.1", "localhost", 1))
	if got := Words(err); got != "the certificate is for another host than localhost" {
		t.Errorf("%v: %q", err, got)
	}
}

// TestReasons has the numbers of Unix and of Windows on any system.
func TestReasons(t *testing.T) {
	t.Parallel()
	wrap := func(err error) error {
		return &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", err)}
	}
	for name, c := range map[string]struct {
		reason func(error) bool
		yes    []error
	}{
		"Refused": {Refused, []error{syscall.ECONNREFUSED, syscall.Errno(10061)}},
		"Reset":   {Reset, []error{syscall.ECONNRESET, syscall.EPIPE, syscall.Errno(10053), syscall.Errno(10054)}},
		"InUse":   {InUse, []error{syscall.EADDRINUSE, syscall.Errno(10048)}},
	} {
		for _, err := range c.yes {
			if !c.reason(wrap(err)) {
				t.Errorf("%s: %v is not one", name, err)
			}
		}
		for _, err := range []error{nil, io.EOF, wrap(syscall.ENETUNREACH)} {
			if c.reason(err) {
				t.Errorf("%s: %v is one", name, err)
			}
		}
	}
}

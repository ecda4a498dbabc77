// Package neterr says in plain words why a connection failed: what Go's errors say of it
// is for programmers.
package neterr

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
)

// Winsock's own numbers, which package syscall does not name on every system:
// https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
const (
	wsaInUse       = syscall.Errno(10048)
	wsaAborted     = syscall.Errno(10053)
	wsaReset       = syscall.Errno(10054)
	wsaRefused     = syscall.Errno(10061)
	wsaUnreachable = syscall.Errno(10065)
)

// The error numbers of each reason, of all systems: package syscall gives those of Unix other
// values on Windows, which its sockets never return.
var (
	refusals = []error{syscall.ECONNREFUSED, wsaRefused}
	resets   = []error{syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED, wsaReset, wsaAborted}
	inUse    = []error{syscall.EADDRINUSE, wsaInUse}
)

// Refused reports whether nothing listens at the address that was tried.
func Refused(err error) bool { return isAny(err, refusals) }

// Reset reports whether the other side has ended the connection.
func Reset(err error) bool { return isAny(err, resets) }

// InUse reports whether another program listens at the address.
func InUse(err error) bool { return isAny(err, inUse) }

func isAny(err error, targets []error) bool {
	return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
}

// numbers are what the system's error numbers say.
var numbers = []struct {
	errnos []error
	words  string
}{
	{refusals, "connection refused"},
	{resets, closed},
	{[]error{syscall.ENETUNREACH}, "the network is unreachable"},
	{[]error{syscall.EHOSTUNREACH, wsaUnreachable}, "the host is unreachable"},
	{inUse, "the port is in use"},
	{[]error{syscall.EADDRNOTAVAIL}, "this machine does not have that address"},
	{[]error{syscall.EACCES, syscall.EPERM}, "the system does not allow it"},
	{[]error{context.DeadlineExceeded, os.ErrDeadlineExceeded}, late},
	{[]error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed}, closed},
}

const (
	closed = "the connection was closed"
	late   = "no answer in time"
)

// endings are texts of which some libraries keep nothing but the words.
var endings = []struct{ ending, words string }{
	{"connection refused", "connection refused"},
	{"connection reset by peer", closed},
	{"broken pipe", closed},
	{"EOF", closed},
	{"use of closed network connection", closed},
	{"remote gone away", closed},
	{"session closed", closed},
	{"i/o timeout", late},
	{"context deadline exceeded", late},
	{"network is unreachable", "the network is unreachable"},
	{"no route to host", "the host is unreachable"},
}

// Words says why a connection failed. If the reason is not known it is the innermost text
// of the error, without what others have said around it.
func Words(err error) string {
	if text := tlsWords(err); text != "" {
		return text
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		switch {
		case dns.IsNotFound:
			return "cannot resolve host " + dns.Name
		case dns.IsTimeout:
			return "the DNS server does not answer"
		}
		return "the DNS server could not look up " + dns.Name
	}
	for _, known := range numbers {
		if isAny(err, known.errnos) {
			return known.words
		}
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return late
	}
	text := packages.Replace(innermost(err))
	for _, known := range endings {
		if strings.HasSuffix(text, known.ending) {
			return known.words
		}
	}
	return text
}

// Plain is err with Words as its text.
func Plain(err error) error { return plain{err} }

type plain struct{ err error }

func (p plain) Error() string { return Words(p.err) }
func (p plain) Unwrap() error { return p.err }

// packages are what net/http puts before its errors.
var packages = strings.NewReplacer("net/http: ", "", "HTTP/1.x transport connection broken: ", "")

func tlsWords(err error) string {
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "the other side does not speak TLS"
	}
	if name, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the certificate is for another host than " + name.Host
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "the certificate is signed by an untrusted authority"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "the certificate has expired (or this machine's clock is wrong)"
	}
	if cert, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the certificate is not trusted: " + innermost(cert.Err)
	}
	return ""
}

// innermost is the text of the last error in a chain.
func innermost(err error) string {
	for {
		below := errors.Unwrap(err)
		if below == nil {
			return err.Error()
		}
		err = below
	}
}

package tunnel

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"hfhook/internal/neterr"
)

// A Problem is a failure with its explanation. Its texts come partly from outside: they contain
// no credentials, but may contain anything else.
type Problem struct {
	Code    string // for example ERR_NGROK_108; empty: the service gave none
	Message string // what happened, in one line
	Cause   string // why, in one line; may be empty
	Fix     string // what to do, in one line; may be empty
	Fatal   bool   // retrying makes no sense until the user has done something
	Unset   bool   // nothing failed: the tunnel is not set up yet, for example without an authtoken
	Err     error  // may be nil
}

// Error returns the problem in one line: the meaning of a known code, else the service's own
// words.
func (p *Problem) Error() string {
	switch {
	case p.Known():
		return p.Code + ": " + p.Cause
	case p.Code != "":
		return p.Code + ": " + p.Message
	}
	return p.Message
}

func (p *Problem) Unwrap() error { return p.Err }

// Known reports whether the Cause explains the Code.
func (p *Problem) Known() bool {
	return p.Cause != "" && slices.ContainsFunc(ngrokKnown, func(k known) bool { return k.has(p.Code) })
}

// problemOf returns the Problem in err, or creates one from its text.
func problemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return &Problem{Message: oneLine(err.Error()), Err: err}
}

// linkProblem returns the problem of a connection to a service at addr that broke, or could not
// be made. text is err's, without credentials.
func linkProblem(err error, text, addr string) *Problem {
	var dns *net.DNSError
	var op *net.OpError
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	p := &Problem{}
	switch {
	case errors.As(err, &cert):
		p.Err = cert
	case errors.As(err, &record):
		p.Err = record
	case errors.As(err, &dns):
		p.Err, p.Cause = dns, "This machine is offline, or its DNS does not know the name."
	case errors.As(err, &op) && op.Op == "dial":
		p.Err, p.Cause = op, "This machine is offline, or a firewall blocks access to "+addr+"."
	case strings.HasSuffix(text, io.EOF.Error()), strings.HasSuffix(text, "connection reset by peer"): // the SDK keeps only the text
		p.Cause = "The service, or something on the way to " + addr + ", ended the connection."
	}
	if p.Err != nil && p.Cause == "" {
		p.Cause = "Something on the way to " + addr + " intercepts TLS, as the proxies of some companies do."
		p.Fix = "Give that proxy's certificate as connect_cas in ngrok's configuration file."
	}
	words := oneLine(neterr.Words(errors.New(text))) // the SDK keeps only an error's text
	if p.Err != nil {
		words = oneLine(neterr.Words(p.Err))
	}
	p.Message = "ngrok cannot be reached: " + words
	return p
}

const notReached = "the public URL does not reach hfhook: "

// unreachable returns the problem of a probe without an answer.
func unreachable(err error) *Problem {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the URL, which is known
	}
	p := &Problem{Message: notReached + oneLine(neterr.Words(err)), Err: err}
	var dns *net.DNSError
	var authority x509.UnknownAuthorityError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		p.Cause = "This machine's DNS does not know the name in the URL."
	case errors.As(err, &authority):
		p.Cause = "This machine does not trust the certificate at the URL."
	case errors.As(err, &timeout) && timeout.Timeout():
		p.Message = notReached + "it does not answer"
	}
	return p
}

// strayed returns the problem of a probe that something else answered.
func strayed(resp *http.Response) *Problem {
	code := ngrokCode.FindString(resp.Header.Get("Ngrok-Error-Code"))
	p := ngrokProblem(code, "", "")
	p.Message = strings.TrimSpace(fmt.Sprintf("%sit answers %d %s", notReached, resp.StatusCode, http.StatusText(resp.StatusCode)))
	if code != "" {
		return p
	}
	switch resp.StatusCode / 100 {
	case 2:
		p.Cause = "Another program answers at the URL."
	case 3:
		p.Cause = "The URL redirects elsewhere."
	case 4:
		p.Cause = "Another program, or a login in front of this one, answers at the URL."
	case 5:
		p.Cause = "What is at the URL cannot reach this machine."
	}
	p.Fix = "Let the URL forward to hfhook's local address, with the path unchanged."
	return p
}

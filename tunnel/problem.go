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
	"regexp"
	"slices"
	"strconv"
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

// Codes that are handled specially.
const (
	codeOffline = "ERR_NGROK_3200" // no agent serves the URL, or the edge does not know it yet
	codeTaken   = "ERR_NGROK_334"  // another session serves the URL, perhaps one that has not timed out
)

// ngrokCode finds one of ngrok's codes in a text.
var ngrokCode = regexp.MustCompile(`\bERR_NGROK_\d+\b`)

// A known is what is known about some of ngrok's codes.
type known struct {
	codes      []int
	cause, fix string
	fatal      bool
}

func (k known) has(code string) bool { return slices.Contains(k.codes, codeNumber(code)) }

// codeNumber returns the number in a code, or 0.
func codeNumber(code string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(code, "ERR_NGROK_"))
	return n
}

// domainCodes mean that the account may not use a domain.
var domainCodes = []int{313, 314, 316, 319, 320, 321, 354, 15000, 15002}

// ngrokKnown is ngrok's list of errors, https://ngrok.com/docs/errors, as far as they concern a
// tunnel for HTTP. In a cause, %s is the source of the authtoken.
var ngrokKnown = []known{
	{[]int{4018}, "ngrok requires an account.", getToken, true},
	{[]int{105, 106, 107, 109, 300}, "ngrok does not accept the authtoken from %s: it is mistyped, was reset or revoked.",
		"Copy it again from " + tokenPage, true},
	{[]int{15014}, "The authtoken from %s may not open this kind of endpoint.",
		"Make one without restrictions at https://dashboard.ngrok.com/authtokens", true},
	{[]int{123}, "The e-mail address of the ngrok account is not verified.",
		"Verify it at https://dashboard.ngrok.com/user/settings", true},
	{[]int{102, 103, 336, 337, 338, 8014}, "ngrok has restricted or suspended the account.",
		"See https://dashboard.ngrok.com or write to support@ngrok.com", true},
	{[]int{115, 116}, "The account accepts agents only from certain addresses.",
		"See https://dashboard.ngrok.com/security/ip-restrictions", true},
	{[]int{118, 122, 126, 127}, "The account may not use this connect URL.",
		"Check connect_url in ngrok's configuration file.", true},
	{[]int{119, 120, 121}, "ngrok no longer accepts this version.", "Update hfhook.", true},
	{[]int{108, 348}, "Another ngrok agent or hfhook runs with the same account.",
		"Stop the other agent (https://dashboard.ngrok.com/agents), or use another authtoken.", false},
	{[]int{349, 351}, "Too many connections were opened in a short time.", "It passes by itself.", false},
	{[]int{324, 350}, "The account has too many endpoints online.",
		"Stop one (https://dashboard.ngrok.com/endpoints).", false},
	{[]int{334}, "Another hfhook or ngrok agent serves this URL, or an earlier session has not timed out.",
		"Stop the other one (https://dashboard.ngrok.com/agents), or use another domain.", false},
	{[]int{15013}, "The account has no dev domain yet.", "Get one at https://dashboard.ngrok.com/domains", true},
	{domainCodes, "The domain belongs to another account, or the plan does not allow it.",
		"Use your own dev domain: https://dashboard.ngrok.com/domains", true},
	{[]int{326, 327, 328, 329, 330, 331, 347, 355, 9032, 9033, 9034, 9035, 9036, 9037, 9038}, "ngrok cannot read the domain.",
		"Write it like name.ngrok-free.app", true},
	{[]int{9023, 9026, 15004}, "ngrok does not accept the traffic policy of the endpoint.", "See https://dashboard.ngrok.com/endpoints", true},
	{[]int{128, 742, 743}, "ngrok's service is busy or restarting.", "It passes by itself.", false},

	// Only clients of the URL see these, here the probe.
	{[]int{725, 726, 727, 728, 729, 730, 731}, "The ngrok account has used up what its plan allows in a month.",
		"Wait for the next month, or change the plan: https://dashboard.ngrok.com/usage", true},
	{[]int{732, 733, 734, 735, 736, 737, 738, 739, 740}, "More requests than the ngrok account allows.", "It passes by itself.", false},
	{[]int{3200}, "ngrok has no agent for this URL.",
		"If it lasts, compare the URL with https://dashboard.ngrok.com/endpoints", false},
	{[]int{3004, 8012}, "ngrok's edge got no valid answer from this machine.", "It passes by itself if the link was just broken.", false},
	{[]int{6024}, "ngrok answers with its warning page for browsers.",
		"See https://ngrok.com/docs/errors/err_ngrok_6024", false},
}

const (
	tokenPage = "https://dashboard.ngrok.com/get-started/your-authtoken"
	getToken  = "ngrok needs a free account: copy its authtoken from " + tokenPage + " into NGROK_AUTHTOKEN"
)

// WantsAuthtoken reports whether another authtoken of the provider fixes it.
func (p *Problem) WantsAuthtoken() bool { return p != nil && strings.Contains(p.Fix, tokenPage) }

// ngrokProblem returns the problem for a code and the text that came with it, either of which
// may be empty. source is the source of the authtoken.
func ngrokProblem(code, text, source string) *Problem {
	p := &Problem{Code: code, Message: strings.TrimPrefix(oneLine(text), "authentication failed: ")}
	i := slices.IndexFunc(ngrokKnown, func(k known) bool { return k.has(code) })
	switch {
	case i >= 0:
		k := ngrokKnown[i]
		p.Cause, p.Fix, p.Fatal = strings.ReplaceAll(k.cause, "%s", source), k.fix, k.fatal
	case code != "":
		p.Fix = "See https://ngrok.com/docs/errors/" + strings.ToLower(code)
	}
	return p
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

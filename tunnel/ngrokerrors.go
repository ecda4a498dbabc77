package tunnel

// The meaning of ngrok's error codes.

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

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

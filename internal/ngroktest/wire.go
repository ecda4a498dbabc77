package ngroktest

// The messages of the agent protocol: JSON, one request and one answer to a stream.
// The names are those of the wire; fields that nothing here reads are left out.

// The types of a stream, which are its first four bytes.
const (
	typeAuth       = 0
	typeBind       = 1
	typeUnbind     = 2
	typeProxy      = 3
	typeSrvInfo    = 8
	typeStopTunnel = 9
	typeHeartbeat  = 0xFFFFFFFF
)

// Auth is what an agent says of itself when it opens a session.
type Auth struct {
	ClientID  string // of its earlier session, empty in the first one
	Authtoken string
	Version   string
	UserAgent string
	Cookie    string // of its earlier session
}

type authRequest struct {
	ClientID string `json:"ClientId"`
	Extra    Auth
}

type authReply struct {
	Version  string
	ClientID string `json:"ClientId"`
	Error    string
	Extra    authExtra
}

type authExtra struct {
	Version, Region, Cookie, AccountName, PlanName, AgentSessionID string

	SessionDuration int64 // seconds
}

type bindRequest struct {
	ID    string `json:"Id"` // empty in the first request
	Proto string
	Opts  struct{ URL string }
	Extra struct{ Token string } // of the earlier answer, empty in the first request
}

type bindReply struct {
	ID    string `json:"Id"`
	URL   string
	Proto string
	Opts  map[string]string
	Error string
	Extra struct{ Token, TunnelID string }
}

type unbindRequest struct {
	ID string `json:"Id"`
}

type errorReply struct {
	Error string
}

type srvInfoReply struct {
	Region string
}

type stopTunnel struct {
	ID        string `json:"Id"`
	Message   string
	ErrorCode string
}

// A proxyHeader precedes the bytes of a public connection.
type proxyHeader struct {
	ID             string `json:"Id"`
	ClientAddr     string
	Proto          string
	EdgeType       string
	PassthroughTLS bool
}

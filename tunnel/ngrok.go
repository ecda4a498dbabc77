package tunnel

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.ngrok.com/ngrok/v2"
)

// Ngrok is the provider for https://ngrok.com, without its agent program. It needs an account.
type Ngrok struct {
	// Settings is called before each attempt, so that a changed authtoken is used for the next
	// one.
	Settings func() (NgrokSettings, error)

	// URL is the domain to use, for example name.ngrok-free.app or https://name.ngrok-free.app.
	// If it is empty, ngrok chooses; accounts on the free plan have one dev domain, which stays
	// the same.
	URL string

	Version string       // semantic version of the program; anything else is reported as 0.0.0
	Logger  *slog.Logger // nil: nothing is logged

	heartbeat, tolerance time.Duration // 0: the SDK's 10 s and 15 s
	taken                int           // refusals in a row because the URL is taken
}

// maxTaken is the number of attempts if the endpoint is already online. An earlier session of
// ours that was cut off is gone after some thirty seconds; this many attempts of a Tunnel take
// a minute.
const maxTaken = 6

// Name implements Provider.
func (*Ngrok) Name() string { return "ngrok" }

// Open implements Provider. If the authtoken is missing or rejected, it returns a fatal Problem
// that says how to get one.
func (n *Ngrok) Open(ctx context.Context, want string) (Conn, error) {
	settings, err := n.settings()
	if err != nil {
		return nil, err
	}
	url, err := n.url()
	if err != nil {
		return nil, err
	}
	c, err := n.open(ctx, settings, cmp.Or(url, want))
	var p *Problem
	if errors.As(err, &p) && p.Fatal && url == "" && want != "" && slices.Contains(domainCodes, codeNumber(p.Code)) {
		// ngrok had assigned the earlier URL for that time only.
		c, err = n.open(ctx, settings, "")
	}
	if errors.As(err, &p) && p.Code == codeTaken {
		if n.taken++; n.taken == maxTaken {
			n.taken = 0
			p.Fatal = true
		}
		return nil, p
	}
	if err != nil {
		return nil, err
	}
	n.taken = 0
	return c, nil
}

func (n *Ngrok) settings() (NgrokSettings, error) {
	var s NgrokSettings
	if n.Settings != nil {
		var err error
		if s, err = n.Settings(); err != nil {
			return s, &Problem{Message: oneLine(err.Error()), Fix: "Fix ngrok's configuration file.", Fatal: true, Err: err}
		}
	}
	if s.Authtoken.IsZero() {
		return s, &Problem{
			Message: "ngrok needs an authtoken",
			Cause:   "None in NGROK_AUTHTOKEN or ngrok's configuration file.",
			Fix:     getToken,
			Fatal:   true,
			Unset:   true,
		}
	}
	return s, nil
}

// url returns the URL to request, or an empty text if ngrok may choose.
func (n *Ngrok) url() (string, error) {
	if n.URL == "" {
		return "", nil
	}
	text := n.URL
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := baseURL(text)
	if err == nil && strings.Contains(strings.SplitN(u, "://", 2)[1], "/") {
		err = errors.New("there is a path after the domain")
	}
	if err != nil {
		return "", &Problem{
			Message: "the domain for ngrok cannot be used: " + err.Error(),
			Fix:     "Write it like name.ngrok-free.app",
			Fatal:   true,
		}
	}
	return u, nil
}

var semantic = regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`)

// open connects and binds. On failure it closes everything that it opened.
func (n *Ngrok) open(ctx context.Context, settings NgrokSettings, url string) (Conn, error) {
	pool, err := settings.pool()
	if err != nil {
		return nil, &Problem{Message: err.Error(), Fix: "Fix connect_cas in ngrok's configuration file.", Fatal: true, Err: err}
	}
	c := newNgrokConn(ctx, settings)
	c.chosen = n.URL == ""
	defer context.AfterFunc(ctx, func() { c.end(context.Cause(ctx)) })()

	version := strings.TrimPrefix(n.Version, "v")
	if !semantic.MatchString(version) {
		version = "0.0.0"
	}
	options := []ngrok.AgentOption{
		ngrok.WithAuthtoken(settings.Authtoken.reveal()),
		ngrok.WithClientInfo("hfhook", version),
		ngrok.WithAgentConnectURL(c.addr),
		ngrok.WithAgentConnectCAs(pool),
		ngrok.WithDialer(c.line),
		ngrok.WithEventHandler(c.handle),
		// The SDK would log the service's messages, and those repeat authtokens. Everything
		// important arrives as an event.
		ngrok.WithLogger(slog.New(slog.DiscardHandler)),
	}
	if n.heartbeat > 0 {
		options = append(options, ngrok.WithHeartbeatInterval(n.heartbeat), ngrok.WithHeartbeatTolerance(n.tolerance))
	}
	if c.agent, err = ngrok.NewAgent(options...); err != nil {
		_ = c.Close()
		return nil, c.problem(err)
	}
	stage := "a session"
	if err = c.agent.Connect(c.session); err == nil {
		n.logSession(c)
		stage = "the public URL"
		c.ln, err = c.agent.Listen(c.session, ngrok.WithURL(url))
	}
	if err == nil && c.opened() {
		return c, nil
	}
	if cause := context.Cause(c.session); cause != nil {
		err = cause // the SDK's own error says less
	}
	p := c.problem(err)
	if ctx.Err() == nil && p.Code == "" && p.Err == nil {
		p = c.diagnose(ctx, p)
	}
	_ = c.Close()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, &Problem{
			Message: "ngrok did not give " + stage + " in time",
			Cause:   "The service is slow, or a proxy or firewall blocks the connection.",
			Err:     ctx.Err(),
		}
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	}
	return nil, p
}

// logSession logs the session's region and ngrok's warnings.
func (n *Ngrok) logSession(c *ngrokConn) {
	session, err := c.agent.Session()
	if err != nil || n.Logger == nil {
		return
	}
	if d, ok := session.(ngrok.AgentSessionDetails); ok {
		n.Logger.Info("ngrok session", "region", oneLine(d.Region()), "plan", oneLine(d.PlanName()))
	}
	for _, w := range session.Warnings() {
		n.Logger.Warn("ngrok session", "warning", oneLine(c.token.redact(w.Error())))
	}
}

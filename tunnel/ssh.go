package tunnel

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"hfhook/internal/neterr"
)

// SSH is the provider for services that forward a port over SSH, like `ssh -R 80:localhost:8000
// nokey@localhost.run`. It needs no program and no account. The service terminates TLS, so it
// sees payloads and secret, as ngrok does; and it may assign a new URL each time.
type SSH struct {
	Server string // [user@]host[:port]; empty: nokey@localhost.run
	URL    string // public URL to request, if the service supports that; empty: the service chooses

	// KnownHosts is the file with the keys of servers, in OpenSSH's format. A new server is
	// added to it, and a server whose key has changed is rejected. The user's own file,
	// ~/.ssh/known_hosts, is used as well. Empty: only that file is used, and new servers are
	// rejected.
	KnownHosts string

	Agent  string       // socket of the SSH agent whose keys are offered, for example SSH_AUTH_SOCK; empty: none
	Logger *slog.Logger // nil: nothing is logged

	userHosts string        // tests: in place of ~/.ssh/known_hosts
	alive     time.Duration // tests: interval of the keep-alive requests
}

const (
	defaultServer = "nokey@localhost.run"
	askAlive      = 30 * time.Second // a usual value of OpenSSH's ServerAliveInterval
	refusalWait   = 200 * time.Millisecond
)

// Name implements Provider.
func (*SSH) Name() string { return "ssh" }

// Open implements Provider. It does not request the wanted URL: these services assign an
// earlier one only to owners of accounts.
func (s *SSH) Open(ctx context.Context, _ string) (Conn, error) {
	user, addr, err := s.server()
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(addr)
	bind, want, err := s.bind()
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{KeepAlive: askAlive}
	raw, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, sshUnreachable(err, addr)
	}
	// The handshake and the following calls take no context: the end of ctx closes the
	// connection.
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	c, err := s.handshake(raw, user, addr)
	if err == nil {
		err = c.forward(ctx, bind, want, host)
	}
	if !stop() && err == nil { // the connection is closed already
		err = context.Cause(ctx)
	}
	if err != nil {
		if c != nil {
			_ = c.Close()
		}
		_ = raw.Close()
		if ctx.Err() != nil {
			return nil, inTime(ctx, host)
		}
		return nil, err
	}
	return c, nil
}

// Check reports whether Server and URL can be used, without connecting.
func (s *SSH) Check() error {
	if _, _, err := s.server(); err != nil {
		return err
	}
	_, _, err := s.bind()
	return err
}

// Login returns the user and the server, for example nokey@localhost.run:22.
func (s *SSH) Login() string {
	user, addr, err := s.server()
	if err != nil {
		return s.Server
	}
	return user + "@" + addr
}

// inTime is the error of an attempt that timed out.
func inTime(ctx context.Context, service string) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &Problem{
			Message: service + " did not give a public URL in time",
			Cause:   "The service is slow or reports no URL, or a proxy or firewall blocks the connection.",
			Err:     ctx.Err(),
		}
	}
	return context.Cause(ctx)
}

// server returns user and address of the server.
func (s *SSH) server() (user, addr string, err error) {
	user, addr, found := strings.Cut(strings.TrimPrefix(cmp.Or(s.Server, defaultServer), "ssh://"), "@")
	if !found {
		user, addr = "nokey", user
	}
	if _, _, err := net.SplitHostPort(addr); err != nil {
		addr = net.JoinHostPort(strings.Trim(addr, "[]"), "22")
	}
	host, port, err := net.SplitHostPort(addr)
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n == 0 || host == "" || user == "" || strings.ContainsAny(host, "/ @") {
		return "", "", &Problem{Message: "the SSH server cannot be used", Fix: "Write it like nokey@localhost.run or me@tunnel.example.com:2222", Fatal: true}
	}
	return user, addr, nil
}

// bind returns the name to forward, and its URL if that is known in advance.
func (s *SSH) bind() (name, want string, err error) {
	if s.URL == "" {
		return "localhost", "", nil
	}
	text := s.URL
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	base, err := baseURL(text)
	if err != nil {
		return "", "", &Problem{Message: "the domain for the SSH server cannot be used: " + err.Error(), Fix: "Write it like hooks.example.com", Fatal: true}
	}
	u, err := url.Parse(base)
	if err != nil {
		return "", "", err
	}
	return u.Hostname(), base, nil
}

// handshake logs in, after it has verified the server.
func (s *SSH) handshake(raw net.Conn, user, addr string) (*sshConn, error) {
	host, _, _ := net.SplitHostPort(addr)
	keys := s.hostKeys()
	var said bannerText
	config := &ssh.ClientConfig{
		User:              user,
		HostKeyCallback:   keys.check,
		HostKeyAlgorithms: keys.algorithms(addr),
		BannerCallback:    said.add,
		Auth: []ssh.AuthMethod{ // in addition to none, which is tried first
			ssh.KeyboardInteractive(func(_, _ string, questions []string, _ []bool) ([]string, error) {
				return make([]string, len(questions)), nil
			}),
		},
	}
	if s.Agent != "" {
		if sock, err := net.Dial("unix", s.Agent); err == nil {
			defer sock.Close()
			config.Auth = slices.Insert(config.Auth, 0, ssh.PublicKeysCallback(agent.NewClient(sock).Signers))
		}
	}
	conn, chans, requests, err := ssh.NewClientConn(raw, addr, config)
	if err != nil {
		if keys.problem != nil {
			return nil, keys.problem
		}
		p := &Problem{Message: host + " refused the connection: " + oneLine(neterr.Words(err)), Err: err}
		if text := said.String(); text != "" {
			p.Cause = oneLine(text)
		}
		if strings.Contains(err.Error(), "unable to authenticate") {
			p.Message = host + " refuses the login of " + user + " in"
			p.Fix = "Put a key that it knows into your SSH agent, and check the name before the @."
			p.Fatal = true
		}
		return nil, p
	}
	alive := cmp.Or(s.alive, askAlive)
	return newSSHConn(ssh.NewClient(conn, chans, requests), host, alive), nil
}

// hostKeys returns the keys of known servers.
func (s *SSH) hostKeys() *hostKeys {
	keys := &hostKeys{own: s.KnownHosts, users: s.userHosts, log: cmp.Or(s.Logger, slog.New(slog.DiscardHandler))}
	if keys.users == "" {
		if home, err := os.UserHomeDir(); err == nil {
			keys.users = filepath.Join(home, ".ssh", "known_hosts")
		}
	}
	return keys
}

// bannerText is what a server says before the login.
type bannerText struct{ strings.Builder }

func (b *bannerText) add(text string) error {
	if b.Len() < 4<<10 {
		b.WriteString(text)
	}
	return nil
}

func sshUnreachable(err error, addr string) *Problem {
	p := &Problem{Message: "the SSH server cannot be reached: " + oneLine(neterr.Words(err)), Err: err}
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		p.Cause = "This machine is offline, or its DNS does not know the name."
		p.Fix = "Check the network, and the name of the server."
	case neterr.Refused(err):
		p.Cause = "No SSH server listens there, or a firewall rejects the connection."
		p.Fix = "Check the host and the port, for example me@tunnel.example.com:2222."
	default:
		p.Cause = "This machine is offline, or a firewall blocks access to " + addr + "."
		p.Fix = "Check the network, and whether it allows connections to that port."
	}
	return p
}

// An sshConn is one login at a server, and the port that it forwards.
type sshConn struct {
	client *ssh.Client
	host   string
	url    string
	bound  []byte // of the request to forward
	conns  <-chan ssh.NewChannel
	events chan ConnEvent
	done   chan struct{} // closed by Close
	once   sync.Once
	wg     sync.WaitGroup

	mu    sync.Mutex
	why   error    // why the connection ended
	lines []string // the server's last lines
}

func newSSHConn(client *ssh.Client, host string, alive time.Duration) *sshConn {
	c := &sshConn{client: client, host: host, events: make(chan ConnEvent), done: make(chan struct{})}
	c.conns = client.HandleChannelOpen("forwarded-tcpip")
	c.wg.Go(func() { c.keepAlive(alive) })
	return c
}

// A forwardRequest is the payload of tcpip-forward and of its end: RFC 4254, section 7.1.
type forwardRequest struct {
	Host string
	Port uint32
}

// forward requests the port, and waits until the public URL is known.
func (c *sshConn) forward(ctx context.Context, bind, want, host string) error {
	c.bound = ssh.Marshal(forwardRequest{bind, 80})
	urls := make(chan string, 1)
	session, err := c.client.NewSession()
	if err != nil {
		return c.refusal("gave no session", err)
	}
	// The server's output is read before the port is requested, because it explains a refusal.
	if err := c.listen(session, urls); err != nil {
		return c.refusal("gave no session", err)
	}
	ok, _, err := c.client.SendRequest("tcpip-forward", true, c.bound)
	if err != nil || !ok {
		// The explanation comes separately, and may arrive a moment later.
		await(c.ended(), refusalWait)
		return c.refusal("does not forward", err)
	}
	if want != "" {
		c.url = want
		return nil
	}
	select {
	case c.url = <-urls:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.ended():
		return c.refusal("ended the connection", c.reason())
	}
}

// refusal returns the problem of a server that refused, with its own words if there are any.
func (c *sshConn) refusal(what string, err error) *Problem {
	p := &Problem{Message: c.host + " " + what, Err: err}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.lines) > 0 {
		p.Cause = oneLine(strings.Join(c.lines, " "))
	} else if err != nil {
		p.Message += ": " + oneLine(neterr.Words(err))
	}
	return p
}

// announced matches the lines in which services print the public URL: localhost.run,
// serveo.net, pinggy.io, and any that prints only the URL on a line.
var announced = regexp.MustCompile(`(?i)(?:tunneled with tls termination, |forwarding http traffic from )(https://[^\s,]+)|^\s*(https://[^\s/]+)/?\s*$`)

// listen reads the server's output in a session, which stays open.
func (c *sshConn) listen(session *ssh.Session, urls chan<- string) error {
	stdin, err := session.StdinPipe() // kept open: the server would end the session at its end
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	session.Stdout, session.Stderr = w, w
	if err := session.Shell(); err != nil {
		return err
	}
	c.wg.Go(func() {
		_ = session.Wait()
		_ = stdin.Close()
		_ = w.Close()
		// Without its session a service forwards nothing more.
		c.fail(&Problem{Message: c.host + " ended the session"})
	})
	c.wg.Go(func() {
		defer r.Close()
		scan := bufio.NewScanner(r)
		scan.Buffer(nil, 64<<10)
		known := ""
		for scan.Scan() {
			c.note(scan.Text())
			m := announced.FindStringSubmatch(scan.Text())
			if m == nil {
				continue
			}
			found, err := baseURL(cmp.Or(m[1], m[2]))
			switch {
			case err != nil || found == known:
			case known == "":
				known = found
				urls <- found
			default:
				c.fail(&Problem{Message: c.host + " has changed the public URL", Cause: "Its free URLs last a few hours."})
			}
		}
		_, _ = io.Copy(io.Discard, r)
	})
	return nil
}

// note keeps the server's last lines, to explain a refusal.
func (c *sshConn) note(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if line = strings.TrimSpace(line); line != "" {
		c.lines = append(c.lines, line)
		if len(c.lines) > 5 {
			c.lines = c.lines[1:]
		}
	}
}

// keepAlive regularly checks that the server answers: otherwise a dead connection would count
// as open for hours.
func (c *sshConn) keepAlive(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-tick.C:
		}
		late := time.AfterFunc(every, func() { c.fail(&Problem{Message: c.host + " no longer answers"}) })
		_, _, err := c.client.SendRequest("keepalive@openssh.com", true, nil)
		late.Stop()
		if err != nil {
			return
		}
	}
}

// fail ends the connection for a reason.
func (c *sshConn) fail(why *Problem) {
	c.mu.Lock()
	if c.why == nil {
		c.why = why
	}
	c.mu.Unlock()
	_ = c.client.Close()
}

func (c *sshConn) reason() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.why
}

// ended is closed once the connection has ended.
func (c *sshConn) ended() <-chan struct{} {
	over := make(chan struct{})
	c.wg.Go(func() {
		defer close(over)
		_ = c.client.Wait()
	})
	return over
}

func (c *sshConn) URL() string              { return c.url }
func (c *sshConn) Listener() net.Listener   { return sshListener{c} }
func (c *sshConn) Events() <-chan ConnEvent { return nil }

// Close implements Conn.
func (c *sshConn) Close() error {
	c.once.Do(func() {
		close(c.done)
		_ = c.client.Close() // it fails if it was closed before
		c.wg.Wait()
	})
	return nil
}

// An sshListener accepts the connections that the server forwards.
type sshListener struct{ c *sshConn }

func (l sshListener) Accept() (net.Conn, error) {
	for asked := range l.c.conns {
		// The client's address: RFC 4254, section 7.2. The listener of x/crypto rejects what
		// some services send there, such as names in place of addresses.
		var from struct {
			Host       string
			Port       uint32
			Origin     string
			OriginPort uint32
		}
		if err := ssh.Unmarshal(asked.ExtraData(), &from); err != nil {
			_ = asked.Reject(ssh.ConnectionFailed, "cannot be read")
			continue
		}
		channel, requests, err := asked.Accept()
		if err != nil {
			continue
		}
		go ssh.DiscardRequests(requests)
		return newChannelConn(channel, sshAddr(net.JoinHostPort(from.Origin, fmt.Sprint(from.OriginPort)))), nil
	}
	select {
	case <-l.c.done:
		return nil, net.ErrClosed
	default:
	}
	if why := l.c.reason(); why != nil {
		return nil, why
	}
	return nil, &Problem{Message: "the connection to " + l.c.host + " broke"}
}

// Close asks the server to forward nothing more.
func (l sshListener) Close() error {
	_, _, err := l.c.client.SendRequest("cancel-tcpip-forward", false, l.c.bound)
	return err
}

func (l sshListener) Addr() net.Addr { return l.c.client.LocalAddr() }

// sshAddr is an address as the server sends it.
type sshAddr string

func (sshAddr) Network() string  { return "tcp" }
func (a sshAddr) String() string { return string(a) }

package tunnel

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Cloudflared is the provider for quick tunnels of Cloudflare. It runs the program cloudflared,
// and needs no account. Cloudflare assigns a new URL each time, and says that quick tunnels are
// for testing.
//
// The program gets a listener of its own, so that requests through it are never mistaken for
// requests of this machine.
type Cloudflared struct {
	Program string   // empty: cloudflared, found in PATH
	Env     []string // environment of the program; nil: that of this process, without secrets and tokens
}

// Name implements Provider.
func (*Cloudflared) Name() string { return "cloudflared" }

const getCloudflared = "Install it: https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/downloads/"

// Open implements Provider.
func (c *Cloudflared) Open(ctx context.Context, _ string) (Conn, error) {
	program, err := exec.LookPath(cmp.Or(c.Program, "cloudflared"))
	if err != nil {
		return nil, &Problem{Message: "cloudflared not found", Cause: oneLine(err.Error()), Fix: getCloudflared, Fatal: true, Err: err}
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	// A configuration file of the user is for named tunnels, and prevents quick ones.
	cmd := exec.Command(program, "tunnel", "--no-autoupdate", "--config", os.DevNull, "--url", "http://"+ln.Addr().String())
	cmd.Env = c.Env
	if cmd.Env == nil {
		cmd.Env = withoutSecrets(os.Environ())
	}
	cmd.WaitDelay = time.Second
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		_ = ln.Close()
		return nil, &Problem{Message: "cannot run cloudflared: " + oneLine(err.Error()), Fix: getCloudflared, Fatal: true, Err: err}
	}
	conn := &cloudflaredConn{
		cmd: cmd, ln: ln, events: make(chan ConnEvent), done: make(chan struct{}), ended: make(chan struct{}),
		ready: make(chan struct{}), links: map[string]bool{},
	}
	conn.wg.Go(func() {
		conn.exit = cmd.Wait()
		_ = w.Close()
	})
	conn.wg.Go(func() {
		conn.follow(r)
		close(conn.ended)
		_ = ln.Close() // makes Accept fail
	})
	select {
	case <-conn.ready:
		return conn, nil
	case <-conn.ended:
		err = conn.problem("cloudflared gave no URL")
	case <-ctx.Done():
		err = inTime(ctx, "cloudflared")
	}
	_ = conn.Close()
	return nil, err
}

// withoutSecrets drops variables that look like secrets, which a tunnel does not need.
func withoutSecrets(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		name, _, _ := strings.Cut(strings.ToUpper(v), "=")
		return strings.Contains(name, "SECRET") || strings.Contains(name, "TOKEN") || strings.Contains(name, "PASSWORD")
	})
}

// A cloudflaredConn is a running cloudflared.
type cloudflaredConn struct {
	cmd    *exec.Cmd
	ln     net.Listener
	url    string // read after ready
	events chan ConnEvent
	ready  chan struct{} // closed: the URL is known, and a connection to Cloudflare is up
	ended  chan struct{} // closed: the program has ended, and all of its output was read
	exit   error         // how it ended; read after ended
	done   chan struct{} // closed by Close
	once   sync.Once
	wg     sync.WaitGroup

	links map[string]bool // to Cloudflare, by number; only for follow
	found string          // the URL; only for follow

	mu   sync.Mutex
	last string // the last problem that the program reported
}

// The program's output, see https://github.com/cloudflare/cloudflared: the URL in a box, and
// the state of its connections to Cloudflare, each with its number.
var (
	quickURL = regexp.MustCompile(`\|\s+(https://[^\s|/]+)\s+\|`)
	linkNum  = regexp.MustCompile(`\bconnIndex=(\d+)`)
	trouble  = regexp.MustCompile(`(?i)(?:\b(?:ERR|FTL)\b\s*|^)(.*(?:failed|error|unable|refused|too many).*)`)
	retryIn  = regexp.MustCompile(`Retrying connection in up to (\d+)s`)
)

// follow reads the program's output to its end.
func (c *cloudflaredConn) follow(r io.Reader) {
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 256<<10)
	up := false
	for scan.Scan() {
		line := scan.Text()
		if m := trouble.FindStringSubmatch(line); m != nil {
			c.mu.Lock()
			c.last = oneLine(m[1])
			c.mu.Unlock()
		}
		if m := quickURL.FindStringSubmatch(line); m != nil && c.found == "" {
			c.found = m[1]
		}
		number := linkNum.FindStringSubmatch(line)
		if number == nil {
			continue
		}
		switch {
		case strings.Contains(line, "Registered tunnel connection") || strings.Contains(line, " registered "):
			c.links[number[1]] = true
		case strings.Contains(line, "Unregistered") || strings.Contains(line, "terminated") || strings.Contains(line, "Retrying"):
			delete(c.links, number[1])
		}
		switch {
		case !up && len(c.links) > 0 && c.found != "":
			up = true
			if c.url == "" {
				c.url = c.found
				close(c.ready)
			} else {
				c.report(ConnEvent{})
			}
		case up && len(c.links) == 0:
			up = false
			wait := time.Duration(0)
			if m := retryIn.FindStringSubmatch(line); m != nil {
				wait, _ = time.ParseDuration(m[1] + "s")
			}
			c.report(ConnEvent{Lost: c.problem("cloudflared has lost its link to Cloudflare"), Retry: wait})
		}
	}
	_, _ = io.Copy(io.Discard, r)
}

func (c *cloudflaredConn) report(e ConnEvent) {
	select {
	case c.events <- e:
	case <-c.done:
	}
}

// problem returns a Problem whose cause is the last one that the program reported.
func (c *cloudflaredConn) problem(message string) *Problem {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &Problem{Message: message, Cause: c.last}
}

func (c *cloudflaredConn) URL() string              { return c.url }
func (c *cloudflaredConn) Listener() net.Listener   { return cloudflaredListener{c} }
func (c *cloudflaredConn) Events() <-chan ConnEvent { return c.events }

// Close implements Conn.
func (c *cloudflaredConn) Close() error {
	c.once.Do(func() {
		close(c.done)
		_ = c.cmd.Process.Kill() // it fails if the process has ended
		_ = c.ln.Close()
		c.wg.Wait()
	})
	return nil
}

// A cloudflaredListener accepts what the program forwards.
type cloudflaredListener struct{ c *cloudflaredConn }

func (l cloudflaredListener) Accept() (net.Conn, error) {
	conn, err := l.c.ln.Accept()
	if err == nil {
		return conn, nil
	}
	select {
	case <-l.c.done:
		return nil, net.ErrClosed
	default:
	}
	select {
	case <-l.c.ended:
		p := l.c.problem("cloudflared exited")
		if p.Cause == "" && l.c.exit != nil {
			p.Cause = oneLine(l.c.exit.Error())
		}
		return nil, p
	default:
		return nil, err
	}
}

// Close asks the program to end: it lets the requests under way finish.
func (l cloudflaredListener) Close() error {
	if err := l.c.cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err // without signals it is killed a moment later
	}
	return nil
}

func (l cloudflaredListener) Addr() net.Addr { return l.c.ln.Addr() }

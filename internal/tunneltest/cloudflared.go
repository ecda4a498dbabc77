package tunneltest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// ControlVariable is how a program learns that it is to be cloudflared: a test binary
// calls CloudflaredMain first if it is set.
const ControlVariable = "HFHOOK_FAKE_CLOUDFLARED"

// Cloudflared is the service of quick tunnels, and the program for it: the test binary
// itself, run again.
type Cloudflared struct {
	*edge
	opts Options
	ln   net.Listener
	wg   sync.WaitGroup

	mu      sync.Mutex
	refused bool
	conns   []net.Conn
	runs    []Run
}

// A Run is how the program was started.
type Run struct {
	Args []string
	Env  []string
}

// StartCloudflared starts a service that ends with the test.
func StartCloudflared(t testing.TB, opts Options) *Cloudflared {
	t.Helper()
	c := &Cloudflared{edge: newEdge(), opts: opts}
	var err error
	if c.ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	c.wg.Go(c.accept)
	t.Cleanup(func() {
		_ = c.ln.Close()
		c.each(func(conn net.Conn) { _ = conn.Close() })
		c.wg.Wait()
		c.edge.close()
	})
	return c
}

// Env is what the program has to have in its environment.
func (c *Cloudflared) Env() string { return ControlVariable + "=" + c.ln.Addr().String() }

// Program writes a program called cloudflared into dir, for PATH. The test binary has
// to call CloudflaredMain in its TestMain.
func (c *Cloudflared) Program(dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if runtime.GOOS == "windows" {
		return os.Link(self, filepath.Join(dir, "cloudflared.exe"))
	}
	text := fmt.Sprintf("#!/bin/sh\n%s exec %q \"$@\"\n", c.Env(), self)
	return os.WriteFile(filepath.Join(dir, "cloudflared"), []byte(text), 0o700)
}

// Refuse has the service give no URL, or again.
func (c *Cloudflared) Refuse(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refused = on
}

// Lose breaks the program's link to the service. It comes back by itself.
func (c *Cloudflared) Lose() {
	c.edge.away()
	c.each(func(conn net.Conn) { _, _ = io.WriteString(conn, "lose\n") })
}

// Kill ends the program as a crash does.
func (c *Cloudflared) Kill() { c.each(func(conn net.Conn) { _ = conn.Close() }) }

// Runs are the program's starts so far.
func (c *Cloudflared) Runs() []Run {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.runs)
}

func (c *Cloudflared) each(f func(net.Conn)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		f(conn)
	}
}

func (c *Cloudflared) accept() {
	for {
		conn, err := c.ln.Accept()
		if err != nil {
			return
		}
		c.mu.Lock()
		c.conns = append(c.conns, conn)
		c.mu.Unlock()
		c.wg.Go(func() { c.serve(conn) })
	}
}

// hello is what the program tells the service first.
type hello struct {
	Run
	Origin string // address of the local server
}

// serve talks with one run of the program: it says where the origin is, and gets the
// URL, or nothing where it is refused; a line of it asks for the URL to lead there again.
func (c *Cloudflared) serve(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	line, err := r.ReadBytes('\n')
	var h hello
	if err != nil || json.Unmarshal(line, &h) != nil {
		return
	}
	c.mu.Lock()
	c.runs = append(c.runs, h.Run)
	refused := c.refused
	c.mu.Unlock()
	if refused {
		_, _ = io.WriteString(conn, "\n")
		return
	}
	host := word() + "-otter.trycloudflare.com"
	if c.opts.OwnURL {
		host = ""
	}
	lead := func() string {
		return c.edge.lead(host, func(ctx context.Context, _ string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, "tcp", h.Origin)
		})
	}
	_, _ = fmt.Fprintln(conn, lead())
	for {
		if _, err := r.ReadString('\n'); err != nil {
			c.edge.away()
			return
		}
		lead()
	}
}

// CloudflaredMain is the program: it talks with the service as ControlVariable says,
// and prints what cloudflared does. It does not return.
func CloudflaredMain() {
	os.Exit(cloudflared(os.Getenv(ControlVariable), os.Args[1:]))
}

func cloudflared(service string, args []string) int {
	say := func(text string, args ...any) {
		fmt.Fprintf(os.Stderr, "2026-11-23T12:00:00Z "+text+"\n", args...)
	}
	at := slices.Index(args, "--url")
	if at < 0 || at+1 == len(args) || args[0] != "tunnel" {
		say("ERR this fake only opens quick tunnels")
		return 2
	}
	origin, err := url.Parse(args[at+1])
	if err != nil {
		say("ERR %v", err)
		return 2
	}
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, os.Interrupt)
	say("INF Thank you for trying Cloudflare Tunnel. Doing so, without a Cloudflare account, is a quick way to experiment and try it out. See https://developers.cloudflare.com/cloudflare-one/connections/connect-apps")
	say("INF Requesting new quick Tunnel on trycloudflare.com...")
	conn, err := net.Dial("tcp", service)
	if err != nil {
		fmt.Fprintf(os.Stderr, "failed to request quick Tunnel: Post \"https://api.trycloudflare.com/tunnel\": %v\n", err)
		return 1
	}
	text, err := json.Marshal(hello{Run{args, os.Environ()}, origin.Host})
	if err != nil {
		return 1
	}
	_, _ = conn.Write(append(text, '\n'))
	r := bufio.NewReader(conn)
	public, err := r.ReadString('\n')
	if err != nil || public == "\n" {
		say("ERR Error unmarshaling QuickTunnel response: error code: 1015 error=\"invalid character 'e' looking for beginning of value\" status_code=\"429 Too Many Requests\"")
		fmt.Fprintln(os.Stderr, "failed to unmarshal quick Tunnel: invalid character 'e' looking for beginning of value")
		return 1
	}
	say("INF +--------------------------------------------------------------------------------------------+")
	say("INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |")
	say("INF |  %-90s|", public[:len(public)-1])
	say("INF +--------------------------------------------------------------------------------------------+")
	say("INF Generated Connector ID: 9a2b1c7e-0000-4000-8000-000000000000")
	say("INF Registered tunnel connection connIndex=0 connection=02cb73dd-a7a1-4f7d-9e19-b0ba5f6bff11 event=0 ip=198.41.200.63 location=bru01 protocol=quic")
	lost := make(chan error)
	go func() {
		for {
			_, err := r.ReadString('\n')
			lost <- err
		}
	}()
	for {
		select {
		case <-stopped:
			// The real one unregisters, and waits for the requests under way; here they
			// are passed on by the service, so it waits to be killed.
			say("INF Initiating graceful shutdown due to signal interrupt ...")
			say("INF Unregistered tunnel connection connIndex=0 event=0 ip=198.41.200.63")
		case err := <-lost:
			if err != nil {
				return 1
			}
			say("WRN Failed to serve quic connection error=\"timeout: no recent network activity\" connIndex=0 event=0 ip=198.41.200.63")
			say("INF Unregistered tunnel connection connIndex=0 event=0 ip=198.41.200.63")
			say("INF Retrying connection in up to 1s connIndex=0 event=0 ip=198.41.200.63")
			_, _ = io.WriteString(conn, "again\n")
			say("INF Registered tunnel connection connIndex=0 connection=bc19101e-b832-4cea-9d49-a0e562c57af8 event=0 ip=198.41.200.63 location=bru01 protocol=quic")
		}
	}
}

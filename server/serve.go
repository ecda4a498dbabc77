package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// settingsURL is where webhooks are set up on the Hub.
const settingsURL = "https://huggingface.co/settings/webhooks"

// A Sharer gives a server a public URL, like Gradio's share=True. tunnel.Sharing implements it.
type Sharer interface {
	// Share opens a public URL and keeps it open until ctx ends. It calls serve for each
	// listener, and reports the URL each time that it was verified, or why it does not point
	// here.
	Share(ctx context.Context, serve func(context.Context, net.Listener) error, report func(url string, problem error)) error

	// ProbeHandler answers the requests by which Share verifies that the URL points here.
	ProbeHandler() http.Handler
}

// Run serves one handler until ctx ends, or the process is interrupted or terminated. A program
// with a single webhook needs nothing else.
//
//	func main() {
//		if err := server.Run(context.Background(), "say_hello", sayHello, server.Options{}); err != nil {
//			log.Fatal(err)
//		}
//	}
//
// The path is that of [Server.Handle]. Run listens on Options.Addr, and returns nil after
// SIGINT or SIGTERM, once the requests under way are answered; a second signal ends the process
// at once. For more than one webhook see [New] and [Server.ListenAndServe].
func Run(ctx context.Context, path string, h Handler, opts Options) error {
	s, err := New(opts)
	if err != nil {
		return err
	}
	if err := s.Handle(path, h); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	return s.ListenAndServe(ctx, "")
}

// ListenAndServe listens on an address and serves it: see [Server.Serve]. An empty address
// means Options.Addr. It fails if PORT or GRADIO_SERVER_PORT is used and not a valid port.
func (s *Server) ListenAndServe(ctx context.Context, addr string) error {
	addr, err := s.addr(addr)
	if err != nil {
		return err
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	return s.Serve(ctx, ln)
}

// Serve serves a listener until ctx ends; then it answers the requests under way, waits for
// what Background has accepted unless another Serve of this Server goes on, and returns nil.
// What takes longer than Options.Grace is cut off: the error and the log say how many requests
// and events.
//
// Serve writes the URLs of the webhooks to Options.Output, the public ones on a Space or with
// Options.Share. It also answers GET /healthz, but not through a tunnel.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	drain, done := draining(ctx, s.opts.Grace)
	defer done()
	s.where.set(spaceURL(), localURL(ln.Addr()))
	s.say(s.secretText())
	if len(s.Paths()) == 0 {
		s.log.Warn("the server has no handler and no recorder: it answers 404 to every webhook")
	}
	var shared sync.WaitGroup
	var cutOff atomic.Int64
	if s.opts.Share != nil && !onSpace() {
		shared.Go(func() { s.share(ctx, &cutOff) })
	} else {
		s.say(s.readyText())
	}
	s.tasks.enter()
	requests, err := s.serveLocal(ctx, ln)
	cancel()
	shared.Wait()
	requests += int(cutOff.Load())
	events := 0
	if s.tasks.leave() {
		if events = s.tasks.wait(drain); events > 0 {
			s.log.Error("the server ended before all background events were dealt with", "cut_off", events, "grace", s.opts.Grace)
		}
	}
	return errors.Join(err, cutOffError(requests, events, s.opts.Grace))
}

// cutOffError says what was not done within the grace, or is nil.
func cutOffError(requests, events int, grace time.Duration) error {
	var what []string
	if requests > 0 {
		what = append(what, count(requests, "request"))
	}
	if events > 0 {
		what = append(what, count(events, "background event"))
	}
	if what == nil {
		return nil
	}
	return fmt.Errorf("shut down: cut off %s after %v", strings.Join(what, " and "), grace)
}

// draining returns a context that ends a grace after ctx has ended.
func draining(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	drain, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			end()
		case <-drain.Done():
		}
	})
	return drain, func() { stop(); end() }
}

// share keeps the public URL open, and prints each new one and each new problem once.
func (s *Server) share(ctx context.Context, cutOff *atomic.Int64) {
	serve := func(ctx context.Context, ln net.Listener) error {
		n, err := s.serveTunnel(ctx, ln)
		cutOff.Add(int64(n))
		return err
	}
	said := ""
	report := func(url string, problem error) {
		var text, more string
		if problem != nil {
			text = fmt.Sprintf("\nThe public URL does not point here: %v\n", problem)
			if said == "" {
				more = "From this machine:\n" + s.hookList(s.where.local())
			}
		} else {
			s.where.set(url, s.where.local())
			text = s.readyText()
		}
		if text != said {
			said = text
			s.say(text + more)
		}
	}
	if err := s.opts.Share.Share(ctx, serve, report); err != nil {
		report("", err)
	}
}

func (s *Server) say(text string) {
	_, _ = io.WriteString(s.opts.Output, text)
}

// secretText and readyText are what WebhooksServer of huggingface_hub prints.
func (s *Server) secretText() string {
	if secrets := s.secrets(); len(secrets) > 0 {
		text := "Webhook secret is correctly defined.\n"
		if weak := secrets[0].Weakness(); weak != "" {
			text += "Set a longer one: " + weak + ".\n"
		}
		return text
	}
	return "Webhook secret is not defined. This means your webhook endpoints will be open to everyone.\n" +
		"To add a secret, set `WEBHOOK_SECRET` as environment variable or pass it at initialization:\n" +
		"\t`server.New(server.Options{Secrets: …})`\n" +
		"For more details about webhook secrets, please refer to https://huggingface.co/docs/hub/webhooks#webhook-secret.\n"
}

func (s *Server) readyText() string {
	base := cmp.Or(s.where.public(), s.where.local())
	if len(s.hookPaths()) == 0 {
		return "\nNo webhooks are set up: the server at " + base + " has no handler and no recorder.\n"
	}
	return "\nWebhooks are correctly setup and ready to use:\n" + s.hookList(base) +
		"Go to " + settingsURL + " to setup your webhooks.\n"
}

func (s *Server) hookList(base string) string {
	var list strings.Builder
	for _, path := range s.hookPaths() {
		fmt.Fprintf(&list, "  - POST %s%s\n", base, path)
	}
	return list.String()
}

// addresses are the addresses of a server.
type addresses struct {
	mu                  sync.Mutex
	publicURL, localURL string
}

func (a *addresses) set(public, local string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.publicURL, a.localURL = strings.TrimRight(public, "/"), local
}

func (a *addresses) public() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.publicURL
}

func (a *addresses) local() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.localURL
}

// urls returns the addresses for the page, the public one first.
func (s *Server) urls() []string {
	if s.inside.URLs != nil {
		return s.inside.URLs()
	}
	if public := s.where.public(); public != "" {
		return []string{public}
	}
	if local := s.where.local(); local != "" {
		return []string{local}
	}
	return nil
}

// localURL returns an address for clients on this machine.
func localURL(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "http://" + addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

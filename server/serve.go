package server

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
)

// Addresses that ListenAndServe takes where it is given none: the port is Gradio's,
// and the one that a Space has to serve.
const (
	defaultAddr = "127.0.0.1:7860"
	spaceAddr   = "0.0.0.0:7860"
)

// SettingsURL is where webhooks are set up on the Hub.
const SettingsURL = "https://huggingface.co/settings/webhooks"

// A Sharer gives a server a public URL, as Gradio's share=True does. The package
// tunnel makes one: tunnel.Share.
type Sharer interface {
	// Share opens a public URL and keeps it open until ctx ends. It has serve answer
	// the requests of each listener that comes with it, and reports the URL each time
	// that it is found to point here, or why it does not.
	Share(ctx context.Context, serve func(context.Context, net.Listener) error, report func(url string, problem error)) error

	// ProbeHandler answers the requests by which Share sees that the URL points here.
	ProbeHandler() http.Handler
}

// ListenAndServe serves one handler until the process is interrupted or terminated:
// all that a program with a single webhook needs.
//
//	func main() {
//		if err := server.ListenAndServe("say_hello", sayHello, server.Options{}); err != nil {
//			log.Fatal(err)
//		}
//	}
//
// It returns nil after SIGINT or SIGTERM, once the requests under way are answered.
// For more than one webhook see [New] and [Server.ListenAndServe].
func ListenAndServe(path string, h Handler, opts Options) error {
	s, err := New(opts)
	if err != nil {
		return err
	}
	if err := s.Handle(path, h); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return s.ListenAndServe(ctx, "")
}

// ListenAndServe listens on an address and serves it: see [Server.Serve]. An empty
// address means 127.0.0.1:7860 or, on a Space of the Hub, port 7860 of every address,
// which is where the Hub looks for it.
func (s *Server) ListenAndServe(ctx context.Context, addr string) error {
	if addr == "" {
		addr = usualAddr()
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	return s.Serve(ctx, ln)
}

func usualAddr() string {
	if onSpace() {
		return spaceAddr
	}
	return defaultAddr
}

// Serve serves a listener until ctx ends; then it answers the requests under way and
// waits for what Background has accepted, for at most five seconds each, and returns
// nil. It writes the URLs of the webhooks to Options.Output, the public ones where
// there is a Space or Options.Share.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.where.set(spaceURL(), localURL(ln.Addr()))
	s.say(s.secretText())
	var shared sync.WaitGroup
	if s.opts.Share != nil && !onSpace() {
		shared.Go(func() { s.share(ctx) })
	} else {
		s.say(s.readyText())
	}
	err := s.ServeLocal(ctx, ln)
	cancel()
	shared.Wait()
	drain, done := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer done()
	if undone := s.Shutdown(drain); undone != nil {
		s.log.Error("the server ended before all events were dealt with", "error", undone)
	}
	return err
}

// share keeps the public URL open, and says each new one and each new trouble once.
func (s *Server) share(ctx context.Context) {
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
	if err := s.opts.Share.Share(ctx, s.ServeTunnel, report); err != nil {
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
	return "\nWebhooks are correctly setup and ready to use:\n" + s.hookList(base) +
		"Go to " + SettingsURL + " to setup your webhooks.\n"
}

func (s *Server) hookList(base string) string {
	var list strings.Builder
	for _, path := range s.hookPaths() {
		fmt.Fprintf(&list, "  - POST %s%s\n", base, path)
	}
	return list.String()
}

// Addresses are those under which a server is reached.
type addresses struct {
	mu            sync.Mutex
	outside, here string
}

func (a *addresses) set(public, local string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.outside, a.here = strings.TrimRight(public, "/"), local
}

func (a *addresses) public() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.outside
}

func (a *addresses) local() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.here
}

// urls are the addresses that the page shows, the public one first.
func (s *Server) urls() []string {
	if s.opts.URLs != nil {
		return s.opts.URLs()
	}
	if public := s.where.public(); public != "" {
		return []string{public}
	}
	if local := s.where.local(); local != "" {
		return []string{local}
	}
	return nil
}

// localURL is an address for clients on this machine.
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

// onSpace reports whether the process runs on a Space, by the variable that the Hub
// sets there: https://huggingface.co/docs/hub/spaces-overview#helper-environment-variables.
func onSpace() bool { return os.Getenv("SPACE_ID") != "" }

// spaceURL is the public address of the Space, or empty.
func spaceURL() string {
	host := os.Getenv("SPACE_HOST")
	if host == "" {
		return ""
	}
	return "https://" + host
}

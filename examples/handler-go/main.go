// Command handler-go handles webhooks of the Hub with the packages server and
// payload: it answers a comment that calls for @bot.
//
//	hfhook dev --reload '**/*.go' --on-restart last -- go run .
//
// hfhook sends what it receives on /webhooks/say_hello to the same path here.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/server"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := server.New(server.Options{}) // with the secret of WEBHOOK_SECRET
	if err != nil {
		return err
	}
	if err := s.Handle("say_hello", sayHello); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", os.Getenv("PORT")))
	if err != nil {
		return err
	}
	fmt.Printf("listening on http://%s%s/say_hello\n", ln.Addr(), server.Root)
	return s.ServeLocal(ctx, ln)
}

// sayHello answers a new comment that names the bot.
func sayHello(_ context.Context, e *event.Event) (any, error) {
	p := e.Payload
	if !p.Event.Scope.Within(payload.ScopeDiscussionComment) || p.Comment == nil || p.Comment.Content == nil ||
		!strings.Contains(*p.Comment.Content, "@bot") {
		return map[string]string{"status": "ignored", "summary": p.Summary()}, nil
	}
	return map[string]string{"status": "queued", "repo": p.Repo.Name}, nil
}

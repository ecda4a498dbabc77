// Command handler-go handles webhooks of the Hub with the packages server and
// payload: it answers a comment that calls for @bot.
//
//	hfhook dev --path /webhooks/say_hello --reload '**/*.go' --on-restart last -- go run .
//
// hfhook starts it with a secret and a port, and hands it what comes to /webhooks/say_hello.
package main

import (
	"context"
	"log"
	"strings"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/server"
)

func main() {
	// The secret is that of WEBHOOK_SECRET, the port that of PORT.
	if err := server.Run(context.Background(), "say_hello", sayHello, server.Options{}); err != nil {
		log.Fatal(err)
	}
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

// Command discussion-bot answers comments on the Hub that call for it, by a language
// model: the bot of https://huggingface.co/docs/hub/webhooks-guide-discussion-bot.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/server"
)

func main() {
	b := &bot{
		hub:    cmp.Or(os.Getenv("HF_ENDPOINT"), "https://huggingface.co"),
		models: cmp.Or(os.Getenv("MODEL_URL"), "https://router.huggingface.co/v1/chat/completions"),
		model:  cmp.Or(os.Getenv("MODEL"), "meta-llama/Llama-3.1-8B-Instruct"),
		token:  os.Getenv("HF_TOKEN"),
		client: &http.Client{Timeout: time.Minute},
	}
	s, err := server.New(server.Options{})
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Handle("discussion_bot", s.Background(b.handle, 4)); err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := s.ListenAndServe(ctx, ""); err != nil {
		log.Fatal(err)
	}
}

// mention is what calls for the bot.
const mention = "@discussion-bot"

type bot struct {
	hub    string // the only host, besides that of models, that gets the token
	models string // URL of the chat completions
	model  string
	token  string
	client *http.Client
}

// handle answers a new comment, also one that opens a discussion. It is run in the
// background: a model takes longer than the Hub waits.
func (b *bot) handle(ctx context.Context, e *event.Event) (any, error) {
	p := e.Payload
	scope, action := p.Event.Effective()
	if !scope.Within(payload.ScopeDiscussion) || action != payload.ActionCreate || p.Discussion == nil ||
		p.Comment == nil || p.Comment.Content == nil || !strings.Contains(*p.Comment.Content, mention) {
		return nil, nil
	}
	var answer struct {
		Choices []struct{ Message struct{ Content string } }
	}
	question := strings.TrimSpace(strings.ReplaceAll(*p.Comment.Content, mention, ""))
	err := b.post(ctx, b.models, map[string]any{
		"model": b.model, "max_tokens": 400,
		"messages": []map[string]string{
			{"role": "system", "content": fmt.Sprintf("You answer a comment on %q of the repository %s. Be brief.", p.Discussion.Title, p.Repo.Name)},
			{"role": "user", "content": question},
		},
	}, &answer)
	if err != nil {
		return nil, fmt.Errorf("ask the model: %w", err)
	}
	if len(answer.Choices) == 0 {
		return nil, fmt.Errorf("the model %s has no answer", b.model)
	}
	// Without its own name in it, or the answer would call for another one.
	reply := strings.ReplaceAll(answer.Choices[0].Message.Content, mention, "")
	if !strings.HasPrefix(p.Discussion.URL.API, b.hub+"/api/") {
		return nil, fmt.Errorf("the discussion is at %q, which is not on %s", p.Discussion.URL.API, b.hub)
	}
	return nil, b.post(ctx, p.Discussion.URL.API+"/comment", map[string]string{"comment": reply}, nil)
}

// post sends JSON with the token, and reads the answer into dst where there is one.
func (b *bot) post(ctx context.Context, url string, v, dst any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := b.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s answers %s", req.URL.Host, resp.Status)
	}
	if dst == nil {
		return nil
	}
	return json.Unmarshal(text, dst)
}

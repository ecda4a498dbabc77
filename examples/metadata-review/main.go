// Command metadata-review looks at the model card or dataset card after each push to
// main, and opens a discussion that names what is missing: the reviewer of
// https://huggingface.co/docs/hub/webhooks-guide-metadata-review.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/server"
)

func main() {
	r := &reviewer{
		hub:    cmp.Or(os.Getenv("HF_ENDPOINT"), "https://huggingface.co"),
		token:  os.Getenv("HF_TOKEN"),
		client: &http.Client{Timeout: 20 * time.Second},
	}
	if err := server.Run(context.Background(), "metadata_review", r.handle, server.Options{Timeout: 30 * time.Second}); err != nil {
		log.Fatal(err)
	}
}

// title is that of the discussion, by which an earlier review is found.
const title = "Metadata review"

type reviewer struct {
	hub    string
	token  string
	client *http.Client
}

// handle reviews a model or a dataset whose main branch has changed.
func (r *reviewer) handle(ctx context.Context, e *event.Event) (any, error) {
	p := e.Payload
	pushed := slices.ContainsFunc(p.UpdatedRefs, func(u payload.RefUpdate) bool { return u.Ref == "refs/heads/main" && u.NewSHA != nil })
	if !pushed || p.Repo.Type != payload.TypeModel && p.Repo.Type != payload.TypeDataset {
		return map[string]string{"status": "ignored"}, nil
	}
	card, err := r.card(ctx, p.Repo)
	if err != nil {
		return nil, &server.Error{Status: http.StatusBadGateway, Message: "The card could not be read.", Err: err}
	}
	missing := review(p.Repo.Type, card)
	if len(missing) == 0 {
		return map[string]string{"status": "complete"}, nil
	}
	api := fmt.Sprintf("%s/api/%ss/%s/discussions", r.hub, p.Repo.Type, p.Repo.Name)
	var known struct {
		Discussions []struct{ Title, Status string }
	}
	if err := r.call(ctx, http.MethodGet, api, nil, &known); err != nil {
		return nil, err
	}
	for _, d := range known.Discussions {
		if d.Title == title && d.Status == string(payload.StatusOpen) {
			return map[string]string{"status": "reviewed before"}, nil
		}
	}
	var text strings.Builder
	text.WriteString("The card lacks some metadata, by which others would find this repository:\n\n")
	for _, m := range missing {
		text.WriteString("- `" + m + "`\n")
	}
	err = r.call(ctx, http.MethodPost, api, map[string]any{"title": title, "description": text.String()}, nil)
	return map[string]any{"status": "reviewed", "missing": missing}, err
}

// card returns the metadata at the head of the README: nil if there is none.
func (r *reviewer) card(ctx context.Context, repo payload.Repo) (map[string]any, error) {
	base := r.hub + "/" + repo.Name
	if repo.Type == payload.TypeDataset {
		base = r.hub + "/datasets/" + repo.Name
	}
	var text bytes.Buffer
	err := r.call(ctx, http.MethodGet, base+"/resolve/main/README.md", nil, &text)
	if errors.Is(err, errNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	_, rest, found := strings.Cut(text.String(), "---\n")
	head, _, closed := strings.Cut(rest, "\n---")
	if !found || !closed || !strings.HasPrefix(text.String(), "---\n") {
		return nil, nil
	}
	var card map[string]any
	if err := yaml.Unmarshal([]byte(head), &card); err != nil {
		return nil, nil // a head that cannot be read is one that is missing
	}
	return card, nil
}

// review names what a card lacks.
func review(t payload.RepoType, card map[string]any) []string {
	wanted := []string{"license", "language", "tags", "datasets"}
	if t == payload.TypeDataset {
		wanted = []string{"license", "language", "task_categories", "size_categories"}
	}
	return slices.DeleteFunc(wanted, func(key string) bool {
		v, ok := card[key]
		return ok && v != nil && v != ""
	})
}

var errNotFound = errors.New("not found")

// call asks the Hub. dst gets the answer's JSON, or its text where it is a buffer.
func (r *reviewer) call(ctx context.Context, method, url string, v, dst any) error {
	var body io.Reader
	if v != nil {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	if v != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	limited := io.LimitReader(resp.Body, 1<<20)
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return errNotFound
	case resp.StatusCode/100 != 2:
		return fmt.Errorf("the Hub answers %s", resp.Status)
	case dst == nil:
		return nil
	}
	if text, ok := dst.(*bytes.Buffer); ok {
		_, err := text.ReadFrom(limited)
		return err
	}
	return json.NewDecoder(limited).Decode(dst)
}

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/server"
	"hfhook/server/servertest"
)

// A fake Hub, which also has the model, and what was asked of it.
func fakeHub(t *testing.T) (*httptest.Server, *[]string) {
	var got []string
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = append(got, r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(body))
		if r.URL.Path == "/model" {
			_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]string{"content": "By hand. Ask @discussion-bot!"}}}})
		}
	}))
	t.Cleanup(hub.Close)
	return hub, &got
}

func TestBot(t *testing.T) {
	t.Setenv("WEBHOOK_SECRET", "a secret for this test")
	tests := []struct {
		name    string
		kind    string
		content string
		edit    func(hub string, p *payload.Payload)
		want    int // requests to the Hub and the model
	}{
		{name: "a comment that calls", kind: "discussion.comment/create", content: "@discussion-bot how?", want: 2},
		{name: "a discussion that calls", kind: "discussion/create", content: "How, @discussion-bot?", want: 2},
		{name: "a comment that does not", kind: "discussion.comment/create", content: "how?"},
		{name: "an edited comment", kind: "discussion.comment/update", content: "@discussion-bot how?"},
		{name: "a hidden comment", kind: "discussion.comment/update:hidden"},
		{name: "a push", kind: "repo.content/update"},
		{name: "a discussion elsewhere", kind: "discussion.comment/create", content: "@discussion-bot how?", want: 1,
			edit: func(_ string, p *payload.Payload) { p.Discussion.URL.API = "https://evil.example/api/x" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hub, got := fakeHub(t)
			b := &bot{hub: hub.URL, models: hub.URL + "/model", model: "m", token: "hf_test", client: hub.Client()}
			s, err := server.New(server.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Handle("discussion_bot", s.Background(b.handle, 1)); err != nil {
				t.Fatal(err)
			}
			answer := servertest.Send(t, s, servertest.Delivery{
				Path: "discussion_bot", Kind: tt.kind, Options: sample.Options{Repo: "me/corpus", Num: 19, Content: tt.content},
				Edit: func(p *payload.Payload) {
					if p.Discussion != nil {
						p.Discussion.URL.API = strings.Replace(p.Discussion.URL.API, "https://huggingface.co", hub.URL, 1)
					}
					if tt.edit != nil {
						tt.edit(hub.URL, p)
					}
				},
			})
			if answer.Code != http.StatusAccepted {
				t.Errorf("answered %d %s", answer.Code, answer.Body)
			}
			if err := s.Shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(*got) != tt.want {
				t.Fatalf("asked for %q", *got)
			}
			if tt.want == 2 {
				want := `/api/datasets/me/corpus/discussions/19/comment Bearer hf_test {"comment":"By hand. Ask !"}`
				if (*got)[1] != want || !strings.Contains((*got)[0], `"content":"how?"`) && !strings.Contains((*got)[0], `"content":"How, ?"`) {
					t.Errorf("asked for %q, want %s", *got, want)
				}
			}
		})
	}
}

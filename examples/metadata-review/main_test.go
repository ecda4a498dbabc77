package main

import (
	"fmt"
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

func TestReviewer(t *testing.T) {
	t.Setenv("WEBHOOK_SECRET", "a secret for this test")
	const whole = "---\nlicense: mit\nlanguage: en\ntask_categories: [text-classification]\nsize_categories: [n<1K]\n---\n# Corpus\n"
	tests := []struct {
		name  string
		kind  string
		repo  payload.RepoType
		card  string // empty: there is none
		known string // discussions
		want  string // answer
		posts string // what is written on the Hub
	}{
		{"nothing is missing", "repo.content/update", "dataset", whole, "", `200 {"status":"complete"}`, ""},
		{"a part is missing", "repo.content/update", "dataset", "---\nlicense: mit\nlanguage:\n---\n", "", `200 {"missing":["language","task_categories","size_categories"],"status":"reviewed"}`, "`size_categories`"},
		{"there is no card", "repo.content/update", "model", "", "", `200 {"missing":["license","language","tags","datasets"],"status":"reviewed"}`, "`license`"},
		{"the card has no head", "repo.content/update", "dataset", "# Corpus\n", "", `200 {"missing":["license","language","task_categories","size_categories"],"status":"reviewed"}`, "`license`"},
		{"it was reviewed before", "repo.content/update", "dataset", "# Corpus\n", `{"title":"Metadata review","status":"open"}`, `200 {"status":"reviewed before"}`, ""},
		{"an earlier review is closed", "repo.content/update", "dataset", "# Corpus\n", `{"title":"Metadata review","status":"closed"}`, `200 {"missing":["license","language","task_categories","size_categories"],"status":"reviewed"}`, "`license`"},
		{"a tag", "repo.content/update:tag", "dataset", "", "", `200 {"status":"ignored"}`, ""},
		{"a space", "repo.content/update", "space", "", "", `200 {"status":"ignored"}`, ""},
		{"a comment", "discussion.comment/create", "dataset", "", "", `200 {"status":"ignored"}`, ""},
		{"the Hub is down", "repo.content/update", "dataset", "down", "", `502 {"error":"The card could not be read."}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			posted := ""
			hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				prefix := map[payload.RepoType]string{"dataset": "/datasets", "model": ""}[tt.repo]
				api := "/api/" + string(tt.repo) + "s/me/corpus/discussions"
				switch {
				case r.Header.Get("Authorization") != "Bearer hf_test":
					http.Error(w, "who?", http.StatusUnauthorized)
				case r.URL.Path == prefix+"/me/corpus/resolve/main/README.md" && tt.card == "down":
					http.Error(w, "no", http.StatusServiceUnavailable)
				case r.URL.Path == prefix+"/me/corpus/resolve/main/README.md" && tt.card != "":
					_, _ = io.WriteString(w, tt.card)
				case r.URL.Path == api && r.Method == http.MethodGet:
					_, _ = fmt.Fprintf(w, `{"discussions":[%s]}`, tt.known)
				case r.URL.Path == api && r.Method == http.MethodPost:
					body, err := io.ReadAll(r.Body)
					if err != nil {
						t.Error(err)
					}
					posted = string(body)
				default:
					http.NotFound(w, r)
				}
			}))
			defer hub.Close()
			r := &reviewer{hub: hub.URL, token: "hf_test", client: hub.Client()}
			s, err := server.New(server.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Handle("metadata_review", r.handle); err != nil {
				t.Fatal(err)
			}
			answer := servertest.Send(t, s, servertest.Delivery{Path: "metadata_review", Kind: tt.kind, Options: sample.Options{RepoType: tt.repo, Repo: "me/corpus"}})
			if got := fmt.Sprintf("%d %s", answer.Code, answer.Body); got != tt.want {
				t.Errorf("answered %s, want %s", got, tt.want)
			}
			if !strings.Contains(posted, tt.posts) || tt.posts == "" && posted != "" {
				t.Errorf("wrote %q", posted)
			}
		})
	}
}

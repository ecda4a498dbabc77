package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/server"
	"hfhook/server/servertest"
)

func TestTrigger(t *testing.T) {
	t.Setenv("WEBHOOK_SECRET", "a secret for this test")
	var jobs []map[string]any
	down := false
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var job map[string]any
		if err := json.NewDecoder(r.Body).Decode(&job); err != nil || r.Method+" "+r.URL.Path != "POST /api/jobs/me" || r.Header.Get("Authorization") != "Bearer hf_test" {
			t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
		}
		if down {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return
		}
		jobs = append(jobs, job)
		_, _ = fmt.Fprintf(w, `{"id":"job-%d"}`, len(jobs))
	}))
	defer hub.Close()
	s, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tr := &trigger{hub: hub.URL, token: "hf_test", dataset: "me/corpus", image: "img", flavor: "cpu-basic", command: []string{"python", "train.py"}, client: hub.Client()}
	if err := s.Handle("auto_retrain", tr.handle); err != nil {
		t.Fatal(err)
	}
	to := func(sha string) func(*payload.Payload) {
		return func(p *payload.Payload) { p.UpdatedRefs[0].NewSHA = &sha }
	}
	for _, tt := range []struct {
		name, kind, repo string
		edit             func(*payload.Payload)
		down             bool
		want             string
	}{
		{"a push", "repo.content/update", "me/corpus", to("a1"), false, `202 {"job":"job-1","status":"started"}`},
		{"the same one again", "repo.content/update", "me/corpus", to("a1"), false, `200 {"job":"job-1","status":"started before"}`},
		{"while the Hub is down", "repo.content/update", "me/corpus", to("b2"), true, `502 {"error":"The job could not be started."}`},
		{"and once more", "repo.content/update", "me/corpus", to("b2"), false, `202 {"job":"job-2","status":"started"}`},
		{"another dataset", "repo.content/update", "me/other", nil, false, `200 {"status":"ignored"}`},
		{"another branch", "repo.content/update:branch", "me/corpus", nil, false, `200 {"status":"ignored"}`},
		{"derived files", "repo.content/update", "me/corpus", func(p *payload.Payload) { p.UpdatedRefs[0].Ref = "refs/convert/parquet" }, false, `200 {"status":"ignored"}`},
		{"a comment", "discussion.comment/create", "me/corpus", nil, false, `200 {"status":"ignored"}`},
	} {
		down = tt.down
		answer := servertest.Send(t, s, servertest.Delivery{Path: "auto_retrain", Kind: tt.kind, Options: sample.Options{Repo: tt.repo}, Edit: tt.edit})
		if got := fmt.Sprintf("%d %s", answer.Code, answer.Body); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	if env, _ := jobs[1]["environment"].(map[string]any); env["REVISION"] != "b2" || env["DATASET"] != "me/corpus" {
		t.Errorf("the job is %v", jobs[1])
	}
}

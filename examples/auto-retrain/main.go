// Command auto-retrain starts a training job on the Hub whenever a dataset has
// changed: the trigger of https://huggingface.co/docs/hub/webhooks-guide-auto-retrain.
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
	"strings"
	"sync"
	"time"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/server"
)

func main() {
	t := &trigger{
		hub:     cmp.Or(os.Getenv("HF_ENDPOINT"), "https://huggingface.co"),
		token:   os.Getenv("HF_TOKEN"),
		dataset: os.Getenv("INPUT_DATASET"),
		image:   cmp.Or(os.Getenv("IMAGE"), "pytorch/pytorch:2.6.0-cuda12.4-cudnn9-devel"),
		flavor:  cmp.Or(os.Getenv("FLAVOR"), "a10g-small"),
		command: strings.Fields(cmp.Or(os.Getenv("COMMAND"), "python train.py")),
		client:  &http.Client{Timeout: 20 * time.Second},
	}
	if t.dataset == "" {
		log.Fatal("INPUT_DATASET is not set: say which dataset is watched, for example me/corpus")
	}
	if err := server.Run(context.Background(), "auto_retrain", t.handle, server.Options{Timeout: 30 * time.Second}); err != nil {
		log.Fatal(err)
	}
}

type trigger struct {
	hub, token string
	dataset    string // owner/name
	image      string
	flavor     string // of the machine
	command    []string
	client     *http.Client

	mu   sync.Mutex
	done map[string]string // job by commit: the Hub may send an event twice
}

// handle starts a job for a new commit of the dataset's main branch. Pushes to other
// branches, such as the Parquet files that the Hub generates, are ignored.
func (t *trigger) handle(ctx context.Context, e *event.Event) (any, error) {
	p := e.Payload
	sha := ""
	for _, u := range p.UpdatedRefs {
		if u.Ref == "refs/heads/main" && u.NewSHA != nil {
			sha = *u.NewSHA
		}
	}
	if p.Repo.Type != payload.TypeDataset || p.Repo.Name != t.dataset || sha == "" {
		return map[string]string{"status": "ignored"}, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if job, ok := t.done[sha]; ok {
		return map[string]string{"status": "started before", "job": job}, nil
	}
	job, err := t.start(ctx, sha)
	if err != nil {
		return nil, &server.Error{Status: http.StatusBadGateway, Message: "The job could not be started.", Err: err}
	}
	if t.done == nil {
		t.done = map[string]string{}
	}
	t.done[sha] = job
	return server.Answer{Status: http.StatusAccepted, Value: map[string]string{"status": "started", "job": job}}, nil
}

// start starts a job of Hub Jobs, https://huggingface.co/docs/hub/jobs, and returns its
// id.
func (t *trigger) start(ctx context.Context, sha string) (string, error) {
	owner, _, _ := strings.Cut(t.dataset, "/")
	body, err := json.Marshal(map[string]any{
		"dockerImage": t.image, "flavor": t.flavor, "command": t.command, "arguments": []string{},
		"environment": map[string]string{"DATASET": t.dataset, "REVISION": sha},
		"secrets":     map[string]string{"HF_TOKEN": t.token},
	})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.hub+"/api/jobs/"+owner, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+t.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := t.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var job struct{ ID string }
	if resp.StatusCode/100 != 2 {
		return "", fmt.Errorf("the Hub answers %s", resp.Status)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&job); err != nil {
		return "", fmt.Errorf("read the Hub's answer: %w", err)
	}
	return job.ID, nil
}

package hubtest

// Events on their way from the Hub to the URLs that were registered.

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Delivery is what became of one event for one webhook.
type Delivery struct {
	Webhook  string // its id
	ID       string // Webhook-Id, the same on every try
	Statuses []int  // of each try; 0: no answer
}

// OK reports whether the last try was answered 2xx, which alone counts.
func (d *Delivery) OK() bool {
	last := d.Statuses[len(d.Statuses)-1]
	return last >= 200 && last <= 299
}

// logged is a delivery as the Hub keeps it for a replay.
type logged struct {
	id   string
	body []byte
}

// Emit sends an event to every enabled webhook that watches its repository and has
// its domain, one after another, and returns when the last try is over. Body is a
// payload; the id of its webhook is replaced by that of the one that gets it.
func (h *Hub) Emit(ctx context.Context, body []byte) ([]Delivery, error) {
	var said struct {
		Event struct {
			Scope string `json:"scope"`
		} `json:"event"`
		Repo struct {
			Type string `json:"type"`
			Name string `json:"name"`
		} `json:"repo"`
		Webhook struct {
			ID string `json:"id"`
		} `json:"webhook"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, fmt.Errorf("read the payload: %w", err)
	}
	domain, _, _ := strings.Cut(said.Event.Scope, ".")
	owner, _, _ := strings.Cut(said.Repo.Name, "/")
	var sent []Delivery
	for _, hook := range h.Webhooks() {
		watches := slices.ContainsFunc(hook.Watched, func(w Watched) bool {
			return w == Watched{said.Repo.Type, said.Repo.Name} || w == Watched{"user", owner} || w == Watched{"org", owner}
		})
		if hook.Disabled != false || hook.URL == "" || !watches || !slices.Contains(hook.Domains, domain) {
			continue
		}
		entry := logged{id: newID(), body: bytes.ReplaceAll(body, []byte(said.Webhook.ID), []byte(hook.ID))}
		d := Delivery{Webhook: hook.ID, ID: entry.id}
		for try := range h.opts.Tries {
			if try > 0 {
				select {
				case <-time.After(h.opts.Backoff):
				case <-ctx.Done():
					return sent, context.Cause(ctx)
				}
			}
			d.Statuses = append(d.Statuses, h.send(ctx, hook.ID, entry))
			if d.OK() {
				break
			}
		}
		h.edit(hook.ID, func(w *Webhook) {
			w.log = append(w.log, entry)
			w.LastTrigger = time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
			if w.failed++; d.OK() {
				w.failed = 0
			}
			if w.failed >= h.opts.SuspendAfter {
				w.Disabled = "suspended-after-failure"
			}
		})
		sent = append(sent, d)
	}
	return sent, nil
}

// send makes one try, to the URL and with the secret that the webhook has now.
func (h *Hub) send(ctx context.Context, id string, entry logged) (status int) {
	hook, ok := h.edit(id, func(*Webhook) {})
	if !ok {
		return 0
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader(entry.body))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Webhook-Id", entry.id)
	if hook.Secret != "" {
		req.Header.Set("X-Webhook-Secret", hook.Secret)
	}
	resp, err := h.sender.Do(req)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode
}

// replay sends a delivery again, which keeps its Webhook-Id.
func (h *Hub) replay(w http.ResponseWriter, r *http.Request) {
	if !h.checkNoBody(w, r) {
		return
	}
	hook, _ := h.edit(r.PathValue("id"), func(*Webhook) {})
	i := slices.IndexFunc(hook.log, func(l logged) bool { return l.id == r.PathValue("log") })
	if i < 0 {
		refuse(w, http.StatusNotFound, "Webhook log not found")
		return
	}
	h.answer(w, r, map[string]int{"status": h.send(r.Context(), hook.ID, hook.log[i])})
}

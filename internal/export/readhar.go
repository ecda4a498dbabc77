package export

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"hfhook/event"
)

// readHAR reads the requests of an HTTP Archive. Those that hfhook wrote for the
// attempts of one event are that event, once.
func readHAR(text []byte, yield func(Found) bool) error {
	var file struct {
		Log struct {
			Entries []json.RawMessage
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return fmt.Errorf("read the HTTP Archive: %w", err)
	}
	if len(file.Log.Entries) == 0 {
		return fmt.Errorf("the HTTP Archive has no entries: %w", ErrEmpty)
	}
	seen := map[event.ID]bool{}
	for i, raw := range file.Log.Entries {
		var entry harEntry
		where := fmt.Sprintf("entry %d", i+1)
		err := json.Unmarshal(raw, &entry)
		if own := entry.Own; err == nil && own != nil && own.Event != "" {
			if seen[own.Event] {
				continue
			}
			seen[own.Event] = true
		}
		found := checked(where, entry.Own != nil, func() (Found, error) {
			if err != nil {
				return Found{}, fmt.Errorf("no entry of an HTTP Archive: %w", err)
			}
			return entry.found()
		})
		if !yield(found) {
			return nil
		}
	}
	return nil
}

func (h *harEntry) found() (Found, error) {
	post := h.Request.PostData
	if h.Request.Method != "POST" || post == nil || post.Text == "" && h.Own == nil {
		return Found{}, ErrNoDelivery
	}
	body := []byte(post.Text)
	if post.Encoding == "base64" {
		var err error
		if body, err = base64.StdEncoding.DecodeString(post.Text); err != nil {
			return Found{}, fmt.Errorf("read the body: %w", err)
		}
	}
	var header []event.Field
	for _, pair := range h.Request.Headers {
		header = append(header, event.Field{Name: pair.Name, Value: pair.value()})
	}
	if own := h.Own; own != nil {
		id, err := event.ParseID(string(own.Event))
		if err != nil {
			return Found{}, err
		}
		e := newEvent(own.Path, own.Query, header, body, own.Received)
		e.DeliveryID = joinID(own.ID, own.IDBytes)
		return Found{ID: id, Event: e}, nil
	}
	u, err := parseURL(h.Request.URL)
	if err != nil {
		return Found{}, err
	}
	at, err := time.Parse(time.RFC3339Nano, h.Started)
	if err != nil {
		return Found{}, fmt.Errorf("invalid startedDateTime %q", h.Started)
	}
	return Found{Event: newEvent(u.EscapedPath(), u.RawQuery, header, body, at)}, nil
}

// parseURL reads the address of a request. The error does not repeat it: it may hold
// a credential.
func parseURL(s string) (*url.URL, error) {
	u, err := url.Parse(ascii(s))
	if err != nil {
		return nil, errors.New("its URL is invalid")
	}
	return u, nil
}

package hub

// The errors that callers can distinguish.

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// The errors of all calls. They are wrapped with what was being done.
var (
	// ErrOffline means that HF_HUB_OFFLINE is set; nothing was sent.
	ErrOffline = errors.New("offline: HF_HUB_OFFLINE is set")
	// ErrNoToken means that there is no token; nothing was sent.
	ErrNoToken = errors.New("not logged in to Hugging Face: no access token found")
	// ErrToken means that the Hub does not know the token.
	ErrToken = errors.New("the Hub does not accept the token")
	// ErrForbidden means that the token does not permit this; a read-only token can change
	// nothing.
	ErrForbidden = errors.New("the token does not permit this")
	// ErrNotFound means that there is no such webhook, or that it belongs to another user.
	ErrNotFound = errors.New("no such webhook")
	// ErrLimited means too many calls; the error says how long to wait, if the Hub does.
	ErrLimited = errors.New("too many calls")
	// ErrNotHub means that the endpoint is not the Hub's API.
	ErrNotHub = errors.New("not the Hub API")
	// ErrUncertain means that the call was sent, and no answer says whether it was carried out.
	ErrUncertain = errors.New("the result is unknown")
	// ErrInlineJob means that the webhook runs a Job that was described with it. The Hub does
	// not return that Job's secrets, so it cannot be sent back completely.
	ErrInlineJob = errors.New("it runs an inline Job whose secrets can't be read, so it can't be updated")
	// ErrRefused means any other answer that is not 2xx.
	ErrRefused = errors.New("the Hub refused")
	// ErrUnreachable means that no answer came.
	ErrUnreachable = errors.New("the Hub can't be reached")
)

// An Error is an unexpected answer. It is one of the errors above, by errors.Is.
type Error struct {
	Doing     string        // what was asked for, for example "create a webhook"
	Status    int           // of the answer
	Message   string        // the Hub's own words, if there were any; text from outside
	Code      string        // the Hub's X-Error-Code, if there was one; text from outside
	RequestID string        // by which the Hub finds the request in its logs; text from outside
	Wait      time.Duration // what the Hub asks to wait; 0: it does not say

	kind      error
	from      string // the endpoint
	uncertain bool
}

// Error returns the Hub's own words if there are any.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s answered %d", e.Doing, e.from, e.Status)
	if text := http.StatusText(e.Status); text != "" {
		b.WriteString(" " + text)
	}
	if e.kind == ErrNotHub {
		b.WriteString(", which is not an answer of the Hub's API")
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.Wait > 0 {
		fmt.Fprintf(&b, "; it asks to wait %s", e.Wait)
	}
	if e.uncertain {
		b.WriteString("; " + ErrUncertain.Error())
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request %s)", e.RequestID)
	}
	return b.String()
}

// Is reports which of the package's errors it is.
func (e *Error) Is(target error) bool {
	return target == e.kind || target == ErrUncertain && e.uncertain
}

// maxMessage is the maximum length of a message, in characters.
const maxMessage = 500

// refusal returns the Error of an answer that is not 2xx.
func (c *call) refusal(resp *http.Response, body []byte) *Error {
	e := &Error{
		Doing: c.doing, Status: resp.StatusCode, kind: ErrRefused, from: c.client.endpoint,
		Message:   c.clean(message(resp.Header, body)),
		Code:      c.clean(resp.Header.Get("X-Error-Code")),
		RequestID: c.clean(resp.Header.Get("X-Request-Id")),
	}
	switch {
	case resp.StatusCode < 400:
		e.kind = ErrNotHub
		e.Message = "redirects are not followed, so that the token stays with one host"
		if to, err := resp.Location(); err == nil {
			e.Message = c.clean("it redirects to "+(&url.URL{Scheme: to.Scheme, Host: to.Host, Path: to.Path}).String()) + "; " + e.Message
		}
	case isHTML(resp.Header, body) && resp.StatusCode < 500:
		e.kind, e.Message = ErrNotHub, "it is an HTML page"
	case resp.StatusCode == http.StatusUnauthorized:
		e.kind = ErrToken
	case resp.StatusCode == http.StatusForbidden:
		e.kind = ErrForbidden
	case resp.StatusCode == http.StatusNotFound && c.one:
		e.kind = ErrNotFound
	case resp.StatusCode == http.StatusTooManyRequests:
		e.kind, e.Wait = ErrLimited, wait(resp.Header, time.Now())
	case resp.StatusCode >= 500:
		e.Wait = wait(resp.Header, time.Now())
		e.uncertain = c.changes()
		if isHTML(resp.Header, body) {
			e.Message = "it is an HTML page"
		}
	}
	return e
}

// message finds the Hub's own words, in the same places as huggingface_hub: the header
// X-Error-Message, else "error" or "errors" of the body.
func message(h http.Header, body []byte) string {
	if text := h.Get("X-Error-Message"); text != "" {
		return text
	}
	var said struct {
		Error  json.RawMessage `json:"error"`
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	var texts []string
	var one string
	if json.Unmarshal(said.Error, &one) == nil {
		texts = append(texts, one)
	} else if json.Unmarshal(said.Error, &texts) != nil {
		texts = nil
	}
	for _, e := range said.Errors {
		texts = append(texts, e.Message)
	}
	return strings.Join(texts, "; ")
}

// notHub returns the error of a 2xx answer that is not the API's.
func (c *call) notHub(status int, why string) *Error {
	return &Error{Doing: c.doing, Status: status, Message: why, kind: ErrNotHub, from: c.client.endpoint}
}

// clean removes the token and secrets of the body from a text of the answer, and shortens it.
func (c *call) clean(text string) string {
	text = hide(text, c.client.token.reveal(), tokenMark)
	for _, secret := range c.hidden {
		text = hide(text, secret, secretMark)
	}
	if utf8.RuneCountInString(text) > maxMessage {
		text = string([]rune(text)[:maxMessage-1]) + "…"
	}
	return text
}

// hide leaves very short secrets in place: they occur in words by chance, and are easy to
// guess.
func hide(text, secret, mark string) string {
	if len(secret) < 6 {
		return text
	}
	return strings.ReplaceAll(text, secret, mark)
}

func isHTML(h http.Header, body []byte) bool {
	kind := h.Get("Content-Type")
	if kind == "" {
		kind = http.DetectContentType(body)
	}
	return strings.HasPrefix(strings.ToLower(kind), "text/html")
}

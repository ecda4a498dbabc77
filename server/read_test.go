package server_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hfhook/payload"
	"hfhook/server"
)

// An unread body fails the test that reads it.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.ErrUnexpectedEOF
}

func TestReadEvent(t *testing.T) {
	t.Parallel()
	body := pushBody(t)
	good, old := server.MustParseSecret(canary), server.MustParseSecret("earlier one")
	both := []server.Secret{good, old}
	request := func(target string, body io.Reader, secret string) *http.Request {
		r := httptest.NewRequest("POST", target, body)
		if secret != "" {
			r.Header.Set("X-Webhook-Secret", secret)
		}
		return r
	}
	tests := []struct {
		name    string
		r       *http.Request
		secrets []server.Secret
		want    error
	}{
		{"no secret wanted", request("/", unread{t}, canary), nil, server.ErrUnconfigured},
		{"a zero secret", request("/", unread{t}, canary), []server.Secret{{}}, server.ErrUnconfigured},
		{"a zero secret beside another", request("/", unread{t}, canary), []server.Secret{good, {}}, server.ErrUnconfigured},
		{"a zero secret and none sent", request("/", unread{t}, ""), []server.Secret{{}}, server.ErrUnconfigured},
		{"none sent", request("/", unread{t}, ""), both, server.ErrNoSecret},
		{"a wrong one", request("/", unread{t}, canary+"x"), both, server.ErrWrongSecret},
		{"a wrong one in the query", request("/?secret=x", unread{t}, ""), both, server.ErrWrongSecret},
		{"a wrong one before the right one", request("/?secret="+canary, unread{t}, "x"), both, server.ErrWrongSecret},
	}
	for _, tt := range tests {
		if e, err := server.ReadEvent(tt.r, tt.secrets...); !errors.Is(err, tt.want) || e != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := server.ParseEvent(http.Header{"X-Webhook-Secret": {canary}}, body); !errors.Is(err, server.ErrUnconfigured) {
		t.Errorf("ParseEvent without a secret: %v", err)
	}

	for _, chunked := range []bool{false, true} {
		r := request("/hub?secret="+canary+"&a=1", bytes.NewReader(body), "earlier one")
		r.Header.Set("Webhook-Id", "one")
		r.Header.Set("X-Seen", "it is "+canary)
		if chunked {
			r.ContentLength = -1
		}
		e, err := server.ReadEvent(r, both...)
		if err != nil {
			t.Fatal(err)
		}
		if e.Matched != 2 || e.DeliveryID != "one" || e.Path != "/hub" || e.Query != "a=1" || string(e.Body) != string(body) || e.Payload.Repo.Name != "some-user/some-repo" {
			t.Errorf("event %+v", e)
		}
		for _, f := range e.Header {
			if strings.Contains(f.Value, canary) || strings.Contains(f.Value, "earlier one") {
				t.Errorf("the secret is in the header %s", f.Name)
			}
		}
		if again, err := io.ReadAll(r.Body); err != nil || string(again) != string(body) {
			t.Errorf("the body cannot be read again: %v", err)
		}
	}

	// By the length that is announced, and by what comes.
	huge := request("/", unread{t}, canary)
	huge.ContentLength = server.DefaultMaxBody + 1
	endless := request("/", io.LimitReader(zeros{}, server.DefaultMaxBody+1), canary)
	endless.ContentLength = -1
	for _, r := range []*http.Request{huge, endless} {
		_, err := server.ReadEvent(r, good)
		if tooLong, ok := errors.AsType[*http.MaxBytesError](err); !ok || tooLong.Limit != server.DefaultMaxBody {
			t.Errorf("a large body: %v", err)
		}
	}
	header := http.Header{"x-WEBHOOK-secret": {canary}, "webhook-ID": {"one"}}
	_, err := server.ParseEvent(header, make([]byte, server.DefaultMaxBody+1), good)
	if _, ok := errors.AsType[*http.MaxBytesError](err); !ok {
		t.Errorf("a large body: %v", err)
	}

	invalid := request("/", strings.NewReader(`{"event":{}}`), canary)
	if _, err := server.ReadEvent(invalid, good); !isInvalid(err) {
		t.Errorf("a broken body: %v", err)
	}
	if again, err := io.ReadAll(invalid.Body); err != nil || string(again) != `{"event":{}}` {
		t.Errorf("a broken body cannot be read again: %s, %v", again, err)
	}
	if _, err := server.ParseEvent(header, nil, good); !isInvalid(err) {
		t.Errorf("no body: %v", err)
	}
	if e, err := server.ParseEvent(header, body, good); err != nil || e.DeliveryID != "one" || len(e.Header) != 1 {
		t.Errorf("ParseEvent: %+v, %v", e, err)
	}
	without := &http.Request{Method: "POST", URL: invalid.URL, Header: invalid.Header}
	if _, err := server.ReadEvent(without, good); !isInvalid(err) {
		t.Errorf("a request without a body: %v", err)
	}
}

func isInvalid(err error) bool {
	invalid, ok := errors.AsType[*payload.InvalidError](err)
	return ok && len(invalid.Faults) > 0
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestSecretMethods(t *testing.T) {
	t.Parallel()
	a, b := server.MustParseSecret(canary), server.MustParseSecret(canary)
	if !a.Equal(b) || a.Equal(server.MustParseSecret("other")) || a.Equal(server.Secret{}) || (server.Secret{}).Equal(a) || !(server.Secret{}).Equal(server.Secret{}) {
		t.Error("Equal")
	}
	if !a.Matches(canary) || a.Matches("") || a.Matches(canary+"x") || (server.Secret{}).Matches("") {
		t.Error("Matches")
	}
	var c server.Secret
	if err := c.UnmarshalText([]byte(canary)); err != nil || !c.Equal(a) {
		t.Errorf("UnmarshalText: %v", err)
	}
	for _, text := range []string{"", "x\n", "[secret]"} {
		if err := c.UnmarshalText([]byte(text)); err == nil || !c.Equal(a) {
			t.Errorf("UnmarshalText %q: %v", text, err)
		}
	}
	defer func() {
		if p := recover(); p == nil || strings.Contains(p.(error).Error(), canary) {
			t.Errorf("MustParseSecret of a bad one: %v", p)
		}
	}()
	server.MustParseSecret(canary + "\n")
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	a := server.MustParseSecret(canary)
	for name, opts := range map[string]server.Options{
		"a zero secret":                {Secrets: []server.Secret{{}}},
		"a zero secret beside another": {Secrets: []server.Secret{a, {}}},
		"open and a secret":            {Open: true, Secrets: []server.Secret{a}},
	} {
		if _, err := server.New(opts); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	// The caller's slice is the caller's.
	secrets := []server.Secret{a}
	s, err := server.New(server.Options{Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	handle(t, s, "x", typed)
	secrets[0] = server.MustParseSecret("another one")
	if w := deliver(t, s, "/webhooks/x"); w.Code != 200 {
		t.Errorf("answered %d after the caller's slice has changed", w.Code)
	}
}

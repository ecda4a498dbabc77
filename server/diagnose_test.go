package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hfhook/internal/capture"
	"hfhook/payload/sample"
	"hfhook/server"
)

// TestEvidence sends wrong secrets and reads what is told of them: how they differ, and
// whether the body is one of the Hub's. Neither secret is in it.
func TestEvidence(t *testing.T) {
	t.Parallel()
	body, err := sample.New("repo/create", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ sent, hint string }{
		{`"` + canary + `"`, "spaces and quotes"},
		{canary + `\n`, `written \n`},
		{strings.ReplaceAll(canary, "_", "%5F"), "decoded as in a URL"},
		{"WEBHOOK_SECRET=" + canary, "after its ="},
		{strings.ToUpper(canary), "upper and lower case"},
		{"", "it is empty"},
		{canary + "\r\n", "line break at its end"},
		{canary + canary, "yours twice"},
		{canary + ", " + canary, "yours twice"},
		{canary[:10], "the first 10 of your 24 characters"},
		{canary[10:], "the last 14 of your 24 characters"},
		{canary + "#more", "yours is its first 24 of 29 characters"},
		{"export " + canary, "yours is its last 24 of 31 characters"},
		{"former-secret", "of an earlier run"},
		{"something else", ""},
		{canary[:3], ""},
	}
	for _, tt := range tests {
		rec := &recorder{}
		s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: extended{rec, capture.Extension{Known: []capture.Known{
			{Secret: secret(t, "former-secret"), Name: "former", Hint: "of an earlier run"},
		}}}})
		for _, hub := range []bool{true, false} {
			text := `{"x":1}`
			if hub {
				text = string(body)
			}
			r := httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader(text))
			r.Host = "127.0.0.1"
			r.Header.Set("X-Webhook-Secret", tt.sent)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			_, rejected := rec.taken()
			no := rejected[len(rejected)-1]
			if w.Code != http.StatusForbidden || no.Evidence == nil {
				t.Fatalf("%q: %d, %+v", tt.sent, w.Code, no)
			}
			ev := no.Evidence
			if (tt.hint == "") != (ev.Hint == "") || !strings.Contains(ev.Hint, tt.hint) || ev.Sent.Length != len(tt.sent) || ev.Wanted.Length != len(canary) || ev.Sent.Text == ev.Wanted.Text {
				t.Errorf("%q: the evidence is %+v", tt.sent, ev)
			}
			if no.LooksLikeHub != hub || hub != (no.Webhook != "") {
				t.Errorf("%s: it looks like the Hub %v, webhook %q", text, no.LooksLikeHub, no.Webhook)
			}
			for _, said := range []string{no.Detail, ev.Hint, ev.Cause, ev.Sent.Text, ev.Wanted.Text} {
				if strings.Contains(said, canary) || len(tt.sent) > 9 && strings.Contains(said, tt.sent) {
					t.Errorf("%q gives a secret away", said)
				}
			}
		}
	}
}

// TestOwnSecretIsFixed has a wanted secret that went wrong on its way here, and the right
// one sent: the evidence names its fix, and that makes the one that was sent.
func TestOwnSecretIsFixed(t *testing.T) {
	t.Parallel()
	tests := []struct{ wanted, sent, hint string }{
		{`"` + canary + `"`, canary, "quotes around yours"},
		{canary + `\n`, canary, "at the end of yours"},
		{strings.ReplaceAll(canary, "_", "%5F"), canary, "yours is decoded"},
		{"WEBHOOK_SECRET='" + canary + "'", canary, "after the = of yours"},
		{`"` + canary + `"`, "another", ""},
		{canary + canary, canary, "twice"},
		{canary, "former-secret", "of an earlier run"},
	}
	for _, tt := range tests {
		rec := &recorder{}
		wanted := secret(t, tt.wanted)
		s := newServer(t, server.Options{Secrets: []server.Secret{wanted}, Recorder: extended{rec, capture.Extension{Known: []capture.Known{
			{Secret: secret(t, "former-secret"), Name: "former", Hint: "of an earlier run"},
		}}}})
		r := httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader(`{}`))
		r.Host = "127.0.0.1"
		r.Header.Set("X-Webhook-Secret", tt.sent)
		s.ServeHTTP(httptest.NewRecorder(), r)
		_, rejected := rec.taken()
		ev := rejected[0].Evidence
		if (tt.hint == "") != (ev.Fix == "") || !strings.Contains(ev.Hint, tt.hint) || strings.Contains(ev.Hint+ev.Cause, canary) {
			t.Errorf("%q for %q: the evidence is %+v", tt.sent, tt.wanted, ev)
		}
		fixed, err := s.Fixed(ev.Fix)
		if (err == nil) != (tt.hint != "") || err == nil && (fixed.Reveal() != tt.sent || s.Print(fixed) != ev.Sent) {
			t.Errorf("%q for %q: fixed to another one, %v", tt.sent, tt.wanted, err)
		}
	}
}

// TestWhereTheRightSecretIs has the right secret in a place that does not count.
func TestWhereTheRightSecretIs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		method, path string
		header       []string
		status       int
		said         string
	}{
		{"POST", "/webhooks?secret=" + canary, []string{"wrong"}, 403, "the right secret is in ?secret="},
		{"POST", "/webhooks", []string{"wrong", canary}, 403, "in a second X-Webhook-Secret"},
		{"POST", "/webhooks", []string{"wrong", "too"}, 403, "wanted 24"},
		{"GET", "/webhooks", []string{canary}, 405, "the secret was right"},
		{"GET", "/webhooks?secret=" + canary, nil, 405, "the secret was right"},
		{"GET", "/webhooks", []string{"wrong"}, 405, ""},
	} {
		rec := &recorder{}
		s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: rec})
		r := httptest.NewRequest(tt.method, tt.path, nil)
		if tt.header != nil {
			r.Header["X-Webhook-Secret"] = tt.header
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		_, rejected := rec.taken()
		if w.Code != tt.status || len(rejected) != 1 || (tt.said == "") != (rejected[0].Detail == "") || !strings.Contains(rejected[0].Detail, tt.said) {
			t.Errorf("%+v: %d, %+v", tt, w.Code, rejected)
		}
	}
}

package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestSetSecrets changes the secret of a server that runs: the new one and the one before
// are taken, then the new one alone, and never none.
func TestSetSecrets(t *testing.T) {
	t.Parallel()
	parse := func(text string) Secret {
		s, err := ParseSecret(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s, err := New(Options{Secrets: []Secret{parse("first")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.HandleAny(answerNull); err != nil {
		t.Fatal(err)
	}
	taken := func(secret string) bool {
		req := httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader("{}"))
		req.Header.Set("X-Webhook-Secret", secret)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		return w.Code == http.StatusUnprocessableEntity
	}
	for _, step := range []struct {
		secrets       []Secret
		ok            bool
		first, second bool
	}{
		{[]Secret{parse("first")}, true, true, false},
		{[]Secret{parse("second"), parse("first")}, true, true, true},
		{nil, false, true, true},
		{[]Secret{{}}, false, true, true},
		{[]Secret{parse("second")}, true, false, true},
	} {
		if err := s.SetSecrets(step.secrets...); (err == nil) != step.ok {
			t.Errorf("%v: %v", step.secrets, err)
		}
		if a, b := taken("first"), taken("second"); a != step.first || b != step.second || taken("") {
			t.Errorf("%v: the first is taken: %t, the second: %t", step.secrets, a, b)
		}
	}
}

package dev_test

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/internal/dev"
	"hfhook/server"
	"hfhook/tunnel"
)

// TestSelfTest goes the way of an event, to this server and to others.
func TestSelfTest(t *testing.T) {
	t.Parallel()
	right, err := server.ParseSecret("right")
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := server.ParseSecret("wrong-one")
	if err != nil {
		t.Fatal(err)
	}
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Secrets: []server.Secret{right}})
	url := s.State().LocalURL
	if took, err := dev.SelfTest(t.Context(), nil, url, right); err != nil || took <= 0 {
		t.Errorf("took %v, %v", took, err)
	}
	if _, err := dev.SelfTest(t.Context(), nil, url, wrong); !errors.Is(err, dev.ErrSelfTest) || !strings.Contains(err.Error(), "another secret") {
		t.Errorf("another secret: %v", err)
	}
	for _, status := range []int{http.StatusOK, http.StatusFound, http.StatusUnprocessableEntity, http.StatusBadGateway} {
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		}))
		if _, err := dev.SelfTest(t.Context(), nil, other.URL, right); !errors.Is(err, dev.ErrSelfTest) || strings.Contains(err.Error(), "right") {
			t.Errorf("%d: %v", status, err)
		}
		other.Close()
		if _, err := dev.SelfTest(t.Context(), nil, other.URL, right); !errors.Is(err, dev.ErrSelfTest) {
			t.Errorf("nobody there: %v", err)
		}
	}
	if _, err := s.SelfTest(t.Context()); !errors.Is(err, dev.ErrSelfTest) {
		t.Errorf("without a tunnel: %v", err)
	}
}

// TestSelfTestLeavesNoTrace holds that the session's own request is not among those that
// were refused.
func TestSelfTestLeavesNoTrace(t *testing.T) {
	t.Parallel()
	front := &http.ServeMux{}
	public := httptest.NewServer(front)
	defer public.Close()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Tunnel: tunnel.Own{URL: public.URL}})
	local := strings.TrimSuffix(s.State().LocalURL, "/webhooks")
	front.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		req, err := http.NewRequestWithContext(r.Context(), r.Method, local+r.URL.Path, r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		req.Header = r.Header
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		maps.Copy(w.Header(), resp.Header)
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	})
	s.RetryTunnel()
	await(t, s, "the tunnel", func() bool { return s.State().Tunnel.Phase == tunnel.Up })
	if _, err := s.SelfTest(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := s.State(); st.Refused != 0 || len(st.Rejected) != 0 {
		t.Errorf("%+v", st.Rejected)
	}
}

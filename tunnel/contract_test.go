package tunnel

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/waittest"
)

// A service is a provider with a fake of what it connects to, as the contract
// needs it.
type service struct {
	provider Provider
	client   *http.Client // reaches the public URLs
	refuse   func(bool)   // to let anybody in, in a way that may pass
	renames  bool         // gives another URL after a loss
	drops    map[string]func()
}

// testProvider is the contract that every provider with a listener of its own has
// to pass, with a Tunnel around it as in the program.
func testProvider(t *testing.T, start func(*testing.T) service) {
	t.Run("opens, probes and serves", func(t *testing.T) {
		s := start(t)
		r := run(t, s, nil)
		up := r.await(t, Up)
		if diff := cmp.Diff([]Phase{Connecting, Checking, Up}, r.rec.phases()); diff != "" {
			t.Error(diff)
		}
		if up.Provider != s.provider.Name() || !strings.HasPrefix(up.URL, "https://") || strings.HasSuffix(up.URL, "/") || up.Latency <= 0 {
			t.Errorf("%+v", up)
		}
		for _, size := range []int{0, 1, 2 << 10, 3 << 20} {
			body := make([]byte, size)
			_, _ = rand.Read(body)
			r.post(t, s.client, up.URL+"/webhooks/a/b?c=d", body)
		}
		got := r.server.last()
		if got.URL.String() != "/webhooks/a/b?c=d" || got.Header.Get("X-Webhook-Secret") != "hush" {
			t.Errorf("%s %v", got.URL, got.Header)
		}
		if host, _, err := net.SplitHostPort(got.RemoteAddr); err != nil || host != "127.0.0.1" {
			t.Errorf("the client's address is %q", got.RemoteAddr)
		}
	})

	t.Run("reports a refusal", func(t *testing.T) {
		s := start(t)
		s.refuse(true)
		r := run(t, s, nil)
		r.awaitFunc(t, "a refusal", func(st State) bool {
			return st.Phase == Waiting && st.Problem != nil && st.Problem.Message != "" && st.Attempt >= 2
		})
		if n := r.server.count(); n != 0 {
			t.Errorf("%d requests came through", n)
		}
		s.refuse(false)
		r.await(t, Up)
	})

	for name, drop := range start(t).drops {
		t.Run("survives "+name, func(t *testing.T) {
			s := start(t)
			drop = s.drops[name]
			r := run(t, s, nil)
			before := r.await(t, Up)
			seen := len(r.rec.all())
			drop()
			lost := r.awaitAfter(t, seen, "the loss", func(st State) bool { return st.Phase != Up })
			if lost.URL != before.URL || lost.Problem == nil {
				t.Errorf("lost: %+v", lost)
			}
			again := r.awaitAfter(t, seen, "the recovery", func(st State) bool { return st.Phase == Up })
			if again.URL != before.URL && !s.renames {
				t.Errorf("the URL was %s and is %s", before.URL, again.URL)
			}
			r.post(t, s.client, again.URL+"/webhooks", []byte("after"))
		})
	}

	t.Run("closes with a request in flight", func(t *testing.T) {
		s := start(t)
		arrived, finish := make(chan struct{}), make(chan struct{})
		r := run(t, s, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(arrived)
			<-finish
			_, _ = io.WriteString(w, "late")
		}))
		url := r.await(t, Up).URL
		answer := make(chan string, 1)
		go func() {
			resp, err := s.client.Post(url+"/webhooks", "text/plain", strings.NewReader("x"))
			if err != nil {
				answer <- err.Error()
				return
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			answer <- resp.Status + " " + string(body) + errorText(err)
		}()
		<-arrived
		r.cancel()
		close(finish)
		if got := <-answer; got != "200 OK late" {
			t.Errorf("the answer was %q", got)
		}
		r.stop(t)
	})

	t.Run("closes before it is up", func(t *testing.T) {
		r := run(t, start(t), nil)
		r.await(t, Checking)
		r.stop(t)
	})
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return " " + err.Error()
}

// A running is a tunnel in the phases of whose life a test looks.
type running struct {
	*Tunnel
	rec    *recorder
	server *hookServer
	cancel func()
	done   chan error
}

// run starts a tunnel over a service with waits that are short. handler answers
// what is not a probe; nil keeps the requests.
func run(t *testing.T, s service, handler http.Handler, change ...func(*Options)) *running {
	t.Helper()
	r := &running{rec: newRecorder(), server: &hookServer{}, done: make(chan error, 1)}
	if handler == nil {
		handler = r.server
	}
	mux := http.NewServeMux()
	mux.Handle("/", handler)
	opts := Options{
		Serve:        serveHTTP(mux),
		Report:       r.rec.report,
		Client:       s.client,
		Backoff:      Backoff{First: 10 * time.Millisecond, Max: 50 * time.Millisecond},
		ProbeBackoff: Backoff{First: 10 * time.Millisecond, Max: 50 * time.Millisecond},
	}
	for _, c := range change {
		c(&opts)
	}
	r.Tunnel = New(s.provider, opts)
	mux.Handle("/webhooks/.probe", r.ProbeHandler())
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go func() { r.done <- r.Run(ctx) }()
	t.Cleanup(func() { r.stop(t) })
	return r
}

// stop ends the tunnel, and sees that nothing of it goes on.
func (r *running) stop(t *testing.T) {
	t.Helper()
	r.end(t)
	left := ""
	if !waittest.Poll(func() bool { left = strays(); return left == "" }) {
		t.Fatalf("these go on after Run:\n%s", left)
	}
}

func (r *running) end(t *testing.T) {
	t.Helper()
	if r.done == nil {
		return
	}
	r.cancel()
	if err := <-r.done; err != nil {
		t.Errorf("Run: %v", err)
	}
	r.done = nil
	if s := r.State(); s.Phase != Off {
		t.Errorf("after Run: %+v", s)
	}
}

// strays returns the stacks of goroutines that run methods of this package's types.
// The SDK's own may outlive a session by some seconds.
func strays() string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var found []string
	for stack := range strings.SplitSeq(string(buf), "\n\n") {
		frames, _, _ := strings.Cut(stack, "created by ")
		for _, name := range []string{"(*Tunnel)", "(*hold)", "(*gate)", "(*prober)", "(*Ngrok)", "(*ngrokConn)", "ngrokListener", "watchSleep", "(*sshConn)", "sshListener", "(*channelConn)", "(*cloudflaredConn)", "cloudflaredListener"} {
			if strings.Contains(frames, "hfhook/tunnel."+name) {
				found = append(found, stack)
				break
			}
		}
	}
	return strings.Join(found, "\n\n")
}

func (r *running) await(t *testing.T, phase Phase) State {
	t.Helper()
	return r.awaitFunc(t, "the phase "+string(phase), func(s State) bool { return s.Phase == phase })
}

func (r *running) awaitFunc(t *testing.T, what string, is func(State) bool) State {
	t.Helper()
	return r.awaitAfter(t, 0, what, is)
}

// awaitAfter returns the first state from the one with that number on for which is
// holds.
func (r *running) awaitAfter(t *testing.T, from int, what string, is func(State) bool) State {
	t.Helper()
	deadline := time.After(waittest.Limit)
	for {
		states := r.rec.all()
		for _, s := range states[min(from, len(states)):] {
			if is(s) {
				return s
			}
		}
		select {
		case <-r.rec.news:
		case <-deadline:
			t.Fatalf("%s did not come; the states were:\n%+v\nthe problem is %v", what, states, r.State().Problem)
		}
	}
}

func (r *running) post(t *testing.T, client *http.Client, url string, body []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Webhook-Secret", "hush")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		t.Fatalf("POST %s: %s", url, resp.Status)
	}
	if !bytes.Equal(r.server.lastBody(), body) {
		t.Errorf("a body of %d bytes came as another one of %d", len(body), len(r.server.lastBody()))
	}
}

// hasCode reports whether err is a Problem with that code.
func hasCode(err error, code string) bool {
	var p *Problem
	return errors.As(err, &p) && p.Code == code
}

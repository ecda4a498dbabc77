package delivery

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

// A loopbackPort is a port at both addresses of this machine. What serves is started and
// ended at each of them on its own.
type loopbackPort struct {
	t      *testing.T
	number string
	got    chan string // what was asked, and where
}

// newLoopbackPort finds a port that is free at both addresses.
func newLoopbackPort(t *testing.T) *loopbackPort {
	t.Helper()
	for range 100 {
		four, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, number, _ := net.SplitHostPort(four.Addr().String())
		six, err := net.Listen("tcp", "[::1]:"+number)
		if err != nil {
			_ = four.Close()
			if _, err := net.Listen("tcp", "[::1]:0"); err != nil {
				t.Skipf("this machine has no ::1: %v", err)
			}
			continue
		}
		_, _ = four.Close(), six.Close()
		return &loopbackPort{t: t, number: number, got: make(chan string, 10)}
	}
	t.Fatal("no port is free at both addresses")
	return nil
}

// serve serves at one address until stop is called.
func (p *loopbackPort) serve(host string) (stop func()) {
	p.t.Helper()
	ln, err := net.Listen("tcp", net.JoinHostPort(host, p.number))
	if err != nil {
		p.t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		p.got <- fmt.Sprintf("%s asked for %s, secret %v", host, r.Host, r.Header.Get(secretHeader) != "")
	}))
	server.Listener = ln
	server.Start()
	p.t.Cleanup(server.Close)
	return server.Close
}

// TestPortOfThisMachine sends to a port while it is served at one address, at the other, at
// both and at none.
func TestPortOfThisMachine(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"%s", ":%s/hook", "localhost:%s", "http://app.localhost:%s"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			p := newLoopbackPort(t)
			target := mustTarget(t, fmt.Sprintf(form, p.number))
			host := target.URL.Host
			log := newMemLog()
			out := New(log, Options{Secret: theSecret, Proxy: func(*http.Request) (*url.URL, error) {
				t.Error("a proxy was asked for")
				return nil, nil
			}})
			send := func() event.Delivery {
				t.Helper()
				d, err := out.Send(t.Context(), log.append(hubEvent("{}")), target, event.Replay)
				if err != nil {
					t.Fatal(err)
				}
				out.sender.transport.CloseIdleConnections()
				return d
			}
			if d := send(); !strings.Contains(d.Err, "nothing is listening on 127.0.0.1:"+p.number+" or [::1]:"+p.number) {
				t.Errorf("served nowhere: %s", d.Err)
			}
			stop := p.serve("::1")
			if d := send(); !d.OK() {
				t.Fatalf("served on ::1 alone: %+v", d)
			}
			if got, want := <-p.got, "::1 asked for "+host+", secret true"; got != want {
				t.Errorf("%s, want %s", got, want)
			}

			// Another program at the other address gets nothing, also while the handler is away.
			p.serve("127.0.0.1")
			if d := send(); !d.OK() || !strings.HasPrefix(<-p.got, "::1 ") {
				t.Errorf("served at both: %+v", d)
			}
			stop()
			if d := send(); d.Status != 0 || !strings.Contains(d.Err, "nothing is listening on [::1]:"+p.number) {
				t.Errorf("the handler is away: %+v", d)
			}
			if hint := out.sender.local.portHint(target, ""); !strings.Contains(hint, "something listens on 127.0.0.1:"+p.number+", but your handler answered on [::1]:"+p.number) {
				t.Errorf("the hint is %q", hint)
			}
			p.serve("::1")
			if d := send(); !d.OK() || !strings.HasPrefix(<-p.got, "::1 ") {
				t.Errorf("the handler is back: %+v", d)
			}

			// Where the started command listens is said by the one who has started it.
			out.Settle("127.0.0.1:" + p.number)
			if d := send(); !d.OK() || !strings.HasPrefix(<-p.got, "127.0.0.1 ") {
				t.Errorf("settled elsewhere: %+v", d)
			}
			if diff := cmp.Diff([]string{"127.0.0.1:" + p.number}, out.Addresses(target)); diff != "" {
				t.Errorf("addresses (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOneAddress sends to an address that is written out: the other one gets nothing.
func TestOneAddress(t *testing.T) {
	t.Parallel()
	p := newLoopbackPort(t)
	p.serve("::1")
	d := send(t, Options{Secret: theSecret}, mustTarget(t, "127.0.0.1:"+p.number), hubEvent("{}"))
	if !strings.Contains(d.Err, "nothing is listening on 127.0.0.1:"+p.number) || strings.Contains(d.Err, " or ") || len(p.got) > 0 {
		t.Errorf("%+v", d)
	}
}

func TestIsLocalhost(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "localhost.": true, "app.localhost": true, "a.b.Localhost": true, "app.localhost.": true,
		"": false, "localhost.example.com": false, "applocalhost": false, "127.0.0.1": false, ".localhosts": false,
	} {
		if got := isLocalhost(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}

// TestPortIsNotHalfRead holds that the body is sent once only, where the first address takes
// no connection.
func TestPortIsNotHalfRead(t *testing.T) {
	t.Parallel()
	p := newLoopbackPort(t)
	ln, err := net.Listen("tcp", "[::1]:"+p.number)
	if err != nil {
		t.Fatal(err)
	}
	bodies := make(chan string, 2)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies <- string(body)
	}))
	server.Listener = ln
	server.Start()
	t.Cleanup(server.Close)
	if d := send(t, Options{}, mustTarget(t, p.number), hubEvent(`{"a":1}`)); !d.OK() {
		t.Fatal(d.Err)
	}
	if got := <-bodies; got != `{"a":1}` || len(bodies) > 0 {
		t.Errorf("got %q and %d more", got, len(bodies))
	}
}

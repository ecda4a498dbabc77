package delivery

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hfhook/event"
)

// A request whose path and query had the secret in them gets it back on its way to a target
// that may have the secret, and to no other; what is recorded of it has not.
func TestSecretIsPutBackIntoTheURL(t *testing.T) {
	t.Parallel()
	got := make(chan *url.URL, 1)
	real := handler(t, func(_ http.ResponseWriter, r *http.Request) { got <- r.URL })
	for target, known := range map[string]bool{"127.0.0.1:80": true, "http://example.com": false} {
		out := New(newMemLog(), Options{Secret: theSecret})
		out.sender.transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", real.Address())
		}
		d, err := out.Send(t.Context(), &event.Event{Capture: event.Capture{Path: "/webhooks/[secret]/x", Query: "a=%2F&token=[secret]"}}, mustTarget(t, target), event.Live)
		out.sender.transport.CloseIdleConnections()
		if err != nil || d.Status != 200 {
			t.Fatalf("%+v, %v", d, err)
		}
		want := "[secret]"
		if known {
			want = canary
		}
		if u := <-got; u.Path != "/webhooks/"+want+"/x" || u.Query().Get("token") != want || u.Query().Get("a") != "/" {
			t.Errorf("%s got %s", target, u)
		}
		if !strings.HasSuffix(d.URL, "/webhooks/[secret]/x?a=%2F&token=[secret]") {
			t.Errorf("%s: recorded %s", target, d.URL)
		}
	}
}

package server_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/payload/sample"
	"hfhook/server"
)

// TestAckSent sees what is said of an answer to senders that wait for it, that have the
// whole of it and close the connection at once, and that hang up before.
func TestAckSent(t *testing.T) {
	t.Parallel()
	body, err := sample.New("repo/create", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sent := make(chan event.Arrival, 1)
	s, err := server.New(server.Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	err = s.HandleAny(func(ctx context.Context, e *event.Event) (any, error) {
		if e.Path == "/webhooks/hangs-up" {
			<-ctx.Done()
		}
		capture.OnSent(ctx, func(how event.Arrival) { sent <- how })
		return server.Answer{Status: http.StatusAccepted, Body: []byte(strings.Repeat("x", 5000))}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range 50 { // how soon the connection is closed is chance
		resp, err := client.Post(web.URL+"/webhooks", "application/json", strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.ContentLength != 5000 {
			t.Errorf("the answer has %d bytes", resp.ContentLength)
		}
		if got := <-sent; got != event.Written {
			t.Fatalf("a whole answer is %q", got)
		}
	}

	conn, err := net.Dial("tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /webhooks/hangs-up HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	conn.Close()
	if got := <-sent; got != event.Lost {
		t.Errorf("an answer that nobody waits for is %q", got)
	}

	w := httptest.NewRecorder()
	s.ServeHTTP(struct{ http.ResponseWriter }{w}, httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader(string(body))))
	if got := <-sent; got != "" || w.Code != http.StatusAccepted {
		t.Errorf("through a writer that cannot flush it is %q, with status %d", got, w.Code)
	}
}

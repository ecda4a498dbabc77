package contract_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"hfhook/event"
	"hfhook/internal/contract"
	"hfhook/server"
)

// numbers gives events an id and forgets them.
type numbers struct{ n atomic.Int64 }

func (r *numbers) Record(_ context.Context, e *event.Event) error {
	e.ID = event.ID(fmt.Sprintf("01JD4X7M9C8Q2R5T7V9W%06d", r.n.Add(1)))
	return nil
}
func (*numbers) Reject(event.Rejected) {}

func TestServer(t *testing.T) {
	t.Parallel()
	secret, err := server.ParseSecret(contract.Secret)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Options{Secrets: []server.Secret{secret}, Recorder: &numbers{}, MaxBody: contract.MaxBody, Output: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	defer func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	var dialer net.Dialer
	contract.Run(t, contract.Server{Host: ln.Addr().String(), Dial: func(ctx context.Context) (net.Conn, error) {
		return dialer.DialContext(ctx, "tcp", ln.Addr().String())
	}})
}

// The table is as large as it says, and no case is there twice.
func TestCases(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, c := range contract.Cases() {
		if names[c.Name] {
			t.Errorf("%s is there twice", c.Name)
		}
		names[c.Name] = true
	}
	if len(names) < 400 {
		t.Errorf("%d cases", len(names))
	}
	t.Logf("%d cases", len(names))
}

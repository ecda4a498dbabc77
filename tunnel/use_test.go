package tunnel

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestUse changes the provider while an attempt waits, is under way, and is up.
func TestUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := play(t, func(ctx context.Context, n int, _ string) (Conn, error) {
			if n > 1 {
				<-ctx.Done()
			}
			return nil, errors.New("broken")
		})
		defer p.stop()
		if p.State().Phase != Waiting {
			t.Fatalf("at first: %+v", p.State())
		}
		first := newPlayedConn()
		first.url = "https://first.example"
		p.Use(&script{open: func(context.Context, int, string) (Conn, error) { return first, nil }}) // out of Waiting
		synctest.Wait()
		if s := p.State(); s.Phase != Up || s.URL != first.url || s.Problem != nil {
			t.Fatalf("then: %+v", s)
		}
		hanging := &script{open: func(ctx context.Context, _ int, want string) (Conn, error) {
			if want != "" {
				t.Errorf("the other provider is asked for %s", want)
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		p.Use(hanging) // while up
		synctest.Wait()
		if s := p.State(); s.Phase != Connecting || s.URL != "" || !isClosed(first.closed) {
			t.Errorf("while the next one opens: %+v", s)
		}
		p.Use(Own{URL: "https://own.example/"}) // while opening
		synctest.Wait()
		if s := p.State(); s.Phase != Up || s.Provider != "own" || s.URL != "https://own.example" {
			t.Errorf("at last: %+v", s)
		}
		after(time.Hour)
		if s := p.State(); s.Phase != Up {
			t.Errorf("it does not last: %+v", s)
		}
	})
}

// TestUseOfNone gives a tunnel that was made without a provider one, and says of the change
// from an open one to the next that it connects, not that anything was lost.
func TestUseOfNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var states []State
		tun := New(nil, Options{
			Serve:  func(ctx context.Context, _ net.Listener) error { <-ctx.Done(); return nil },
			Report: func(s State) { states = append(states, s) },
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- tun.Run(ctx) }()
		tun.Retry()
		tun.Drop()
		synctest.Wait()
		if s := tun.State(); s.Phase != Off || s.Provider != "" || len(states) != 0 {
			t.Fatalf("with no provider: %+v, %v", s, states)
		}
		conn := newPlayedConn()
		conn.url = "https://first.example"
		tun.Use(&script{open: func(context.Context, int, string) (Conn, error) { return conn, nil }})
		synctest.Wait()
		if s := tun.State(); s.URL != conn.url {
			t.Errorf("then: %+v", s)
		}
		states = nil
		tun.Use(&script{open: func(ctx context.Context, _ int, _ string) (Conn, error) { return nil, errors.New("broken") }})
		synctest.Wait()
		if len(states) == 0 || states[0].Phase != Connecting || states[0].URL != "" {
			t.Errorf("the change is told as %+v", states)
		}
		for _, s := range states {
			if !s.Lost.IsZero() {
				t.Errorf("lost: %+v", s)
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

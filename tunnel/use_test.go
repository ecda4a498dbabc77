package tunnel

import (
	"context"
	"errors"
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
		stuck := &script{open: func(ctx context.Context, _ int, want string) (Conn, error) {
			if want != "" {
				t.Errorf("the other provider is asked for %s", want)
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		p.Use(stuck) // while up
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

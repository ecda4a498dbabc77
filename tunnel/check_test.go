package tunnel

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// Probes cost quota: a quick series first, then one each 30 seconds.
func TestProbesSlowDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newPlayedConn()
		p := play(t, func(context.Context, int, string) (Conn, error) { return conn, nil })
		defer p.stop()
		p.loop.set(edgeSays(502, ""))
		p.Retry()
		synctest.Wait()
		s := p.State()
		if s.Phase != Checking || s.Problem == nil || s.Problem.Fatal || time.Until(s.Retry) != 500*time.Millisecond {
			t.Errorf("after the first one: %+v", s)
		}
		before := p.loop.count()
		after(time.Minute)
		if n := p.loop.count() - before; n != 6 { // at 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s
			t.Errorf("%d probes in the first minute, want 6", n)
		}
		before = p.loop.count()
		after(time.Hour)
		if n := p.loop.count() - before; n != 120 {
			t.Errorf("%d probes in an hour, want 120", n)
		}
		p.loop.set(nil)
		after(30 * time.Second)
		before = p.loop.count()
		after(24 * time.Hour)
		if p.State().Phase != Up || p.loop.count() != before {
			t.Errorf("up: %+v, and %d probes in a day", p.State(), p.loop.count()-before)
		}
	})
}

func TestProbeTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := play(t, func(context.Context, int, string) (Conn, error) { return newPlayedConn(), nil })
		defer p.stop()
		p.loop.set(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		p.Retry()
		after(9 * time.Second)
		if s := p.State(); s.Problem != nil {
			t.Errorf("too early: %+v", s)
		}
		after(2 * time.Second)
		if s := p.State(); s.Phase != Checking || s.Problem == nil || s.Problem.Message != notReached+"it does not answer" {
			t.Errorf("%+v", s)
		}
	})
}

// The edges of a service learn of a new URL one after the other.
func TestFreshURLIsGivenTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newPlayedConn()
		release := make(chan struct{})
		p := play(t, func(context.Context, int, string) (Conn, error) {
			<-release
			return conn, nil
		})
		defer p.stop()
		p.loop.set(edgeSays(404, codeOffline))
		close(release)
		after(5 * time.Second)
		if s := p.State(); s.Phase != Checking || s.Problem != nil {
			t.Errorf("after five seconds: %+v", s)
		}
		after(20 * time.Second)
		if s := p.State(); s.Phase != Checking || s.Problem == nil || s.Problem.Code != codeOffline {
			t.Errorf("after 25 seconds: %+v", s)
		}
	})
}

// A quota that is used up is no reason to use more of it.
func TestFatalProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newPlayedConn()
		p := play(t, func(context.Context, int, string) (Conn, error) { return conn, nil })
		defer p.stop()
		p.loop.set(edgeSays(429, "ERR_NGROK_727"))
		p.Retry()
		synctest.Wait()
		before := p.loop.count()
		after(24 * time.Hour)
		s := p.State()
		if s.Phase != Down || s.Problem.Code != "ERR_NGROK_727" || s.Problem.Fix == "" || p.loop.count() != before {
			t.Errorf("%+v, %d probes in a day", s, p.loop.count()-before)
		}
		if isClosed(conn.closed) {
			t.Error("the connection was closed")
		}
		p.loop.set(nil)
		p.Retry()
		synctest.Wait()
		if p.State().Phase != Up {
			t.Errorf("%+v", p.State())
		}
	})
}

func TestWakeUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fail := false
		p := play(t, func(context.Context, int, string) (Conn, error) {
			if fail {
				return nil, &Problem{Message: "no"}
			}
			return newPlayedConn(), nil
		})
		defer p.stop()
		probes := p.loop.count()
		p.sleep(10 * time.Second) // load, or a clock that was set
		after(wakeTick)
		if p.loop.count() != probes {
			t.Error("a late tick was taken for sleep")
		}
		p.sleep(time.Hour)
		after(wakeTick)
		if p.State().Phase != Up || p.loop.count() != probes+1 {
			t.Errorf("after sleep: %+v, %d probes", p.State(), p.loop.count()-probes)
		}

		fail = true
		p.Drop()
		p.sleep(time.Hour)
		after(wakeTick)
		if p.State().Phase != Off {
			t.Errorf("a wake-up undid Drop: %+v", p.State())
		}
		p.Retry()
		after(40 * time.Second)
		n, s := p.script.count(), p.State()
		if s.Phase != Waiting || time.Until(s.Retry) <= wakeTick {
			t.Fatalf("the test needs a long wait, not %v", time.Until(s.Retry))
		}
		p.sleep(time.Hour)
		after(wakeTick)
		if p.script.count() != n+1 {
			t.Errorf("%d attempts after waking up, want 1", p.script.count()-n)
		}
	})
}

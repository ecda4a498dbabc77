package tunnel

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPhasesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newPlayedConn()
		p := play(t, func(context.Context, int, string) (Conn, error) {
			time.Sleep(time.Second)
			return conn, nil
		})
		p.loop.set(func(r *http.Request) (*http.Response, error) {
			time.Sleep(40 * time.Millisecond)
			return nil, errors.New("not yet")
		})
		after(1020 * time.Millisecond)
		if s := p.State(); s.Phase != Checking || s.URL != conn.url || s.Problem != nil {
			t.Errorf("while the probe is on its way: %+v", s)
		}
		p.loop.set(nil)
		after(time.Second)
		s := p.State()
		if s.Phase != Up || s.Provider != "script" || s.Latency <= 0 || s.Attempt != 0 || s.Problem != nil || !s.Retry.IsZero() {
			t.Errorf("up: %+v", s)
		}
		p.stop()
		if diff := cmp.Diff([]Phase{Connecting, Checking, Up, Off}, p.rec.phases()); diff != "" {
			t.Error(diff)
		}
		if !isClosed(conn.closed) || !isClosed(conn.unbind) {
			t.Error("the connection was not closed")
		}
		if err := p.Run(t.Context()); err == nil {
			t.Error("Run could be called a second time")
		}
	})
}

func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := play(t, func(context.Context, int, string) (Conn, error) {
			return nil, &Problem{Code: "ERR_NGROK_108", Message: "too many"}
		})
		defer p.stop()
		var waits []time.Duration
		for attempt := 1; attempt <= 7; attempt++ {
			s := p.State()
			if s.Phase != Waiting || s.Attempt != attempt || s.Problem == nil || s.Problem.Code != "ERR_NGROK_108" {
				t.Fatalf("attempt %d: %+v", attempt, s)
			}
			wait := time.Until(s.Retry)
			waits = append(waits, wait)
			after(wait)
		}
		want := []time.Duration{2, 4, 8, 16, 30, 30, 30}
		for i := range want {
			want[i] *= time.Second
		}
		if diff := cmp.Diff(want, waits); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFatalStaysDownUntilRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reconnected := false
		p := play(t, func(context.Context, int, string) (Conn, error) {
			if !reconnected {
				return nil, &Problem{Message: "no", Fatal: true}
			}
			return newPlayedConn(), nil
		})
		defer p.stop()
		after(24 * time.Hour)
		if s := p.State(); s.Phase != Down || p.script.count() != 1 || p.since(s.Since) != 0 {
			t.Errorf("after a day: %+v, attempts %d", s, p.script.count())
		}
		p.Retry()
		synctest.Wait()
		if p.State().Phase != Down || p.script.count() != 2 {
			t.Errorf("Retry made no attempt")
		}
		reconnected = true
		p.Retry()
		synctest.Wait()
		if s := p.State(); s.Phase != Up || s.Problem != nil {
			t.Errorf("reconnected: %+v", s)
		}
	})
}

func TestRetryAndDrop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var conn *playedConn
		fail := true
		p := play(t, func(ctx context.Context, n int, want string) (Conn, error) {
			if fail {
				return nil, errors.New("broken")
			}
			conn = newPlayedConn()
			return conn, nil
		})
		defer p.stop()

		p.Retry() // out of Waiting
		synctest.Wait()
		if p.script.count() != 2 {
			t.Errorf("Retry while waiting: %d attempts, want 2", p.script.count())
		}
		p.Drop() // out of Waiting
		after(time.Hour)
		if s := p.State(); s.Phase != Off || s.Problem != nil || p.script.count() != 2 {
			t.Errorf("dropped while waiting: %+v, attempts %d", s, p.script.count())
		}
		fail = false
		p.Retry() // out of Off
		synctest.Wait()
		if p.State().Phase != Up {
			t.Fatalf("after Retry: %+v", p.State())
		}
		probes := p.loop.count()
		p.Retry() // while up
		synctest.Wait()
		if p.State().Phase != Up || p.loop.count() != probes+1 || p.script.count() != 3 {
			t.Errorf("Retry while up: %+v, %d probes, %d attempts", p.State(), p.loop.count()-probes, p.script.count())
		}
		p.Drop() // while up
		synctest.Wait()
		if s := p.State(); s.Phase != Off || s.URL != "" || !isClosed(conn.closed) {
			t.Errorf("dropped while up: %+v", s)
		}
		p.Drop()
		p.Retry() // the newest order counts
		synctest.Wait()
		if p.State().Phase != Up {
			t.Errorf("Drop and then Retry: %+v", p.State())
		}
	})
}

func TestDropWhileOpening(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := newPlayedConn()
		p := play(t, func(ctx context.Context, n int, want string) (Conn, error) {
			<-ctx.Done()
			if n == 1 {
				return late, nil // it came all the same
			}
			return nil, ctx.Err()
		})
		defer p.stop()
		for n := 1; n <= 2; n++ {
			p.Drop()
			synctest.Wait()
			if p.State().Phase != Off {
				t.Errorf("opening %d: %+v", n, p.State())
			}
			p.Retry()
			synctest.Wait()
			if p.State().Phase != Connecting {
				t.Errorf("opening %d again: %+v", n, p.State())
			}
		}
		if !isClosed(late.closed) {
			t.Error("a connection that nobody wanted stayed open")
		}
	})
}

func TestOpenTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := play(t, func(ctx context.Context, n int, want string) (Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		defer p.stop()
		after(30 * time.Second)
		if s := p.State(); s.Phase != Waiting || s.Problem == nil {
			t.Errorf("after OpenTimeout: %+v", s)
		}
	})
}

func TestLostAndReconnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newPlayedConn()
		p := play(t, func(context.Context, int, string) (Conn, error) { return conn, nil })
		defer p.stop()
		conn.events <- ConnEvent{Latency: 7 * time.Millisecond}
		after(time.Minute)
		if s := p.State(); s.Phase != Up || s.Latency != 7*time.Millisecond {
			t.Fatalf("before: %+v", s)
		}

		lostAt := time.Now()
		steps := []struct {
			event ConnEvent
			then  time.Duration
			phase Phase
			tries int
		}{
			{ConnEvent{Lost: errors.New("EOF")}, 0, Connecting, 1},
			{ConnEvent{Lost: errors.New("refused"), Retry: 500 * time.Millisecond}, 0, Waiting, 1},
			{ConnEvent{Latency: time.Millisecond}, 500 * time.Millisecond, Connecting, 2},
			{ConnEvent{Lost: errors.New("refused"), Retry: time.Second}, 0, Waiting, 2},
			{ConnEvent{Latency: time.Millisecond}, time.Second, Connecting, 3},
		}
		for i, step := range steps {
			conn.events <- step.event
			synctest.Wait()
			if step.event.Retry > 0 {
				if s := p.State(); !s.Retry.Equal(time.Now().Add(step.event.Retry)) {
					t.Errorf("step %d: the countdown ends in %v, want %v", i, time.Until(s.Retry), step.event.Retry)
				}
			}
			after(step.then)
			s := p.State()
			if s.Phase != step.phase || s.Attempt != step.tries || s.URL != conn.url || s.Problem == nil || !s.Since.Equal(lostAt) {
				t.Errorf("step %d: %+v, lost at %v", i, s, lostAt)
			}
			if s.Phase != Waiting && !s.Retry.IsZero() {
				t.Errorf("step %d: a countdown in the phase %s", i, s.Phase)
			}
		}

		probes := p.loop.count()
		p.loop.set(edgeSays(502, ""))
		conn.events <- ConnEvent{}
		synctest.Wait()
		if s := p.State(); s.Phase != Checking || !s.Since.Equal(lostAt) || s.Retry.IsZero() {
			t.Errorf("the link is back, the way is not: %+v", s)
		}
		p.loop.set(nil)
		after(time.Second)
		if s := p.State(); s.Phase != Up || s.Attempt != 0 || s.Since.Equal(lostAt) || p.loop.count() != probes+2 {
			t.Errorf("reconnected: %+v, %d probes", s, p.loop.count()-probes)
		}
		if p.script.count() != 1 {
			t.Errorf("opened %d times", p.script.count())
		}
	})
}

// A client that hangs is replaced, under the same URL; Retry does so at once.
func TestLostForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var wants []string
		var conns []*playedConn
		p := play(t, func(_ context.Context, _ int, want string) (Conn, error) {
			wants = append(wants, want)
			conns = append(conns, newPlayedConn())
			return conns[len(conns)-1], nil
		})
		defer p.stop()
		conns[0].events <- ConnEvent{Lost: errors.New("EOF")}
		after(reconnectTimeout)
		if len(conns) != 2 || !isClosed(conns[0].closed) || p.State().Phase != Up {
			t.Fatalf("hanging: %d connections, %+v", len(conns), p.State())
		}
		conns[1].events <- ConnEvent{Lost: errors.New("EOF"), Retry: 30 * time.Second}
		p.Retry()
		synctest.Wait()
		if len(conns) != 3 || p.State().Phase != Up {
			t.Fatalf("Retry: %d connections, %+v", len(conns), p.State())
		}
		if diff := cmp.Diff([]string{"", conns[0].url, conns[0].url}, wants); diff != "" {
			t.Error(diff)
		}
	})
}

func TestEnded(t *testing.T) {
	stopped := &Problem{Message: "stopped", Fatal: true}
	for name, c := range map[string]struct {
		end  func(*playedConn)
		want Phase
	}{
		"event, for now":   {func(c *playedConn) { c.events <- ConnEvent{Ended: errors.New("gone")} }, Waiting},
		"event, for good":  {func(c *playedConn) { c.events <- ConnEvent{Ended: stopped} }, Down},
		"accept, for now":  {func(c *playedConn) { c.fail <- errors.New("gone") }, Waiting},
		"accept, for good": {func(c *playedConn) { c.fail <- stopped }, Down},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := newPlayedConn()
				p := play(t, func(context.Context, int, string) (Conn, error) { return conn, nil })
				defer p.stop()
				c.end(conn)
				synctest.Wait()
				if s := p.State(); s.Phase != c.want || s.Problem == nil || !isClosed(conn.closed) {
					t.Errorf("%+v", s)
				}
			})
		})
	}
}

// A tunnel that breaks as soon as it is up must not be opened at the pace of a first
// failure for ever.
func TestFlapping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := play(t, func(context.Context, int, string) (Conn, error) {
			conn := newPlayedConn()
			time.AfterFunc(time.Second, func() { conn.fail <- errors.New("gone") })
			return conn, nil
		})
		defer p.stop()
		after(10 * time.Minute)
		if n := p.script.count(); n > 30 {
			t.Errorf("%d connections in ten minutes", n)
		}
	})
}

func TestBackoffRestartsAfterALongTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newPlayedConn()
		p := play(t, func(_ context.Context, n int, _ string) (Conn, error) {
			if n == 5 {
				return conn, nil
			}
			return nil, errors.New("broken")
		})
		defer p.stop()
		after(31 * time.Second) // 2 + 4 + 8 + 16
		if p.State().Phase != Up {
			t.Fatalf("%+v", p.State())
		}
		after(time.Hour)
		conn.fail <- errors.New("gone")
		synctest.Wait()
		if s := p.State(); s.Phase != Waiting || time.Until(s.Retry) != 2*time.Second {
			t.Errorf("the wait is %v, want 2s: %+v", time.Until(s.Retry), s)
		}
	})
}

func TestServerStops(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want Phase
	}{
		"in good order": {nil, Off},
		"closed":        {http.ErrServerClosed, Off},
		"broken":        {errors.New("broken"), Down},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stop := make(chan struct{})
				p := play(t, func(context.Context, int, string) (Conn, error) { return newPlayedConn(), nil },
					func(o *Options) {
						o.Serve = func(context.Context, net.Listener) error {
							<-stop
							return c.err
						}
					})
				defer p.stop()
				if p.State().Phase != Up {
					t.Fatalf("%+v", p.State())
				}
				close(stop)
				synctest.Wait()
				if s := p.State(); s.Phase != c.want {
					t.Errorf("%+v", s)
				}
			})
		})
	}
}

// A request under way gets its answer before the link is cut, if that does not take
// too long.
func TestCloseWithARequestInFlight(t *testing.T) {
	for name, c := range map[string]struct {
		takes time.Duration
		want  bool // answered
	}{
		"quick": {3 * time.Second, true},
		"slow":  {time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := newPlayedConn()
				handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					select {
					case <-time.After(c.takes):
					case <-r.Context().Done():
					}
					_, _ = io.WriteString(w, "done")
				})
				p := play(t, func(context.Context, int, string) (Conn, error) { return conn, nil },
					func(o *Options) { o.Serve = serveHTTP(handler) })

				ours, theirs := net.Pipe()
				go func() { // the service passes a request on, and cuts it off when the link goes
					conn.conns <- theirs
					<-conn.closed
					_ = ours.Close()
				}()
				answered := make(chan bool, 1)
				go func() {
					_, _ = io.WriteString(ours, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
					got := make([]byte, 12)
					_, err := io.ReadFull(ours, got)
					answered <- err == nil && strings.HasPrefix(string(got), "HTTP/1.1 200")
					_, _ = io.Copy(io.Discard, ours)
				}()
				synctest.Wait()
				begin := time.Now()
				p.stop()
				least := min(c.takes, 5*time.Second)
				if took := time.Since(begin); took < least || took > least+time.Second {
					t.Errorf("closing took %v", took)
				}
				if got := <-answered; got != c.want {
					t.Errorf("answered: %v, want %v", got, c.want)
				}
			})
		})
	}
}

func TestNoProvider(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tun := New(nil, Options{Report: func(s State) { t.Errorf("reported %+v", s) }})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- tun.Run(ctx) }()
		tun.Retry()
		tun.Drop()
		synctest.Wait()
		if s := tun.State(); s.Phase != Off || s.Provider != "" {
			t.Errorf("%+v", s)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// What is reported is every change, and the last report is the state.
func TestReports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := play(t, func(_ context.Context, n int, _ string) (Conn, error) {
			if n < 3 {
				return nil, errors.New("broken")
			}
			return newPlayedConn(), nil
		})
		after(time.Minute)
		p.stop()
		states := p.rec.all()
		for i := 1; i < len(states); i++ {
			if states[i] == states[i-1] {
				t.Errorf("report %d is not a change: %+v", i, states[i])
			}
		}
		if last := states[len(states)-1]; last != p.State() {
			t.Errorf("the last report is %+v, the state %+v", last, p.State())
		}
	})
}

//go:build !race

// The SDK itself has races in what is tested here: when a heartbeat times out, and
// when a session is given up while it says who it is.

package tunnel

import (
	"testing"
	"time"

	"hfhook/internal/ngroktest"
)

// A link that is dead without a word is detected and replaced.
func TestNgrokHeartbeatTimesOut(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	n := s.provider.(*Ngrok)
	n.heartbeat, n.tolerance = 50*time.Millisecond, 100*time.Millisecond
	r := run(t, s, nil)
	before := r.await(t, Up)
	r.awaitFunc(t, "a heartbeat", func(st State) bool { return st.Phase == Up && st.Latency != before.Latency })
	seen := len(r.rec.all())
	fake.MuteHeartbeats(true)
	r.awaitAfter(t, seen, "the loss", func(st State) bool { return st.Phase == Connecting && st.Problem != nil })
	fake.MuteHeartbeats(false)
	after := r.awaitAfter(t, seen, "the recovery", func(st State) bool { return st.Phase == Up && st.Since != before.Since })
	if after.URL != before.URL {
		t.Errorf("the URL was %s and is %s", before.URL, after.URL)
	}
	if auths := fake.Auths(); auths[len(auths)-1].Cookie == "" {
		t.Error("the session was opened again")
	}
}

func TestNgrokClosesWhileConnecting(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	for range 20 {
		r := run(t, s, nil)
		r.await(t, Connecting)
		r.stop(t)
	}
	if urls := fake.Online(); len(urls) != 0 {
		t.Errorf("still online: %v", urls)
	}
}

// Package waittest waits in tests for what another goroutine or another process does.
// A test waits for the thing itself, never for a time in which it ought to have happened.
package waittest

import (
	"os"
	"testing"
	"time"
)

// Limit is how long a wait lasts before the test fails. Only a defect reaches it: it is far
// above what a machine needs that has twenty times as much to do as it can.
const Limit = 2 * time.Minute

// Poll calls done until it reports true, in the caller's goroutine, and reports whether that
// happened within Limit. It is for what gives no signal, such as a file that another process
// writes; for everything else there are channels.
func Poll(done func() bool) bool {
	pause := time.Millisecond
	for end := time.Now().Add(Limit); !done(); {
		if time.Now().After(end) {
			return false
		}
		time.Sleep(pause)
		pause = min(2*pause, 16*time.Millisecond)
	}
	return true
}

// Until polls, and fails the test if what is waited for does not happen.
func Until(t testing.TB, what string, done func() bool) {
	t.Helper()
	if !Poll(done) {
		t.Fatalf("%s did not happen within %v", what, Limit)
	}
}

// Receive returns what comes from a channel, or the zero value if it is closed, and fails
// the test after Limit.
func Receive[T any](t testing.TB, what string, from <-chan T) T {
	t.Helper()
	timer := time.NewTimer(Limit)
	defer timer.Stop()
	select {
	case value := <-from:
		return value
	case <-timer.C:
		t.Fatalf("%s did not happen within %v", what, Limit)
		panic("unreachable")
	}
}

// File returns the text of a file once the file is there. The one who writes it has to put
// it in place whole, for example by renaming it.
func File(t testing.TB, name string) string {
	t.Helper()
	var text []byte
	var err error
	read := func() bool {
		text, err = os.ReadFile(name)
		return err == nil
	}
	if !Poll(read) {
		t.Fatalf("within %v: %v", Limit, err)
	}
	return string(text)
}

package tui

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is the time that this goroutine has computed, which other programs on the
// machine make no longer. It keeps the goroutine on its thread.
func threadTime() time.Duration {
	runtime.LockOSThread()
	var ts unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts) != nil {
		return 0
	}
	return time.Duration(ts.Nano())
}

// Package crash gives the terminal back after the end that a program cannot see coming:
// a panic in a goroutine that nobody guards, be it one of a library's, or an error of the
// runtime. Go then writes the reason and ends the process, and none of the program's own
// code runs any more to leave the alternate screen and the raw mode.
//
// So a shell waits beside it, hears the runtime begin to write, and does it in its place:
//
//	release := crash.Guard(os.Stdout, log, "The log has the details: "+log.Name())
//	defer release()
//
// If there is no shell, and on Windows, the reason is in the log all the same.
package crash

import (
	"os"
	"runtime/debug"
)

// Guard begins to wait, with the terminal as it is now being how it is to be given back.
// say is what the terminal shows after a crash. What is written to the standard error goes
// to log meanwhile, except for programs that are given os.Stderr: on the screen it would be
// a mess, and after a crash it would bury what is said. release ends all that.
func Guard(terminal, log *os.File, say string) (release func()) {
	undo, err := guard(terminal, log, say)
	if err != nil {
		_ = debug.SetCrashOutput(log, debug.CrashOptions{})
		return func() { _ = debug.SetCrashOutput(nil, debug.CrashOptions{}) }
	}
	return undo
}

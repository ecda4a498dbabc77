//go:build !linux

package signals

import (
	"os"
	"os/signal"
)

// quitIgnored reports whether the process was started to ignore SIGQUIT. Go does not tell,
// but shells ignore it together with SIGINT.
func quitIgnored() bool { return signal.Ignored(os.Interrupt) }

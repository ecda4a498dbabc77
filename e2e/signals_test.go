//go:build unix

package e2e

import (
	"os/exec"
	"syscall"
	"testing"
)

// TestIgnoredSignals starts hfhook as other programs start it, with signals ignored. The
// last signal ends it, unless one before has, with another exit code.
func TestIgnoredSignals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, ignored string
		signals       []syscall.Signal
		code          int
	}{
		{"none", "", []syscall.Signal{syscall.SIGHUP}, 129},
		{"nohup", "HUP", []syscall.Signal{syscall.SIGHUP, syscall.SIGINT}, 130},
		{"quit", "QUIT", []syscall.Signal{syscall.SIGQUIT, syscall.SIGTERM}, 143},
		{"quit and hup", "QUIT HUP", []syscall.Signal{syscall.SIGQUIT, syscall.SIGHUP, syscall.SIGINT}, 130},
		{"quit by default", "HUP", []syscall.Signal{syscall.SIGQUIT}, 2},
		{"in the background", "INT QUIT", []syscall.Signal{syscall.SIGQUIT, syscall.SIGINT}, 130},
		{"terminated", "TERM", []syscall.Signal{syscall.SIGTERM}, 143},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			script := `exec "$0" "$@"`
			if tt.ignored != "" {
				script = "trap '' " + tt.ignored + "; " + script
			}
			p := h.start(exec.Command("sh", append([]string{"-c", script, binary}, devArgs("--tunnel", "none")...)...))
			for _, s := range tt.signals {
				if err := p.cmd.Process.Signal(s); err != nil {
					t.Fatal(err)
				}
			}
			<-p.ended
			if code := p.cmd.ProcessState.ExitCode(); code != tt.code {
				t.Errorf("exit code %d, want %d: %s", code, tt.code, p.stderr)
			}
		})
	}
}

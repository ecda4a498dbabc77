package screen

import (
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBrowser(t *testing.T) {
	over := "SSH_TTY=/dev/pts/0"
	tests := []struct {
		system string
		env    Environment
		want   []string
	}{
		{"linux", nil, nil},
		{"linux", Environment{"DISPLAY=:0"}, []string{"xdg-open", "https://x"}},
		{"linux", Environment{"WAYLAND_DISPLAY=w"}, []string{"xdg-open", "https://x"}},
		{"linux", Environment{"DISPLAY=:0", over}, nil},
		{"linux", Environment{over, "BROWSER=firefox --new-tab:w3m"}, []string{"firefox", "--new-tab", "https://x"}},
		{"linux", Environment{"BROWSER=open-it --url=%s now"}, []string{"open-it", "--url=https://x", "now"}},
		{"darwin", nil, []string{"open", "https://x"}},
		{"darwin", Environment{over}, nil},
		{"windows", nil, []string{"rundll32", "url.dll,FileProtocolHandler", "https://x"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.env.browserOn(tt.system, "https://x")); diff != "" {
			t.Errorf("%s %v (-want +got):\n%s", tt.system, tt.env, diff)
		}
	}
}

func TestPipe(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh")
	}
	run := func(script string) (string, error) {
		var out strings.Builder
		c := &piped{Cmd: exec.Command("sh", "-c", script), ctx: t.Context()}
		c.Stdin = strings.NewReader("the body")
		c.SetStdin(strings.NewReader("no\n"))
		c.SetStdout(&out)
		c.SetStderr(io.Discard)
		err := c.Run()
		return out.String(), err
	}
	if out, err := run("tr a-z A-Z"); err != nil || !strings.HasPrefix(out, "THE BODY\n[done:") {
		t.Errorf("got %q, %v", out, err)
	}
	if _, err := run("exec <&-; sleep 0"); err != nil {
		t.Errorf("a command that does not read: %v", err)
	}
	out, err := run("exit 3")
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.Contains(out, "exit code 3") {
		t.Errorf("got %q, %v", out, err)
	}
}

package screen

import (
	"errors"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBrowser(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the rules are those of a desktop on Linux")
	}
	tests := []struct {
		env  Environment
		want []string
	}{
		{nil, nil},
		{Environment{"DISPLAY=:0"}, []string{"xdg-open", "https://x"}},
		{Environment{"WAYLAND_DISPLAY=w"}, []string{"xdg-open", "https://x"}},
		{Environment{"DISPLAY=:0", "SSH_TTY=/dev/pts/0"}, nil},
		{Environment{"SSH_TTY=/dev/pts/0", "BROWSER=firefox --new-tab:w3m"}, []string{"firefox", "--new-tab", "https://x"}},
		{Environment{"BROWSER=open-it --url=%s now"}, []string{"open-it", "--url=https://x", "now"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.env.browser("https://x")); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.env, diff)
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
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.Contains(out, "exit status 3") {
		t.Errorf("got %q, %v", out, err)
	}
}

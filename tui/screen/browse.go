package screen

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"hfhook/tui/style"
)

// Browse opens a web page in the browser of a user with this environment, which is in
// the form of os.Environ. It returns false if there is none, as over SSH, or where
// it fails: the page's address is then for the user to take.
func Browse(ctx context.Context, env []string, page string) (opened bool) {
	args := Environment(env).browser(page)
	if len(args) == 0 || !style.IsPage(page) {
		return false
	}
	cmd := exec.Command(args[0], args[1:]...) // it may be the browser itself, which outlives hfhook
	cmd.Env = env
	if slices.Contains(textBrowsers, filepath.Base(args[0])) {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		return cmd.Run() == nil
	}
	if cmd.Start() != nil {
		return false
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err == nil
	case <-time.After(browserTime):
	case <-ctx.Done():
	}
	return true
}

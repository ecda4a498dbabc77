package tui

// What the screen and the command line have in common: the keys in words, the page of
// an event, and the ways to a browser and to the clipboard.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"hfhook/payload"
)

// KeyHelp is a text for people: every key of every screen, by group, with the name of
// its action in a Keymap, which is applied, and the command that does the same. One key may have
// a meaning in one screen and another one elsewhere.
func KeyHelp(chosen Keymap) string {
	var b strings.Builder
	for _, group := range helpGroups {
		fmt.Fprintf(&b, "%s\n", group)
		for _, k := range chosen.apply(everyBinding(), false) {
			if k.group == group {
				label := k.label + strings.Repeat(" ", max(10-width(k.label), 1))
				line := fmt.Sprintf("  %s%-24s %-18s %s", label, k.help, k.name, k.command)
				b.WriteString(strings.TrimRight(line, " ") + "\n")
			}
		}
	}
	return b.String()
}

// Page is the web page on the Hub that a payload is about: the comment, else the
// discussion, the commit, or the repository; empty where it names none.
func Page(p *payload.Payload) string { return page(p, "") }

// Browse opens a web page in the browser of a user with this environment, which is in
// the form of os.Environ. It returns false where there is none, as over SSH, or where
// it fails: the page's address is then for the user to take.
func Browse(ctx context.Context, env []string, page string) (opened bool) {
	args := environment(env).browser(page)
	if len(args) == 0 || !isPage(page) {
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

// Copy puts a text on the clipboard of a user with this environment, and says how: "by
// tmux". The terminal is where its escape sequence goes if that is the way; nil where
// there is none.
func Copy(ctx context.Context, env []string, terminal io.Writer, text string) (how string, err error) {
	how, write, err := newClipboard(env).put(ctx, text)
	if err != nil || write == nil {
		return how, err
	}
	if terminal == nil {
		return "", errors.New("there is neither a clipboard program nor a terminal that could take it")
	}
	_, err = io.WriteString(terminal, ansi.SetSystemClipboard(text))
	return how, err
}

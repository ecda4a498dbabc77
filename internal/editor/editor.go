// Package editor knows the user's editor: what it is called, and how it is started on
// a file, at a line where it can be told one.
//
//	cmd := editor.Command(ctx, editor.Of(os.Getenv), "body.json", 12)
package editor

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Of returns the user's editor: VISUAL, EDITOR or what the system has. It may be a
// command with arguments.
func Of(env func(name string) string) string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if editor := strings.TrimSpace(env(name)); editor != "" {
			return editor
		}
	}
	if runtime.GOOS == "windows" {
		return "notepad"
	}
	return "vi"
}

// Command runs an editor on a file. On Unix the shell reads the editor's name, as it
// does for git, so quotation marks work in it. A line from 1 is where the editor is to
// begin, if it is known how it is told; with 0 it begins where it likes.
func Command(ctx context.Context, editor, file string, line int) *exec.Cmd {
	args := arguments(editor, file, line)
	if runtime.GOOS == "windows" {
		words := append(strings.Fields(editor), args...)
		return exec.CommandContext(ctx, words[0], words[1:]...)
	}
	return exec.CommandContext(ctx, "sh", append([]string{"-c", editor + ` "$@"`, editor}, args...)...)
}

var (
	// plusLine are the editors that take +12 before the file.
	plusLine = []string{"vi", "vim", "nvim", "view", "gvim", "ex", "nano", "pico", "emacs", "emacsclient", "micro", "kak", "joe", "jed", "mg", "ne", "mcedit", "vis"}
	// colonLine are those that take file:12, after an option where they want one.
	colonLine = map[string]string{"hx": "", "helix": "", "subl": "", "zed": "", "code": "--goto", "code-insiders": "--goto", "codium": "--goto", "cursor": "--goto"}
)

func arguments(editor, file string, line int) []string {
	words := strings.Fields(editor)
	if line < 1 || len(words) == 0 {
		return []string{file}
	}
	name := strings.ToLower(strings.TrimSuffix(filepath.Base(strings.Trim(words[0], `"'`)), ".exe"))
	if slices.Contains(plusLine, name) {
		return []string{"+" + strconv.Itoa(line), file}
	}
	option, known := colonLine[name]
	switch {
	case !known:
		return []string{file}
	case option == "":
		return []string{fmt.Sprintf("%s:%d", file, line)}
	}
	return []string{option, fmt.Sprintf("%s:%d", file, line)}
}

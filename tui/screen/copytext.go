package screen

import (
	"context"
	"errors"
	"io"

	"github.com/charmbracelet/x/ansi"
)

// Copy puts a text on the clipboard of a user with this environment, and says how: "by
// tmux". The terminal is where its escape sequence goes if that is the way; nil if
// there is none.
func Copy(ctx context.Context, env []string, terminal io.Writer, text string) (how string, err error) {
	how, write, err := NewClipboard(env).put(ctx, text)
	if err != nil || write == nil {
		return how, err
	}
	if terminal == nil {
		return "", errors.New("no clipboard: no clipboard program found, and the terminal does not support copying")
	}
	_, err = io.WriteString(terminal, ansi.SetSystemClipboard(text))
	return how, err
}

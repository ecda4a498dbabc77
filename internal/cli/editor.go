package cli

// A text in the user's editor.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hfhook/internal/editor"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
)

// inEditor has the user edit a text and returns what was saved. Where that has to be
// JSON and is none, it goes back to the editor, if there is somebody to be asked;
// otherwise the file is left where it is, for it is somebody's work.
func (p *program) inEditor(ctx context.Context, name string, text []byte, wantJSON bool) (edited []byte, err error) {
	dir, err := os.MkdirTemp("", "hfhook-edit-") // 0700
	if err != nil {
		return nil, fmt.Errorf("make a place for the text to edit: %w", err)
	}
	file := filepath.Join(dir, name+".json")
	kept := false
	defer func() {
		if !kept {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, fmt.Errorf("write the text to edit: %w", err)
	}
	answers := bufio.NewReader(p.in)
	for line := 0; ; {
		if err := p.runEditor(ctx, file, line); err != nil {
			return nil, err
		}
		edited, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read what the editor has saved: %w", err)
		}
		if !wantJSON {
			return jsonedit.SameEnd(edited, text), nil
		}
		_, wrong := jsontree.Parse(edited)
		if wrong == nil {
			return edited, nil
		}
		again := false
		if p.onTerminal() {
			fmt.Fprintf(p.err, "This is no JSON: %s\nEdit again? [Y/n] ", visible.Line(wrong.Error()))
			again = saidYes(ctx, answers)
		}
		if again {
			if at, ok := errors.AsType[*jsontree.SyntaxError](wrong); ok {
				line = at.Line
			}
			continue
		}
		kept = true
		if ctx.Err() != nil {
			fmt.Fprintf(p.err, "\nthe text is kept in %s\n", file)
			return nil, context.Cause(ctx)
		}
		return nil, &failure{
			code: exitUsage, err: fmt.Errorf("what was saved is no JSON: %w", wrong),
			try: "hfhook edit again, with --raw to take it as it is; the text is kept in " + file,
		}
	}
}

// saidYes reads an answer, of which the empty one is yes. It is no where ctx ends.
func saidYes(ctx context.Context, answers *bufio.Reader) bool {
	said := make(chan bool, 1)
	go func() { // a read from a terminal can't be ended, so it is left behind then
		answer, err := answers.ReadString('\n')
		answer = strings.ToLower(strings.TrimSpace(answer))
		said <- err == nil && (answer == "" || strings.HasPrefix(answer, "y"))
	}()
	select {
	case yes := <-said:
		return yes
	case <-ctx.Done():
		return false
	}
}

// runEditor opens the editor at a line of the file, or at none of them for 0, and
// returns when it has ended.
func (p *program) runEditor(ctx context.Context, file string, line int) error {
	name := editor.Of(p.env)
	if name == "vi" && !isTerminal(p.in) {
		return &failure{code: exitConfig, err: errors.New("the editor vi needs a terminal, and there is none"), try: "set VISUAL or EDITOR to a command that edits the file by itself"}
	}
	cmd := editor.Command(ctx, name, file, line)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.in, p.out, p.err
	if out, ok := p.out.(*os.File); ok && !p.onTerminal() && out == os.Stdout {
		cmd.Stdout = p.err // stdout is for data
	}
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return &failure{code: exitConfig, err: fmt.Errorf("run the editor %q: %w", name, err), try: "set VISUAL or EDITOR to a command that waits until the file is closed, as in VISUAL='code --wait'"}
	}
	return nil
}

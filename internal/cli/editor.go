package cli

// A text in the user's editor, kept in the state directory until the edit ends.

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/drafts"
	"hfhook/internal/editor"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
)

// openEditsDir is where texts are that are being edited.
func openEditsDir(p *program) (drafts.Dir, error) {
	dir, err := p.stateDir()
	return drafts.Dir(filepath.Join(dir, "edits")), err
}

// An editing is the payload of an event in the user's editor.
type editing struct {
	p        *program
	original *event.Event
	given    []byte // the payload as the editor gets it at first
	text     *drafts.Draft
}

// newEditing puts the payload of an event into a file, laid out for an editor if it is JSON
// and raw is false.
func newEditing(p *program, original *event.Event, raw bool) (*editing, error) {
	dir, err := openEditsDir(p)
	if err != nil {
		return nil, err
	}
	w := &editing{p: p, original: original, given: original.Body}
	_, isJSON := jsonedit.Indented(original.Body)
	if isJSON = isJSON && !raw; isJSON {
		w.given = laidOut(original.Body)
	}
	w.text, err = dir.New(original.ID.Short()+".json", w.given, drafts.About{Event: string(original.ID), JSON: isJSON})
	return w, err
}

// laidOut formats a JSON text for an editor.
func laidOut(body []byte) []byte {
	text, ok := jsonedit.Indented(body)
	if !ok {
		return body
	}
	return text
}

// run lets the user edit the text, and returns the resulting body; nil: it is unchanged. If the
// text must be JSON and is not, the editor opens again if the user agrees. The caller then
// calls done or keep.
func (w *editing) run(ctx context.Context) ([]byte, error) {
	p := w.p
	answers := bufio.NewReader(p.in)
	stop := func() bool { return true }
	defer func() { stop() }()
	for line := 0; ; {
		stop()
		if err := runEditor(ctx, p, w.text.Path(), line); err != nil {
			return nil, err
		}
		stop = endPromptly(ctx) // the text is in the state directory
		edited, err := w.text.Text()
		if err != nil {
			return nil, err
		}
		if !w.text.About.JSON {
			return w.other(jsonedit.SameEnd(edited, w.given)), nil
		}
		_, wrong := jsontree.Parse(edited)
		if wrong == nil {
			return w.other(edited), nil
		}
		again := false
		if p.onTerminal() {
			fmt.Fprintf(p.err, "This is not JSON: %s\nEdit again? [Y/n] ", visible.Line(wrong.Error()))
			again = saidYes(ctx, answers)
		}
		if again {
			if at, ok := errors.AsType[*jsontree.SyntaxError](wrong); ok {
				line = at.Line
			}
			continue
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("the saved text is not JSON: %w", wrong), Try: "hfhook edit again, or with --raw to accept it as is"}
	}
}

// other returns the body for an edited text, or nil if it equals the original.
func (w *editing) other(edited []byte) []byte {
	if bytes.Equal(edited, w.given) {
		return nil
	}
	if w.text.About.JSON {
		edited = jsonedit.LaidOutAs(edited, w.original.Body)
	}
	if bytes.Equal(edited, w.original.Body) {
		return nil
	}
	return edited
}

// done ends the edit, after its result was recorded or dropped.
func (w *editing) done() error { return w.text.Remove() }

// keep puts the text aside for this reason, and says so. An unchanged text is not kept.
func (w *editing) keep(because error) error {
	if !w.text.Changed() {
		return errors.Join(because, w.done())
	}
	path := w.text.Path()
	if _, err := w.text.PutAside(); err != nil {
		return errors.Join(because, err)
	}
	fmt.Fprintf(w.p.err, "the text is saved in %s; hfhook edit --resume %s continues it\n", visible.Line(path), w.original.ID.Short())
	return because
}

// saidYes reads an answer; an empty one means yes. It returns no if ctx ends.
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

// runEditor opens the editor at a line of the file, or at no line for 0, and waits until it
// ends.
func runEditor(ctx context.Context, p *program, file string, line int) error {
	name := editor.Of(p.env)
	if name == "vi" && !isTerminal(p.in) {
		return &exit.Error{Code: exit.CodeConfig, Err: errors.New("the editor vi needs a terminal, but there is none"), Try: "set VISUAL or EDITOR to a command that edits the file by itself"}
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
		return &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("the editor %q failed: %w", name, err), Try: "set VISUAL or EDITOR to a command that waits until the file is closed, for example VISUAL='code --wait'"}
	}
	return nil
}

package cli

// Edits that a process has left, or that were put aside.

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/dev"
	"hfhook/internal/drafts"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

// beginEdit begins an edit of an event, and says if another one of it was left.
func beginEdit(ctx context.Context, p *program, events *sqlite.Store, ref string, raw bool) (*editing, error) {
	id, err := events.Resolve(ctx, ref)
	if err != nil {
		return nil, err
	}
	original, err := events.Event(ctx, id)
	if err != nil {
		return nil, err
	}
	left, err := listLeftEdits(p)
	if err != nil {
		return nil, err
	}
	for _, l := range left {
		if l.Event == string(id) {
			fmt.Fprintf(p.err, "%s: hfhook edit --resume %s continues it\n", leftText(l), id.Short())
			break
		}
	}
	return newEditing(p, original, raw)
}

// resumeEdit goes on with an edit that was left: the only one, or that of the event that is
// named.
func resumeEdit(ctx context.Context, p *program, events *sqlite.Store, args []string) (*editing, error) {
	left, err := listLeftEdits(p)
	if err != nil {
		return nil, err
	}
	which := "no interrupted edit"
	if len(args) > 0 {
		if left, err = editsOf(ctx, events, left, args[0]); err != nil {
			return nil, err
		}
		which = "no interrupted edit of that event"
	}
	switch {
	case len(left) == 0:
		return nil, &exit.Error{Code: exit.CodeNotFound, Err: errors.New(which), Try: "hfhook edit ID starts one"}
	case len(left) > 1 && len(args) == 0:
		var lines strings.Builder
		for _, l := range left {
			fmt.Fprintf(&lines, "\n  %s", leftText(l))
		}
		return nil, &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("%d interrupted edits:%s", len(left), lines.String()), Try: "choose one with hfhook edit --resume ID"}
	}
	l := left[0] // of one event the newest
	if l.Event == "" {
		return nil, &exit.Error{Code: exit.CodeUsage, Err: errors.New("this edit belongs to a payload that was not sent yet"), Try: "hfhook send " + l.Path() + " sends it"}
	}
	original, err := events.Event(ctx, event.ID(l.Event))
	if err != nil {
		return nil, &exit.Error{Code: exitCode(ctx, err), Err: fmt.Errorf("continue the edit of %s: %w", l.Event, err), Try: "hfhook send " + l.Path() + " sends the saved text"}
	}
	w := &editing{p: p, original: original, given: original.Body}
	if l.JSON {
		w.given = laidOut(original.Body)
	}
	if w.text, err = l.Take(); err != nil {
		return nil, fmt.Errorf("continue the edit of %s: %w", original.ID.Short(), err)
	}
	return w, nil
}

// listLeftEdits are the edits that nobody works on, the newest first.
func listLeftEdits(p *program) ([]drafts.Left, error) {
	dir, err := openEditsDir(p)
	if err != nil {
		return nil, err
	}
	return dir.Left()
}

// editsOf are those of one event, which may be gone from the store.
func editsOf(ctx context.Context, events *sqlite.Store, left []drafts.Left, ref string) ([]drafts.Left, error) {
	id, err := events.Resolve(ctx, ref)
	of := func(l drafts.Left) bool { return l.Event == string(id) }
	if err != nil {
		of = func(l drafts.Left) bool { return l.Event != "" && strings.HasPrefix(l.Event, strings.ToUpper(ref)) }
	}
	var own []drafts.Left
	for _, l := range left {
		if of(l) {
			own = append(own, l)
		}
	}
	if len(own) == 0 && err != nil {
		return nil, err
	}
	return own, nil
}

// leftText says what an edit is, and how it came to be left.
func leftText(l drafts.Left) string {
	of := l.Event
	if of == "" {
		of = "a payload that was not sent"
	}
	how := fmt.Sprintf("was left by process %d", l.PID)
	if l.Aside {
		how = "was put aside"
	}
	return visible.Line(fmt.Sprintf("an edit of %s %s, saved %s", of, how, l.Saved.Local().Format(time.DateTime)))
}

// noticeEdits tells a session's user of edits that were left.
func noticeEdits(p *program, session *dev.Session) {
	left, err := listLeftEdits(p)
	if err != nil || len(left) == 0 {
		return // an edit says what is wrong with the place
	}
	text := leftText(left[0])
	if len(left) > 1 {
		text = fmt.Sprintf("%d interrupted edits, the newest of %s", len(left), left[0].Event)
	}
	session.Notify(dev.Notice{About: "edit", Text: text, Fix: "hfhook edit --resume continues it", OK: true})
}

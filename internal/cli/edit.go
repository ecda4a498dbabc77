package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/store"
	"hfhook/store/sqlite"
)

func editCommand(p *program) *cobra.Command {
	var to targetFlags
	var send, raw, resume bool
	var as output.Format
	cmd := &cobra.Command{
		Use:   "edit ID|--resume [ID]",
		Short: "Edit an event's payload in your editor and send it",
		Long: `Opens the payload of an event, indented, in $VISUAL or $EDITOR, which may be a command
with arguments. The saved text is recorded as a new event, a copy of the original, which
never changes; --send also sends it to the targets. A payload that the Hub sent on one
line is put back on one line, so that only your edit differs. If you change nothing, no
event is created.

If the text is not JSON, the editor opens again; --raw accepts it, and any other bytes,
as they are.

The text being edited is kept in the state directory. --resume continues an edit that was
interrupted or put aside, also one from the screen of hfhook dev. Interrupted edits are
removed after seven days; those put aside stay.`,
		Example: "  hfhook edit @last\n  VISUAL='code --wait' hfhook edit @last --send --to 8000\n  hfhook edit --resume",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case resume && len(args) > 1:
				return exit.Usagef("--resume takes at most one id: the event whose edit was interrupted")
			case !resume && len(args) != 1:
				return exit.Usagef("edit takes one id, for example hfhook edit @last; --resume continues an interrupted edit")
			case resume && raw:
				return exit.Usagef("--resume continues a text as it was started: leave out --raw")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(to.to) > 0 && !send {
				return exit.Usagef("--to requires --send")
			}
			where := &destination{}
			if send {
				var err error
				if where, err = chooseDestination(cmd.Context(), p, cmd, &to); err != nil && !errors.Is(err, dev.ErrNoTarget) {
					return err
				}
				defer where.close()
			}
			return p.withStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				begin := func() (*editing, error) { return beginEdit(ctx, p, events, args[0], raw) }
				if resume {
					begin = func() (*editing, error) { return resumeEdit(ctx, p, events, args) }
				}
				stop := endPromptly(ctx)
				w, err := begin()
				stop()
				if err != nil {
					return err
				}
				if send { // before a person has edited anything
					if err := where.atLast(ctx, p, events, []event.ID{w.original.ID}); err != nil {
						return w.keep(err)
					}
				}
				body, err := w.run(ctx)
				if err != nil {
					return w.keep(err)
				}
				if body == nil {
					_, err := fmt.Fprintf(p.err, "no changes: no event was created\n")
					return errors.Join(err, w.done())
				}
				original := w.original
				e := original.Edited(event.Edit{Body: body}, time.Now())
				if err := events.Append(ctx, e, store.AppendOptions{}); err != nil {
					return w.keep(err)
				}
				if err := w.done(); err != nil {
					return err
				}
				if err := showEdited(ctx, p, original, e, as); err != nil {
					return err
				}
				if !send {
					return nil
				}
				noteUnsigned(p, as)
				sender, err := where.sender(p, events)
				if err != nil {
					return err
				}
				r := &replaying{program: p, events: events, sender: sender, targets: where.targets, concurrency: 1, as: as}
				r.ids = append(r.ids, e.ID)
				return r.run(ctx)
			})
		},
	}
	f := cmd.Flags()
	addTargetFlags(p, cmd, &to)
	f.BoolVar(&send, "send", false, "send the new event, too")
	f.BoolVar(&raw, "raw", false, "edit the body's bytes as they are")
	f.BoolVar(&resume, "resume", false, "continue an edit that was interrupted or put aside")
	onlyHere(cmd, "resume")
	as.Flags(cmd, "print only the new id")
	return cmd
}

// showEdited prints the event that was made.
func showEdited(ctx context.Context, p *program, original, e *event.Event, as output.Format) error {
	defer endPromptly(ctx)() // it is recorded
	switch {
	case as.JSON:
		return output.WriteLine(p.out, output.NewEventLine(e, nil))
	case as.IDs:
		_, err := fmt.Fprintln(p.out, e.ID)
		return err
	}
	if err := showChange(p, original, e); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.out, "%s  edited copy of %s\n", e.ID, original.ID)
	return err
}

// showChange prints the changes, and warnings from the Hub's rules.
func showChange(p *program, original, e *event.Event) error {
	text := requestChange(original, e)
	if _, err := fmt.Fprint(p.out, text); err != nil || text != "" && bytes.Equal(original.Body, e.Body) {
		return err
	}
	d, err := output.PrintDifference(p.out, original.Body, e.Body)
	if err != nil {
		return err
	}
	printCoarse(p, d)
	_, err = fmt.Fprintf(p.out, "\n%s", checks(e.Body))
	return err
}

// requestChange lists the changes of an edited copy besides its body; its Webhook-Id and length
// always differ.
func requestChange(original, e *event.Event) string {
	var b strings.Builder
	pair := func(name, was, is string) {
		if was != is {
			fmt.Fprintf(&b, "~ %s  %s → %s\n", name, visible.Line(was), visible.Line(is))
		}
	}
	address := func(e *event.Event) string {
		if e.Query == "" {
			return e.Path
		}
		return e.Path + "?" + e.Query
	}
	pair("method", original.Method, e.Method)
	pair("path", address(original), address(e))
	lines := func(sign string, of, other *event.Event) {
		for _, f := range of.Sent() {
			if !slices.Contains(other.Sent(), f) && f.Name != event.DeliveryHeader {
				fmt.Fprintf(&b, "%s %s: %s\n", sign, visible.Line(f.Name), visible.Line(f.Value))
			}
		}
	}
	lines("-", original, e)
	lines("+", e, original)
	return b.String()
}

// checks lists what is wrong or unknown in a body.
func checks(body []byte) string {
	var b strings.Builder
	faults, warnings := payload.Check(body)
	for _, f := range faults {
		fmt.Fprintf(&b, "fault    %s\n", visible.Line(f.String()))
	}
	for _, w := range warnings {
		fmt.Fprintf(&b, "warning  %s  %s\n", visible.Line(w.Path), visible.Line(w.Text))
	}
	return b.String()
}

// noteUnsigned says once that the secret proves nothing about the payload that is sent.
func noteUnsigned(p *program, as output.Format) {
	if as.JSON || as.IDs || p.settings.quiet {
		return
	}
	fmt.Fprintln(p.err, unsigned)
}

// unsigned is what a handler must not rely on.
const unsigned = "note: the secret does not cover the body, so an edited payload passes verification like a real one: a right secret does not prove that the content is genuine"

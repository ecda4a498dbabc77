package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/jsondiff"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/store/sqlite"
)

func diffCommand(p *program) *cobra.Command {
	var as output.Format
	var ignore []string
	var attempts []int
	cmd := &cobra.Command{
		Use:   "diff A [B]",
		Short: "Compare the payloads of two events",
		Long: `Compares the payloads of two events by JSON path: what changed from A to B. Without B it
compares A with an earlier event: the previous one of the same pull request or discussion,
else of the same repository, else of the same scope and action. The first line, and "with"
in the JSON, say which.

--attempts compares the answers to two attempts of one event, by the numbers in
hfhook show ID --deliveries: their status and bodies. A single number compares that
attempt with the previous one to the same target.

It exits with 0 if they are equal and 1 if they differ, like diff(1). Other exit codes, or
1 with a message on stderr, are errors: 6 if answers could not be compared.`,
		Example: "  hfhook diff @last\n  hfhook diff @-2 @last --ignore .comment.id\n  hfhook diff @last --attempts 1,2\n  hfhook diff @last --json | jq -r .path",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return exit.Usagef("diff takes one or two ids, for example hfhook diff @-2 @last")
			}
			if attempts != nil && (len(args) != 1 || len(attempts) > 2) {
				return exit.Usagef("--attempts compares two attempts of one event, for example hfhook diff @last --attempts 1,2")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			paths, err := ignored(ignore)
			if err != nil {
				return err
			}
			return withStoreToRead(cmd.Context(), p, func(ctx context.Context, events *sqlite.Store) error {
				if attempts != nil {
					return runDiffAttempts(ctx, p, events, args[0], attempts, paths, as)
				}
				c, err := pair(ctx, events, args)
				if err != nil {
					return err
				}
				return runDiff(ctx, p, c, paths, as)
			})
		},
	}
	as.Flags(cmd, "the paths that differ")
	cmd.Flags().StringArrayVar(&ignore, "ignore", nil, "ignore this `PATH`, such as .comment.id or .updatedRefs[].newSha; may be repeated")
	cmd.Flags().IntSliceVar(&attempts, "attempts", nil, "compare these two attempts of the event, as `1,2`, or one with the previous one to its target")
	return cmd
}

// A comparison is two events, and how the first was found if it was not named.
type comparison struct {
	a, b     *event.Event
	previous dev.Previous // zero: both were named
}

// pair returns the two named events, or one event and its previous one.
func pair(ctx context.Context, events store.Store, refs []string) (c comparison, err error) {
	var named []*event.Event
	for _, ref := range refs {
		id, err := events.Resolve(ctx, ref)
		if err != nil {
			return c, err
		}
		e, err := events.Event(ctx, id)
		if err != nil {
			return c, err
		}
		named = append(named, e)
	}
	if len(named) == 2 {
		return comparison{a: named[0], b: named[1]}, nil
	}
	c.b = named[0]
	if c.b.Payload == nil {
		return c, exit.Usagef("event %s is not a Hub payload, so no other event is of its kind: name the one to compare it with", c.b.ID)
	}
	c.previous, err = dev.FindPrevious(ctx, events, c.b, c.b.ID)
	if errors.Is(err, store.ErrNotFound) {
		return c, &exit.Error{
			Code: exit.CodeNotFound,
			Err:  fmt.Errorf("there is no earlier event to compare %s with", c.b.ID),
			Try:  "name the one to compare it with, for example hfhook diff @-2 @last",
		}
	}
	if err != nil {
		return c, err
	}
	c.a, err = events.Event(ctx, c.previous.ID)
	return c, err
}

// errDiffer makes the exit code 1, without a message.
var errDiffer = &exit.Error{Code: exit.CodeFailure, Err: exit.ErrSilent}

func runDiff(ctx context.Context, p *program, c comparison, ignore []jsontree.Path, as output.Format) error {
	out, a, b := p.stdout(ctx), c.a, c.b
	var d *jsondiff.Diff
	var err error
	switch {
	case as.JSON:
		d, err = jsondiff.Each(a.Body, b.Body, ignore, func(f *jsondiff.Field) error { return output.WriteDifference(out, f) })
		if err == nil {
			err = diffEnd(out, d, diffLine{Schema: 1, Type: "diff", A: a.ID, B: b.ID, With: c.previous.Same, Same: d.Same()})
		}
	case as.IDs:
		d, err = jsondiff.Each(a.Body, b.Body, ignore, func(f *jsondiff.Field) error { return printPath(out, f) })
	default:
		if c.previous.ID != "" {
			what := c.previous.What(string(b.Row().Scope)) + ", " + duration.Text(b.Received.Sub(a.Received)) + " earlier"
			fmt.Fprintln(out, visible.Line(what)) // out keeps the error
		}
		fmt.Fprintf(out, "--- %s\n+++ %s\n", headline(a), headline(b))
		if d, err = output.PrintDifference(out, a.Body, b.Body, ignore...); err == nil {
			fmt.Fprintln(out)
			if len(ignore) == 0 && d.Same() && !bytes.Equal(a.Body, b.Body) {
				fmt.Fprintln(out, "only formatting differs: order, spaces or escapes")
			}
		}
	}
	if err = errors.Join(err, out.Flush()); err != nil {
		return err
	}
	printCoarse(p, d)
	if !d.Same() {
		return errDiffer
	}
	return nil
}

// printPath prints the path of a difference.
func printPath(w io.Writer, f *jsondiff.Field) error {
	if f.Change == jsondiff.Equal {
		return nil
	}
	_, err := fmt.Fprintln(w, visible.Line(f.Path))
	return err
}

func headline(e *event.Event) string {
	text := fmt.Sprintf("%s  %s", e.ID, e.Received.Local().Format("2006-01-02 15:04:05"))
	if e.Payload != nil {
		text += "  " + e.Payload.Summary()
	}
	return visible.Line(text)
}

// A fieldLine is a difference in the output of --json.
type fieldLine struct {
	Path   string          `json:"path"`
	Change jsondiff.Change `json:"change"`
	Old    json.RawMessage `json:"old,omitempty"`
	New    json.RawMessage `json:"new,omitempty"`
	Hidden bool            `json:"hidden,omitempty"` // by a later member of the same name
}

// fieldLines returns the differences or, for texts that are not JSON, their lines.
func fieldLines(d *jsondiff.Diff) ([]fieldLine, string) {
	var lines []fieldLine
	for _, f := range d.Fields {
		if f.Change != jsondiff.Equal {
			lines = append(lines, fieldLine{f.Path, f.Change, json.RawMessage(f.Old), json.RawMessage(f.New), f.Shadowed})
		}
	}
	return lines, strings.Join(d.Lines, "\n")
}

// A diffLine is the last line of --json.
type diffLine struct {
	Schema   int                     `json:"schema"`
	Type     string                  `json:"type"`
	A        event.ID                `json:"a"`
	B        event.ID                `json:"b"`
	With     dev.Common              `json:"with,omitempty"` // what A and B have in common, if A was not named
	Same     bool                    `json:"same"`
	Counts   map[jsondiff.Change]int `json:"counts"`
	Text     string                  `json:"text,omitempty"`
	Compared output.Compared         `json:"compared,omitempty"` // of two answers
	Why      string                  `json:"why,omitempty"`      // they could not be compared, or what the differences do not show
}

// diffJSON prints a line for each difference, and then the last one.
func diffJSON(w io.Writer, d *jsondiff.Diff, last diffLine) error {
	for i := range d.Fields {
		if d.Fields[i].Change == jsondiff.Equal {
			continue
		}
		if err := output.WriteDifference(w, &d.Fields[i]); err != nil {
			return err
		}
	}
	return diffEnd(w, d, last)
}

// diffEnd prints the last line.
func diffEnd(w io.Writer, d *jsondiff.Diff, last diffLine) error {
	last.Counts, last.Text = d.Counts, strings.Join(d.Lines, "\n")
	return output.WriteLine(w, last)
}

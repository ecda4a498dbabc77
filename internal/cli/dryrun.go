package cli

// What a replay would send.

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"hfhook/event"
	"hfhook/internal/cli/output"
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
	"hfhook/store"
)

// notYet stands for the id of an event that would be made.
const notYet event.ID = "(new)"

type dryRunLine struct {
	Schema      int           `json:"schema"`
	Type        string        `json:"type"`
	Event       event.ID      `json:"event"` // empty for one that would be made
	Parent      event.ID      `json:"parent,omitempty"`
	N           int           `json:"n"`
	Attempt     int           `json:"attempt"`
	Target      string        `json:"target"`
	Method      string        `json:"method"`
	Headers     []event.Field `json:"headers"`
	Bytes       int           `json:"bytes"`
	SHA256      string        `json:"sha256"`
	Differences []fieldLine   `json:"differences,omitempty"`
	Text        string        `json:"text,omitempty"`
}

// dryRun prints each attempt that would be made.
func (r *replaying) dryRun(ctx context.Context) error {
	planned := make(map[event.ID][]event.Delivery) // of an event that is named twice
	for _, id := range r.ids {
		original, err := r.events.Event(ctx, id)
		if r.resumed && errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		e, err := r.edited(original)
		if err != nil {
			return err
		}
		var diff *jsondiff.Diff
		if e != original {
			e.ID = notYet
			diff = jsondiff.Compare(original.Body, e.Body)
		}
		made, err := r.events.Attempts(ctx, e.ID)
		if err != nil {
			return err
		}
		made = append(made, planned[e.ID]...)
		for i, t := range r.targets {
			if r.skip(id, &r.targets[i]) {
				continue
			}
			d := r.sender.Preview(e, t, made)
			made = append(made, d)
			if e == original {
				planned[e.ID] = append(planned[e.ID], d)
			}
			if err := r.printPreview(e, &d, diff); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *replaying) printPreview(e *event.Event, d *event.Delivery, diff *jsondiff.Diff) error {
	sum := hex.EncodeToString(e.SHA256[:])
	if r.as.JSON {
		line := dryRunLine{
			Schema: 1, Type: "dry_run", Event: e.ID, Parent: e.Parent, N: d.N, Attempt: d.Attempt, Target: d.URL, Method: e.Method,
			Headers: d.RequestHeader, Bytes: len(e.Body), SHA256: sum,
		}
		if diff != nil {
			line.Event = ""
			line.Differences, line.Text = fieldLines(diff)
		}
		return output.WriteLine(r.out, line)
	}
	b := bufio.NewWriter(r.out) // keeps the first error
	fmt.Fprintf(b, "%s %s\n", visible.Line(e.Method), visible.Line(d.URL))
	for _, f := range d.RequestHeader {
		fmt.Fprintf(b, "  %s: %s\n", visible.Line(f.Name), visible.Line(f.Value))
	}
	fmt.Fprintf(b, "  body %s  sha256 %s\n", output.Size(int64(len(e.Body))), sum)
	if diff != nil {
		fmt.Fprintf(b, "  edited copy of %s, which would be recorded:\n", e.Parent)
		lines := output.Indented(b, "    ")
		_ = output.PrintVisible(lines, diff.Print)
		fmt.Fprintf(lines, "\n%s", checks(e.Body))
	}
	b.WriteString("\n")
	if err := b.Flush(); err != nil {
		return err
	}
	printCoarse(r.program, diff)
	return nil
}

package cli

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/store/sqlite"
	"hfhook/tui/describe"
)

func (p *program) showCommand() *cobra.Command {
	var only struct{ payload, headers, deliveries, raw bool }
	var as format
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Show an event: headers, payload and deliveries",
		Long:    "Shows an event. ID is an event's id or the beginning of one, @last, @-2 for the\none before it, or @failed for the newest that failed at a target.",
		Example: "  hfhook show @last\n  hfhook show @failed --deliveries\n  hfhook show 01JD4X7M9C --raw > body.json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("show takes one id, for example hfhook show @last")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withStoreToRead(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				id, err := events.Resolve(ctx, args[0])
				if err != nil {
					return err
				}
				e, err := events.Event(ctx, id)
				if err != nil {
					return err
				}
				if as.ids {
					_, err := fmt.Fprintln(p.out, id)
					return err
				}
				if only.raw {
					p.warnRaw()
					_, err := p.out.Write(e.Body)
					return err
				}
				deliveries, err := events.Deliveries(ctx, id)
				if err != nil {
					return err
				}
				gaps, err := gapsOf(ctx, events)()
				if err != nil {
					return err
				}
				outcomes, err := outcomesNow(ctx, events, deliveries)
				if err != nil {
					return err
				}
				if as.json {
					return p.showJSON(e, deliveries, outcomes, gaps)
				}
				all := !only.payload && !only.headers && !only.deliveries
				out := p.output(ctx) // keeps the first error
				if all {
					writeSummary(out, e)
					writeMissed(out, e, gaps)
					fmt.Fprintln(out)
				}
				if all || only.headers {
					writeHeaders(out, e, deliveries)
				}
				flat := false
				if all || only.payload {
					flat = writePayload(out, e)
				}
				if all || only.deliveries {
					writeOutcomes(out, outcomes, event.Others(deliveries))
					writeDeliveries(out, e, deliveries)
				}
				if err := out.Flush(); err != nil {
					return err
				}
				if flat {
					fmt.Fprintln(p.err, "note: the payload is nested too deeply: parts of it share a line; --raw prints it as received")
				}
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.BoolVar(&only.payload, "payload", false, "print only the payload, indented")
	f.BoolVar(&only.headers, "headers", false, "print only the headers")
	f.BoolVar(&only.deliveries, "deliveries", false, "print only the deliveries")
	f.BoolVar(&only.raw, "raw", false, "print only the bytes of the body")
	as.flags(cmd, "print only the full id")
	cmd.MarkFlagsMutuallyExclusive("payload", "headers", "deliveries", "raw", "json", "ids", "format")
	return cmd
}

// warnRaw warns of bytes that a terminal would take for commands.
func (p *program) warnRaw() {
	if isTerminal(p.out) {
		fmt.Fprintln(p.err, "warning: these untrusted bytes are printed to the terminal unchanged")
	}
}

func (p *program) showJSON(e *event.Event, deliveries []event.Delivery, outcomes []event.Outcome, gaps []store.Gap) error {
	line := newEventLine(e, gaps)
	line.Outcomes = outcomeParts(outcomes)
	if err := writeLine(p.out, line); err != nil {
		return err
	}
	for i := range deliveries {
		line := newDeliveryLine(&deliveries[i])
		if deliveries[i].State == event.Withheld {
			line.Send = dev.SendCommand(e, &deliveries[i])
		}
		if err := writeLine(p.out, line); err != nil {
			return err
		}
	}
	return nil
}

func writeSummary(w io.Writer, e *event.Event) {
	fmt.Fprintf(w, "%s", e.ID)
	if e.Payload != nil {
		fmt.Fprintf(w, "  %s", visible.Line(e.Payload.Summary()))
	}
	fmt.Fprintf(w, "\nreceived  %s  %s %s", e.Received.Local().Format("2006-01-02 15:04:05.000"), visible.Line(e.Method), visible.Line(e.Path))
	if e.Peer != "" {
		fmt.Fprintf(w, "  from %s", visible.Line(e.Peer))
	}
	fmt.Fprintln(w)
	fmt.Fprintf(w, "body      %s  sha256 %s  origin %s\n", size(int64(len(e.Body))), hex.EncodeToString(e.SHA256[:]), e.Origin)
	if e.DeliveryID != "" {
		fmt.Fprintf(w, "delivery  %s\n", visible.Line(e.DeliveryID))
	}
	if secret := e.Secret(); secret != "" {
		fmt.Fprintf(w, "secret    verified with the %s one\n", secret)
	}
	if e.Pin != "" {
		fmt.Fprintf(w, "pinned    %s\n", visible.Line(e.Pin))
	}
	for line := range strings.Lines(visible.Block(e.Note)) {
		fmt.Fprintf(w, "note      %s\n", strings.TrimRight(line, "\n"))
	}
	if e.Duplicate != "" {
		fmt.Fprintf(w, "duplicate same Webhook-Id as %s; handlers get the event id %s for both\n", e.Duplicate, e.HandlerID())
	}
	if e.SameBody != "" {
		fmt.Fprintf(w, "same body as %s, received %s\n", e.SameBody, e.SameBodyAt.Local().Format("2006-01-02 15:04:05.000"))
	}
	if e.Unwanted {
		fmt.Fprintf(w, "targets   %s\n", unwantedText)
	}
	if a := e.Answer; !a.At.IsZero() {
		fmt.Fprintf(w, "answered  %d after %s, at %s: %s\n", a.Status, took(a.Took), a.At.Local().Format("15:04:05.000"), visible.Line(answeredBy(a)))
	}
	for _, warning := range e.Warnings {
		fmt.Fprintf(w, "warning   %s  %s\n", visible.Line(warning.Path), visible.Line(warning.Text))
	}
}

// writeMissed tells that an event was sent first while nothing could be received.
func writeMissed(w io.Writer, e *event.Event, gaps []store.Gap) {
	if g, ok := store.Missed(e, gaps); ok {
		fmt.Fprintf(w, "missed    first sent while hfhook was offline, %s\n", offline(g))
	}
}

// offline says when a gap was.
func offline(g store.Gap) string {
	when := "from %s to %s"
	if !g.Exact {
		when = "at some time between %s and %s"
	}
	return fmt.Sprintf(when, g.From.Local().Format(time.DateTime), g.To.Local().Format(time.DateTime))
}

// answeredBy says by whose word the sender was told what it was.
func answeredBy(a event.Answer) string {
	by := "stored"
	switch {
	case a.Target != "":
		by = "what " + a.Target + " answered"
	case a.Reason != "":
		by = "stored, since " + a.Reason
	}
	if a.Arrival == event.Lost {
		by += "; the sender had already closed the connection"
	}
	return by
}

// writeHeaders lists the headers by who set them, as the screen does.
func writeHeaders(w io.Writer, e *event.Event, deliveries []event.Delivery) {
	for _, group := range describe.Headers(e, deliveries, e.Matched > 0, e.Matched > 0, "") {
		if len(group.Lines) == 0 {
			continue
		}
		fmt.Fprintf(w, "-- %s\n", group.Title)
		for _, line := range group.Lines {
			fmt.Fprintf(w, "%s:", visible.Line(line.Name))
			if line.Value != "" {
				fmt.Fprintf(w, " %s", visible.Line(line.Value))
			}
			if line.Note != "" {
				fmt.Fprintf(w, "  %s", visible.Line(line.Note))
			}
			fmt.Fprintln(w)
		}
	}
	fmt.Fprintln(w)
}

// writePayload reports whether parts of the payload share a line although JSON has them
// on lines of their own. Errors are those of w, which keeps them.
func writePayload(w io.Writer, e *event.Event) (flat bool) {
	_ = printVisible(w, func(v io.Writer) error {
		doc, err := jsontree.Parse(e.Body)
		if err != nil {
			_, err := v.Write(bytes.TrimRight(bytes.TrimPrefix(e.Body, []byte("\ufeff")), "\n"))
			return err
		}
		flat, err = doc.Layout(v)
		return err
	})
	io.WriteString(w, "\n\n")
	return flat
}

func writeDeliveries(w io.Writer, e *event.Event, deliveries []event.Delivery) {
	if len(deliveries) == 0 {
		fmt.Fprintln(w, "no deliveries")
		return
	}
	for i := range deliveries {
		d := &deliveries[i]
		fmt.Fprintf(w, "#%d  %s  %s  %s", d.N, d.Kind, outcome(d), visible.Line(d.URL))
		if d.State == event.Done {
			fmt.Fprintf(w, "  %s at %s", took(d.Took), d.Started.Local().Format("15:04:05.000"))
		}
		fmt.Fprintln(w)
		if d.Err != "" {
			fmt.Fprintf(w, "    %s\n", visible.Line(d.Err))
		}
		if d.State == event.Withheld {
			fmt.Fprintf(w, "    %s\n    Send it: %s\n", withheldText(d), visible.Line(dev.SendCommand(e, d)))
		}
		if advice := d.Advice(); advice != "" {
			fmt.Fprintf(w, "    %s\n", visible.Line(advice))
		}
		if d.State != event.Done {
			continue
		}
		writeAbout(w, d)
		fmt.Fprintf(w, "    connect %s  write %s  first byte %s  body %s\n", took(d.Phases.Connect), took(d.Phases.Write), took(d.Phases.FirstByte), took(d.Phases.Body))
		for _, f := range d.ResponseHeader {
			fmt.Fprintf(w, "    %s: %s\n", visible.Line(f.Name), visible.Line(f.Value))
		}
		if len(d.ResponseBody) > 0 {
			for line := range strings.Lines(visible.Block(string(d.ResponseBody))) {
				fmt.Fprintf(w, "    %s\n", strings.TrimRight(line, "\n"))
			}
		}
		if d.ResponseCut {
			writeCut(w, d)
		}
	}
}

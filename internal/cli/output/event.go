package output

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/tui/describe"
)

// WriteSummary writes what an event is about, a line each. Errors are those of w, which keeps them.
func WriteSummary(w io.Writer, e *event.Event) {
	fmt.Fprintf(w, "%s", e.ID)
	if e.Payload != nil {
		fmt.Fprintf(w, "  %s", visible.Line(e.Payload.Summary()))
	}
	fmt.Fprintf(w, "\nreceived  %s  %s %s", e.Received.Local().Format("2006-01-02 15:04:05.000"), visible.Line(e.Method), visible.Line(e.Path))
	if e.Peer != "" {
		fmt.Fprintf(w, "  from %s", visible.Line(e.Peer))
	}
	fmt.Fprintln(w)
	fmt.Fprintf(w, "body      %s  sha256 %s  origin %s\n", Size(int64(len(e.Body))), hex.EncodeToString(e.SHA256[:]), e.Origin)
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
		fmt.Fprintf(w, "targets   %s\n", UnwantedText)
	}
	if a := e.Answer; !a.At.IsZero() {
		fmt.Fprintf(w, "answered  %d after %s, at %s: %s\n", a.Status, duration.Text(a.Took), a.At.Local().Format("15:04:05.000"), visible.Line(answeredBy(a)))
	}
	for _, warning := range e.Warnings {
		fmt.Fprintf(w, "warning   %s  %s\n", visible.Line(warning.Path), visible.Line(warning.Text))
	}
}

// WriteMissed tells that an event was sent first while nothing could be received.
func WriteMissed(w io.Writer, e *event.Event, gaps []store.Gap) {
	if g, ok := store.Missed(e, gaps); ok {
		fmt.Fprintf(w, "missed    first sent while hfhook was offline, %s\n", Offline(g))
	}
}

// Offline says when a gap was.
func Offline(g store.Gap) string {
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
	case a.ByRule():
		by = a.Reason
	case a.Reason != "":
		by = "stored, since " + a.Reason
	}
	if a.Arrival == event.Lost {
		by += "; the sender had already closed the connection"
	}
	return by
}

// WriteHeaders lists the headers by who set them, as the screen does.
func WriteHeaders(w io.Writer, e *event.Event, deliveries []event.Delivery) {
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

// WritePayload reports whether parts of the payload share a line although JSON has them
// on lines of their own. Errors are those of w, which keeps them.
func WritePayload(w io.Writer, e *event.Event) (flat bool) {
	_ = PrintVisible(w, func(v io.Writer) error {
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

// WriteDeliveries writes the attempts of an event. Errors are those of w, which keeps them.
func WriteDeliveries(w io.Writer, e *event.Event, deliveries []event.Delivery) {
	if len(deliveries) == 0 {
		fmt.Fprintln(w, "no deliveries")
		return
	}
	for i := range deliveries {
		d := &deliveries[i]
		fmt.Fprintf(w, "#%d  %s  %s  %s", d.N, d.Kind, attempt.Word(d), visible.Line(d.URL))
		if d.State == event.Done {
			fmt.Fprintf(w, "  %s at %s", duration.Text(d.Took), d.Started.Local().Format("15:04:05.000"))
		}
		fmt.Fprintln(w)
		if d.Err != "" {
			fmt.Fprintf(w, "    %s\n", visible.Line(d.Err))
		}
		if d.State == event.Withheld {
			fmt.Fprintf(w, "    %s\n    Send it: %s\n", WithheldText(d), visible.Line(dev.SendCommand(e, d)))
		}
		if advice := d.Advice(); advice != "" {
			fmt.Fprintf(w, "    %s\n", visible.Line(advice))
		}
		if d.State != event.Done {
			continue
		}
		writeAbout(w, d)
		fmt.Fprintf(w, "    connect %s  write %s  first byte %s  body %s\n", duration.Text(d.Phases.Connect), duration.Text(d.Phases.Write), duration.Text(d.Phases.FirstByte), duration.Text(d.Phases.Body))
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

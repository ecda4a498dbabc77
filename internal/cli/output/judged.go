package output

// What lines and lists say of an answer besides its status: its sums, whether it is
// accepted, and under which ids it was asked for.

import (
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"hfhook/event"
	"hfhook/internal/visible"
)

// A judgedPart is that part of a delivery's line.
type judgedPart struct {
	SentID         event.ID `json:"sent_event_id,omitempty"`    // in place of the event's id
	SentDeliveryID string   `json:"sent_delivery_id,omitempty"` // in place of its Webhook-Id
	Comparison     bool     `json:"comparison,omitempty"`       // made to be compared with the right answer
	Accepted       string   `json:"accepted,omitempty"`         // when a person called the answer right
	Body           *sumPart `json:"response,omitempty"`         // the whole body as it was sent
	Decoded        *sumPart `json:"decoded,omitempty"`          // the whole body with its content coding undone
}

type sumPart struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func newJudgedPart(d *event.Delivery) judgedPart {
	part := judgedPart{
		SentID: d.SentID, SentDeliveryID: d.SentDeliveryID, Comparison: d.ForComparison,
		Body: newSumPart(d.ResponseSent), Decoded: newSumPart(d.ResponseDecoded),
	}
	if !d.Accepted.IsZero() {
		part.Accepted = Stamp(d.Accepted)
	}
	return part
}

func newSumPart(s event.Sum) *sumPart {
	if !s.Known() {
		return nil
	}
	return &sumPart{Bytes: s.Size, SHA256: hex.EncodeToString(s.SHA256[:])}
}

// writeAbout writes what there is to say of an attempt before its answer.
func writeAbout(w io.Writer, d *event.Delivery) {
	if d.SentDeliveryID != "" || d.SentID != "" {
		fmt.Fprintf(w, "    sent as new: event id %s, Webhook-Id %s\n", d.SentID, visible.Line(d.SentDeliveryID))
	}
	if d.ForComparison {
		fmt.Fprintln(w, "    made to be compared with the right answer")
	}
	if !d.Accepted.IsZero() {
		fmt.Fprintf(w, "    accepted as the right answer at %s\n", d.Accepted.Local().Format(time.DateTime))
	}
}

// writeCut says of a body that is not kept whole what it is as a whole.
func writeCut(w io.Writer, d *event.Delivery) {
	whole := "of which the rest is not known"
	switch sent, decoded := d.ResponseSent, d.ResponseDecoded; {
	case decoded.Known() && decoded != sent:
		whole = fmt.Sprintf("of %s, which came as %s; sha256 %x", Size(decoded.Size), Size(d.ResponseSize), decoded.SHA256)
	case decoded.Known():
		whole = fmt.Sprintf("of %s; sha256 %x", Size(decoded.Size), decoded.SHA256)
	case sent.Known():
		whole = fmt.Sprintf("of what came as %s and cannot be decoded, or not within the limits; sha256 %x", Size(sent.Size), sent.SHA256)
	case d.ResponseSize > 0:
		whole = "of " + Size(d.ResponseSize)
	}
	fmt.Fprintf(w, "    … the first %s %s\n", Size(int64(len(d.ResponseBody))), whole)
}

package export

// Further data of an attempt in a record: the sums of its answer, whether that was accepted,
// and the ids that it was sent with.

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"hfhook/event"
)

type judged struct {
	Body       *sum      `json:"response_sum,omitempty"`  // of the whole body as it was sent
	Decoded    *sum      `json:"decoded_sum,omitempty"`   // of the whole body with its content coding undone
	SentID     event.ID  `json:"sent_event_id,omitempty"` // in place of the event's
	DeliveryID string    `json:"sent_delivery_id,omitempty"`
	Comparison bool      `json:"comparison,omitempty"` // made to be compared with the right answer
	Accepted   time.Time `json:"accepted,omitzero"`    // when a person called the answer right
}

type sum struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func newJudged(d *event.Delivery) judged {
	return judged{
		Body: newSum(d.ResponseSent), Decoded: newSum(d.ResponseDecoded), SentID: d.SentID, DeliveryID: d.SentDeliveryID,
		Comparison: d.ForComparison, Accepted: d.Accepted.UTC(),
	}
}

func newSum(s event.Sum) *sum {
	if !s.Known() {
		return nil
	}
	return &sum{Bytes: s.Size, SHA256: hex.EncodeToString(s.SHA256[:])}
}

// judge copies this data from the record into the attempt.
func (j *judged) judge(d *event.Delivery) (err error) {
	d.ForComparison = j.Comparison
	if d.ResponseSent, err = j.Body.read(); err != nil {
		return fmt.Errorf("response_sum: %w", err)
	}
	if d.ResponseDecoded, err = j.Decoded.read(); err != nil {
		return fmt.Errorf("decoded_sum: %w", err)
	}
	if d.ResponseSent.Known() && d.ResponseSent.Size != d.ResponseSize {
		return errors.New("response_sum and response_size do not belong to the same body")
	}
	if j.SentID != "" {
		if d.SentID, err = event.ParseID(string(j.SentID)); err != nil {
			return fmt.Errorf("sent_event_id: %w", err)
		}
	}
	d.SentDeliveryID = j.DeliveryID
	if !j.Accepted.IsZero() && !validTime(j.Accepted) {
		return errBadTime
	}
	d.Accepted = j.Accepted
	return nil
}

// read returns the zero Sum of none.
func (s *sum) read() (event.Sum, error) {
	if s == nil {
		return event.Sum{}, nil
	}
	out := event.Sum{Size: s.Bytes}
	raw, err := hex.DecodeString(s.SHA256)
	if err != nil || len(raw) != len(out.SHA256) || s.Bytes < 0 {
		return event.Sum{}, fmt.Errorf("%q is not a SHA-256 of %d bytes", s.SHA256, s.Bytes)
	}
	copy(out.SHA256[:], raw)
	return out, nil
}

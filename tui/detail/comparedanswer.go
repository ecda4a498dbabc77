package detail

// Two answers beside each other, as far as it is shown.

import (
	"bytes"
	"slices"

	"hfhook/event"
	"hfhook/internal/baseline"
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
	"hfhook/tui/jsonview"
	"hfhook/tui/style"
)

// A comparedAnswer is what two answers differ in.
type comparedAnswer struct {
	bodies  *jsonview.Difference // of what is kept of them
	verdict baseline.Verdict
	why     string // they could not be compared, or what bodies does not show; else empty
	other   bool   // they are the same JSON in other bytes
}

// compareAnswers compares two answers, which is too much for a frame if they are large.
func compareAnswers(was, is *event.Delivery) *comparedAnswer {
	c := baseline.Compare(was, is)
	body := c.Body
	if body == nil {
		body = jsondiff.Compare(was.ResponseBody, is.ResponseBody)
	}
	return &comparedAnswer{
		bodies: jsonview.NewDifference(body), verdict: c.Verdict, why: c.Why,
		other: c.Verdict == baseline.Same && !bytes.Equal(was.ResponseBody, is.ResponseBody),
	}
}

// bodyText says in a few words what became of the body; empty: the difference shows it.
func (c *comparedAnswer) bodyText() string {
	switch {
	case c.verdict == baseline.Unknown:
		return "could not be compared: " + c.why
	case c.why != "":
		return c.why
	case c.other:
		return "the same JSON in other bytes"
	case c.bodies.Same():
		return "the same"
	}
	return ""
}

// whyLines say what the difference does not show, or why there is none.
func (c *comparedAnswer) whyLines(t *style.Theme, w int) (lines []string) {
	if c.why == "" {
		return nil
	}
	for _, line := range t.Wrap(visible.Line(c.bodyText()), w-2, 3) {
		if line != "" {
			lines = append(lines, " "+t.Warn.Paint(line))
		}
	}
	return lines
}

// LastAnswered is the newest attempt at a target that has ended, nil if there is none.
func LastAnswered(sent []event.Delivery, target string) *event.Delivery {
	for i := range slices.Backward(sent) {
		if sent[i].Target == target && sent[i].State == event.Done {
			return &sent[i]
		}
	}
	return nil
}

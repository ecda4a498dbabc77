// Package attempt says what came of an attempt to hand an event to a target: one wording for
// the screen, plain lines and messages. Its texts may have what a target said in them, so
// whoever shows them makes them visible.
package attempt

import (
	"time"

	"hfhook/event"
	"hfhook/internal/duration"
)

// NoAnswer is the result of an attempt that no answer came to.
const NoAnswer = "no answer"

// Word is an attempt in a column: 200, exit 1, ERR if no answer came, 200! if one came that was
// cut off, and the state of one that has not ended: waiting, sending, dropped, withheld or
// interrupted.
func Word(d *event.Delivery) string {
	switch {
	case !ended(d):
		return string(d.State)
	case d.Result() == "":
		return "ERR"
	case d.Err != "":
		return d.Result() + "!"
	}
	return d.Result()
}

// Answer is Word in a sentence, for example "200", "no answer" or "200, cut off".
func Answer(d *event.Delivery) string {
	switch {
	case !ended(d):
		return string(d.State)
	case d.Result() == "":
		return NoAnswer
	case d.Err != "":
		return d.Result() + ", cut off"
	}
	return d.Result()
}

// Text is Answer and how long it took, for example "200 in 38ms" or "no answer after 2.0s".
func Text(d *event.Delivery) string {
	switch {
	case d.State == event.Withheld:
		return "withheld: same delivery as " + d.SameAs.Short()
	case !ended(d):
		return Answer(d)
	}
	return Took(Answer(d), d.Err == "" && d.Result() != "", d.Took)
}

// Took is an answer that came whole in some time or, if not, went wrong after it.
func Took(answer string, whole bool, d time.Duration) string {
	if whole {
		return answer + " in " + duration.Text(d)
	}
	return answer + " after " + duration.Text(d)
}

// ended reports whether the attempt has an answer, or failed.
func ended(d *event.Delivery) bool { return d.State == event.Done || d.State == "" }

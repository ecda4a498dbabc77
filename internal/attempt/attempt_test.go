package attempt_test

import (
	"testing"
	"time"

	"hfhook/event"
	"hfhook/internal/attempt"
)

func TestWords(t *testing.T) {
	t.Parallel()
	const took = 38 * time.Millisecond
	tests := []struct {
		d                  event.Delivery
		word, answer, text string
	}{
		{event.Delivery{State: event.Done, Status: 200, Took: took}, "200", "200", "200 in 38ms"},
		{event.Delivery{State: event.Done, Status: 500, Exited: true, Exit: 3, Took: took}, "exit 3", "exit 3", "exit 3 in 38ms"},
		{event.Delivery{State: event.Done, Err: "connection refused", Took: took}, "ERR", "no answer", "no answer after 38ms"},
		{event.Delivery{State: event.Done, Status: 200, Err: "the answer ended early", Took: took}, "200!", "200, cut off", "200, cut off after 38ms"},
		{event.Delivery{State: event.Waiting}, "waiting", "waiting", "waiting"},
		{event.Delivery{State: event.Sending}, "sending", "sending", "sending"},
		{event.Delivery{State: event.Dropped}, "dropped", "dropped", "dropped"},
		{event.Delivery{State: event.Interrupted, Err: "hfhook stopped", Took: took}, "interrupted", "interrupted", "interrupted"},
		{event.Delivery{State: event.Withheld, SameAs: "01JDC4Z80000000000000000GM"}, "withheld", "withheld", "withheld: same delivery as 01JDC4Z800"},
	}
	for _, tt := range tests {
		if word, answer, text := attempt.Word(&tt.d), attempt.Answer(&tt.d), attempt.Text(&tt.d); word != tt.word || answer != tt.answer || text != tt.text {
			t.Errorf("%+v is %q, %q, %q; want %q, %q, %q", tt.d, word, answer, text, tt.word, tt.answer, tt.text)
		}
	}
}

package delivery

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

func TestOutgoing(t *testing.T) {
	t.Parallel()
	e := &event.Event{ID: "01JD4X7M9C8Q2R5T7V9WABCDEF", Capture: event.Capture{Header: []event.Field{
		{Name: "Accept-Encoding", Value: "gzip, br"},
		{Name: "Cf-Ray", Value: "edge"},
		{Name: "Connection", Value: "keep-alive, X-Hop"},
		{Name: "Connection", Value: "close , x-other-hop"},
		{Name: "Content-Length", Value: "3"},
		{Name: "content-type", Value: "application/json"},
		{Name: "Expect", Value: "100-continue"},
		{Name: "Forwarded", Value: "edge"},
		{Name: "Host", Value: "abc.ngrok-free.app"},
		{Name: "Keep-Alive", Value: "5"},
		{Name: "Ngrok-Trace-Id", Value: "edge"},
		{Name: "Proxy-Authorization", Value: "hop"},
		{Name: "TE", Value: "trailers"},
		{Name: "Trailer", Value: "X"},
		{Name: "Transfer-Encoding", Value: "chunked"},
		{Name: "True-Client-IP", Value: "edge"},
		{Name: "Upgrade", Value: "h2c"},
		{Name: "User-Agent", Value: "HuggingFace"},
		{Name: "Via", Value: "edge"},
		{Name: "Webhook-Id", Value: "b"},
		{Name: "Webhook-Id", Value: "a"},
		{Name: "X-Forwarded-For", Value: "edge"},
		{Name: "X-Hfhook-Event-Id", Value: "forged"},
		{Name: "X-Hfhook-Replay", Value: "forged"},
		{Name: "X-Hop", Value: "hop"},
		{Name: "X-Other-Hop", Value: "hop"},
		{Name: "X-Real-Ip", Value: "edge"},
		{Name: "X-WEBHOOK-SECRET", Value: "from nowhere"},
	}}}
	want := http.Header{
		"Accept-Encoding":   {"gzip, br"},
		"Content-Type":      {"application/json"},
		"User-Agent":        {"HuggingFace"},
		"Webhook-Id":        {"b", "a"},
		"X-Hfhook-Event-Id": {"01JD4X7M9C8Q2R5T7V9WABCDEF"},
		"X-Hfhook-Attempt":  {"3"},
	}
	if diff := cmp.Diff(want, outgoing(e, Target{}, event.Live, 3)); diff != "" {
		t.Errorf("live (-want +got):\n%s", diff)
	}
	want["X-Hfhook-Replay"] = []string{"3"}
	if diff := cmp.Diff(want, outgoing(e, Target{}, event.Replay, 3)); diff != "" {
		t.Errorf("replay (-want +got):\n%s", diff)
	}
}

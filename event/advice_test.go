package event_test

import (
	"strings"
	"testing"

	"hfhook/event"
)

func TestAdvice(t *testing.T) {
	t.Parallel()
	with := []event.Field{{Name: event.SecretHeader, Value: "[secret]"}}
	for _, tt := range []struct {
		url    string
		status int
		header []event.Field
		want   string
	}{
		{"http://vm:8000/hook", 401, nil, "no secret was sent: use --send-secret-to vm ("},
		{"http://[2001:db8::1]:8000/hook", 403, nil, "--send-secret-to 2001:db8::1"},
		{"http://vm:8000/hook", 401, with, ""},
		{"http://vm:8000/hook", 500, nil, ""},
		{"http://127.0.0.1:8000/hook", 401, nil, ""},
		{"http://localhost:8000/hook", 403, nil, ""},
		{"exec ./job.sh", 401, nil, ""},
		{"http://vm:8000/hook", 302, nil, "hfhook does not follow redirects"},
	} {
		d := event.Delivery{State: event.Done, URL: tt.url, Status: tt.status, RequestHeader: tt.header}
		if got := d.Advice(); !strings.Contains(got, tt.want) || (tt.want == "") != (got == "") {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}

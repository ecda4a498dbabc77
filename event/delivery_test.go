package event_test

import (
	"net/http"
	"strings"
	"testing"

	"hfhook/event"
)

func TestResult(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		d       event.Delivery
		result  string
		ok      bool
		command bool
	}{
		"a good answer":          {event.Delivery{State: event.Done, Status: 204, URL: "http://h"}, "204", true, false},
		"the last good status":   {event.Delivery{State: event.Done, Status: 299}, "299", true, false},
		"a redirect":             {event.Delivery{State: event.Done, Status: 300}, "300", false, false},
		"a status of another":    {event.Delivery{State: event.Done, Status: 199}, "199", false, false},
		"half an answer":         {event.Delivery{State: event.Done, Status: 200, Err: "the answer ended early"}, "200", false, false},
		"no answer":              {event.Delivery{State: event.Done, Err: "nothing listens there"}, "", false, false},
		"one that waits":         {event.Delivery{State: event.Waiting}, "", false, false},
		"one under way":          {event.Delivery{State: event.Sending, Status: 200}, "200", false, false},
		"one that was withheld":  {event.Delivery{State: event.Withheld, Status: 200}, "200", false, false},
		"interrupted":            {event.Delivery{State: event.Interrupted, Status: 200}, "200", false, false},
		"a command":              {event.Delivery{State: event.Done, Status: 200, Exited: true, URL: "exec ./job.sh"}, "exit 0", true, true},
		"a command that failed":  {event.Delivery{State: event.Done, Status: 500, Exited: true, Exit: 3, URL: "exec ./job.sh"}, "exit 3", false, true},
		"a command that was cut": {event.Delivery{State: event.Done, Err: "ended by a signal", URL: "exec ./job.sh"}, "", false, true},
		"a host called exec":     {event.Delivery{State: event.Done, Status: 200, URL: "http://exec/x"}, "200", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.d.Result(); got != tt.result {
				t.Errorf("Result() = %q, want %q", got, tt.result)
			}
			if got := tt.d.OK(); got != tt.ok {
				t.Errorf("OK() = %v", got)
			}
			if got := tt.d.Command(); got != tt.command {
				t.Errorf("Command() = %v", got)
			}
		})
	}
}

func TestRedirect(t *testing.T) {
	t.Parallel()
	const from = "http://h:8000/a/b?q=1"
	for _, tt := range []struct {
		status   int
		location string // empty: there is none
		want     string // part of it; empty: all of it
	}{
		{http.StatusOK, "/x", ""},
		{http.StatusNotModified, "/x", ""},
		{http.StatusMultipleChoices, "/x", ""},
		{http.StatusMovedPermanently, "/x", "to http://h:8000/x,"},
		{http.StatusFound, "c", "to http://h:8000/a/c,"},
		{http.StatusSeeOther, "//other/x", "to http://other/x,"},
		{http.StatusTemporaryRedirect, "https://other/x", "to https://other/x,"},
		{http.StatusPermanentRedirect, "http://[", "to http://[,"}, // which is not an address, and shown as it came
		{http.StatusPermanentRedirect, "", "redirects"},
	} {
		d := event.Delivery{State: event.Done, Status: tt.status, URL: from, ResponseHeader: []event.Field{{Name: "Date", Value: "/other"}}}
		if tt.location != "" {
			d.ResponseHeader = append(d.ResponseHeader, event.Field{Name: "location", Value: tt.location}, event.Field{Name: "Location", Value: "/second"})
		}
		got := d.Redirect()
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%d to %q: %q, want %q", tt.status, tt.location, got, tt.want)
		}
	}
}

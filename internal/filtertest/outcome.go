package filtertest

import (
	"testing"
	"time"

	"hfhook/event"
)

// at is an attempt at a target: a has the address 127.0.0.1:8000, b 127.0.0.1:9000, which
// it had not always, and job is a command.
func at(target string, d event.Delivery) event.Delivery {
	d.Target = target
	switch target {
	case "a":
		d.URL = "http://127.0.0.1:8000/webhooks"
	case "b":
		d.URL = "http://127.0.0.1:9000/webhooks/say_hello?x=1"
	case "moved":
		d.Target, d.URL = "b", "https://example.com/webhooks"
	case "job":
		d.URL = "exec ./job.sh [x]"
	default:
		d.URL = "http://127.0.0.1:1/" + target
	}
	return d
}

func took(status, ms int) event.Delivery {
	return attempt(event.Done, status, "", time.Duration(ms)*time.Millisecond)
}

// said is an attempt with a body in its answer.
func said(d event.Delivery, body string) event.Delivery {
	d.ResponseBody, d.ResponseSize = []byte(body), int64(len(body))
	return d
}

// outcomeSubjects are events of different outcomes, oldest first.
func outcomeSubjects() []subject {
	waiting, sending := attempt(event.Waiting, 0, "", 0), attempt(event.Sending, 0, "", 0)
	refused := attempt(event.Done, 0, "refused", time.Millisecond)
	var list []subject
	for _, s := range []subject{
		{name: "good", attempts: []event.Delivery{at("a", took(200, 10)), at("b", took(204, 900))}},
		{name: "a-failed", attempts: []event.Delivery{at("a", said(took(500, 10), "Traceback (most recent call last):\nKeyError: 'eval'")), at("b", said(took(200, 900), `{"ok":"gr\u00fcn"}`))}},
		{name: "b-failed", attempts: []event.Delivery{at("a", took(200, 900)), at("b", refused)}},
		{name: "fixed", attempts: []event.Delivery{at("a", said(took(500, 10), "KeyError")), at("b", took(200, 10)), at("a", said(replay(took(201, 10)), "fine now"))}},
		{name: "broken", attempts: []event.Delivery{at("a", took(200, 10)), at("moved", took(200, 10)), at("moved", replay(took(302, 10)))}},
		{name: "held", attempts: []event.Delivery{at("a", took(404, 10)), at("b", waiting)}},
		{name: "under-way", attempts: []event.Delivery{at("a", sending), at("job", took(200, 3000))}},
		{name: "elsewhere", attempts: []event.Delivery{at("a", took(200, 10)), at("c", replay(took(500, 10)))}},
		{name: "no-target", attempts: []event.Delivery{at("a", replay(took(500, 10))), at("c", replay(took(200, 10)))}},
		{name: "dropped", attempts: []event.Delivery{at("b", attempt(event.Dropped, 0, "", 0))}},
		{name: "withheld", attempts: []event.Delivery{at("a", attempt(event.Withheld, 0, "", 0)), at("b", took(500, 10)), at("b", replay(attempt(event.Interrupted, 0, "ended", 0)))}},
		{name: "nothing"},
	} {
		s.event = newEvent([]byte(`{"name":"` + s.name + `"}`))
		s.event.DeliveryID = s.name
		list = append(list, s)
	}
	return list
}

// outcomeTable says how terms about outcomes are read: one after another they speak of one
// and the same target.
var outcomeTable = []wanted{
	{"is:failed", []string{"a-failed", "b-failed", "broken", "held", "no-target", "withheld"}},
	{"status:5xx", []string{"a-failed", "no-target", "withheld"}},
	{"status:200", []string{"good", "a-failed", "b-failed", "fixed", "broken", "under-way", "elsewhere", "no-target"}},
	{"status:pending", []string{"held", "under-way"}},
	{"is:replayed", []string{"fixed", "broken", "no-target"}},
	{"ms:>500", []string{"good", "a-failed", "b-failed", "under-way"}},
	{"answer:keyerror", []string{"a-failed"}},
	{"answer~KeyError", []string{"a-failed"}},
	{"answer~keyerror", nil},
	{`answer~"(?m)^KeyError: '.*'$"`, []string{"a-failed"}},
	{"answer:grün", []string{"a-failed"}},
	{"answer:fine", []string{"fixed"}},
	{"answer:keyerror target:a", []string{"a-failed"}},
	{"answer:keyerror target:b", nil},
	{"answer:keyerror (target:b)", []string{"a-failed"}},
	{"answer:keyerror status:200", nil},
	{"answer:ok status:200 ms:>500", []string{"a-failed"}},
	{"-answer:keyerror is:failed", []string{"b-failed", "broken", "held", "no-target", "withheld"}},
	{"-(answer:keyerror target:b) status:5xx", []string{"a-failed", "no-target", "withheld"}},
	{"answer:fine | answer:keyerror", []string{"a-failed", "fixed"}},
	{"answer:fine | held", []string{"fixed", "held", "withheld"}},
	{"answer:none", nil},

	{"target:a", []string{"good", "a-failed", "b-failed", "fixed", "broken", "held", "under-way", "elsewhere", "no-target"}},
	{"target:b", []string{"good", "a-failed", "b-failed", "fixed", "broken", "held", "withheld"}},
	{"target:127.0.0.1:9000", []string{"good", "a-failed", "b-failed", "fixed", "held", "withheld"}},
	{"target:http://127.0.0.1:9000", []string{"good", "a-failed", "b-failed", "fixed", "held", "withheld"}},
	{"target:https://*", []string{"broken"}},
	{"target:*say_hello*", []string{"good", "a-failed", "b-failed", "fixed", "held", "withheld"}},
	{"target:http://127.0.0.1:8000/webhooks", []string{"good", "a-failed", "b-failed", "fixed", "broken", "held", "under-way", "elsewhere", "no-target"}},
	{"target:http://127.0.0.1:8000/other", nil},
	{"target:job", []string{"under-way"}},
	{`target:"exec ./job.sh [x]"`, []string{"under-way"}},
	{`target:"exec*[x]"`, []string{"under-way"}},
	{"target:c", []string{"no-target"}},
	{"target:B", nil},
	{"target:?", []string{"good", "a-failed", "b-failed", "fixed", "broken", "held", "under-way", "elsewhere", "no-target", "withheld"}},
	{"-target:*", []string{"dropped", "nothing"}},

	// The terms beside each other are met by one target.
	{"is:failed target:a", []string{"a-failed", "held", "no-target"}},
	{"target:b is:failed", []string{"b-failed", "broken", "withheld"}},
	{"is:failed status:200", nil},
	{"status:200 ms:>500", []string{"a-failed", "b-failed", "under-way"}},
	{"status:200 ms:>500 target:a", []string{"b-failed"}},
	{"is:replayed status:2xx", []string{"fixed", "no-target"}},
	{"is:replayed is:failed", []string{"broken", "no-target"}},
	{"target:b status:pending", []string{"held"}},
	{"status:pending target:job", nil},
	{"target:a target:127.0.0.1:*", []string{"good", "a-failed", "b-failed", "fixed", "broken", "held", "under-way", "elsewhere", "no-target"}},
	{"target:a target:b", nil},

	// What stands between them makes no difference; | and brackets start over.
	{"is:failed fixed target:a", nil},
	{"is:failed held target:a", []string{"held"}},
	{"(is:failed) target:a", []string{"a-failed", "b-failed", "broken", "held", "no-target"}},
	{"is:failed (target:a)", []string{"a-failed", "b-failed", "broken", "held", "no-target"}},
	{"is:failed (status:200)", []string{"a-failed", "b-failed", "broken", "no-target"}},
	{"(is:failed target:a) (status:200 target:b)", []string{"a-failed"}},
	{"is:failed target:a | is:failed target:b", []string{"a-failed", "b-failed", "broken", "held", "no-target", "withheld"}},
	{"(is:failed | status:pending) target:b", []string{"a-failed", "b-failed", "broken", "held", "withheld"}},
	{"is:failed target:a | nothing", []string{"a-failed", "held", "no-target", "nothing"}},

	// A negation says that no target meets what it denies.
	{"-is:failed", []string{"good", "fixed", "under-way", "elsewhere", "dropped", "nothing"}},
	{"-(is:failed target:a)", []string{"good", "b-failed", "fixed", "broken", "under-way", "elsewhere", "dropped", "withheld", "nothing"}},
	{"-(is:failed (target:b))", []string{"good", "fixed", "under-way", "elsewhere", "no-target", "dropped", "nothing"}},
	{"target:a -is:failed", []string{"good", "fixed", "under-way", "elsewhere"}},
	{"target:a -status:200", []string{"held"}},
	{"-status:200 -status:pending -is:failed", []string{"dropped", "nothing"}},
	{"--is:failed target:a", []string{"a-failed", "b-failed", "broken", "held", "no-target"}},
}

func testOutcomeTable(t *testing.T, ev Evaluator) { askTable(t, ev, outcomeSubjects(), outcomeTable) }

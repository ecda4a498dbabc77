package delivery

import (
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/payload/sample"
)

func TestParseWhen(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, name, when string }{
		{"8000,when=scope:discussion", "127.0.0.1:8000", "scope:discussion"},
		{"8000,when=scope:discussion,name=api", "api", "scope:discussion"},
		{"8000,name=api, when = type:dataset (a | b) ", "api", "type:dataset (a | b)"},
		{`8000,when="one, two" repo:"x,y",name=api`, "api", `"one, two" repo:x,y`},
		{`8000,when="say \"a,b\" \\",name="`, `"`, `"say \"a,b\" \\"`},
		{`8000,when=.comment.content~"a{1,2}=",name=a=b`, "a=b", `.comment.content~a{1,2}=`},
		{"8000/hook,when=.repo.private:true", "127.0.0.1:8000/hook", ".repo.private:true"},
	}
	for _, tt := range tests {
		got, err := ParseTarget(tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if got.Name != tt.name || got.When.String() != tt.when {
			t.Errorf("%q: name %q, when %s; want %q, %s", tt.in, got.Name, got.When, tt.name, tt.when)
		}
	}
	for in, want := range map[string]string{
		"8000,when=scop:x":             `column 1: "scop": unknown key`,
		"8000,when=":                   "needs a filter",
		"8000,when= ,name=a":           "needs a filter",
		"8000,when":                    "needs a filter",
		"8000,when=a,when=b":           "one when=",
		"8000,when=is:failed":          "applied before delivery",
		"8000,when=a | -status:200":    "applied before delivery",
		"8000,when=target:b":           "status:, ms:, target:, answer:, id:, note:, pin:, is:failed, is:replayed, is:pinned and is:missed",
		"8000,when=answer~x":           "applied before delivery",
		"8000,when=note:x":             "applied before delivery",
		"8000,when=is:missed":          "applied before delivery",
		"8000,when=repo:a,b":           `unknown target option "b"`,
		"8000,when,name=a":             "needs a filter",
		`8000,when="a,name=b`:          "closing quote",
		"8000,name=a,b=c,when=type:ds": `unknown target option "b"`,
	} {
		if got, err := ParseTarget(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", in, got, err, want)
		}
	}
}

func TestWants(t *testing.T) {
	t.Parallel()
	body, err := sample.New("discussion.comment/create", sample.Options{Content: "@bot, re-run"})
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := payload.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	e := &event.Event{Capture: event.Capture{Path: "/webhooks/a", Body: body, Payload: p, Origin: event.FromHub}}
	for in, want := range map[string]bool{
		"8000":                                       true,
		"8000,when=scope:discussion":                 true,
		"8000,when=scope:repo":                       false,
		`8000,when="@bot, re"`:                       true,
		"8000,when=-@bot":                            false,
		"8000,when=path:/webhooks/a type:dataset":    true,
		"8000,when=.comment.content~^@bot is:edited": false,
	} {
		if got := mustTarget(t, in).Wants(e); got != want {
			t.Errorf("%s wants it: %v", in, got)
		}
	}
}

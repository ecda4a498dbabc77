package output

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"hfhook/internal/cli/exit"
)

const jqLine = `{"schema":1,"type":"event","id":"01A","big":12345678901234567890123,"text":"a\u001b[31m\tb","list":[1,2]}`

func TestJQ(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, want string
		terminal   bool
	}{
		{text: ".id", want: "01A\n"},
		{text: ".text", want: "a\x1b[31m\tb\n"},
		{text: ".text", terminal: true, want: "a␛[31m␉b\n"},
		{text: "[.text]", terminal: true, want: `["a\u001b[31m\tb"]` + "\n"},
		{text: `["\u202e"]`, want: `["\u202e"]` + "\n"},
		{text: ".big", want: "12345678901234567890123\n"},
		{text: ".list[]", want: "1\n2\n"},
		{text: "empty", want: ""},
		{text: "{id, list}", want: `{"id":"01A","list":[1,2]}` + "\n"},
		{text: "1, halt, 2", want: "1\n"},
	}
	for _, tt := range tests {
		f := Format{jq: tt.text}
		var got strings.Builder
		lines, err := f.Through(t.Context(), &got, tt.terminal, "")
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		_, err = io.WriteString(lines, jqLine+"\n")
		if err = lines.Close(err); err != nil || got.String() != tt.want {
			t.Errorf("%s: got %q, error %v, want %q", tt.text, got.String(), err, tt.want)
		}
	}
}

// Each error is one of usage, names the expression and says what to do.
func TestJQRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		".[":                 "unexpected end at byte 2",
		"nope":               "function not defined: nope/0",
		"env.HOME":           "env and $ENV are not available",
		"$ENV":               "env and $ENV are not available",
		"input":              "not allowed",
		"[inputs]":           "not allowed",
		`import "a" as a;.`:  "modules are not available",
		`include "a"; .`:     "modules are not available",
		`import "a" as $a;.`: "modules are not available",
		".id.x":              "expected an object but got: string",
		`error("it")`:        "it",
		"halt_error":         "failed on a line of type event",
	} {
		f := Format{jq: text}
		lines, err := f.Through(t.Context(), io.Discard, false, "")
		if err == nil {
			_, err = io.WriteString(lines, jqLine+"\n")
			err = lines.Close(err)
		}
		refused, ok := errors.AsType[*exit.Error](err)
		if !ok || refused.Code != exit.CodeUsage || refused.Try == "" || !strings.Contains(err.Error(), "'"+text+"'") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// endless never ends, with and without values.
var endless = []string{"def f: f; f", "repeat(1)", "reduce repeat(1) as $i (0; .)", "last(range(infinite))"}

func TestJQThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	for _, text := range endless {
		q, err := newJQ(t.Context(), io.Discard, text, false)
		if err != nil {
			t.Fatal(err)
		}
		q.limit = time.Millisecond
		err = q.line([]byte(jqLine))
		if refused, ok := errors.AsType[*exit.Error](err); !ok || refused.Code != exit.CodeUsage || !strings.Contains(err.Error(), "has not ended after 1ms") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestJQEndsByASignal(t *testing.T) {
	t.Parallel()
	why := errors.New("interrupted")
	for _, text := range endless {
		ctx, cancel := context.WithCancelCause(t.Context())
		q, err := newJQ(ctx, io.Discard, text, false)
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error)
		go func() { ended <- q.line([]byte(jqLine)) }()
		cancel(why)
		if err := <-ended; !errors.Is(err, why) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The lines may come in parts, and what is left at the end is one, too.
func TestTransformInParts(t *testing.T) {
	t.Parallel()
	f := Format{jq: ".n"}
	var got bytes.Buffer
	lines, err := f.Through(t.Context(), &got, false, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`{"n":`, `1}` + "\n" + `{"n":2}`, "\n", `{"n":3}`} {
		if n, err := io.WriteString(lines, part); err != nil || n != len(part) {
			t.Fatal(n, err)
		}
	}
	if err := lines.Close(nil); err != nil || got.String() != "1\n2\n3\n" {
		t.Errorf("got %q, %v", got.String(), err)
	}
	why := fmt.Errorf("the command's own")
	if err := lines.Close(why); err != why {
		t.Errorf("got %v", err)
	}
}

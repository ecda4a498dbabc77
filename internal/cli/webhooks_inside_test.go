package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

func TestAsk(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{"y\n": true, " YES \r\n": true, "n\n": false, "\n": false, "": false, "yesterday\n": false, "y": true} {
		var question bytes.Buffer
		p := &program{in: strings.NewReader(answer), err: &question}
		if got, err := p.ask(t.Context(), "Sure?"); err != nil || got != want {
			t.Errorf("%q means %t, %v; want %t", answer, got, err, want)
		}
		if question.String() != "Sure? [y/N] " {
			t.Errorf("the question: %q", question.String())
		}
	}
}

// TestAskEndsWithItsContext holds that a signal ends a question that nobody answers.
func TestAskEndsWithItsContext(t *testing.T) {
	t.Parallel()
	in, nobody, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = nobody.Close(), in.Close() }()
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("interrupted")
	p := &program{in: in, err: writerFunc(func(b []byte) { // the question is put, so the answer is waited for
		cancel(cause)
	})}
	if yes, err := p.ask(ctx, "Sure?"); yes || !errors.Is(err, cause) {
		t.Errorf("%t, %v", yes, err)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(b []byte) (int, error) {
	f(b)
	return len(b), nil
}

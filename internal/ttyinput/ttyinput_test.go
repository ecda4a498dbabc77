package ttyinput

import (
	"os"
	"testing"
	"time"
)

func TestReader(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = in.Close(), out.Close() })
	escapes := make(chan time.Time, 1)
	r := New(in, func() { escapes <- time.Now() })
	give := func(text string) string {
		t.Helper()
		if _, err := out.WriteString(text); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 4096)
		n, err := r.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
	if got := give("j"); got != "j" {
		t.Errorf("a key is %q", got)
	}
	if got := give("\x1b"); got != "" {
		t.Errorf("an escape is %q", got)
	}
	<-escapes // it was the key

	// While an answer is expected it is waited for longer.
	r.amidAnswers = 100 * time.Millisecond
	r.Expect()
	before := time.Now()
	if got := give("\x1b"); got != "" {
		t.Errorf("an escape is %q", got)
	}
	if waited := (<-escapes).Sub(before); waited < r.amidAnswers {
		t.Errorf("an escape that may be of an answer is the key after %v", waited)
	}
	r.amidAnswers = time.Hour
	if got := give("\x1b"); got != "" {
		t.Errorf("an escape is %q", got)
	}
	if got := give("]11;rgb:0/0/0\a"); got != "\x1b]11;rgb:0/0/0\a" {
		t.Errorf("the colour is %q", got)
	}
	select {
	case <-escapes:
		t.Error("the first byte of an answer is the key")
	default:
	}
	if !r.expected.IsZero() {
		t.Error("more answers are expected")
	}
	if n, err := r.Read(make([]byte, 16)); err == nil {
		t.Errorf("%d bytes into a buffer that is too small", n)
	}
	_ = out.Close()
	if n, err := r.Read(make([]byte, 4096)); n != 0 || err == nil {
		t.Errorf("%d, %v at the end", n, err)
	}
}

package redact

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ secret, in, want string }{
		{"", "nothing", "nothing"},
		{"  ", "a  b", "a  b"},
		{"s3cret", "", ""},
		{"s3cret", "no", "no"},
		{"s3cret", "s3cret", "[secret]"},
		{"s3cret", "a s3crets3cret b s3cre", "a [secret][secret] b s3cre"},
		{" s3cret ", "a s3cret b", "a [secret] b"},
		{`aa"b\cc`, `aa"b\cc {"x":"aa\"b\\cc"} "aa\"b\\cc"`, `[secret] {"x":"[secret]"} "[secret]"`},
		{"aa<b&cc", `aa<b&cc aa&lt;b&amp;cc aa%3Cb%26cc aa\u003cb\u0026cc aa%3Cb&cc`, "[secret] [secret] [secret] [secret] [secret]"},
		{"aaa bbb", "aaa bbb aaa+bbb aaa%20bbb", "[secret] [secret] [secret]"},
		{"short", "too short to be looked for", "too short to be looked for"},
	} {
		if got := New(test.secret).Text(test.in); got != test.want {
			t.Errorf("%q in %q: %q, want %q", test.secret, test.in, got, test.want)
		}
	}
}

// TestRedactCut moves a secret over the place where a body is cut off.
func TestRedactCut(t *testing.T) {
	t.Parallel()
	const secret, limit = "canary", 20
	r := New(secret)
	dots := func(n int) string { return strings.Repeat(".", max(n, 0)) }
	for at := range 30 {
		body := []byte(dots(at) + secret + dots(40))
		want := dots(limit)
		if at < limit {
			want = dots(at) + Mark + dots(limit-at-len(secret))
		}
		if got := string(r.Bytes(body[:limit+r.Reach()], limit)); got != want {
			t.Errorf("secret at %d: %q, want %q", at, got, want)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("canary", "a canary b", 5)
	f.Add(`a"b`, `{"x":"a\"b"}`, 100)
	f.Fuzz(func(t *testing.T, secret, text string, limit int) {
		secret = strings.TrimSpace(secret)
		if len(secret) < minRedacted || limit < 0 || strings.Contains(Mark, secret) {
			return
		}
		r := New(secret)
		got := r.Bytes([]byte(text), limit)
		// What stands around a mark may make up a short secret with it.
		for part := range strings.SplitSeq(string(got), Mark) {
			if strings.Contains(part, secret) && !strings.Contains(text, Mark) {
				t.Errorf("%q is in %q", secret, got)
			}
		}
	})
}

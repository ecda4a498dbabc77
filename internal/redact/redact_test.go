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
		{"s3cret-8", "", ""},
		{"s3cret-8", "no", "no"},
		{"s3cret-8", "s3cret-8", "[secret]"},
		{"s3cret-8", "a s3cret-8s3cret-8 b s3cret-", "a [secret][secret] b s3cret-"},
		{" s3cret-8 ", "a s3cret-8 b", "a [secret] b"},
		{`aaa"b\cc`, `aaa"b\cc {"x":"aaa\"b\\cc"} "aaa\"b\\cc"`, `[secret] {"x":"[secret]"} "[secret]"`},
		{"aaa<b&cc", `aaa<b&cc aaa&lt;b&amp;cc aaa%3Cb%26cc aaa\u003cb\u0026cc aaa%3Cb&cc`, "[secret] [secret] [secret] [secret] [secret]"},
		{"aaa bbbb", "aaa bbbb aaa+bbbb aaa%20bbbb", "[secret] [secret] [secret]"},
		{"looked.", "too short to be looked.for", "too short to be looked.for"},
	} {
		if got := New(test.secret).Text(test.in); got != test.want {
			t.Errorf("%q in %q: %q, want %q", test.secret, test.in, got, test.want)
		}
	}
}

// TestRedactCut moves a secret over the place where a body is cut off.
func TestRedactCut(t *testing.T) {
	t.Parallel()
	const secret, limit = "canary-8", 20
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
		if len(secret) < minPart || limit < 0 || strings.Contains(Mark, secret) {
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

// TestWhole looks for secrets of any length where one is a whole value, and for long ones
// within values.
func TestWhole(t *testing.T) {
	t.Parallel()
	r := New("k3y", "long/secret")
	for _, test := range []struct {
		how      func(string) string
		in, want string
	}{
		{r.Value, "k3y", Mark},
		{r.Value, " k3y ", Mark},
		{r.Value, "%6b3y", Mark},
		{r.Value, "k3yx", "k3yx"},
		{r.Value, "Bearer k3y", "Bearer k3y"},
		{r.Value, "Bearer long/secret", "Bearer " + Mark},
		{r.Value, "100% k3y+", "100% k3y+"},
		{r.Value, "x%6cong%2fsecret", Mark}, // escaped in an unusual way: nothing of it stays
		{r.Path, "/webhooks/k3y/a", "/webhooks/[secret]/a"},
		{r.Path, "/webhooks/%6B3y", "/webhooks/[secret]"},
		{r.Path, "/webhooks/a;key=k3y/b", "/webhooks/a;key=[secret]/b"},
		{r.Path, "/webhooks/long%2Fsecret", "/webhooks/[secret]"},
		{r.Path, "/webhooks/xlong%2Fsecretx", "/webhooks/x[secret]x"},
		{r.Path, "/webhooks/k3", "/webhooks/k3"},
		{r.Query, "token=k3y&a=b", "token=[secret]&a=b"},
		{r.Query, "a=b;token=%6b3y;c", "a=b;token=[secret];c"},
		{r.Query, "k3y", "[secret]"},
		{r.Query, "a=1k3y", "a=1k3y"},
		{r.Query, "a=1long%2fsecret", "a=" + Mark},
		{Redactor{}.Query, "a=b&c", "a=b&c"},
	} {
		if got := test.how(test.in); got != test.want {
			t.Errorf("%q: %q, want %q", test.in, got, test.want)
		}
	}
	if !r.In([]byte(`{"a":"long\/secret long/secret"}`)) || r.In([]byte(`{"a":"k3y"}`)) {
		t.Error("In is wrong")
	}
}

package delivery_test

import (
	"strings"
	"testing"

	"hfhook/delivery"
)

func TestWrittenIsReadAgain(t *testing.T) {
	for _, text := range []string{
		"8000", "8000/path", "localhost:9000/v2/hook", "https://example.org/a%2Cb?x=1", "[::1]:8000",
		"8000,name=api", `8000,when=scope:discussion repo:me/*,name=bot`, `8000,when="a, b" .comment.content~"x,y"`, "8000,timeout=5s,concurrency=4",
		"https://localhost:8443,insecure", "exec ./job.sh --fast 'two words'", "exec ./job.sh,name=job,timeout=1m0s,env=HOME", `8000,name=a"b`,
	} {
		was, err := delivery.ParseTarget(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		is, err := delivery.ParseTarget(was.Written())
		if err != nil || !is.Equal(was) {
			t.Errorf("%s is written as %s: %+v, %v", text, was.Written(), is, err)
		}
	}
	for _, text := range []string{"8000,header=X-Key: token-4711", "exec ./job.sh,env=KEY=token-4711"} {
		was, err := delivery.ParseTarget(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := was.Written(); strings.Contains(got, "4711") || !strings.Contains(strings.ToLower(got), "key") {
			t.Errorf("%s is written as %s", text, got)
		}
	}
}

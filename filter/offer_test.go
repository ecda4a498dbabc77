package filter_test

import (
	"strings"
	"testing"
	"time"

	"hfhook/filter"
)

// What is offered is what Parse takes.
func TestOffer(t *testing.T) {
	t.Parallel()
	some := 0
	for _, key := range filter.Keys() {
		for _, value := range filter.Values(key) {
			if _, err := filter.Parse(key+value, time.Now()); err != nil {
				t.Errorf("%s%s is offered: %v", key, value, err)
			}
			some++
		}
	}
	if some < 20 || filter.Values("no-such-key") != nil {
		t.Errorf("%d values, and %q", some, filter.Values("no-such-key"))
	}
}

func TestShorter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"":                       {"", ""},
		"a":                      {"", "a"},
		"repo:a/ is:failed":      {"repo:a/", "is:failed"},
		"repo:a/  x ":            {"repo:a/", "x"},
		`a note:"two words"`:     {"a", `note:"two words"`},
		`a "x \" (y`:             {"a", `"x \" (y`},
		"a | b":                  {"a", "b"},
		"a b|c":                  {"a b", "c"},
		"a -(b | c)":             {"a", "-(b | c)"},
		"(a b":                   {"", "(a b"},
		"é ünder":                {"é", "ünder"},
		`.comment.content~"a|b"`: {"", `.comment.content~"a|b"`},
	} {
		rest, last, at := filter.Shorter(text)
		if rest != want[0] || last != want[1] || !strings.HasPrefix(text[at:], last) {
			t.Errorf("Shorter(%q) = %q, %q, %d; want %q", text, rest, last, at, want)
		}
	}
}

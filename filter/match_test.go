package filter_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/filtertest"
	"hfhook/payload/sample"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	filtertest.Run(t, func(testing.TB) filtertest.Evaluator { return filtertest.NewPredicate() })
}

// The body is asked for once, where it is needed, and its error is given.
func TestLazy(t *testing.T) {
	t.Parallel()
	row := event.Row{Scope: "repo", Action: "create"}
	noBody := errors.New("no body")
	tests := []struct {
		filter string
		asks   bool
	}{
		{"scope:repo", false},
		{"word scope:discussion", false},
		{"-(word | scope:repo)", false},
		{"word | scope:repo", false},
		{"word scope:repo", true},
		{"-word", true},
		{"ref:main", true},
		{".a:1 | .b:2 | pr:1", true},
	}
	for _, tt := range tests {
		asked := 0
		ok, err := filter.Compile(parse(t, tt.filter))(&row, filter.Rest{Body: func() ([]byte, error) {
			asked++
			return nil, fmt.Errorf("read it: %w", noBody)
		}})
		if tt.asks && (asked != 1 || !errors.Is(err, noBody) || ok) || !tt.asks && (asked != 0 || err != nil) {
			t.Errorf("%s: asked %d times, %v, %v", tt.filter, asked, ok, err)
		}
	}
}

func TestUnsettled(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": false, "scope:repo word": false, "is:failed": true, "is:warned": false, "-(a | b status:200)": true, "a | ms:>5": true, "status:pending": true, "is:replayed": true, "is:pinned": true, "target:a word": true, "-(is:failed target:a)": true,
	} {
		if got := filter.Unsettled(parse(t, text)); got != want {
			t.Errorf("Unsettled(%q) = %v", text, got)
		}
	}
}

// No glob takes long, whatever it is matched with.
func TestGlob(t *testing.T) {
	t.Parallel()
	tests := []struct {
		glob filter.Glob
		text string
		want bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"?", "", false},
		{"?", "é", true},
		{"??", "é", false},
		{"a*b*c", "aXbXbXc", true},
		{"a*b*c", "aXbXb", false},
		{"*é", "aé", true},
		{"a?", "a\xff", true},
		{"*\ufffd", "\xff", false},
		{filter.Glob(strings.Repeat("*a", 200) + "b"), strings.Repeat("a", 2000), false},
	}
	for _, tt := range tests {
		if got := tt.glob.Match(tt.text); got != tt.want {
			t.Errorf("%.40q matches %.40q: %v", tt.glob, tt.text, got)
		}
	}
}

// A body that is not JSON, or deep, ends no search.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`[`, 1<<20)
	tests := []struct {
		body, filter string
		want         bool
	}{
		{deep, ".[0][0][0]:1", false},
		{deep + "1" + strings.Repeat("]", 1<<20), ".[][][][]:1", false},
		{`{"a":1`, ".a:1", true},
		{`{"a"`, ".a:1", false},
		{`{"a":`, ".a:1", false},
		{`{"a":foo}`, ".a:foo", false},
		{`{a:1}`, ".a:1", false},
		{`{"a":"\`, ".a~x", false},
		{`{"a":"x`, ".a~x", false},
		{`[,,1]`, ".[]:1", false},
		{`[1 1]`, ".[]:1", true},
		{`}`, ".a:1", false},
		{"", ".a:1", false},
		{"  ", ".[]:1", false},
		{`{"\u0061":"\u0062"}`, ".a:b", true},
		{`{"\ud800":1}`, ".\ufffd:1", true},
		{` { "a" : [ { "b" : "c" } , 2 ] } `, ".a[0].b:c", true},
		{` { "a" : [ { "b" : "c" } , 2 ] } `, ".a[1]:2", true},
	}
	for _, tt := range tests {
		got, err := filter.Compile(parse(t, tt.filter))(&event.Row{}, filter.RestOf(&event.Event{Capture: event.Capture{Body: []byte(tt.body)}}))
		if got != tt.want || err != nil {
			t.Errorf("%s in %.40q: %v, %v", tt.filter, tt.body, got, err)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	body, err := sample.New("discussion.comment/create:pr", sample.Options{Content: strings.Repeat("words and ", 80)})
	if err != nil {
		b.Fatal(err)
	}
	for _, text := range []string{"nowhere", "merging", "ünder", "é", ".comment.content~nowhere", ".comment.content:x", ".updatedRefs[].ref:main", "pr:5"} {
		b.Run(text, func(b *testing.B) {
			match := filter.Compile(parse(b, text))
			row := event.Row{}
			load := filter.RestOf(&event.Event{Capture: event.Capture{Body: body}})
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, err := match(&row, load); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

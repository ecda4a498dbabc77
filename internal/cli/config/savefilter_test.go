package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/tui/events"
)

func TestWithFilter(t *testing.T) {
	t.Parallel()
	const shared = "# ours\naddr = \"127.0.0.1:1\" # a port\n\n[[filter]] # the first\nname = \"failed\"\n# comments stay\ntext = \"status:5xx\" # also this goes\n\n[keys]\nreplay = \"R\""
	tests := []struct{ name, text, filter, as, want string }{
		{"a new file", "", "prs", "pr:1", "[[filter]]\nname = 'prs'\ntext = 'pr:1'\n"},
		{"at the end", shared, "prs", `.a~"x'y"`, shared + "\n\n[[filter]]\nname = 'prs'\ntext = \".a~\\\"x'y\\\"\"\n"},
		{"in its place", shared, "failed", "status:err", strings.Replace(shared, `text = "status:5xx" # also this goes`, "text = 'status:err'", 1)},
		{"no line break at the end", "addr = \"x\"", "a", "b", "addr = \"x\"\n\n[[filter]]\nname = 'a'\ntext = 'b'\n"},
		{"written otherwise", "filter = [{name = \"a\", text = \"b\"}]\n", "a", "c", ""},
		{"no TOML", "filter = [", "a", "c", ""},
	}
	for _, tt := range tests {
		got, err := WithFilter(tt.text, events.SavedFilter{Name: tt.filter, Text: tt.as})
		if (err != nil) != (tt.want == "") {
			t.Errorf("%s: error %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func FuzzWithFilter(f *testing.F) {
	f.Add("# c\n[[filter]]\nname='a'\ntext='b'\n", "a", "x\"'\\\n")
	f.Add("a=1", "\x7f\u202e", "é")
	f.Fuzz(func(t *testing.T, text, name, filter string) {
		before, err := filtersIn(text)
		if err != nil {
			return
		}
		changed, err := WithFilter(text, events.SavedFilter{Name: name, Text: filter})
		if err != nil {
			return
		}
		after, err := filtersIn(changed)
		if err != nil || len(after) < len(before) {
			t.Fatalf("%q became %q: %v", text, changed, err)
		}
		for _, o := range after {
			if o.Name == name && o.Text == filter {
				return
			}
		}
		t.Fatalf("%q is not in %q", name, changed)
	})
}

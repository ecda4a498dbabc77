package cli

import (
	"os"
	"strings"
	"testing"

	"hfhook/tui/events"

	"github.com/google/go-cmp/cmp"
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
		got, err := withFilter(tt.text, events.SavedFilter{Name: tt.filter, Text: tt.as})
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
		changed, err := withFilter(text, events.SavedFilter{Name: name, Text: filter})
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

func TestSaveFilterKeepsTheMode(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(projectConfig, []byte("# ours\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{}
	for _, f := range []events.SavedFilter{{Name: "a", Text: "b"}, {Name: "c", Text: "d"}, {Name: "a", Text: "e"}} {
		if _, _, err := p.saveFilter(f); err != nil {
			t.Fatal(err)
		}
	}
	all, where, err := p.saveFilter(events.SavedFilter{Name: "c", Text: "f"})
	if diff := cmp.Diff([]events.SavedFilter{{Name: "a", Text: "e"}, {Name: "c", Text: "f"}}, all); diff != "" || where != projectConfig || err != nil {
		t.Errorf("%s %v (-want +got):\n%s", where, err, diff)
	}
	text, err := os.ReadFile(projectConfig)
	if want := "# ours\n\n[[filter]]\nname = 'a'\ntext = 'e'\n\n[[filter]]\nname = 'c'\ntext = 'f'\n"; string(text) != want || err != nil {
		t.Errorf("the file is %q, %v; want %q", text, err, want)
	}
	entries, err := os.ReadDir(".")
	if err != nil || len(entries) != 1 {
		t.Errorf("left are %v, %v", entries, err)
	}
	if info, err := os.Stat(projectConfig); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if _, _, err := p.saveFilter(events.SavedFilter{Text: "x"}); err == nil {
		t.Error("one without a name is saved")
	}
}

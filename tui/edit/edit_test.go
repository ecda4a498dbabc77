package edit

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"hfhook/internal/drafts"
	"hfhook/internal/jsondiff"
	"hfhook/tui/jsonview"
	"hfhook/tui/style"
)

// TestReplayFlags sees that the command is only shown where it makes the same body: its
// flags are carried out here as hfhook replay does.
func TestReplayFlags(t *testing.T) {
	for _, tt := range []struct {
		name, before, after string
		want                []string
	}{
		{"set", `{"a":{"b":"x"},"c":1}`, `{"a":{"b":"y z"},"c":1}`, []string{"--set .a.b='y z'"}},
		{"a number that is a text", `{"a":1}`, `{"a":"1"}`, []string{`--set .a='"1"'`}},
		{"an empty text", `{"a":1}`, `{"a":""}`, []string{`--set .a=`}},
		{"lines", `{"a":1}`, `{"a":"x\ny"}`, []string{`--set .a='"x\ny"'`}},
		{"a quotation mark", `{"a":1}`, `{"a":"it's"}`, []string{`--set .a='it'\''s'`}},
		{"away and new", `{"a":1,"b":2}`, `{"b":2,"c":[1]}`, []string{`--set .c='[1]'`, "--unset .a"}},
		{"an odd name", `{"a b":1}`, `{"a b":2}`, []string{`--set '.["a b"]'=2`}},
		{"elements away", `[1,2,3,4]`, `[1]`, []string{"--unset '.[3]'", "--unset '.[2]'", "--unset '.[1]'"}},
		{"an element away", `[1,2,3,4]`, `[1,3,4]`, []string{"--unset '.[1]'"}},
		{"a twin", `{"a":1,"a":2}`, `{"a":3,"a":2}`, nil},
		{"another kind of value", `[1]`, `{"a":1}`, nil},
		{"long", `{"a":1}`, `{"a":"` + strings.Repeat("x", 3000) + `"}`, nil},
		{"the order alone", `{"a":1,"b":2}`, `{"b":2,"a":1}`, nil},
	} {
		d := jsondiff.Compare([]byte(tt.before), []byte(tt.after))
		got, _ := replayFlags([]byte(tt.before), []byte(tt.after), d)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestEditorFile plays what an editor makes of the file.
func TestEditorFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, tt := range []struct {
		name, before, saved, want, err string
	}{
		{"on one line again", `{"a":1}`, "{\n  \"a\": 2\n}\n", `{"a":2}`, ""},
		{"of several lines", "{\n \"a\":1}", "{\n \"a\":2}\n", "{\n \"a\":2}", ""},
		{"spaces as they were", `{"a": 1, "b": [1, 2]}`, "{\n  \"a\": 1,\n  \"b\": [1, 3]\n}\n", `{"a": 1, "b": [1, 3]}`, ""},
		{"white space alone", `{"a": 1}`, "{\n\t\"a\": 1\n}\n\n", "", "only white space was changed in the editor"},
		{"the order alone", `{"a":1,"b":2}`, "{\n  \"b\": 2,\n  \"a\": 1\n}\n", `{"b":2,"a":1}`, ""},
		{"a value and the order", `{"a":1,"b":2}`, "{\n  \"b\": 3,\n  \"a\": 1\n}\n", `{"b":3,"a":1}`, ""},
		{"digits alone", `{"a":1.0}`, "{\n  \"a\": 1.00\n}\n", `{"a":1.00}`, ""},
		{"with a mark before it", "\ufeff{\"a\":1}", "{\"a\":2}", "\ufeff{\"a\":2}", ""},
		{"not changed", `{"a":1}`, "{\n  \"a\": 1\n}\n", "", "no changes in the editor"},
		{"no JSON", `{"a":1}`, "{\n  \"a\": ,\n}\n", "", "the saved text is not JSON: line 2, column 8"},
		{"was none", "a=1", "a=2\n", "a=2", ""},
	} {
		file, err := NewEditorFile(drafts.Dir(t.TempDir()), "01JDC4Z80400000000000004W8", "01JDC4Z804", []byte(tt.before))
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(filepath.Dir(file.Draft.Path())); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
			t.Errorf("%s: the directory is %v, %v", tt.name, info, err)
		}
		if err := os.WriteFile(file.Draft.Path(), []byte(tt.saved), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := file.read()
		if string(got) != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.HasPrefix(err.Error(), tt.err) {
			t.Errorf("%s: %q, %v; want %q, %s", tt.name, got, err, tt.want, tt.err)
		}
		_, left := os.Stat(filepath.Dir(file.Draft.Path()))
		if fault := (*editorFault)(nil); errors.As(err, &fault) != (left == nil) {
			t.Errorf("%s: the file is there: %v", tt.name, left == nil)
		}
	}
}

// TestManyChanges are counted, and the first of them shown.
func TestManyChanges(t *testing.T) {
	list := func(v string) []byte { return []byte("[" + strings.Repeat(v+",", 999) + v + "]") }
	d := newDraft(list("0"), list("1"), jsonview.ViewState{})
	lines := changeLines(style.NewTheme(true, false), d, 100)
	if last := ansi.Strip(lines[len(lines)-1]); d.changes() != 1000 || len(lines) > 3*jsonview.ShownChanges || !strings.Contains(last, "and 800 fields more that differ") {
		t.Errorf("%d changes in %d lines, the last is %q", d.changes(), len(lines), last)
	}
}

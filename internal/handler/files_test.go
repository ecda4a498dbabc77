//go:build unix

package handler

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReload changes files and sees which of them start the handler again.
func TestReload(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write(t, file("src/app.py"), "1")
	write(t, file("src/deep/er/x.py"), "1")
	write(t, file("top.py"), "1")
	tr := run(t, Options{Args: shell(counting + "exec sleep 1000"), Dir: dir, Reload: []string{"src/**", "*.py", "!**/*.log"}})
	if st := tr.await("the start", starts(1)); st.Watched != 3 {
		t.Errorf("%d files are watched", st.Watched)
	}
	// One change may be seen as two where the machine is busy, so restarts are not counted.
	seen := 1
	expect := func(why string) {
		t.Helper()
		st := tr.await("restart "+why, func(st State, _ string) bool {
			return st.Starts > seen && st.Phase == Running && st.Why == why
		})
		seen = st.Starts
	}
	write(t, file("src/app.py"), "2")
	expect("src/app.py changed")

	// As editors do that write another file first.
	write(t, file("src/.app.py.swp"), "3")
	write(t, file("src/app.py~"), "3")
	if err := os.Rename(file("src/.app.py.swp"), file("src/app.py")); err != nil {
		t.Fatal(err)
	}
	expect("src/app.py changed")

	// What does not count, and then one that does.
	write(t, file("count.txt"), "x")
	write(t, file("src/x.log"), "x")
	write(t, file("src/__pycache__/app.pyc"), "x")
	write(t, file("src/.git/index"), "x")
	write(t, file("src/node_modules/a/b.js"), "x")
	write(t, file("top.py"), "2")
	expect("top.py changed")

	// A directory that is new, and one that goes and comes back.
	write(t, file("src/new/mod.py"), "1")
	expect("src/new/mod.py changed")
	write(t, file("src/new/mod.py"), "2")
	expect("src/new/mod.py changed")
	if err := os.RemoveAll(file("src")); err != nil {
		t.Fatal(err)
	}
	gone := tr.await("the restart after src is gone", func(st State, _ string) bool {
		return st.Starts > seen && st.Phase == Running && strings.Contains(st.Why, "gone")
	})
	seen = gone.Starts
	write(t, file("src/app.py"), "4")
	expect("src/app.py changed")
	write(t, file("src/app.py"), "5")
	expect("src/app.py changed")

	text := tr.text()
	if !strings.Contains(text, "restarted: top.py changed") {
		t.Errorf("the output does not tell of the restarts:\n%s", text)
	}
	for _, name := range []string{".swp", "app.py~", "count.txt", "x.log", "app.pyc", ".git", "node_modules"} {
		if strings.Contains(text, name) {
			t.Errorf("restarted for %s:\n%s", name, text)
		}
	}
}

// TestThousandsOfFiles change at once, which is one restart, or a few.
func TestThousandsOfFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const files = 3000
	all := func(text string) {
		for i := range files {
			write(t, filepath.Join(dir, "src", fmt.Sprint(i%50), fmt.Sprintf("%d.py", i)), text)
		}
	}
	all("1")
	tr := run(t, Options{Args: shell(counting + "exec sleep 1000"), Dir: dir, Reload: []string{"src/**/*.py"}})
	if st := tr.await("the start", starts(1)); st.Watched != files {
		t.Errorf("%d files are watched", st.Watched)
	}
	all("2")
	write(t, filepath.Join(dir, "src/last.py"), "2")
	st := tr.await("the restart", func(st State, _ string) bool { return st.Starts > 1 && st.Phase == Running })
	if st.Starts > files/10 {
		t.Errorf("%d starts", st.Starts)
	}
}

func TestWhatHasChanged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.py"), "1")
	write(t, filepath.Join(dir, "b.py"), "1")
	write(t, filepath.Join(dir, "c.py"), "1")
	for want, names := range map[string][]string{
		"a.py changed":            {"a.py"},
		"b.py and 2 more changed": {"b.py", "a.py", "c.py"},
		"c.py changed":            {"gone.py", "c.py"},
		"gone.py is gone":         {"gone.py"},
		"a.py and 1 more changed": {"gone.py", "a.py", "b.py"},
	} {
		if got := (&files{dir: dir, names: names}).why(); got != want {
			t.Errorf("%v: %q, want %q", names, got, want)
		}
	}
}

func TestPatternsThatMatchNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "src/app.py"), "1")
	write(t, filepath.Join(dir, "[x]/a.py"), "1")
	for _, test := range []struct {
		patterns []string
		want     string // of the error; empty: none
	}{
		{[]string{"src/**"}, ""},
		{[]string{"./src/**/*.py"}, ""},
		{[]string{"src/app.py"}, ""},
		{[]string{"**/*.{py,js}"}, ""},
		{[]string{filepath.Join(dir, "src/*.py")}, ""},
		{[]string{`\[x\]/*.py`}, ""},
		{[]string{"scr/**"}, "scr/** matches no file: scr does not exist"},
		{[]string{"src/**/*.js"}, "src/**/*.js matches no file in src (hidden ones, node_modules and __pycache__ do not count)"},
		{[]string{"src"}, "src matches a directory, not a file: use src/** for all files in it"},
		{[]string{"src/app.py/**"}, "src/app.py/** matches no file: src/app.py is not a directory"},
		{[]string{"src/**", "*.go"}, "*.go matches no file in . (hidden ones, node_modules and __pycache__ do not count)"},
		{[]string{"!src/**"}, "!src/** excludes all files: add another pattern, for example src/**"},
		{[]string{"src/[**"}, `invalid file pattern "src/[**": want for example src/**, *.py or src/**/*.{html,css}`},
		{[]string{""}, `invalid file pattern "": want for example src/**, *.py or src/**/*.{html,css}`},
	} {
		_, err := New(Options{Args: []string{"/bin/sh"}, Dir: dir, Reload: test.patterns})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%q: %s; want %s", test.patterns, got, test.want)
		}
	}
}

// What hfhook itself writes into the project does not start the handler again.
func TestOwnFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"app.py", "events.db", "state/hfhook.log"} {
		write(t, filepath.Join(dir, name), "1")
	}
	f, err := watchFiles(dir, []string{"**"}, []string{filepath.Join(dir, "events.db"), filepath.Join(dir, "state")})
	if err != nil {
		t.Fatal(err)
	}
	defer f.watcher.Close()
	if f.count != 1 {
		t.Errorf("%d files are watched, want 1", f.count)
	}
	for name, want := range map[string]bool{
		"app.py": true, "events.dbx": true, "statement.py": true, "deep/events.db": true,
		"events.db": false, "events.db-wal": false, "events.db-shm": false, "events.db.words": false, "state/hfhook.log": false, "state/deep/x": false,
	} {
		if got := f.wants(filepath.Join(dir, filepath.FromSlash(name))); got != want {
			t.Errorf("%s matters: %t, want %t", name, got, want)
		}
	}
}

// A file that another hfhook has written into the project is known by how it begins.
func TestExportedFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for text, want := range map[string]bool{
		"\"\"\"Webhook deliveries that hfhook has recorded, as a test of your handler.\n": true,
		"// Webhook deliveries that hfhook has recorded, as a test of your handler.\n":    true,
		`{"log":{"version":"1.2","creator":{"name":"hfhook","version":"1"},"entries":[`:   true,
		"{\n  \"schema\": 1,\n  \"type\": \"record\",\n":                                  true,
		`{"schema":1,"type":"record","id":"01"}`:                                          true,
		`{"schema":1,"type":"event"}`:                                                     false,
		"import hfhook_recorded\n":                                                        false,
		"":                                                                                false,
	} {
		name := filepath.Join(dir, "file")
		write(t, name, text)
		if got := isExport(name); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
	if isExport(filepath.Join(dir, "none")) || isExport(dir) {
		t.Error("what is not a file is an export")
	}
	f := files{dir: dir, names: []string{"test_webhook.py", "app.py"}}
	write(t, filepath.Join(dir, "test_webhook.py"), `"""Webhook deliveries that hfhook has recorded`)
	write(t, filepath.Join(dir, "app.py"), "1")
	f.dropExports()
	if len(f.names) != 1 || f.names[0] != "app.py" {
		t.Errorf("what counts is %q", f.names)
	}
}

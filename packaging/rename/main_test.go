package main

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"github.com/me/hfhook":    "",
		"hfhook":                  "",
		"example.com/hooks":       "",
		"github.com/me/hfhook/v2": "major version",
		"hooks":                   "host name",
		"me/hfhook":               "host name",
		"github.com/me/hf hook":   "malformed",
		"":                        "host name",
	} {
		switch err := check(path); {
		case want == "" && err != nil:
			t.Errorf("%q: %v", path, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want an error about %q", path, err, want)
		}
	}
}

// TestRename gives a copy of this module another path and the old one again.
func TestRename(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	files, err := sources("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	const other = "example.com/somebody/hooks"
	was, before := modfile.ModulePath(mod), sums(t, root, files)

	changed, err := rename(root, other)
	if err != nil || changed < 100 {
		t.Fatalf("changed %d files, %v", changed, err)
	}
	after := sums(t, root, files)
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err == nil && strings.HasSuffix(name, ".go") && !strings.Contains(name, "testdata/") && strings.Contains(string(text), `"`+was+"/event\"\n") {
			t.Errorf("%s still imports %s/event", name, was)
		}
	}
	if changed, err := rename(root, other); err != nil || changed != 0 {
		t.Errorf("a second run changed %d files, %v", changed, err)
	}
	if diff := cmp.Diff(after, sums(t, root, files)); diff != "" {
		t.Errorf("a second run: %s", diff)
	}
	if _, err := rename(root, was); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, sums(t, root, files)); diff != "" {
		t.Errorf("renamed back it is not the same tree: %s", diff)
	}
}

func sums(t *testing.T, root string, files []string) map[string][32]byte {
	t.Helper()
	all := map[string][32]byte{}
	for _, name := range files {
		if text, err := os.ReadFile(filepath.Join(root, name)); err == nil {
			all[name] = sha256.Sum256(text)
		}
	}
	return all
}

func TestSource(t *testing.T) {
	t.Parallel()
	r := renaming{old: "hfhook", path: "example.com/hooks", packages: []string{"event", "internal/dev"}}
	got, err := r.source([]byte("package a\n\nimport (\n\t\"net/http\"\n\n\t\"hfhook/event\"\n\tx \"hfhook/internal/dev\"\n)\n\nvar a, b, c = \"hfhook\", \"hfhook/1.0\", \"hfhook/event\"\n"))
	want := "package a\n\nimport (\n\t\"net/http\"\n\n\t\"example.com/hooks/event\"\n\tx \"example.com/hooks/internal/dev\"\n)\n\nvar a, b, c = \"hfhook\", \"hfhook/1.0\", \"example.com/hooks/event\"\n"
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
	text, err := r.text([]byte("`go doc hfhook/event`; import \"hfhook/internal/dev\"; ~/.local/share/hfhook/event and hfhook/events, hfhook/0.1 stay\n"))
	if want := "`go doc example.com/hooks/event`; import \"example.com/hooks/internal/dev\"; ~/.local/share/hfhook/event and hfhook/events, hfhook/0.1 stay\n"; err != nil || string(text) != want {
		t.Errorf("%v, %q", err, text)
	}
}

package main

import (
	"debug/buildinfo"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNoticesNameWhatIsInTheBinary compares the notices with what Go recorded in a binary.
func TestNoticesNameWhatIsInTheBinary(t *testing.T) {
	t.Chdir("../..")
	binary := filepath.Join(t.TempDir(), "hfhook")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, dep := range info.Deps {
		want = append(want, dep.Path+" "+dep.Version)
	}
	slices.Sort(want)

	found, err := modules(t.Context(), runtime.GOOS+"/"+runtime.GOARCH)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range found {
		got = append(got, m.Path+" "+m.Version)
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the binary and the notices name other modules (-binary +notices):\n%s", diff)
	}

	var text strings.Builder
	if err := run(t.Context(), &text); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(want, "Go "+runtime.Version()) {
		if !strings.Contains(text.String(), "\n"+name+" (") {
			t.Errorf("no licence of %s", name)
		}
	}
}

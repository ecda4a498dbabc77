package cli

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/cli/config"
	"hfhook/tui/events"
)

func TestSaveFilterKeepsTheMode(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(config.ProjectFile, []byte("# ours\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{}
	for _, f := range []events.SavedFilter{{Name: "a", Text: "b"}, {Name: "c", Text: "d"}, {Name: "a", Text: "e"}} {
		if _, _, err := p.saveFilter(f); err != nil {
			t.Fatal(err)
		}
	}
	all, where, err := p.saveFilter(events.SavedFilter{Name: "c", Text: "f"})
	if diff := cmp.Diff([]events.SavedFilter{{Name: "a", Text: "e"}, {Name: "c", Text: "f"}}, all); diff != "" || where != config.ProjectFile || err != nil {
		t.Errorf("%s %v (-want +got):\n%s", where, err, diff)
	}
	text, err := os.ReadFile(config.ProjectFile)
	if want := "# ours\n\n[[filter]]\nname = 'a'\ntext = 'e'\n\n[[filter]]\nname = 'c'\ntext = 'f'\n"; string(text) != want || err != nil {
		t.Errorf("the file is %q, %v; want %q", text, err, want)
	}
	entries, err := os.ReadDir(".")
	if err != nil || len(entries) != 1 {
		t.Errorf("left are %v, %v", entries, err)
	}
	if info, err := os.Stat(config.ProjectFile); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if _, _, err := p.saveFilter(events.SavedFilter{Text: "x"}); err == nil {
		t.Error("one without a name is saved")
	}
}

package tui

// The pictures of the documentation that show the screen as it is. go test ./tui -update writes them again.

import (
	"os"
	"path/filepath"
	"testing"

	"hfhook/internal/picture"
)

func TestPictures(t *testing.T) {
	for _, p := range []struct {
		file string
		w, h int
		keys []string
	}{
		{"main.svg", 100, 30, []string{"k", "k", "k", "k", "k"}},
		{"narrow.svg", 60, 20, []string{"k", "k", "k", "k", "k"}},
	} {
		m := newTestModel(t, day(), p.w, p.h)
		press(m, p.keys...)
		got := picture.Still(m.w, m.h, m.View().Content)
		path := filepath.Join("..", "docs", p.file)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != got {
			t.Errorf("%s is not what the screen shows: go test ./tui -run Pictures -update writes it again", path)
		}
	}
}
